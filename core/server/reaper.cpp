#include "server/reaper.h"

namespace zk::server {

Reaper::Reaper(const config::ServerConfig& config, Instant now)
    : interval_(config.containerCheckInterval), neverUsed_(config.containerNeverUsed),
      pause_(Duration(std::chrono::minutes(1)) / config.containersPerMinute), checkAt_(now + interval_),
      nextAt_(checkAt_) {}

bool Reaper::isDue(const tree::Znode& znode, WallTime wall) const {
    if (znode.childCount() > 0) return false;
    const tree::StatPersisted stat = znode.persisted();
    const std::int64_t unchangedMs = wall.ms - stat.mtime;
    if (znode.ownerKind() == tree::OwnerKind::Ttl) return unchangedMs > tree::ttlMsOf(stat.ephemeralOwner);
    // A container that has just been made waits for its first child.
    return stat.cversion > 0 || (neverUsed_.count() > 0 && unchangedMs > neverUsed_.count());
}

std::optional<std::string> Reaper::next(const tree::DataTree& tree, Instant now, WallTime wall) {
    if (now < nextAt_) return std::nullopt;
    for (int looks = 0; looks < kLooksPerTurn; ++looks) {
        const tree::Znode* const znode = tree.nextRemovable(place_);
        if (znode ==
            nullptr) { // looked through; a check that took longer than the interval delays the next one
            place_ = 0;
            checkAt_ = std::max(checkAt_ + interval_, now);
            nextAt_ = checkAt_;
            return std::nullopt;
        }
        if (!isDue(*znode, wall)) continue;
        nextAt_ = now + pause_;
        return znode->diskPath();
    }
    nextAt_ = now + std::chrono::milliseconds(1);
    return std::nullopt;
}

} // namespace zk::server
