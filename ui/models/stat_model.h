// StatModel: every field of a znode's Stat, three columns: name, readable, raw as the wire has it.
#pragma once

#include <QAbstractTableModel>

#include "jute/client_records.h"

#include <cstdint>
#include <limits>
#include <vector>

namespace viv {

class StatModel : public QAbstractTableModel {
    Q_OBJECT

  public:
    enum Column { Field, Readable, Raw, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    // `nowMs`: the wall clock, for ages.
    void setStat(const zk::jute::Stat& stat, qint64 nowMs);
    void clear();

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    struct Row {
        QString field, readable, raw, meaning;
    };
    std::vector<Row> rows_;
};

// "348 B", "1.2 MB"
QString sizeText(qint64 bytes);
// "3 minutes": how long ago.
QString ageText(qint64 milliseconds);
// The owner of a container znode, in place of a session.
inline constexpr std::int64_t kContainerOwner = std::numeric_limits<std::int64_t>::min();
inline bool isContainer(const zk::jute::Stat& stat) {
    return stat.ephemeralOwner == kContainerOwner;
}
// TTL znodes carry their time in the owner field, under a highest byte of 0xff.
inline bool isTtl(const zk::jute::Stat& stat) {
    return (stat.ephemeralOwner >> 56 & 0xff) == 0xff;
}
inline bool isEphemeral(const zk::jute::Stat& stat) {
    return stat.ephemeralOwner != 0 && !isContainer(stat) && !isTtl(stat);
}

} // namespace viv
