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
    return future;
}

const std::vector<jute::Acl>& Outstanding::acl(const std::string& path, const Future& znode) const {
    if (znode.acl) return *znode.acl;
    const tree::Znode* const inTree = tree_.find(path);
    ZK_ASSERT(inTree != nullptr);
    return tree_.acl(*inTree);
}

std::uint32_t Outstanding::digestOf(const std::string& path, const Future& znode) const {
    if (!znode.exists) return 0;
    const std::string_view onDisk = path == "/" ? std::string_view() : std::string_view(path);
    std::optional<std::string_view> data;
    if (znode.data) {
        if (*znode.data) data = **znode.data;
    } else if (const tree::Znode* const inTree = tree_.find(path)) {
        data = inTree->data();
    }
    return tree::znodeDigest(onDisk, data, znode.stat);
}

std::uint32_t Outstanding::currentDigest(const std::string& path) const {
    if (const auto change = changes_.find(path); change != changes_.end()) return digestOf(path, change->second);
    const auto znode = find(path);
    return znode ? digestOf(path, *znode) : 0;
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

void Outstanding::put(const std::string& path, Future znode) {
    if (withDigest_) {
        digest_ -= currentDigest(path);
        digest_ += digestOf(path, znode);
    }
    const auto place = changes_.find(path);
    if (place != changes_.end()) unindexEphemeral(path, place->second);
    if (inMulti_) undo_.push_back({path, place == changes_.end() ? std::optional<Future>() : place->second});
    indexEphemeral(path, znode);
    order_.push_back({znode.zxid, path});
    ++put_;
    changes_.insert_or_assign(path, std::move(znode));
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
        const auto place = changes_.find(before->path);
        unindexEphemeral(before->path, place->second);
        if (!before->znode) {
            changes_.erase(place);
            continue;
        }
        indexEphemeral(before->path, *before->znode);
        place->second = std::move(*before->znode);
    }
    keep();
    put_ -= static_cast<std::int64_t>(order_.size() - orderBefore_);
    order_.resize(orderBefore_);
    digest_ = digestBefore_;
}

void Outstanding::applied(Zxid zxid) {
    for (; !order_.empty() && order_.front().zxid <= zxid; order_.pop_front()) {
        const auto place = changes_.find(order_.front().path);
        if (place == changes_.end() || place->second.zxid > zxid) continue;
        unindexEphemeral(place->first, place->second);
        changes_.erase(place);
    }
}

} // namespace zk::server
