#include "models/connections.h"

#include <algorithm>
#include <array>

namespace viv {
namespace {

using Kind = Connection::Kind;

const QString kList = QStringLiteral("connections"), kVersion = QStringLiteral("connectionsSchema");
// As the settings write them: never translated.
const std::array<std::pair<Kind, QString>, 3> kKinds = {{{Kind::Development, QStringLiteral("development")},
                                                         {Kind::Test, QStringLiteral("test")},
                                                         {Kind::Production, QStringLiteral("production")}}};

bool before(const Connection& a, const Connection& b) {
    if (const int groups = a.group.localeAwareCompare(b.group); groups != 0) return groups < 0;
    return a.name.localeAwareCompare(b.name) < 0;
}

Connection read(const QSettings& settings) {
    const auto text = [&](const char* key) { return settings.value(QLatin1String(key)).toString(); };
    Connection one;
    one.name = text("name");
    one.group = text("group");
    one.notes = text("notes");
    one.hosts = text("hosts");
    one.user = text("user");
    one.kind = Kind::Production; // a kind that this version does not know is handled with care
    for (const auto& [kind, word] : kKinds)
        if (word == text("kind")) one.kind = kind;
    one.colour = std::max(0, settings.value(QStringLiteral("colour")).toInt());
    one.timeoutSeconds = std::clamp(settings.value(QStringLiteral("timeout"), 30).toInt(), 1, 3600);
    one.readOnly = settings.value(QStringLiteral("readOnly"), one.kind == Kind::Production).toBool();
    return one;
}

void write(QSettings& settings, const Connection& one) {
    const auto put = [&](const char* key, const QVariant& value) { settings.setValue(QLatin1String(key), value); };
    put("name", one.name);
    put("group", one.group);
    put("notes", one.notes);
    put("hosts", one.hosts);
    put("user", one.user);
    put("kind", kKinds[std::size_t(one.kind)].second);
    put("colour", one.colour);
    put("timeout", one.timeoutSeconds);
    put("readOnly", one.readOnly);
}

} // namespace

QString kindWord(Kind kind) {
    switch (kind) {
    case Kind::Development: return Connections::tr("Development");
    case Kind::Test: return Connections::tr("Test");
    case Kind::Production: break;
    }
    return Connections::tr("Production");
}

Connections::Connections(QSettings& settings, QObject* parent) : QAbstractListModel(parent), settings_(settings) {
    writable_ = settings_.value(kVersion, kSchema).toInt() <= kSchema;
    const int count = settings_.beginReadArray(kList);
    for (int each = 0; each < count; ++each) {
        settings_.setArrayIndex(each);
        Connection one = read(settings_);
        if (!one.name.isEmpty() && !one.hosts.isEmpty()) all_.push_back(std::move(one));
    }
    settings_.endArray();
    std::sort(all_.begin(), all_.end(), before);
}

int Connections::rowOf(const QString& name) const {
    const auto at = std::find_if(all_.begin(), all_.end(), [&](const Connection& one) { return one.name == name; });
    return at == all_.end() ? -1 : int(at - all_.begin());
}

void Connections::put(const Connection& connection) {
    beginResetModel();
    std::erase_if(all_, [&](const Connection& one) { return one.name == connection.name; });
    all_.insert(std::upper_bound(all_.begin(), all_.end(), connection, before), connection);
    endResetModel();
    save();
}

void Connections::remove(const QString& name) {
    const int row = rowOf(name);
    if (row < 0) return;
    beginRemoveRows({}, row, row);
    all_.erase(all_.begin() + row);
    endRemoveRows();
    save();
}

QStringList Connections::groups() const {
    QStringList groups;
    for (const Connection& one : all_)
        if (!one.group.isEmpty() && !groups.contains(one.group)) groups += one.group;
    return groups;
}

void Connections::save() {
    if (!writable_) return;
    settings_.setValue(kVersion, kSchema);
    settings_.remove(kList);
    settings_.beginWriteArray(kList, int(all_.size()));
    for (std::size_t each = 0; each < all_.size(); ++each) {
        settings_.setArrayIndex(int(each));
        write(settings_, all_[each]);
    }
    settings_.endArray();
}

int Connections::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(all_.size());
}

QVariant Connections::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Connection& one = at(index.row());
    switch (role) {
    case Qt::DisplayRole: return one.group.isEmpty() ? one.name : tr("%1 / %2").arg(one.group, one.name);
    case Qt::ToolTipRole:
        return one.notes.isEmpty() ? one.hosts : QStringLiteral("%1\n%2").arg(one.hosts, one.notes);
    case Qt::AccessibleTextRole:
        return tr("%1, %2, %3").arg(one.name, kindWord(one.kind),
                                    one.readOnly ? tr("read-only") : tr("may be changed"));
    default: return {};
    }
}

} // namespace viv
