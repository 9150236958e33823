#include "models/servers_model.h"

#include "bridge/text.h"
#include "models/state_look.h"

#include <algorithm>

namespace viv {

using zk::ensemble::ServerView;

namespace {
bool sameLook(const ServerView& a, const ServerView& b) {
    return a.state == b.state && a.observer == b.observer && a.inferred == b.inferred &&
           a.serving == b.serving && a.host == b.host && a.clientPort == b.clientPort &&
           a.quorumPort == b.quorumPort && a.electionPort == b.electionPort && a.directory == b.directory &&
           a.epoch == b.epoch && a.zxid == b.zxid && a.problem == b.problem;
}
} // namespace

void ServersModel::setServers(std::vector<ServerView> servers) {
    const auto bySid = [](const ServerView& a, const ServerView& b) { return a.sid < b.sid; };
    const auto sameSid = [](const ServerView& a, const ServerView& b) { return a.sid == b.sid; };
    std::sort(servers.begin(), servers.end(), bySid);
    const bool grown = servers.size() > servers_.size() &&
                       std::equal(servers_.begin(), servers_.end(), servers.begin(), sameSid);
    if (!grown && !std::equal(servers.begin(), servers.end(), servers_.begin(), servers_.end(), sameSid)) {
        beginResetModel();
        servers_ = std::move(servers);
        endResetModel();
        return;
    }
    if (grown) {
        beginInsertRows({}, int(servers_.size()), int(servers.size()) - 1);
        servers_.insert(servers_.end(), servers.begin() + std::ptrdiff_t(servers_.size()), servers.end());
        endInsertRows();
    }
    for (std::size_t row = 0; row < servers_.size(); ++row) {
        if (sameLook(servers_[row], servers[row])) continue;
        servers_[row] = std::move(servers[row]);
        Q_EMIT dataChanged(index(int(row)), index(int(row)));
    }
}

void ServersModel::advance(zk::Sid sid, zk::Zxid zxid) {
    for (std::size_t row = 0; row < servers_.size(); ++row) {
        if (servers_[row].sid != sid || servers_[row].zxid >= zxid) continue;
        servers_[row].zxid = zxid;
        Q_EMIT dataChanged(index(int(row)), index(int(row)));
    }
}

int ServersModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(servers_.size());
}

QVariant ServersModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const ServerView& server = at(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return tr("Server %1, %2, zxid %3")
            .arg(server.sid)
            .arg(stateWord(server.state), zxidText(server.zxid));
    case SidRole: return qint64(server.sid);
    case StateRole: return int(server.state);
    case ZxidRole: return qint64(server.zxid.value);
    case EpochRole: return qint64(server.epoch);
    default: return {};
    }
}

} // namespace viv
