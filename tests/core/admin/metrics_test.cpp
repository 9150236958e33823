#include "admin/metrics.h"

#include <gtest/gtest.h>
#include <set>

namespace zk::admin {
namespace {

TEST(Distribution, IsExactForSmallNumbers) {
    Distribution one;
    EXPECT_EQ(one.quantile(0.5), 0);
    for (int value = 0; value < 32; ++value) one.add(value);
    EXPECT_EQ(one.quantile(0.5), 15);
    EXPECT_EQ(one.quantile(0), 0);
    EXPECT_EQ(one.quantile(1), 31);
    EXPECT_EQ(one.least(), 0);
    EXPECT_EQ(one.most(), 31);
    EXPECT_EQ(one.sum(), 31 * 16);
}

TEST(Distribution, EveryNumberIsWithinASixteenthOfItsQuantile) {
    for (std::int64_t value = 1; value < (std::int64_t{1} << 50); value = value * 3 / 2 + 1) {
        Distribution one;
        one.add(0);
        one.add(value, 2);
        one.add(value * 2);
        EXPECT_NEAR(static_cast<double>(one.quantile(0.6)), static_cast<double>(value), static_cast<double>(value) / 16);
    }
}

TEST(Distribution, NegativeNumbersCountAsZero) {
    Distribution one;
    one.add(-5);
    EXPECT_EQ(one.least(), 0);
    EXPECT_EQ(one.count(), 1);
    one.add(7, 0);
    EXPECT_EQ(one.count(), 1);
}

TEST(Distribution, ANumberMayStandForMany) {
    Distribution one;
    one.add(10, 16);
    EXPECT_EQ(one.count(), 16);
    EXPECT_EQ(one.sum(), 160);
    EXPECT_EQ(one.average(), 10);
}

TEST(Rows, EverySummaryHasOneRowAndEveryNameIsOne) {
    std::set<std::string_view> names;
    std::multiset<Summary> measured;
    for (const CounterRow& row : counterRows()) EXPECT_TRUE(names.insert(row.name).second) << row.name;
    for (const SummaryRow& row : summaryRows()) {
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        if (row.absent.empty()) measured.insert(row.summary);
    }
    EXPECT_EQ(measured.size(), kSummaries);
    for (std::size_t index = 0; index < kSummaries; ++index) {
        EXPECT_EQ(measured.count(static_cast<Summary>(index)), 1U) << index;
        EXPECT_FALSE(nameOf(static_cast<Summary>(index)).empty()) << index;
    }
}

} // namespace
} // namespace zk::admin
