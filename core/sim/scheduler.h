// Scheduler: virtual time. Events run one after another, the earliest first; those of one instant in the order in which they
// were asked for. So a run depends on its seed alone.
#pragma once

#include "base/time.h"

#include <functional>
#include <map>
#include <utility>

namespace zk::sim {

class Scheduler {
  public:
    Instant now() const { return now_; }
    // The calendar of the simulated world: some day in 2023, and as many milliseconds as have passed.
    WallTime wall() const;

    void at(Instant when, std::function<void()> what);
    void after(Duration delay, std::function<void()> what) { at(now_ + delay, std::move(what)); }

    // Runs the earliest event and moves the time to it; false where there is none at or before `limit`, which then is now.
    bool step(Instant limit);

  private:
    Instant now_{};
    std::uint64_t asked_ = 0;
    std::map<std::pair<Instant, std::uint64_t>, std::function<void()>> events_;
};

} // namespace zk::sim
