#include "models/acl_model.h"

#include "bridge/text.h"

#include <QStringList>

namespace viv {
namespace {

struct Permission {
    std::int32_t bit;
    char letter;
    const char* word;
};
// In the order in which ZooKeeper's shell prints them.
constexpr Permission kPermissions[] = {
    {zk::jute::kPermCreate, 'c', QT_TRANSLATE_NOOP("viv::AclModel", "create")},
    {zk::jute::kPermDelete, 'd', QT_TRANSLATE_NOOP("viv::AclModel", "delete")},
    {zk::jute::kPermRead, 'r', QT_TRANSLATE_NOOP("viv::AclModel", "read")},
    {zk::jute::kPermWrite, 'w', QT_TRANSLATE_NOOP("viv::AclModel", "write")},
    {zk::jute::kPermAdmin, 'a', QT_TRANSLATE_NOOP("viv::AclModel", "admin")}};

} // namespace

void AclModel::setAcl(std::vector<zk::jute::Acl> acl) {
    beginResetModel();
    acl_ = std::move(acl);
    endResetModel();
}

int AclModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(acl_.size());
}
int AclModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant AclModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || role != Qt::DisplayRole) return {};
    const zk::jute::Acl& entry = acl_[std::size_t(index.row())];
    QString letters;
    QStringList words;
    for (const Permission& permission : kPermissions) {
        if (!(entry.perms & permission.bit)) continue;
        letters += QLatin1Char(permission.letter);
        words += tr(permission.word);
    }
    switch (index.column()) {
    case Scheme: return fromUtf8(entry.id.scheme);
    case Id: return fromUtf8(entry.id.id);
    case Letters: return letters;
    default: return words.isEmpty() ? tr("nothing") : words.join(QStringLiteral(", "));
    }
}

QVariant AclModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
    case Scheme: return tr("Scheme");
    case Id: return tr("Id");
    case Letters: return tr("Permissions");
    default: return tr("In words");
    }
}

} // namespace viv
