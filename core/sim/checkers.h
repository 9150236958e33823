// The invariants that every simulated run is held to. Each checker watches a run from outside, gathers what it saw, and
// says what is wrong, a sentence a violation. Each has a test that shows it catching a planted bug.
#pragma once

#include "sim/workload.h"
#include "sim/world.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace zk::sim {

using Violations = std::vector<std::string>;

// At most one server leads in an epoch.
class OneLeaderPerEpoch {
  public:
    void event(const trace::Event& event, const World& world);
    const Violations& violations() const { return violations_; }
    std::size_t epochs() const { return leaders_.size(); }

  private:
    std::map<std::int64_t, Sid> leaders_;
    Violations violations_;
};

// What servers commit under one zxid is the same, byte for byte, on all of them; and each commits in rising order.
class CommittedPrefix {
  public:
    // A server hands a transaction to its disk. A commit may come before this: a quorum of others was quicker.
    void appended(Sid server, Zxid zxid, const std::string& txn);
    void event(const trace::Event& event);
    void restarted(Sid server);
    const Violations& violations() const { return violations_; }
    std::size_t commits() const { return commits_.size(); } // zxids that any server committed

  private:
    void compare(Sid server, Zxid zxid, std::size_t hash);

    std::map<Sid, std::map<Zxid, std::size_t>> logged_; // hashes of the bytes
    std::map<Sid, std::set<Zxid>> early_;               // committed, and not handed to the disk yet
    std::map<Sid, Zxid> last_;                          // committed by this life of the server
    std::map<Zxid, std::pair<Sid, std::size_t>> commits_;
    Violations violations_;
};

// After everything has calmed down, all servers hold the same tree.
Violations sameTrees(const World& world);

// After everything has calmed down, what was acknowledged to a client is in the tree.
Violations nothingAcknowledgedIsLost(const World& world, const std::vector<std::unique_ptr<SimClient>>& clients);

} // namespace zk::sim
