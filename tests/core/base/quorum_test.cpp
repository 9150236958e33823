#include "base/quorum.h"

#include <gtest/gtest.h>

namespace zk {
namespace {

TEST(Quorum, IsMoreThanHalfOfTheVoters) {
    for (Sid size = 1; size <= 9; ++size) {
        std::set<Sid> voters;
        for (Sid sid = 1; sid <= size; ++sid)
            voters.insert(sid);
        const Quorum quorum(voters);
        std::set<Sid> present;
        for (Sid sid = 1; sid <= size; ++sid) {
            present.insert(sid);
            EXPECT_EQ(quorum.contains(present), 2 * sid > size) << sid << " of " << size;
        }
    }
}

TEST(Quorum, DoesNotCountThoseWhoDoNotVote) {
    const Quorum quorum({1, 2, 3});
    EXPECT_FALSE(quorum.contains({1, 7, 8, 9}));
    EXPECT_TRUE(quorum.contains({1, 7, 2}));
    EXPECT_FALSE(quorum.contains({}));
    EXPECT_FALSE(quorum.isVoter(7));
    EXPECT_EQ(quorum.weight(7), 0);
    EXPECT_EQ(quorum.weight(1), 1);
}

TEST(Quorum, WithoutVotersIsNeverReached) {
    EXPECT_FALSE(Quorum().contains({}));
    EXPECT_FALSE(Quorum().contains({1, 2}));
}

TEST(Quorum, OfGroupsIsMostOfTheWeightInMostOfTheGroups) {
    std::set<Sid> voters;
    std::map<Sid, std::int64_t> groups;
    for (Sid sid = 1; sid <= 9; ++sid) {
        voters.insert(sid);
        groups[sid] = (sid - 1) / 3;
    }
    const Quorum quorum(voters, {}, groups);
    EXPECT_TRUE(quorum.contains({1, 2, 4, 5}));
    EXPECT_FALSE(quorum.contains({1, 2, 3, 4, 7})) << "most of one group only";
    EXPECT_FALSE(quorum.contains({1, 4, 7}));
}

TEST(Quorum, LeavesOutGroupsWithoutWeight) {
    const std::map<Sid, std::int64_t> groups{{1, 0}, {2, 0}, {3, 0}, {4, 1}, {5, 1}, {6, 1}};
    const Quorum quorum({1, 2, 3, 4, 5, 6}, {{4, 0}, {5, 0}, {6, 0}}, groups);
    EXPECT_TRUE(quorum.contains({1, 2}));
    EXPECT_FALSE(quorum.contains({4, 5, 6, 1}));
}

TEST(Quorum, CountsWeightsInsideAGroup) {
    const Quorum quorum({1, 2, 3}, {{1, 3}, {2, 1}, {3, 1}}, {{1, 0}, {2, 0}, {3, 0}});
    EXPECT_TRUE(quorum.contains({1}));
    EXPECT_FALSE(quorum.contains({2, 3}));
}

TEST(Quorum, WithoutGroupsCountsServersWhateverTheirWeights) {
    const Quorum quorum({1, 2, 3}, {{3, 0}}, {});
    EXPECT_TRUE(quorum.contains({1, 3}));
    EXPECT_FALSE(quorum.contains({1}));
    EXPECT_EQ(quorum.weight(3), 0);
}

TEST(Quorum, PutsAVoterOfNoGroupIntoOneOfItsOwnKind) {
    const Quorum quorum({1, 2, 3, 4}, {}, {{1, 0}, {2, 0}, {3, 0}});
    EXPECT_TRUE(quorum.contains({1, 2, 4}));
    EXPECT_FALSE(quorum.contains({1, 2, 3})) << "one of two groups";
}

} // namespace
} // namespace zk
