#include "tree/data_tree.h"

#include "base/assert.h"
#include "base/checksum.h"
#include "tree/acl.h"
#include "tree/path.h"
#include "tree/tree_state.h"

#include <utility>

namespace zk::tree {

using jute::ErrorCode;
using jute::EventType;
using jute::OpCode;

namespace {

constexpr std::string_view kConfigPath = "/zookeeper/config";

// The table has the root under "".
std::string_view onDisk(std::string_view path) {
    return path == "/" ? std::string_view() : path;
}

std::string_view parentOnDisk(std::string_view path) {
    return path.substr(0, path.rfind('/'));
}

bool isChildPath(std::string_view path) {
    return path.size() > 1 && path.front() == '/';
}

// As Java counts: behind the largest number comes the smallest.
std::int32_t increment(std::int32_t version) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(version) + 1);
}

} // namespace

std::uint32_t contentSum(std::string_view path, std::optional<std::string_view> data) {
    return crc32(data.value_or(std::string_view()), crc32(path));
}

std::uint32_t znodeDigest(std::string_view path, std::uint32_t content, const StatPersisted& stat) {
    if (path.starts_with("/zookeeper/")) return 0;
    char tail[60];
    char* at = tail;
    const auto put = [&at](auto value) {
        storeBigEndian(at, value);
        at += sizeof value;
    };
    put(stat.czxid.value), put(stat.mzxid.value), put(stat.pzxid.value);
    put(stat.ctime), put(stat.mtime);
    put(stat.version), put(stat.cversion), put(stat.aversion);
    put(stat.ephemeralOwner);
    return crc32({tail, sizeof tail}, content);
}

DataTree::DataTree(Empty, TreeOptions options) : state_(std::make_unique<State>()) {
    state_->options = options;
}

DataTree::DataTree(TreeOptions options) : DataTree(Empty{}, options) {
    Znode& root = insert("", std::string(), AclTable::kOpen, {}, nullptr);
    Znode& zookeeper = insert("/zookeeper", std::string(), AclTable::kOpen, {}, &root);
    insert("/zookeeper/quota", std::string(), AclTable::kOpen, {}, &zookeeper);
    StatPersisted config;
    config.aversion = -1;
    insert(kConfigPath, std::string(), state_->acls.use({{jute::kPermRead, {"world", "anyone"}}}), config,
           &zookeeper);
}

DataTree::~DataTree() {
    for (Znode* node = state_->oldest; node;)
        Znode::destroy(state_->pool, std::exchange(node, node->newer_));
}

// Puts a znode at the end of the order and among its parent's children; the parent's stat is the caller's
// business.
Znode& DataTree::insert(std::string_view path, std::optional<std::string_view> data, std::int32_t aclId,
                        const StatPersisted& stat, Znode* parent) {
    Znode& node = *Znode::make(state_->pool, PathKey(path).hash, parent ? nameOf(path) : path, data);
    node.aclId_ = aclId;
    node.setStat(stat);
    const OwnerKind kind = tree::ownerKind(stat.ephemeralOwner, state_->options.extendedTypes);
    node.ownerKind_ = static_cast<std::uint8_t>(kind);
    node.place_ = state_->nextPlace++;
    node.older_ = state_->newest;
    (node.older_ ? node.older_->newer_ : state_->oldest) = &node;
    state_->newest = &node;
    if (parent) {
        Znode::Later& family = parent->later();
        node.parent_ = parent;
        node.nextSibling_ = family.firstChild;
        if (node.nextSibling_) node.nextSibling_->previousSibling_ = &node;
        family.firstChild = &node;
        ++family.childCount;
        family.childNameBytes += node.nameSize_;
    }
    state_->nodes.insert(&node);
    state_->dataSize += path.size() + (data ? data->size() : 0);
    digest_ += znodeDigest(path, contentSum(path, data), stat);
    if (kind == OwnerKind::Session)
        ephemerals_[stat.ephemeralOwner].emplace(path);
    else if (kind != OwnerKind::None)
        state_->removable.emplace(node.place(), &node);
    return node;
}

void DataTree::erase(Znode& node, Znode& parent) {
    beforeChange(node);
    for (View* view : state_->views)
        view->leave(node);
    for (ChildWalk* walk : state_->walks)
        walk->leave(node);
    state_->nodes.erase(&node);
    state_->acls.release(node.aclId_);
    if (node.ownerKind() == OwnerKind::Session) {
        const auto owned = ephemerals_.find(node.persisted().ephemeralOwner);
        owned->second.erase(node.diskPath());
        if (owned->second.empty()) ephemerals_.erase(owned);
    } else if (node.ownerKind() != OwnerKind::None) {
        state_->removable.erase(node.place());
    }
    Znode::Later& family = parent.later();
    (node.older_ ? node.older_->newer_ : state_->oldest) = node.newer_;
    (node.newer_ ? node.newer_->older_ : state_->newest) = node.older_;
    (node.previousSibling_ ? node.previousSibling_->nextSibling_ : family.firstChild) = node.nextSibling_;
    if (node.nextSibling_) node.nextSibling_->previousSibling_ = node.previousSibling_;
    --family.childCount;
    family.childNameBytes -= node.nameSize_;
    Znode::destroy(state_->pool, &node);
}

std::uint32_t DataTree::digestOf(const Znode& node) const {
    state_->path.clear();
    node.appendPath(state_->path);
    return znodeDigest(state_->path, contentSum(state_->path, node.data()), node.persisted());
}

// Takes the znode out of the sums and shows it to the views for the last time as it was.
void DataTree::beforeChange(Znode& node) {
    for (View* view : state_->views)
        view->keep(node);
    digest_ -= digestOf(node);
    state_->dataSize -= node.pathSize() + static_cast<std::size_t>(std::max(node.dataSize_, 0));
}

void DataTree::afterChange(Znode& node) {
    digest_ += digestOf(node);
    state_->dataSize += node.pathSize() + static_cast<std::size_t>(std::max(node.dataSize_, 0));
}

Change DataTree::change(EventType type, std::string_view path, const Znode& node) const {
    Change told{type, std::string(path), nullptr};
    const std::vector<jute::Acl>& list = acl(node);
    if (!permits(list, jute::kPermRead, {}))
        told.readers = std::make_shared<const std::vector<jute::Acl>>(list);
    return told;
}

ErrorCode DataTree::create(OpResult& result, const jute::TxnHeader& header, const Buffer& data,
                           const std::vector<jute::Acl>& acl, std::int64_t owner, std::int32_t parentCversion,
                           std::vector<Change>& changes) {
    if (!isChildPath(result.path)) return ErrorCode::NodeExists;
    // No server proposes such a path; a tree that had one could not be loaded from its own snapshot.
    if (!isValidPath(result.path)) return ErrorCode::BadArguments;
    Znode* const parent = state_->nodes.find(parentOnDisk(result.path));
    if (!parent) return ErrorCode::NoNode;
    const std::int32_t cversion = parent->later_ ? parent->later_->cversion : 0;
    if (parentCversion == -1) parentCversion = increment(cversion);
    if (parentCversion > cversion) {
        beforeChange(*parent);
        parent->later().cversion = parentCversion;
        parent->later().pzxid = header.zxid;
        afterChange(*parent);
    }
    if (Znode* const existing = state_->nodes.find(result.path)) {
        for (View* view : state_->views)
            view->keep(*existing);
        const std::int32_t before = existing->aclId_;
        existing->aclId_ = state_->acls.use(acl);
        state_->acls.release(before);
        return ErrorCode::NodeExists;
    }
    StatPersisted stat;
    stat.czxid = stat.mzxid = stat.pzxid = header.zxid;
    stat.ctime = stat.mtime = header.timeMs;
    stat.ephemeralOwner = owner;
    const Znode& node = insert(result.path, data, state_->acls.use(acl), stat, parent);
    result.stat = node.stat();
    changes.push_back(change(EventType::Created, result.path, node));
    changes.push_back(change(EventType::ChildrenChanged, parentOf(result.path), *parent));
    quotaCreated(result.path, std::max(node.dataSize_, 0));
    return ErrorCode::Ok;
}

ErrorCode DataTree::remove(std::string_view path, Zxid zxid, std::vector<Change>& changes) {
    if (!isChildPath(path)) return ErrorCode::BadArguments;
    Znode* const parent = state_->nodes.find(parentOnDisk(path));
    if (!parent) return ErrorCode::NoNode;
    if (zxid > parent->persisted().pzxid) {
        beforeChange(*parent);
        parent->later().pzxid = zxid;
        afterChange(*parent);
    }
    Znode* const node = state_->nodes.find(path);
    if (!node) return ErrorCode::NoNode;
    if (node->childCount() > 0) return ErrorCode::NotEmpty;
    changes.push_back(change(EventType::Deleted, path, *node));
    changes.push_back(change(EventType::ChildrenChanged, parentOf(path), *parent));
    const std::int64_t bytes = std::max(node->dataSize_, 0);
    erase(*node, *parent);
    quotaRemoved(path, bytes);
    return ErrorCode::Ok;
}

void DataTree::closeSession(SessionId session, const std::vector<std::string>& paths, Zxid zxid,
                            std::vector<Change>& changes) {
    sessions_.erase(session);
    for (const std::string& path : paths)
        (void)remove(path, zxid, changes);
    const std::set<std::string> left = ephemerals(session);
    for (const std::string& path : left)
        (void)remove(path, zxid, changes);
}

OpResult DataTree::applyOne(const jute::TxnHeader& header, const jute::TxnBody& body,
                            std::vector<Change>& changes) {
    OpResult result;
    result.type = static_cast<OpCode>(header.type);
    if (const auto* error = std::get_if<jute::ErrorTxn>(&body)) {
        result.err = static_cast<ErrorCode>(error->err);
    } else if (const auto* open = std::get_if<jute::CreateSessionTxn>(&body)) {
        sessions_[header.clientId] = open->timeoutMs;
    } else if (const auto* close = std::get_if<jute::CloseSessionTxn>(&body)) {
        closeSession(header.clientId, close->paths.value_or(std::vector<std::string>()), header.zxid,
                     changes);
    } else if (const auto* plain = std::get_if<jute::CreateTxn>(&body)) {
        result.path = plain->path;
        result.err = create(result, header, plain->data, plain->acl, plain->ephemeral ? header.clientId : 0,
                            plain->parentCversion, changes);
    } else if (const auto* container = std::get_if<jute::CreateContainerTxn>(&body)) {
        result.path = container->path;
        result.err = create(result, header, container->data, container->acl, kContainerOwner,
                            container->parentCversion, changes);
    } else if (const auto* ttl = std::get_if<jute::CreateTtlTxn>(&body)) {
        result.path = ttl->path;
        if (ttl->ttlMs < 1 || ttl->ttlMs > kMaxTtlMs) {
            result.err =
                ErrorCode::BadArguments; // no server of ours proposes it; its owner would be another kind's
            return result;
        }
        result.err =
            create(result, header, ttl->data, ttl->acl, ttlOwner(ttl->ttlMs), ttl->parentCversion, changes);
    } else if (const auto* gone = std::get_if<jute::DeleteTxn>(&body)) {
        result.path = gone->path;
        result.err = remove(gone->path, header.zxid, changes);
    } else if (const auto* check = std::get_if<jute::CheckVersionTxn>(&body)) {
        result.path = check->path;
    } else if (const auto* set = std::get_if<jute::SetDataTxn>(&body)) {
        result.path = set->path;
        Znode* const node = state_->nodes.find(onDisk(set->path));
        if (!node) {
            result.err = ErrorCode::NoNode;
            return result;
        }
        const std::int64_t bytes = std::max(node->dataSize_, 0);
        beforeChange(*node);
        node->setData(set->data);
        node->later().version = set->version;
        node->later().mzxid = header.zxid;
        node->later().mtime = header.timeMs;
        afterChange(*node);
        result.stat = node->stat();
        changes.push_back(change(EventType::DataChanged, set->path, *node));
        countIntoQuota(set->path, 0, std::max(node->dataSize_, 0) - bytes);
    } else if (const auto* access = std::get_if<jute::SetAclTxn>(&body)) {
        result.path = access->path;
        Znode* const node = state_->nodes.find(onDisk(access->path));
        if (!node) {
            result.err = ErrorCode::NoNode;
            return result;
        }
        beforeChange(*node);
        state_->acls.release(node->aclId_);
        node->aclId_ = state_->acls.use(access->acl);
        node->later().aversion = access->aversion;
        afterChange(*node);
        result.stat = node->stat();
    }
    return result;
}

// Where any member is an error, none is carried out: those before the first error read 0, those behind it -2.
void DataTree::applyMulti(const jute::TxnHeader& header, const jute::MultiTxn& multi, Applied& applied) {
    bool failed = false, passed = false;
    for (const jute::SubTxn& sub : multi.txns)
        failed |= static_cast<OpCode>(sub.type) == OpCode::Error;
    for (const jute::SubTxn& sub : multi.txns) {
        jute::TxnHeader subHeader = header;
        subHeader.type = sub.type;
        OpResult part;
        if (failed && static_cast<OpCode>(sub.type) != OpCode::Error) {
            part.err = passed ? ErrorCode::RuntimeInconsistency : ErrorCode::Ok;
        } else {
            passed = failed;
            jute::Reader in(sub.body ? std::string_view(*sub.body) : std::string_view());
            const auto body = jute::decodeTxnBody(static_cast<OpCode>(sub.type), in);
            if (body && !std::holds_alternative<jute::MultiTxn>(*body)) {
                part = applyOne(subHeader, *body, applied.changes);
            } else {
                part.err = ErrorCode::MarshallingError;
            }
        }
        if (applied.result.err == ErrorCode::Ok) applied.result.err = part.err;
        applied.parts.push_back(std::move(part));
    }
}

Applied DataTree::apply(const jute::Txn& txn) {
    Applied applied;
    if (const auto* multi = std::get_if<jute::MultiTxn>(&txn.body)) {
        applied.result.type = OpCode::Multi;
        applyMulti(txn.header, *multi, applied);
    } else {
        applied.result = applyOne(txn.header, txn.body, applied.changes);
    }
    lastZxid_ = std::max(lastZxid_, txn.header.zxid);
    applied.digestDiffers =
        txn.digest && txn.digest->version == 2 && static_cast<std::uint64_t>(txn.digest->digest) != digest_;
    return applied;
}

const Znode* DataTree::find(std::string_view path) const {
    return state_->nodes.find(onDisk(path));
}

const std::vector<jute::Acl>& DataTree::acl(const Znode& node) const {
    return state_->acls.list(node.aclId_);
}

std::size_t DataTree::descendantCount(const Znode& node) const {
    if (!node.parent_) return state_->nodes.size() - 1;
    std::size_t count = 0;
    std::vector<const Znode*> parents{&node};
    while (!parents.empty()) {
        const Znode* const parent = parents.back();
        parents.pop_back();
        count += parent->childCount();
        for (const Znode* child = parent->firstChild(); child; child = child->nextSibling_)
            if (child->childCount() > 0) parents.push_back(child);
    }
    return count;
}

const std::set<std::string>& DataTree::ephemerals(SessionId session) const {
    static const std::set<std::string> none;
    const auto at = ephemerals_.find(session);
    return at == ephemerals_.end() ? none : at->second;
}

const Znode* DataTree::nextRemovable(std::uint64_t& place) const {
    const auto at = state_->removable.lower_bound(place);
    if (at == state_->removable.end()) return nullptr;
    place = at->first + 1;
    return at->second;
}

std::size_t DataTree::znodeCount() const {
    return state_->nodes.size() + 1;
}

std::size_t DataTree::ephemeralCount() const {
    std::size_t sum = 0;
    for (const auto& [session, paths] : ephemerals_)
        sum += paths.size();
    return sum;
}

std::size_t DataTree::approximateDataSize() const {
    return state_->dataSize;
}

// The znode's mzxid is the configuration's version, which its last line gives.
void DataTree::setConfig(std::string_view text, std::int64_t nowMs) {
    Znode* node = state_->nodes.find(kConfigPath);
    if (!node) {
        Znode* const parent = state_->nodes.find("/zookeeper");
        ZK_ASSERT(parent);
        StatPersisted stat;
        stat.aversion = -1;
        for (View* view : state_->views)
            view->keep(*parent);
        const std::int32_t readable = state_->acls.use({{jute::kPermRead, {"world", "anyone"}}});
        node = &insert(kConfigPath, std::string(), readable, stat, parent);
    }
    constexpr std::string_view kVersion = "version=";
    std::int64_t version = 0;
    if (const std::size_t at = text.rfind(kVersion); at != std::string_view::npos)
        version = static_cast<std::int64_t>(
            std::strtoull(std::string(text.substr(at + kVersion.size())).c_str(), nullptr, 16));
    beforeChange(*node);
    node->setData(text);
    node->later().version = -1;
    node->later().mzxid = Zxid(version);
    node->later().mtime = nowMs;
    afterChange(*node);
}

std::unique_ptr<ChildWalk> DataTree::walkChildren(const Znode& parent) const {
    return std::unique_ptr<ChildWalk>(new ChildWalk(*this, parent));
}

std::unique_ptr<View> DataTree::view() {
    return std::make_unique<View>(*this);
}

} // namespace zk::tree
