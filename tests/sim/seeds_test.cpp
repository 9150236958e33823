// Two hundred seeds, every invariant, in every build.
#include "sim/job_runner.h"

#include <gtest/gtest.h>

namespace zk::sim {

namespace {

TEST(Seeds, EveryInvariantHoldsOverTwoHundred) {
    Outcome all;
    runSeeds(1, 200, {}, [&all](const Outcome& outcome) {
        for (const auto& violation : outcome.violations)
            ADD_FAILURE() << violation << "\n  replay: viv simulate --seed " << outcome.seed;
        all.elections += outcome.elections;
        all.commits += outcome.commits;
        all.crashes += outcome.crashes;
        all.partitions += outcome.partitions;
        all.acknowledged += outcome.acknowledged;
    });
    std::printf("200 seeds: %zu elections, %zu commits, %zu acknowledged writes, %zu crashes, %zu partitions\n",
                all.elections, all.commits, all.acknowledged, all.crashes, all.partitions);
    EXPECT_GE(all.elections, 400U);
    EXPECT_GE(all.commits, 20'000U);
    EXPECT_GE(all.crashes, 200U);
    EXPECT_GE(all.partitions, 200U);
}

TEST(Seeds, OneSeedIsOneStory) {
    const Outcome first = run({.seed = 7}), again = run({.seed = 7}), other = run({.seed = 8});
    EXPECT_EQ(first.traceHash, again.traceHash);
    EXPECT_NE(first.traceHash, other.traceHash);
}

} // namespace

} // namespace zk::sim
