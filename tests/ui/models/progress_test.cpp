#include "models/progress.h"

#include <gtest/gtest.h>

namespace viv {
namespace {

using zk::ensemble::ServerView;
using zk::trace::Event;
using zk::trace::Kind;
using zk::trace::ServerState;

class ProgressTest : public testing::Test {
  protected:
    ProgressTest() {
        std::vector<ServerView> servers(3);
        for (int i = 0; i < 3; ++i)
            servers[std::size_t(i)].sid = i + 1;
        progress.setServers(servers, 0);
    }
    void state(zk::Sid sid, ServerState state, double at, std::int64_t epoch = 0) {
        Event event;
        event.kind = std::int32_t(Kind::StateChanged);
        event.server = sid;
        event.state = std::int32_t(state);
        event.epoch = epoch;
        progress.take({event}, at);
    }
    void told(Kind kind, zk::Sid sid, zk::Zxid zxid, std::int64_t epoch = 0) {
        Event event;
        event.kind = std::int32_t(kind);
        event.server = sid;
        event.zxid = zxid;
        event.epoch = epoch;
        progress.take({event}, progress.now());
    }
    double height(zk::Sid sid) { return progress.lines().at(sid).height; }

    Progress progress;
};

TEST_F(ProgressTest, HeightIsTransactionsAcrossEpochs) {
    told(Kind::Committed, 1, zk::Zxid(5, 100));
    told(Kind::Committed, 1, zk::Zxid(5, 103));
    EXPECT_EQ(height(1), 3);
    told(Kind::Committed, 1, zk::Zxid(6, 2));
    EXPECT_EQ(height(1), 5) << "an epoch goes on where the one before ended";
    told(Kind::Committed, 2, zk::Zxid(5, 102));
    EXPECT_EQ(height(2), 2) << "a server that is behind stands lower";
    told(Kind::Committed, 2, zk::Zxid(5, 101));
    EXPECT_EQ(height(2), 2) << "what comes late takes nothing back";
}

TEST_F(ProgressTest, ATruncatedLogFalls) {
    told(Kind::Committed, 1, zk::Zxid(1, 1));
    told(Kind::Committed, 1, zk::Zxid(1, 9));
    told(Kind::LogTruncated, 1, zk::Zxid(1, 4));
    EXPECT_EQ(height(1), 3);
}

TEST_F(ProgressTest, AnElectionLastsUntilSomebodyLeads) {
    state(1, ServerState::Looking, 1);
    ASSERT_EQ(progress.elections().size(), 1U);
    EXPECT_FALSE(progress.elections()[0].to);
    state(2, ServerState::Looking, 1.1);
    state(2, ServerState::Leading, 1.5, 1);
    state(1, ServerState::Following, 1.6);
    ASSERT_EQ(progress.elections().size(), 1U);
    EXPECT_DOUBLE_EQ(progress.elections()[0].from, 1);
    EXPECT_DOUBLE_EQ(*progress.elections()[0].to, 1.5);
    told(Kind::EpochAgreed, 2, {}, 2);
    EXPECT_EQ(progress.elections()[0].epoch, 2) << "the new epoch's number comes a little later";
}

TEST_F(ProgressTest, AFollowerThatLooksForItsLeaderIsNoElection) {
    state(3, ServerState::Leading, 1, 1);
    state(1, ServerState::Looking, 2);
    state(1, ServerState::Following, 2.2);
    EXPECT_TRUE(progress.elections().empty());
}

TEST_F(ProgressTest, AnElectionThatIsStoppedLeavesNothing) {
    state(1, ServerState::Looking, 1);
    state(1, ServerState::Stopped, 2);
    EXPECT_TRUE(progress.elections().empty());
}

TEST_F(ProgressTest, CountsCommitsPerSecond) {
    told(Kind::Committed, 1, zk::Zxid(1, 1));
    for (int i = 0; i <= 20; ++i) {
        told(Kind::Committed, 1, zk::Zxid(1, std::uint32_t(1 + i * 5)));
        progress.sample(i * 0.1);
    }
    EXPECT_NEAR(progress.commitsPerSecond().last().y(), 50, 1);
    for (int i = 21; i < 50; ++i)
        progress.sample(i * 0.1);
    EXPECT_EQ(progress.commitsPerSecond().last().y(), 0);
    EXPECT_TRUE(progress.quiet());
}

TEST_F(ProgressTest, ALevelLineIsTwoPoints) {
    for (int i = 0; i < 100; ++i)
        progress.sample(i * 0.1);
    EXPECT_EQ(progress.lines().at(1).points.size(), 2U);
    told(Kind::Committed, 1, zk::Zxid(1, 1));
    told(Kind::Committed, 1, zk::Zxid(1, 4));
    progress.sample(10);
    progress.sample(10.1);
    progress.sample(10.2);
    EXPECT_EQ(progress.lines().at(1).points.size(), 4U);
}

TEST_F(ProgressTest, OldElectionsAndPhasesAreForgotten) {
    state(1, ServerState::Looking, 1);
    state(2, ServerState::Leading, 2, 1);
    for (int i = 0; i < 50; ++i)
        state(3, i % 2 ? ServerState::Following : ServerState::Looking, 3 + i * 0.1, 1);
    progress.sample(200);
    EXPECT_TRUE(progress.elections().empty());
    EXPECT_EQ(progress.lines().at(3).phases.size(), 1U);
}

} // namespace
} // namespace viv
