#include "client/hosts.h"

#include "base/assert.h"

#include <algorithm>

namespace zk::client {

Hosts::Hosts(std::vector<Address> servers, std::chrono::milliseconds longest, std::uint64_t seed)
    : servers_(std::move(servers)), longest_(longest), rng_(seed) {
    ZK_ASSERT(!servers_.empty());
    for (std::size_t left = servers_.size(); left > 1; --left)
        std::swap(servers_[left - 1], servers_[rng_.below(left)]);
}

Hosts::Attempt Hosts::next() {
    if (preferred_) return {*std::exchange(preferred_, {}), Duration(0)};
    Attempt attempt{servers_[at_]};
    at_ = (at_ + 1) % servers_.size();
    const std::size_t round = failures_ / servers_.size();
    if (round > 0 && failures_ % servers_.size() == 0) {
        Duration whole = kFirstPause;
        for (std::size_t turn = 1; turn < round && whole < longest_; ++turn)
            whole = whole * 3 / 2;
        whole = std::min<Duration>(whole, longest_);
        const auto half = static_cast<std::uint64_t>(whole.count() / 2);
        attempt.pause = whole - Duration(rng_.below(half + 1));
    }
    ++failures_;
    return attempt;
}

} // namespace zk::client
