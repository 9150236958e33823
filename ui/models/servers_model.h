// ServersModel: one row a server, in the order of their ids. Fed with the ensemble's view and with zxids as
// they come; tells only the rows that changed.
#pragma once

#include <QAbstractListModel>

#include "ensemble/ensemble.h"

#include <vector>

namespace viv {

class ServersModel : public QAbstractListModel {
    Q_OBJECT

  public:
    enum Role { SidRole = Qt::UserRole, StateRole, ZxidRole, EpochRole };

    using QAbstractListModel::QAbstractListModel;

    void setServers(std::vector<zk::ensemble::ServerView> servers);
    // A server has got as far as this; an older zxid than the known one changes nothing.
    void advance(zk::Sid sid, zk::Zxid zxid);
    const zk::ensemble::ServerView& at(int row) const { return servers_[std::size_t(row)]; }
    const std::vector<zk::ensemble::ServerView>& servers() const { return servers_; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

  private:
    std::vector<zk::ensemble::ServerView> servers_;
};

} // namespace viv
