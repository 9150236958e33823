// LogModel: what every server says, one row a line, newest last, bounded; filtered by severity, server and
// words without a proxy: rows are the numbers of the lines that pass. Lines come in batches, one insert a
// batch.
#pragma once

#include <QAbstractTableModel>

#include "trace/trace.h"

#include <deque>
#include <optional>
#include <vector>

namespace viv {

class LogModel : public QAbstractTableModel {
    Q_OBJECT

  public:
    enum Column { Time, Server, Text, ColumnCount };
    enum Role { SeverityRole = Qt::UserRole, SidRole };

    struct Filter {
        zk::trace::Severity atLeast = zk::trace::Severity::Info;
        std::optional<zk::Sid> server; // none: all
        QString words;                 // case does not matter
        bool operator==(const Filter&) const = default;
    };

    explicit LogModel(std::size_t limit = 20000, QObject* parent = nullptr)
        : QAbstractTableModel(parent), limit_(limit) {}

    // Per-transaction events have no line.
    void append(const std::vector<zk::trace::Event>& events);
    void setFilter(Filter filter);
    void clear();
    std::size_t total() const { return lines_.size(); }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    struct Line {
        qint64 wallMs;
        zk::Sid server;
        zk::trace::Severity severity;
        QString text;
    };
    bool passes(const Line& line) const;
    void forgetOldest();

    const std::size_t limit_;
    std::deque<Line> lines_;
    std::uint64_t firstLine_ = 0;     // the number of lines_.front()
    std::deque<std::uint64_t> shown_; // numbers of the lines that pass, ascending
    Filter filter_;
};

} // namespace viv
