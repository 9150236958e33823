// TreeModel: a ZooKeeper's znodes as a tree, read level by level when a branch is opened and live from then
// on: what is expanded is watched, and so is every small branch whose row has been shown. Stats are asked for
// only of rows that are drawn, many at once.
//
// The model never blocks and never reads on its own account: no session, no rows but the root. A level
// changes with few range inserts and removes; hot levels are read again at most ten times a second. GUI
// thread only.
#pragma once

#include <QAbstractItemModel>
#include <QPointer>
#include <QTimer>

#include "bridge/session.h"
#include "models/tree_level.h"

#include <deque>
#include <set>
#include <string>

namespace viv {

class TreeModel : public QAbstractItemModel {
    Q_OBJECT

  public:
    enum Role {
        PathRole = Qt::UserRole, // QString
        ChildrenRole,            // int, -1 while not known
        EphemeralRole,           // bool
        ContainerRole,           // bool
        SequentialRole,          // bool: a guess by the name
        LoadingRole,             // bool
        ProblemRole,             // QString: why the children could not be listed
    };

    explicit TreeModel(QObject* parent = nullptr);
    ~TreeModel() override;

    // Starts anew on this session's tree; null: on nothing.
    void setSession(Session* session);
    // The znode's row, where its ancestors are loaded.
    QModelIndex indexOf(const std::string& path) const;
    std::string pathOf(const QModelIndex& index) const;
    // The znodes that are loaded, level by level, at most this many.
    std::vector<std::string> loadedPaths(std::size_t atMost) const;
    // The view has opened or closed a branch.
    void setExpanded(const QModelIndex& index, bool expanded);
    // Reads the branch again, as far as it is loaded.
    void refresh(const QModelIndex& index);
    // What somebody has just read of this znode; a row that shows it is brought up to date.
    void takeStat(const std::string& path, const zk::jute::Stat& stat);
    // Loads level by level down to the path; revealed() or unreachable() follows.
    void reveal(const std::string& path);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    bool hasChildren(const QModelIndex& parent = {}) const override;
    bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;
    QVariant data(const QModelIndex& index, int role) const override;

  Q_SIGNALS:
    void revealed(const QModelIndex& index);
    void unreachable(const QString& sentence);
    // A znode has its first child, or has lost its last: a view that keeps who can be opened must look again.
    void branchesChanged();
    // A branch that was opened could not be listed.
    void failed(const QString& sentence);

  private:
    TreeNode* nodeOf(const QModelIndex& index) const;
    TreeNode* find(const std::string& path) const;
    QModelIndex indexOf(const TreeNode* node) const;
    void changed(const TreeNode* node);

    void load(TreeNode* node);
    void loaded(const std::string& path, zk::Result<zk::client::Children> result);
    void become(TreeNode* node, std::vector<std::string> names);
    void removeRows(TreeNode* node, std::size_t first, std::size_t count);
    void continueReveal();

    void want(const TreeNode* node) const;
    void askForStats();
    void watchLeaf(const TreeNode* node);
    void setChildCount(TreeNode* node, std::int32_t count);
    void onWatch(zk::jute::EventType type, const std::string& path);
    void readAgain();

    QPointer<Session> session_;
    std::unique_ptr<TreeNode> root_;
    int generation_ = 0;                     // of the session: answers for an older one are dropped
    mutable std::deque<std::string> wanted_; // stats to ask for
    mutable QTimer ask_;
    int statsUnderWay_ = 0;
    std::set<std::string> dirty_; // levels whose watch has fired
    std::set<std::string> watchedLeaves_;
    QTimer again_;
    std::string revealing_;
    std::set<std::string> revealRead_; // levels read for its sake
};

} // namespace viv
