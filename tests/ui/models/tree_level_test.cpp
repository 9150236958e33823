#include "bridge/natural_order.h"
#include "models/tree_level.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace viv {
namespace {

TEST(NaturalOrder, CountsDigitsAsNumbers) {
    std::vector<std::string> names{"node-10", "node-2", "node-02", "a",      "node-",
                                   "b10c",    "b9z",    "",        "node-2x"};
    std::sort(names.begin(), names.end(), naturallyBefore);
    EXPECT_EQ(names, (std::vector<std::string>{"", "a", "b9z", "b10c", "node-", "node-02", "node-2",
                                               "node-2x", "node-10"}));
}

TEST(NaturalOrder, IsAStrictOrderThatKnowsEveryName) {
    std::mt19937 chance(7);
    std::vector<std::string> names;
    for (int i = 0; i < 300; ++i) {
        std::string name;
        for (int length = int(chance() % 6); length > 0; --length)
            name += "012a-"[chance() % 5];
        names.push_back(name);
    }
    for (const auto& a : names)
        for (const auto& b : names) {
            EXPECT_EQ(naturallyBefore(a, b) || naturallyBefore(b, a), a != b) << a << " " << b;
            EXPECT_FALSE(naturallyBefore(a, b) && naturallyBefore(b, a)) << a << " " << b;
        }
    for (int i = 0; i < 20000; ++i) {
        const auto &a = names[chance() % 300], &b = names[chance() % 300], &c = names[chance() % 300];
        if (!naturallyBefore(a, b) || !naturallyBefore(b, c)) continue;
        EXPECT_TRUE(naturallyBefore(a, c)) << a << " " << b << " " << c;
    }
}

// Applies a change to a plain list, as the model does to its rows.
std::vector<std::string> applied(std::vector<std::string> rows, const LevelChange& change,
                                 const std::vector<std::string>& names) {
    for (const auto& [first, count] : change.removals)
        rows.erase(rows.begin() + std::ptrdiff_t(first), rows.begin() + std::ptrdiff_t(first + count));
    for (const auto& [row, name, count] : change.insertions)
        rows.insert(rows.begin() + std::ptrdiff_t(row), names.begin() + std::ptrdiff_t(name),
                    names.begin() + std::ptrdiff_t(name + count));
    return rows;
}

TreeLevel levelOf(const std::vector<std::string>& names) {
    TreeLevel level;
    for (const auto& name : names)
        level.nodes.push_back(std::make_unique<TreeNode>(nullptr, name));
    return level;
}

TEST(LevelChange, TurnsAnyLevelIntoAnyOther) {
    std::mt19937 chance(11);
    for (int round = 0; round < 500; ++round) {
        std::vector<std::string> before, after;
        for (int i = 0; i < 30; ++i) {
            if (chance() % 2) before.push_back("n" + std::to_string(i));
            if (chance() % 2) after.push_back("n" + std::to_string(i));
        }
        const LevelChange change = changeBetween(levelOf(before), after);
        EXPECT_EQ(applied(before, change, after), after);
    }
}

TEST(LevelChange, IsAsFewRangesAsThereAre) {
    std::vector<std::string> names;
    for (int i = 0; i < 1000; ++i)
        names.push_back("n" + std::to_string(i));
    EXPECT_EQ(changeBetween(levelOf({}), names).insertions.size(), 1U);
    EXPECT_EQ(changeBetween(levelOf(names), {}).removals.size(), 1U);
    const LevelChange none = changeBetween(levelOf(names), names);
    EXPECT_TRUE(none.insertions.empty() && none.removals.empty());
}

TEST(Level, FindsByName) {
    const TreeLevel level = levelOf({"a", "n2", "n10"});
    EXPECT_EQ(level.find("n10"), level.nodes[2].get());
    EXPECT_EQ(level.find("n3"), nullptr);
    EXPECT_EQ(level.find(""), nullptr);
}

TEST(Level, GuessesSequentialNodesByTenDigits) {
    EXPECT_TRUE(looksSequential("lock-0000000007"));
    EXPECT_TRUE(looksSequential("0000000007"));
    EXPECT_FALSE(looksSequential("lock-000000007"));
    EXPECT_FALSE(looksSequential("lock-0000000007x"));
}

} // namespace
} // namespace viv
