// Hosts: which server to try next, and after what pause. The list is shuffled once and gone through in turn;
// a whole round without success makes the pause before the next round longer, up to a limit, with some chance
// in it so that the clients of a server that went away do not all come back at the same moment.
#pragma once

#include "base/rng.h"
#include "client/client.h"

#include <optional>
#include <utility>

namespace zk::client {

inline constexpr std::chrono::milliseconds kFirstPause{20}; // each next one is half as long again
inline constexpr std::chrono::milliseconds kLongestPause{5000};

class Hosts {
  public:
    // Precondition: at least one server. No pause is longer than `longest`.
    Hosts(std::vector<Address> servers, std::chrono::milliseconds longest, std::uint64_t seed);

    struct Attempt {
        Address server;
        Duration pause{0};
    };
    Attempt next();
    // The one whose turn it is, without an attempt to connect to it.
    Address pass() { return servers_[std::exchange(at_, (at_ + 1) % servers_.size())]; }
    // The next attempt goes to this one, at once.
    void prefer(Address server) { preferred_ = std::move(server); }
    // The last attempt led to a connection that held: the pauses start small again.
    void worked() { failures_ = 0; }

    std::size_t size() const { return servers_.size(); }

  private:
    std::vector<Address> servers_;
    std::chrono::milliseconds longest_;
    Rng rng_;
    std::size_t at_ = 0;       // of the next server
    std::optional<Address> preferred_;
    std::size_t failures_ = 0; // attempts since the last success
};

} // namespace zk::client
