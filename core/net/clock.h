// The real clocks, as the drivers hand them to the machines.
#pragma once

#include "base/time.h"

namespace zk::net {

inline Instant now() { return Instant(std::chrono::steady_clock::now().time_since_epoch()); }

inline WallTime wallNow() {
    using namespace std::chrono;
    return {duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()};
}

} // namespace zk::net
