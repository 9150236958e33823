#include "models/stat_model.h"

#include "bridge/text.h"

#include <QDateTime>
#include <QLocale>

namespace viv {

using zk::jute::Stat;

QString sizeText(qint64 bytes) {
    if (bytes < 1024) return StatModel::tr("%1 B").arg(bytes);
    return QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeTraditionalFormat);
}

QString ageText(qint64 milliseconds) {
    const qint64 seconds = milliseconds / 1000;
    if (seconds < 2) return StatModel::tr("a moment");
    if (seconds < 120) return StatModel::tr("%1 seconds").arg(seconds);
    if (seconds < 7200) return StatModel::tr("%1 minutes").arg(seconds / 60);
    if (seconds < 172800) return StatModel::tr("%1 hours").arg(seconds / 3600);
    return StatModel::tr("%1 days").arg(seconds / 86400);
}

void StatModel::setStat(const Stat& stat, qint64 nowMs) {
    const auto zxid = [](zk::Zxid id) {
        return tr("epoch %1, counter %2").arg(id.epoch()).arg(id.counter());
    };
    const auto time = [nowMs](qint64 ms) {
        if (ms == 0) return tr("never (made with the ensemble)");
        return tr("%1, %2 ago")
            .arg(QDateTime::fromMSecsSinceEpoch(ms).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz")),
                 ageText(nowMs - ms));
    };
    const auto hex = [](std::int64_t value) { return fromUtf8(zk::hex(value)); };
    QString owner = tr("none: persistent");
    if (isContainer(stat))
        owner = tr("none: container");
    else if (isTtl(stat))
        owner = tr("none: expires with its time to live");
    else if (isEphemeral(stat))
        owner = tr("session %1").arg(hex(stat.ephemeralOwner));
    const auto count = [](qint64 number) { return QLocale().toString(number); };

    std::vector<Row> rows{
        {QStringLiteral("czxid"), zxid(stat.czxid), hex(stat.czxid.value),
         tr("the transaction that created it")},
        {QStringLiteral("mzxid"), zxid(stat.mzxid), hex(stat.mzxid.value),
         tr("the last one that changed its value")},
        {QStringLiteral("pzxid"), zxid(stat.pzxid), hex(stat.pzxid.value),
         tr("the last one that added or deleted a child")},
        {QStringLiteral("ctime"), time(stat.ctime), QString::number(stat.ctime), tr("when it was created")},
        {QStringLiteral("mtime"), time(stat.mtime), QString::number(stat.mtime),
         tr("when its value last changed")},
        {QStringLiteral("version"),
         tr("changes of the value: %1").arg(count(stat.version)),
         QString::number(stat.version),
         {}},
        {QStringLiteral("cversion"),
         tr("changes of the children: %1").arg(count(stat.cversion)),
         QString::number(stat.cversion),
         {}},
        {QStringLiteral("aversion"),
         tr("changes of the ACL: %1").arg(count(stat.aversion)),
         QString::number(stat.aversion),
         {}},
        {QStringLiteral("ephemeralOwner"), owner, hex(stat.ephemeralOwner), tr("the session it goes with")},
        {QStringLiteral("dataLength"), sizeText(stat.dataLength), QString::number(stat.dataLength),
         tr("bytes of the value")},
        {QStringLiteral("numChildren"), count(stat.numChildren), QString::number(stat.numChildren), {}},
    };
    if (rows_.empty()) {
        beginInsertRows({}, 0, int(rows.size()) - 1);
        rows_ = std::move(rows);
        endInsertRows();
        return;
    }
    rows_ = std::move(rows);
    Q_EMIT dataChanged(index(0, Field), index(int(rows_.size()) - 1, Raw));
}

void StatModel::clear() {
    if (rows_.empty()) return;
    beginRemoveRows({}, 0, int(rows_.size()) - 1);
    rows_.clear();
    endRemoveRows();
}

int StatModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(rows_.size());
}
int StatModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant StatModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Row& row = rows_[std::size_t(index.row())];
    if (role == Qt::ToolTipRole && !row.meaning.isEmpty()) return row.meaning;
    if (role != Qt::DisplayRole) return {};
    return index.column() == Field ? row.field : index.column() == Readable ? row.readable : row.raw;
}

QVariant StatModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    return section == Field ? tr("Field") : section == Readable ? tr("Readable") : tr("Raw");
}

} // namespace viv
