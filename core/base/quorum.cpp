#include "base/quorum.h"

#include <algorithm>
#include <utility>

namespace zk {

Quorum::Quorum(std::set<Sid> voters) : voters_(std::move(voters)) {}

Quorum::Quorum(std::set<Sid> voters, std::map<Sid, std::int64_t> weights, std::map<Sid, std::int64_t> groups)
    : voters_(std::move(voters)), weights_(std::move(weights)), groups_(std::move(groups)) {}

std::int64_t Quorum::weight(Sid sid) const {
    if (!isVoter(sid)) return 0;
    const auto found = weights_.find(sid);
    return found == weights_.end() ? 1 : found->second;
}

bool Quorum::contains(const std::set<Sid>& servers) const {
    if (groups_.empty()) {
        const auto present =
            std::count_if(servers.begin(), servers.end(), [this](Sid sid) { return isVoter(sid); });
        return static_cast<std::size_t>(present) > voters_.size() / 2;
    }
    std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> groups; // group -> weight present, weight in all
    for (const Sid sid : voters_) {
        const auto group = groups_.find(sid);
        auto& [present, all] = groups[group == groups_.end() ? -1 : group->second];
        all += weight(sid);
        if (servers.contains(sid)) present += weight(sid);
    }
    std::size_t won = 0, counted = 0;
    for (const auto& [group, sums] : groups) {
        if (sums.second == 0) continue;
        ++counted;
        if (sums.first > sums.second / 2) ++won;
    }
    return counted > 0 && won > counted / 2;
}

} // namespace zk
