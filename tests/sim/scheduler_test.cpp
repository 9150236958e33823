#include "sim/scheduler.h"

#include <gtest/gtest.h>

namespace zk::sim {

namespace {

using std::chrono::milliseconds;

TEST(Scheduler, RunsTheEarliestFirstAndEqualOnesInTheOrderOfAsking) {
    Scheduler scheduler;
    std::string order;
    scheduler.after(milliseconds(2), [&] { order += 'c'; });
    scheduler.after(milliseconds(1), [&] { order += 'a'; });
    scheduler.after(milliseconds(1), [&] { order += 'b'; });
    while (scheduler.step(Instant(milliseconds(10)))) {}
    EXPECT_EQ(order, "abc");
    EXPECT_EQ(scheduler.now(), Instant(milliseconds(10)));
}

TEST(Scheduler, StopsAtTheLimit) {
    Scheduler scheduler;
    bool ran = false;
    scheduler.after(milliseconds(5), [&] { ran = true; });
    EXPECT_FALSE(scheduler.step(Instant(milliseconds(4))));
    EXPECT_FALSE(ran);
    EXPECT_TRUE(scheduler.step(Instant(milliseconds(5))));
    EXPECT_TRUE(ran);
}

TEST(Scheduler, AnEventMayAskForMoreAndNothingRunsInThePast) {
    Scheduler scheduler;
    std::vector<Instant> times;
    scheduler.after(milliseconds(3), [&] {
        times.push_back(scheduler.now());
        scheduler.at(Instant(milliseconds(1)), [&] { times.push_back(scheduler.now()); });
    });
    while (scheduler.step(Instant(milliseconds(10)))) {}
    EXPECT_EQ(times, (std::vector<Instant>{Instant(milliseconds(3)), Instant(milliseconds(3))}));
}

TEST(Scheduler, TheCalendarGoesWithTheClock) {
    Scheduler scheduler;
    const auto before = scheduler.wall().ms;
    scheduler.step(Instant(milliseconds(250)));
    EXPECT_EQ(scheduler.wall().ms, before + 250);
}

} // namespace

} // namespace zk::sim
