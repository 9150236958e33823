#include "bench_report.h"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace zk::viv {

using namespace std::chrono_literals;

TEST(BenchReport, MedianAndSpread) {
    EXPECT_EQ(spreadOf({3, 1, 2}).median, 2);
    EXPECT_EQ(spreadOf({4, 1, 2, 3}).median, 2.5);
    EXPECT_EQ(spreadOf({3, 1, 2}).least, 1);
    EXPECT_EQ(spreadOf({3, 1, 2}).most, 3);
    EXPECT_EQ(spreadOf({7}).median, 7);
}

TEST(BenchReport, TextAndJson) {
    const BenchRound round{1000, 5000, 0, 1500us, 3ms, 10ms};
    EXPECT_EQ(roundText(1, round),
              "round 1: 1000/s, 5000 operations, median 1.50 ms, 99 % 3.00 ms, longest 10.00 ms\n");
    BenchRound refused = round;
    refused.refused = 3;
    EXPECT_TRUE(roundText(2, refused).ends_with(", 3 REFUSED\n"));
    EXPECT_EQ(summaryText({round, round}), "median 1000/s, from 1000 to 1000 in 2 rounds\n");
    const auto json = roundsJson({round});
    EXPECT_EQ(json.at("median").as_double(), 1000);
    EXPECT_EQ(json.at("rounds").at(0).at("p99Ms").as_double(), 3);
}

} // namespace zk::viv
