#include "base/rng.h"

#include "base/assert.h"

#include <gtest/gtest.h>

#include <set>

namespace zk {
namespace {

TEST(Rng, GivesTheSameNumbersForTheSameSeedAndOthersForAnother) {
    Rng one(42), same(42), other(43);
    std::set<std::uint64_t> distinct;
    for (int draw = 0; draw < 1000; ++draw) {
        const std::uint64_t number = one.next();
        EXPECT_EQ(number, same.next());
        distinct.insert(number);
        distinct.insert(other.next());
    }
    EXPECT_EQ(distinct.size(), 2000u);
}

// xoshiro256** after splitmix64(0), computed by an implementation of our own in another language.
TEST(Rng, GivesThePublishedNumbersOfItsAlgorithm) {
    Rng rng(0);
    EXPECT_EQ(rng.next(), 0x99EC5F36CB75F2B4u);
    EXPECT_EQ(rng.next(), 0xBF6E1F784956452Au);
}

TEST(Rng, StaysBelowTheBoundAndReachesAllOfIt) {
    Rng rng(7);
    std::set<std::uint64_t> seen;
    for (int draw = 0; draw < 1000; ++draw)
        seen.insert(rng.below(10));
    EXPECT_EQ(seen.size(), 10u);
    EXPECT_EQ(*seen.rbegin(), 9u);
    EXPECT_EQ(rng.below(1), 0u);
    EXPECT_THROW(rng.below(0), BrokenPromise);
}

TEST(Rng, TakesChancesAsOftenAsAsked) {
    Rng rng(7);
    int hits = 0;
    for (int draw = 0; draw < 10'000; ++draw) {
        EXPECT_FALSE(rng.chance(0));
        EXPECT_TRUE(rng.chance(1));
        hits += rng.chance(0.25) ? 1 : 0;
    }
    EXPECT_NEAR(hits, 2500, 200);
}

TEST(Rng, AForkGoesItsOwnWay) {
    Rng one(5), other(5);
    Rng forkOfOne = one.fork(), forkOfOther = other.fork();
    one.next();
    for (int draw = 0; draw < 10; ++draw)
        EXPECT_EQ(forkOfOne.next(), forkOfOther.next());
}

} // namespace
} // namespace zk
