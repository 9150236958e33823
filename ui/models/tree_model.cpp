#include "models/tree_model.h"

#include "bridge/text.h"
#include "models/stat_model.h"

#include <algorithm>

namespace viv {

using zk::jute::EventType;

namespace {
constexpr int kStatsUnderWay = 64;
constexpr std::size_t kWanted = 512;       // rows scrolled past are forgotten, oldest first
constexpr std::size_t kRangesAtMost = 256; // more scattered changes than this: the level is filled anew
constexpr std::int32_t kSmallBranch = 100; // children of a collapsed branch that is still watched
constexpr std::size_t kWatchedLeaves = 2000;
constexpr int kReadAgainAfterMs = 100;
} // namespace

TreeModel::TreeModel(QObject* parent)
    : QAbstractItemModel(parent), root_(std::make_unique<TreeNode>(nullptr, "/")) {
    ask_.setSingleShot(true);
    ask_.setInterval(0);
    connect(&ask_, &QTimer::timeout, this, &TreeModel::askForStats);
    again_.setSingleShot(true);
    again_.setInterval(kReadAgainAfterMs);
    connect(&again_, &QTimer::timeout, this, &TreeModel::readAgain);
}

TreeModel::~TreeModel() = default;

void TreeModel::setSession(Session* session) {
    beginResetModel();
    if (session_) session_->disconnect(this);
    session_ = session;
    ++generation_;
    root_ = std::make_unique<TreeNode>(nullptr, "/");
    wanted_.clear();
    dirty_.clear();
    watchedLeaves_.clear();
    statsUnderWay_ = 0;
    revealing_.clear();
    endResetModel();
    if (session == nullptr) return;
    connect(session, &Session::watchFired, this, &TreeModel::onWatch);
    connect(session, &Session::renewed, this, [this] {
        watchedLeaves_.clear();
        refresh(indexOf(root_.get()));
    });
}

// Reading.

TreeNode* TreeModel::nodeOf(const QModelIndex& index) const {
    return static_cast<TreeNode*>(index.internalPointer());
}

QModelIndex TreeModel::indexOf(const TreeNode* node) const {
    return createIndex(int(node->row), 0, const_cast<TreeNode*>(node));
}

TreeNode* TreeModel::find(const std::string& path) const {
    TreeNode* node = root_.get();
    std::size_t start = 1;
    while (node != nullptr && start < path.size()) {
        const std::size_t end = std::min(path.find('/', start), path.size());
        node = node->level ? node->level->find(std::string_view(path).substr(start, end - start)) : nullptr;
        start = end + 1;
    }
    return node;
}

QModelIndex TreeModel::indexOf(const std::string& path) const {
    const TreeNode* node = find(path);
    return session_ && node != nullptr ? indexOf(node) : QModelIndex();
}

std::string TreeModel::pathOf(const QModelIndex& index) const {
    return index.isValid() ? nodeOf(index)->path() : "";
}

QModelIndex TreeModel::index(int row, int column, const QModelIndex& parent) const {
    if (column != 0 || row < 0 || row >= rowCount(parent)) return {};
    return indexOf(parent.isValid() ? nodeOf(parent)->level->nodes[std::size_t(row)].get() : root_.get());
}

QModelIndex TreeModel::parent(const QModelIndex& child) const {
    if (!child.isValid()) return {};
    const TreeNode* above = nodeOf(child)->parent;
    return above != nullptr ? indexOf(above) : QModelIndex();
}

int TreeModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid()) return session_ ? 1 : 0;
    const TreeNode* node = nodeOf(parent);
    return node->level ? int(node->level->nodes.size()) : 0;
}

int TreeModel::columnCount(const QModelIndex&) const {
    return 1;
}

bool TreeModel::hasChildren(const QModelIndex& parent) const {
    if (!parent.isValid()) return session_ != nullptr;
    const TreeNode* node = nodeOf(parent);
    if (node->level && node->level->state == TreeLevel::State::Loaded) return !node->level->nodes.empty();
    return node->parent == nullptr || node->children > 0;
}

bool TreeModel::canFetchMore(const QModelIndex& parent) const {
    return parent.isValid() && session_ && !nodeOf(parent)->level && hasChildren(parent);
}

QVariant TreeModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const TreeNode* node = nodeOf(index);
    switch (role) {
    case Qt::DisplayRole: want(node); return fromUtf8(node->name);
    case Qt::AccessibleTextRole: return fromUtf8(node->path());
    case Qt::ToolTipRole: {
        QString text = fromUtf8(node->path());
        if (node->ephemeral) text += tr("\nephemeral: goes with its session");
        if (node->container) text += tr("\ncontainer: goes when its last child has gone");
        if (looksSequential(node->name)) text += tr("\nsequential, by its ten digits");
        return text;
    }
    case PathRole: return fromUtf8(node->path());
    case ChildrenRole: return node->children;
    case EphemeralRole: return bool(node->ephemeral);
    case ContainerRole: return bool(node->container);
    case SequentialRole: return looksSequential(node->name);
    case LoadingRole: return node->level && node->level->state == TreeLevel::State::Loading;
    case ProblemRole: return node->level ? fromUtf8(node->level->problem) : QString();
    default: return {};
    }
}

void TreeModel::changed(const TreeNode* node) {
    const QModelIndex index = indexOf(node);
    Q_EMIT dataChanged(index, index);
}

// Levels.

void TreeModel::fetchMore(const QModelIndex& parent) {
    if (canFetchMore(parent)) load(nodeOf(parent));
}

void TreeModel::load(TreeNode* node) {
    if (!session_) return;
    if (!node->level) node->level = std::make_unique<TreeLevel>();
    node->stale = false;
    changed(node);
    session_->children(node->path(), true, this,
                       [this, path = node->path(), mine = generation_](auto result) {
                           if (mine == generation_) loaded(path, std::move(result));
                       });
}

void TreeModel::loaded(const std::string& path, zk::Result<zk::client::Children> result) {
    TreeNode* node = find(path);
    if (node == nullptr || !node->level) return;
    TreeLevel& level = *node->level;
    if (!result) {
        // A znode that has gone disappears with its parent's next reading.
        const bool gone = zk::client::toErrorCode(result.error()) == zk::jute::ErrorCode::NoNode;
        const QString sentence = failureSentence(Deed::List, path, result.error());
        const bool first = level.state == TreeLevel::State::Loading;
        if (first)
            node->level = nullptr; // opening it again asks again
        else
            level.problem = sentence.toStdString();
        changed(node);
        if (!gone) Q_EMIT failed(sentence);
        if (!revealing_.empty() && revealing_.starts_with(path)) {
            revealing_.clear();
            Q_EMIT unreachable(sentence);
        }
        return;
    }
    level.state = TreeLevel::State::Loaded;
    level.problem.clear();
    setChildCount(node, std::int32_t(result->names.size()));
    become(node, std::move(result->names));
    changed(node);
    continueReveal();
}

void TreeModel::become(TreeNode* node, std::vector<std::string> names) {
    TreeLevel& level = *node->level;
    LevelChange change = changeBetween(level, names);
    if (change.removals.size() + change.insertions.size() > kRangesAtMost) {
        removeRows(node, 0, level.nodes.size());
        change = changeBetween(level, names);
    }
    for (const auto& [first, count] : change.removals)
        removeRows(node, first, count);
    for (const auto& [row, name, count] : change.insertions) {
        beginInsertRows(indexOf(node), int(row), int(row + count) - 1);
        std::vector<std::unique_ptr<TreeNode>> fresh;
        fresh.reserve(count);
        for (std::size_t i = name; i < name + count; ++i)
            fresh.push_back(std::make_unique<TreeNode>(node, std::move(names[i])));
        level.nodes.insert(level.nodes.begin() + std::ptrdiff_t(row), std::make_move_iterator(fresh.begin()),
                           std::make_move_iterator(fresh.end()));
        level.renumber(row);
        endInsertRows();
    }
}

void TreeModel::removeRows(TreeNode* node, std::size_t first, std::size_t count) {
    if (count == 0) return;
    TreeLevel& level = *node->level;
    beginRemoveRows(indexOf(node), int(first), int(first + count) - 1);
    const auto begin = level.nodes.begin() + std::ptrdiff_t(first);
    level.nodes.erase(begin, begin + std::ptrdiff_t(count));
    level.renumber(first);
    endRemoveRows();
}

std::vector<std::string> TreeModel::loadedPaths(std::size_t atMost) const {
    std::vector<std::string> paths;
    std::deque<const TreeNode*> open{root_.get()};
    for (; !open.empty() && paths.size() < atMost; open.pop_front()) {
        const TreeNode* node = open.front();
        paths.push_back(node->path());
        if (node->level)
            for (const auto& child : node->level->nodes)
                if (open.size() + paths.size() < atMost) open.push_back(child.get());
    }
    return paths;
}

void TreeModel::setExpanded(const QModelIndex& index, bool expanded) {
    if (!index.isValid()) return;
    TreeNode* node = nodeOf(index);
    node->expanded = expanded;
    if (expanded && node->stale) load(node);
}

void TreeModel::refresh(const QModelIndex& index) {
    if (!index.isValid() || !session_) return;
    std::vector<TreeNode*> open{nodeOf(index)};
    wanted_.push_front(open.front()->path());
    ask_.start();
    while (!open.empty()) {
        TreeNode* node = open.back();
        open.pop_back();
        node->asked = false;
        if (!node->level) continue;
        if (node->expanded || node->parent == nullptr)
            load(node);
        else
            node->stale = true;
        for (const auto& child : node->level->nodes) {
            child->asked = false;
            if (child->level) open.push_back(child.get());
        }
    }
    changed(nodeOf(index));
}

void TreeModel::reveal(const std::string& path) {
    revealing_ = path;
    revealRead_.clear();
    continueReveal();
}

void TreeModel::continueReveal() {
    if (revealing_.empty() || !session_) return;
    TreeNode* node = root_.get();
    std::size_t start = 1;
    while (start < revealing_.size()) {
        if (!node->level) return load(node);
        if (node->level->state == TreeLevel::State::Loading) return;
        const std::size_t end = std::min(revealing_.find('/', start), revealing_.size());
        const std::string name = revealing_.substr(start, end - start);
        TreeNode* child = node->level->find(name);
        if (child == nullptr) {
            // It may have been created just now: one look at the server before saying no.
            if (revealRead_.insert(node->path()).second) return load(node);
            const QString sentence =
                tr("There is no %1: %2 has no child named “%3”. Check the spelling, or create it.")
                    .arg(fromUtf8(revealing_), fromUtf8(node->path()), fromUtf8(name));
            revealing_.clear();
            Q_EMIT unreachable(sentence);
            return;
        }
        node = child;
        start = end + 1;
    }
    revealing_.clear();
    Q_EMIT revealed(indexOf(node));
}

// Stats of the rows that are drawn.

void TreeModel::want(const TreeNode* node) const {
    if (node->asked || !session_) return;
    const_cast<TreeNode*>(node)->asked = true;
    if (wanted_.size() >= kWanted) {
        if (TreeNode* dropped = find(wanted_.front())) dropped->asked = false;
        wanted_.pop_front();
    }
    wanted_.push_back(node->path());
    if (!ask_.isActive()) ask_.start();
}

void TreeModel::askForStats() {
    while (session_ && statsUnderWay_ < kStatsUnderWay && !wanted_.empty()) {
        const std::string path = wanted_.back(); // the newest are the ones in sight
        wanted_.pop_back();
        ++statsUnderWay_;
        session_->stat(path, this, [this, path, mine = generation_](const auto& result) {
            if (mine != generation_) return;
            --statsUnderWay_;
            if (result && *result) takeStat(path, **result);
            if (!wanted_.empty()) ask_.start();
        });
    }
}

void TreeModel::takeStat(const std::string& path, const zk::jute::Stat& stat) {
    TreeNode* node = find(path);
    if (node == nullptr) return;
    const bool same = node->children == stat.numChildren && node->ephemeral == isEphemeral(stat) &&
                      node->container == isContainer(stat);
    node->ephemeral = isEphemeral(stat);
    node->container = isContainer(stat);
    if (!node->level || node->stale) setChildCount(node, stat.numChildren);
    if (!same) changed(node);
    watchLeaf(node);
}

void TreeModel::setChildCount(TreeNode* node, std::int32_t count) {
    const bool other = (node->children > 0) != (count > 0);
    node->children = count;
    if (other) Q_EMIT branchesChanged();
}

// A collapsed branch shows how many children it has; a watch on it keeps that right while its listing is
// small.
void TreeModel::watchLeaf(const TreeNode* node) {
    if (node->ephemeral || node->level || node->children > kSmallBranch ||
        watchedLeaves_.size() >= kWatchedLeaves)
        return;
    const std::string path = node->path();
    if (!watchedLeaves_.insert(path).second) return;
    session_->children(path, true, this, [this, path, mine = generation_](const auto& result) {
        if (mine != generation_) return;
        if (!result) return void(watchedLeaves_.erase(path));
        TreeNode* leaf = find(path);
        const auto count = std::int32_t(result->names.size());
        if (leaf == nullptr || leaf->level || leaf->children == count) return;
        setChildCount(leaf, count);
        changed(leaf);
    });
}

void TreeModel::onWatch(EventType type, const std::string& path) {
    if (type == EventType::DataChanged || type == EventType::Created) return;
    watchedLeaves_.erase(path);
    if (type == EventType::ChildrenChanged) dirty_.insert(path);
    if (!again_.isActive()) again_.start();
}

void TreeModel::readAgain() {
    for (const std::string& path : std::exchange(dirty_, {})) {
        TreeNode* node = find(path);
        if (node == nullptr) continue;
        if (!node->level) {
            wanted_.push_back(path);
            ask_.start();
        } else if (node->expanded || node->parent == nullptr)
            load(node);
        else {
            node->stale = true;
            wanted_.push_back(path);
            ask_.start();
        }
    }
}

} // namespace viv
