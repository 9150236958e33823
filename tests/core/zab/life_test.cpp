// Whole lives of a leader and its learners: the handshake, the loss of a quorum, refusals.
#include "tests/core/zab/world.h"

namespace zk::zab::test {
namespace {

TEST(Life, AFreshEnsembleAgreesOnTheFirstEpochAndServes) {
    World world({1, 2, 3});
    world.lead(3);
    world.join(1);
    world.join(2);
    world.settle();
    for (const Sid sid : {1, 2, 3}) {
        EXPECT_TRUE(world[sid].established) << sid;
        EXPECT_EQ(world[sid].acceptedEpoch, 1) << sid;
        EXPECT_EQ(world[sid].currentEpoch, 1) << sid;
    }
    EXPECT_EQ(world[3].leader->epoch(), 1);
    EXPECT_EQ(world[3].leader->lastProposed(), Zxid(1, 0));
    EXPECT_EQ(world[3].story.syncs(), "DIFF DIFF");
    EXPECT_EQ(world[3].story.count(trace::Kind::EpochAgreed), 1u);
}

TEST(Life, ALeaderAloneInItsEnsembleServesAtOnceAndCommitsAtItsOwnSync) {
    World world({1});
    world.lead(1);
    world.settle();
    ASSERT_TRUE(world[1].established);
    world[1].slowDisk = true;
    world.propose();
    world.settle();
    EXPECT_TRUE(world[1].applied.empty());
    world.finishBatch(world[1]);
    world.settle();
    EXPECT_EQ(world[1].applied, std::vector<Zxid>{Zxid(1, 1)});
}

TEST(Life, WithoutAQuorumTheLeaderGivesUpAfterInitLimit) {
    World world({1, 2, 3});
    world.lead(3);
    world.pass(kTick * 9);
    EXPECT_EQ(world[3].ended, "");
    world.pass(kTick * 2);
    EXPECT_NE(world[3].ended.find("announce itself"), std::string::npos);
    EXPECT_FALSE(world[3].established);
}

TEST(Life, ALeaderThatLosesItsQuorumStepsDown) {
    World world({1, 2, 3});
    world.lead(3);
    world.join(1);
    world.join(2);
    world.settle();
    world.pass(kTick * 20); // pings keep everybody alive
    EXPECT_EQ(world[3].ended, "");
    world.crash(1);
    world.pass(kTick * 3);
    EXPECT_EQ(world[3].ended, "") << "two of three are a quorum";
    world.crash(2);
    world.pass(kTick * 2);
    EXPECT_NE(world[3].ended.find("no quorum"), std::string::npos);
}

TEST(Life, ASilentLearnerIsDroppedAfterSyncLimitAndASilentLeaderLeft) {
    World world({1, 2, 3});
    world.lead(3);
    world.join(1);
    world.join(2);
    world.settle();
    const LinkId link = world[1].link;
    const auto mute = std::move(world[1].learner); // its connection stays open
    world.pass(kTick * 4);
    EXPECT_FALSE(world.closedByLeader.contains(link));
    world.pass(kTick * 2);
    EXPECT_TRUE(world.closedByLeader.contains(link));
    EXPECT_EQ(world[3].ended, "");
    mute->tick(world.now);
    EXPECT_NE(mute->take().failed.find("silent"), std::string::npos);
}

TEST(Life, AnAckOfNewLeaderIsKnownByItsZxidAndTheLearnersSecondOneIsIgnored) {
    World world({1, 2, 3});
    world.lead(3);
    world.join(1);
    world.settle();
    world.propose();
    world.settle();
    EXPECT_EQ(world[1].applied, std::vector<Zxid>{Zxid(1, 1)});
    std::string acks;
    appendPacket(acks, jute::PacketType::Ack, Zxid(1, 0));
    appendPacket(acks, jute::PacketType::Ack, Zxid(1, 1));
    world[3].leader->received(world.now, world[1].link, acks);
    EXPECT_TRUE(world[3].leader->take().close.empty());
}

std::string announcement(Sid sid, std::int64_t configVersion = 0, std::int64_t epoch = 0) {
    std::string bytes;
    appendPacket(bytes, jute::PacketType::FollowerInfo, Zxid(epoch, 0),
                 jute::encode(jute::LearnerInfo{sid, jute::kLearnerProtocol, configVersion}));
    return bytes;
}

TEST(Life, StrangersNewerConfigurationsAndGarbageAreRefused) {
    World world({1, 2, 3});
    world.lead(3);
    Leader& leader = *world[3].leader;
    const std::vector<std::string> bad{announcement(9), announcement(1, 5), announcement(3),
                                       std::string(64, '\xEE'),
                                       std::string("GET / HTTP/1.1\r\n\r\n........")};
    for (std::size_t index = 0; index < bad.size(); ++index) {
        const LinkId link = 100 + index;
        leader.accepted(world.now, link);
        leader.received(world.now, link, bad[index]);
        EXPECT_EQ(leader.take().close, std::vector<LinkId>{link}) << index;
    }
    EXPECT_TRUE(leader.learners().empty());
}

TEST(Life, ANewerConnectionOfTheSameServerReplacesTheOlderOne) {
    World world({1, 2, 3});
    world.lead(3);
    Leader& leader = *world[3].leader;
    leader.accepted(world.now, 1);
    leader.received(world.now, 1, announcement(1));
    leader.accepted(world.now, 2);
    leader.received(world.now, 2, announcement(1));
    EXPECT_EQ(leader.take().close, std::vector<LinkId>{1});
    ASSERT_EQ(leader.learners().size(), 1u);
    EXPECT_EQ(leader.learners()[0].link, 2u);
}

TEST(Life, TheAcceptedEpochIsDurableBeforeItIsOfferedAndTheCurrentOneBeforeNewLeader) {
    World world({1, 2, 3});
    world[3].slowDisk = true;
    world.lead(3);
    world.join(1);
    world.settle();
    EXPECT_EQ(world[1].acceptedEpoch, 0) << "LEADERINFO must wait for the leader's disk";
    world.finishBatch(world[3]);
    world.settle();
    EXPECT_EQ(world[1].acceptedEpoch, 1);
    EXPECT_EQ(world[1].currentEpoch, 0) << "NEWLEADER must wait for the leader's disk";
    EXPECT_FALSE(world[3].established);
    world.finishBatch(world[3]);
    world.settle();
    EXPECT_EQ(world[1].currentEpoch, 1);
    EXPECT_TRUE(world[3].established);
}

TEST(Life, ALearnerThatIsAheadMakesTheLeaderStepDown) {
    World world({1, 2, 3});
    world[1].log = {Zxid(1, 1)};
    world[1].currentEpoch = world[1].acceptedEpoch = 1;
    world.lead(3);
    world.join(1);
    world.settle();
    EXPECT_NE(world[3].ended.find("ahead of us"), std::string::npos);
    EXPECT_NE(world[1].ended, "");
}

TEST(Life, ALearnerRefusesAnEpochThatIsOlderThanItsPromise) {
    World world({1, 2, 3});
    world.lead(3);
    world.join(1);
    world.settle();
    world[2].acceptedEpoch = 7;
    world.join(2);
    world.settle();
    EXPECT_NE(world[2].ended.find("we have accepted 7"), std::string::npos);
    EXPECT_EQ(world[3].ended, "");
}

// A learner whose leader the test plays: connected, and told that epoch 1 begins.
struct LoneLearner {
    LoneLearner() {
        learner.connected(Instant());
        std::string bytes;
        appendPacket(bytes, jute::PacketType::LeaderInfo, Zxid(1, 0), std::string(4, '\0'));
        learner.received(Instant(), bytes);
    }
    static LearnerOptions options() {
        LearnerOptions options;
        options.tick = kTick;
        return options;
    }
    Server server{1};
    Learner learner{Instant(), options(), Zxid(), 0, 0, server.sink, server.voice};
};

TEST(Life, ALeaderCannotBringALearnerBeyondItsEpoch) {
    for (const auto type : {jute::PacketType::Snap, jute::PacketType::Diff}) {
        LoneLearner lone;
        std::string bytes;
        appendPacket(bytes, type, Zxid(2, 1));
        appendPacket(bytes, jute::PacketType::Proposal, Zxid(2, 1), *txnOf(Zxid(2, 1)));
        lone.learner.received(Instant(), bytes);
        EXPECT_NE(lone.learner.take().failed.find("0x200000001"), std::string::npos);
    }
}

TEST(Life, AnyBytesFromTheLeaderGiveAReasonAndNoCrash) {
    Rng rng(3);
    for (int round = 0; round < 300; ++round) {
        LoneLearner lone;
        std::string bytes;
        appendPacket(bytes, jute::PacketType::Diff, Zxid(1, 0));
        for (int index = 0; index < 200; ++index)
            bytes += static_cast<char>(rng.below(256));
        lone.learner.received(Instant(), bytes);
        lone.learner.closed(Instant(), "end");
        EXPECT_FALSE(lone.learner.take().failed.empty());
    }
}

} // namespace
} // namespace zk::zab::test
