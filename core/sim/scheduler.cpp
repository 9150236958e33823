#include "sim/scheduler.h"

#include <algorithm>

namespace zk::sim {

WallTime Scheduler::wall() const {
    constexpr std::int64_t someDayMs = 1'700'000'000'000;
    return {someDayMs + std::chrono::duration_cast<std::chrono::milliseconds>(now_.time_since_epoch()).count()};
}

void Scheduler::at(Instant when, std::function<void()> what) {
    events_.emplace(std::pair(std::max(when, now_), asked_++), std::move(what));
}

bool Scheduler::step(Instant limit) {
    if (events_.empty() || events_.begin()->first.first > limit) {
        now_ = std::max(now_, limit);
        return false;
    }
    auto event = events_.extract(events_.begin());
    now_ = event.key().first;
    event.mapped()();
    return true;
}

} // namespace zk::sim
