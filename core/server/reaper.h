// Reaper: which containers and TTL znodes are to be deleted, and when. A container goes once its last child
// has gone, or, where the configuration says so, when it has never had one for long enough; a TTL znode goes
// once it has had neither a child nor a change for its time.
//
// It looks through them all at every check interval, a bounded number in a turn, and names one at a time, so
// that no more than the configured number are deleted in a minute. It only names them: its server makes a
// deleteContainer of each, which is judged again. Runs where writes are prepared: on a leader or on a server
// that stands alone. Rules: Apache's ContainerManager.
#pragma once

#include "base/time.h"
#include "config/config.h"
#include "tree/data_tree.h"

namespace zk::server {

class Reaper {
  public:
    Reaper(const config::ServerConfig& config, Instant now);

    // The path of one that is to be deleted now; null: nothing more before nextAt().
    std::optional<std::string> next(const tree::DataTree& tree, Instant now, WallTime wall);
    Instant nextAt() const { return nextAt_; }

  private:
    bool isDue(const tree::Znode& znode, WallTime wall) const;

    std::chrono::milliseconds interval_, neverUsed_;
    Duration pause_; // between two deletions
    Instant checkAt_, nextAt_;
    std::uint64_t place_ = 0; // of the next znode to look at; in the order of creation
};

// Znodes looked at in one turn.
inline constexpr int kLooksPerTurn = 1000;

} // namespace zk::server
