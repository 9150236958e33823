// Admission: what is let in before it costs anything: sessions by a bucket of tokens, requests by how many are in the
// pipeline already and by the bytes of the large ones. Numbers only; the Node acts on them.
// Rules: Apache's BlueThrottle, ZooKeeperServer (large requests) and RequestThrottler.
#pragma once

#include "base/rng.h"
#include "base/time.h"
#include "config/limits.h"

#include <cstddef>
#include <cstdint>

namespace zk::server {

// A bucket that fills with time, and beside it a chance to be turned away that rises while it is empty.
class SessionTokens {
  public:
    explicit SessionTokens(const config::ConnectionThrottle& rules);
    // May a session be opened now, or renewed? Takes its tokens where it may.
    bool take(Instant now, bool renewed, Rng& rng);
    int deficit() const { return most_ - tokens_; }
    double dropProbability() const { return drop_; }

  private:
    bool spared(Instant now, Rng& rng);

    config::ConnectionThrottle rules_;
    int most_, fill_, tokens_;
    Instant filledAt_{}, weighedAt_{};
    double drop_ = 0;
    bool begun_ = false;
};

// The requests that are on their way or wait behind one that is.
class Pipeline {
  public:
    explicit Pipeline(const config::Limits& limits) : limits_(limits) {}

    bool isLarge(std::size_t bytes) const {
        return limits_.largeRequestThreshold > 0 && bytes > static_cast<std::size_t>(limits_.largeRequestThreshold);
    }
    // Would a request of this size exceed what large ones may hold?
    bool tooMuch(std::size_t bytes) const {
        return isLarge(bytes) && largeBytes_ + static_cast<std::int64_t>(bytes) > limits_.largeRequestMaxBytes;
    }
    void enter(std::size_t bytes) {
        ++requests_;
        if (isLarge(bytes)) largeBytes_ += static_cast<std::int64_t>(bytes);
    }
    void leave(std::size_t bytes) {
        --requests_;
        if (isLarge(bytes)) largeBytes_ -= static_cast<std::int64_t>(bytes);
    }
    // How many more are let in where requests are throttled; none while it is full.
    std::int64_t room() const { return limits_.requests.maxRequests - requests_; }
    bool throttles() const { return limits_.requests.maxRequests > 0; }

    std::int64_t requests() const { return requests_; }
    std::int64_t largeBytes() const { return largeBytes_; }

  private:
    config::Limits limits_;
    std::int64_t requests_ = 0, largeBytes_ = 0;
};

} // namespace zk::server
