// Commands: what the command palette offers for what has been typed so far: actions, connections and znodes, best first.
//
// A text fits where the typed letters stand in it in this order, in any case. Letters that begin a word and letters that
// follow one another count more, so that "cz" finds "Create a znode" before "Cancel the freeze".
#pragma once

#include <QAbstractListModel>
#include <QIcon>

#include <functional>
#include <optional>
#include <vector>

namespace viv {

struct Command {
    QIcon icon;
    QString text;
    QString detail; // its shortcut, or what it belongs to
    std::function<void()> run;
};

// How well the typed letters fit, higher is better; nothing where they don't.
std::optional<int> fit(const QString& typed, const QString& text);

class Commands : public QAbstractListModel {
    Q_OBJECT

  public:
    // More rows than anybody reads are not offered.
    static constexpr int kAtMost = 100;
    enum Role { DetailRole = Qt::UserRole };

    explicit Commands(std::vector<Command> all, QObject* parent = nullptr);

    void type(const QString& text);
    const Command& at(int row) const { return all_[shown_[std::size_t(row)]]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

  private:
    std::vector<Command> all_;
    std::vector<std::size_t> shown_; // indices into all_, best first
};

} // namespace viv
