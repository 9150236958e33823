// AclModel: who may do what with a znode: scheme, id, and the five permissions as letters and in words.
#pragma once

#include <QAbstractTableModel>

#include "jute/client_records.h"

#include <vector>

namespace viv {

class AclModel : public QAbstractTableModel {
    Q_OBJECT

  public:
    enum Column { Scheme, Id, Letters, Words, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setAcl(std::vector<zk::jute::Acl> acl);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    std::vector<zk::jute::Acl> acl_;
};

} // namespace viv
