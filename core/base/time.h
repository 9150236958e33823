// Time as the machines see it. It always comes in as an argument: nothing below the drivers reads a clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace zk {

// The monotonic clock that a driver keeps: real for sockets, virtual for the simulator. It has no now() on purpose.
struct MonotonicClock {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<MonotonicClock>;
    static constexpr bool is_steady = true;
};

using Instant = MonotonicClock::time_point;
using Duration = std::chrono::nanoseconds;

// Never: later than every instant that a driver will ever pass.
inline constexpr Instant kNever = Instant::max();

// The calendar's time in milliseconds since 1970, where a record stores one (ctime, mtime, a transaction's header).
struct WallTime {
    std::int64_t ms = 0;
};

} // namespace zk
