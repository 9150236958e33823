#include "server/admission.h"

#include <algorithm>
#include <cmath>

namespace zk::server {

namespace {

// A new session never weighs less than a local one, nor does a renewed one.
int globalWeight(const config::ConnectionThrottle& rules) { return std::max(rules.globalWeight, rules.localWeight); }

} // namespace

SessionTokens::SessionTokens(const config::ConnectionThrottle& rules)
    : rules_(rules), most_(rules.tokens * (rules.weighted ? globalWeight(rules) : 1)),
      fill_(rules.fillCount * (rules.weighted ? globalWeight(rules) : 1)), tokens_(most_) {}

bool SessionTokens::take(Instant now, bool renewed, Rng& rng) {
    if (most_ == 0) return true;
    if (!begun_) filledAt_ = weighedAt_ = now;
    begun_ = true;
    if (const Duration since = now - filledAt_; since > rules_.fillTime) {
        const std::int64_t filled = std::min<std::int64_t>(since / rules_.fillTime, most_) * fill_;
        tokens_ = static_cast<int>(std::min<std::int64_t>(tokens_ + filled, most_));
        filledAt_ = now;
    }
    if (rules_.freezeTime.count() >= 0 && !spared(now, rng)) return false;
    const int weight = renewed ? std::max(rules_.renewWeight, rules_.localWeight) : globalWeight(rules_);
    const int need = rules_.weighted ? weight : 1;
    if (tokens_ < need) return false;
    tokens_ -= need;
    return true;
}

bool SessionTokens::spared(Instant now, Rng& rng) {
    if (now - weighedAt_ > rules_.freezeTime) {
        if (tokens_ == 0) drop_ = std::min(drop_ + rules_.dropIncrease, 1.0);
        else if (deficit() <= std::lround(most_ * rules_.decreaseRatio)) drop_ = std::max(drop_ - rules_.dropDecrease, 0.0);
        weighedAt_ = now;
    }
    return !rng.chance(drop_);
}

} // namespace zk::server
