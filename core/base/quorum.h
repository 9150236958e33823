// Who votes, and how many of them are enough.
//
// Without groups a quorum is more than half of the voters. With groups it is more than half of the weight in more than
// half of the groups that have any weight (Apache's QuorumMaj and QuorumHierarchical).
#pragma once

#include "base/ids.h"

#include <map>
#include <set>

namespace zk {

class Quorum {
  public:
    Quorum() = default;
    // Every voter weighs the same.
    explicit Quorum(std::set<Sid> voters);
    // Voters with weights in groups. A voter that stands in no group weighs 1 in a group of its own kind: -1.
    Quorum(std::set<Sid> voters, std::map<Sid, std::int64_t> weights, std::map<Sid, std::int64_t> groups);

    const std::set<Sid>& voters() const { return voters_; }
    bool isVoter(Sid sid) const { return voters_.contains(sid); }
    // A voter of weight 0 never leads.
    std::int64_t weight(Sid sid) const;
    // Do these servers, of whom some may be no voters, make a quorum?
    bool contains(const std::set<Sid>& servers) const;

  private:
    std::set<Sid> voters_;
    std::map<Sid, std::int64_t> weights_, groups_; // both empty: a plain majority
};

} // namespace zk
