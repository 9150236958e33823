// Broadcast in an established ensemble: order, durability, observers, what learners forward.
#include "tests/core/zab/world.h"

namespace zk::zab::test {
namespace {

struct Broadcast : testing::Test {
    Broadcast() : world({1, 2, 3}, {4}) {
        world.lead(3);
        for (const Sid sid : {1, 2, 4})
            world.join(sid);
        world.settle();
    }
    World world;
};

TEST_F(Broadcast, AThousandTransactionsReachEveryoneInOrder) {
    for (int index = 0; index < 1000; ++index) {
        world.propose(static_cast<std::size_t>(index % 300));
        if (index % 7 == 0) world.step();
    }
    world.settle();
    ASSERT_EQ(world[3].applied.size(), 1000u);
    for (const Sid sid : {1, 2, 4}) {
        EXPECT_EQ(world[sid].applied, world[3].applied) << sid;
        EXPECT_EQ(world[sid].log, world[3].log) << sid;
    }
    EXPECT_EQ(world[3].leader->outstanding(), 0u);
    EXPECT_EQ(world[4].story.count(trace::Kind::Committed), 1000u);
}

TEST_F(Broadcast, NothingIsAcknowledgedBeforeItsSyncAndObserversNeverCount) {
    world[1].slowDisk = world[2].slowDisk = true;
    for (int index = 0; index < 3; ++index)
        world.propose();
    world.settle();
    EXPECT_TRUE(world[3].applied.empty()) << "the leader and the observer are no quorum";
    while (!world[1].disk.empty())
        world.finishBatch(world[1]);
    world.settle();
    EXPECT_EQ(world[3].applied.size(), 3u);
    EXPECT_EQ(world[2].applied.size(), 3u) << "commits do not wait for the slow disk";
    EXPECT_TRUE(world[2].log.empty());
}

TEST_F(Broadcast, TheLeadersOwnVoteCountsAtItsSync) {
    world[2].slowDisk = world[3].slowDisk = true;
    world.propose();
    world.settle();
    EXPECT_TRUE(world[3].applied.empty());
    world.finishBatch(world[3]);
    world.settle();
    EXPECT_EQ(world[3].applied.size(), 1u);
}

TEST_F(Broadcast, AFollowerThatNeverAcknowledgesIsDropped) {
    world[2].slowDisk = true;
    world.propose();
    world.pass(kTick * 4);
    EXPECT_FALSE(world.closedByLeader.contains(world[2].link));
    world.pass(kTick * 2);
    EXPECT_TRUE(world.closedByLeader.contains(world[2].link))
        << "it answers pings, but its disk stands still";
    EXPECT_EQ(world[3].ended, "");
}

TEST_F(Broadcast, RequestsSyncsTouchesAndRevalidationsCrossTheLink) {
    world[1].learner->forward({5, 6, jute::OpCode::Create, "body"}, {{"ip", "127.0.0.1"}});
    world[1].learner->touch(0x11, 4000);
    world[1].learner->touch(0x11, 4000);
    world[1].learner->touch(0x12, 5000);
    world[1].learner->revalidate(77, 4000);
    world[1].learner->revalidate(78, 4000);
    world.settle();
    ASSERT_EQ(world[3].requests.size(), 1u);
    EXPECT_EQ(world[3].requests[0].learner, 1);
    EXPECT_EQ(world[3].requests[0].request, (jute::ForwardedRequest{5, 6, jute::OpCode::Create, "body"}));
    EXPECT_EQ(world[3].requests[0].authinfo, (std::vector<jute::Id>{{"ip", "127.0.0.1"}}));
    EXPECT_EQ(world[1].revalidated, (std::vector<jute::RevalidateReply>{{77, true}, {78, false}}));
    world.pass(kTick);
    EXPECT_EQ(world[3].touched, (std::vector<jute::SessionTouch>{{0x11, 4000}, {0x12, 5000}}));
}

TEST_F(Broadcast, ASyncIsAnsweredOnceEverythingProposedBeforeItIsCommitted) {
    world[1].slowDisk = world[2].slowDisk = true;
    world.propose();
    world[4].learner->forward({5, 6, jute::OpCode::Sync, ""}, {});
    world.settle();
    world[3].leader->syncLocal(42);
    world.settle();
    EXPECT_EQ(world[4].syncsDue, 0u);
    EXPECT_TRUE(world[3].localSyncs.empty());
    world[1].slowDisk = false;
    world.settle();
    EXPECT_EQ(world[4].syncsDue, 1u);
    EXPECT_EQ(world[4].applied.size(), 1u);
    EXPECT_EQ(world[3].localSyncs, std::vector<std::uint64_t>{42});
    world[3].leader->syncLocal(43);
    world.settle();
    EXPECT_EQ(world[3].localSyncs.back(), 43u) << "at once where nothing is on its way";
}

TEST_F(Broadcast, ACommitThatIsNotTheHeadFailsTheLearner) {
    std::string bytes;
    appendPacket(bytes, jute::PacketType::Proposal, Zxid(1, 1), *txnOf(Zxid(1, 1)));
    appendPacket(bytes, jute::PacketType::Proposal, Zxid(1, 2), *txnOf(Zxid(1, 2)));
    appendPacket(bytes, jute::PacketType::Commit, Zxid(1, 2));
    world[1].learner->received(world.now, bytes);
    EXPECT_NE(world[1].learner->take().failed.find("0x100000001 is due"), std::string::npos);
}

TEST_F(Broadcast, AGapInTheProposalsFailsTheLearner) {
    std::string bytes;
    appendPacket(bytes, jute::PacketType::Proposal, Zxid(1, 2), *txnOf(Zxid(1, 2)));
    world[1].learner->received(world.now, bytes);
    EXPECT_FALSE(world[1].learner->take().failed.empty());
}

TEST_F(Broadcast, CommitAndInformAndActivateAreTaken) {
    std::string bytes;
    appendPacket(bytes, jute::PacketType::Proposal, Zxid(1, 1), *txnOf(Zxid(1, 1)));
    appendPacket(bytes, jute::PacketType::CommitAndActivate, Zxid(1, 1), std::string(8, '\0'));
    appendPacket(bytes, jute::PacketType::InformAndActivate, Zxid(1, 2),
                 std::string(8, '\0') + *txnOf(Zxid(1, 2)));
    world[4].learner->received(world.now, bytes);
    const LearnerReady ready = world[4].learner->take();
    EXPECT_EQ(ready.failed, "");
    EXPECT_EQ(ready.committed.size(), 2u);
    EXPECT_EQ(ready.sendAfterSync, "") << "observers acknowledge no transaction";
}

TEST_F(Broadcast, AnAckOfWhatWasNeverProposedClosesTheLink) {
    std::string bytes;
    appendPacket(bytes, jute::PacketType::Ack, Zxid(1, 9));
    world[3].leader->received(world.now, world[1].link, bytes);
    EXPECT_EQ(world[3].leader->take().close, std::vector<LinkId>{world[1].link});
}

} // namespace
} // namespace zk::zab::test
