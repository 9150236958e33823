#include "server/outstanding.h"

#include "base/assert.h"

namespace zk::server {

std::optional<Future> Outstanding::find(const std::string& path) const {
    if (const auto change = changes_.find(path); change != changes_.end()) {
        if (!change->second.exists) return std::nullopt;
        return change->second;
    }
    const tree::Znode* const znode = tree_.find(path);
    if (znode == nullptr) return std::nullopt;
    Future future;
    future.stat = znode->persisted();
    future.children = static_cast<std::int64_t>(znode->childCount());
    future.dataSize = static_cast<std::int64_t>(znode->data().value_or(std::string_view()).size());
    return future;
}

const std::vector<jute::Acl>& Outstanding::acl(const std::string& path, const Future& znode) const {
    if (znode.acl) return *znode.acl;
    const tree::Znode* const inTree = tree_.find(path);
    ZK_ASSERT(inTree != nullptr);
    return tree_.acl(*inTree);
}

// What the znode adds to the digest from now on, instead of what it has added so far.
void Outstanding::weigh(const std::string& path, Future& znode, bool isNew) {
    const std::string_view onDisk = path == "/" ? std::string_view() : std::string_view(path);
    const tree::Znode* const inTree = isNew || (znode.exists && !znode.content) ? tree_.find(path) : nullptr;
    std::optional<std::uint32_t> treesContent;
    if (inTree != nullptr) treesContent = tree::contentSum(onDisk, inTree->data());
    if (isNew && inTree != nullptr) digest_ -= tree::znodeDigest(onDisk, *treesContent, inTree->persisted());
    if (!znode.content) znode.content = treesContent;
    znode.digest = znode.exists ? tree::znodeDigest(onDisk, znode.content.value_or(0), znode.stat) : 0;
    digest_ += znode.digest;
}

void Outstanding::indexEphemeral(const std::string& path, const Future& znode) {
    if (znode.exists && znode.stat.ephemeralOwner != 0) newEphemerals_[znode.stat.ephemeralOwner].insert(path);
}

void Outstanding::unindexEphemeral(const std::string& path, const Future& znode) {
    const auto owned = newEphemerals_.find(znode.stat.ephemeralOwner);
    if (owned == newEphemerals_.end()) return;
    owned->second.erase(path);
    if (owned->second.empty()) newEphemerals_.erase(owned);
}

void Outstanding::setData(const std::string& path, Future& znode, const Buffer& data) const {
    znode.dataSize = data ? static_cast<std::int64_t>(data->size()) : 0;
    if (withDigest_) znode.content = tree::contentSum(path == "/" ? std::string_view() : std::string_view(path), data);
}

void Outstanding::put(const std::string& path, Future znode) {
    const auto [place, isNew] = changes_.try_emplace(path);
    const bool again = !isNew && place->second.zxid == znode.zxid; // by the same transaction
    if (withDigest_) {
        if (!isNew) digest_ -= place->second.digest;
        weigh(path, znode, isNew);
    }
    if (!isNew) unindexEphemeral(path, place->second);
    if (inMulti_) undo_.push_back({&*place, isNew ? std::optional<Future>() : std::move(place->second)});
    indexEphemeral(path, znode);
    if (!again) {
        order_.push_back({znode.zxid, &*place});
        ++put_;
    }
    place->second = std::move(znode);
}

std::set<std::string> Outstanding::ephemerals(SessionId session) const {
    std::set<std::string> owned;
    for (const std::string& path : tree_.ephemerals(session))
        if (const auto znode = find(path); znode && znode->stat.ephemeralOwner == session) owned.insert(path);
    if (const auto created = newEphemerals_.find(session); created != newEphemerals_.end())
        owned.insert(created->second.begin(), created->second.end());
    return owned;
}

void Outstanding::begin() {
    inMulti_ = true;
    digestBefore_ = digest_;
    orderBefore_ = order_.size();
}

void Outstanding::keep() {
    inMulti_ = false;
    undo_.clear();
}

void Outstanding::rollBack() {
    for (auto before = undo_.rbegin(); before != undo_.rend(); ++before) {
        auto& [path, znode] = *before->entry;
        unindexEphemeral(path, znode);
        if (!before->znode) {
            changes_.erase(changes_.find(path));
            continue;
        }
        indexEphemeral(path, *before->znode);
        znode = std::move(*before->znode);
    }
    keep();
    put_ -= static_cast<std::int64_t>(order_.size() - orderBefore_);
    order_.resize(orderBefore_);
    digest_ = digestBefore_;
}

// The entry of a change that is not the last of its znode goes with that last one.
void Outstanding::applied(Zxid zxid) {
    for (; !order_.empty() && order_.front().zxid <= zxid; order_.pop_front()) {
        auto& [path, znode] = *order_.front().entry;
        if (znode.zxid > order_.front().zxid) continue;
        unindexEphemeral(path, znode);
        changes_.erase(changes_.find(path));
    }
}

} // namespace zk::server
