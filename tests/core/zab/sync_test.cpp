// DIFF, TRUNC or SNAP: the recorded matrix, and learners that join with every kind of history.
#include "tests/core/zab/world.h"

namespace zk::zab::test {
namespace {

std::vector<Zxid> run(std::int64_t epoch, std::uint32_t count) {
    std::vector<Zxid> zxids;
    for (std::uint32_t counter = 1; counter <= count; ++counter)
        zxids.push_back(Zxid(epoch, counter));
    return zxids;
}

// What a leader with this log answers a learner that claims `theirs`: "DIFF 0x100000005 PROPOSAL 0x.. ...
// NEWLEADER".
std::string answer(std::vector<Zxid> log, Zxid theirs) {
    World world({1, 2, 3});
    world[3].log = std::move(log);
    world[3].currentEpoch = world[3].acceptedEpoch = world[3].log.back().epoch();
    world.lead(3);
    Leader& leader = *world[3].leader;
    std::string in;
    appendPacket(in, jute::PacketType::FollowerInfo, Zxid(world[3].currentEpoch, 0),
                 jute::encode(jute::LearnerInfo{1, jute::kLearnerProtocol, 0}));
    appendPacket(in, jute::PacketType::AckEpoch, theirs,
                 std::string(4, '\0')); // epoch 0: never ahead of the leader
    leader.accepted(world.now, 1);
    leader.received(world.now, 1, in);
    std::string out, said;
    for (const Send& send : leader.take().sendAfterSync)
        out += send.bytes;
    std::string_view left = out;
    while (!left.empty()) {
        const auto packet = jute::takePacket(left);
        if (!packet || !*packet) return said + " damaged";
        const auto type = static_cast<jute::PacketType>((*packet)->type);
        if (type == jute::PacketType::LeaderInfo) continue;
        said += (said.empty() ? "" : " ") + std::string(name(type));
        if (type != jute::PacketType::NewLeader) said += " " + hex((*packet)->zxid);
        if (type == jute::PacketType::Snap)
            left = left.substr(left.find(kSnapshotTrailer) + kSnapshotTrailer.size());
    }
    return said;
}

TEST(Decision, IsTheRecordedOne) {
    const auto log = run(1, 5);
    EXPECT_EQ(
        answer(log, Zxid(1, 2)),
        "DIFF 0x100000005 PROPOSAL 0x100000003 COMMIT 0x100000003 PROPOSAL 0x100000004 COMMIT 0x100000004 "
        "PROPOSAL 0x100000005 COMMIT 0x100000005 NEWLEADER");
    EXPECT_EQ(answer(log, Zxid(1, 5)), "DIFF 0x100000005 NEWLEADER");
    EXPECT_EQ(answer(log, Zxid(1, 10)), "TRUNC 0x100000005 NEWLEADER");
    for (const Zxid theirs : {Zxid(1, 0), Zxid(), Zxid(0, 5)})
        EXPECT_EQ(answer(log, theirs), "SNAP 0x100000005 NEWLEADER") << hex(theirs);
}

// The packets in these bytes, one word each; a snapshot's body is passed over.
std::string words(std::string_view left) {
    std::string said;
    while (!left.empty()) {
        const auto packet = jute::takePacket(left);
        if (!packet || !*packet) return said + " damaged";
        const auto type = static_cast<jute::PacketType>((*packet)->type);
        said += (said.empty() ? "" : " ") + std::string(name(type));
        if (type == jute::PacketType::Snap)
            left = left.substr(left.find(kSnapshotTrailer) + kSnapshotTrailer.size());
    }
    return said;
}

// Apache 3.8.0 takes a COMMIT between NEWLEADER and UPTODATE for one of a proposal that it no longer knows, and breaks off.
void commitsWhileJoining(std::vector<Zxid> log, Zxid theirs, const std::string& way) {
    World world({1, 2, 3});
    world[3].log = std::move(log);
    world[3].currentEpoch = world[3].acceptedEpoch = world[3].log.back().epoch();
    world.lead(3);
    world.join(2);
    world.settle();
    Leader& leader = *world[3].leader;
    ASSERT_TRUE(leader.isEstablished());
    constexpr LinkId joiner = 77;
    const auto takenFor = [&] {
        std::string out;
        for (LeaderReady ready = leader.take(); const auto* sends : {&ready.sendAfterSync, &ready.sendNow})
            for (const Send& send : *sends)
                if (send.link == joiner) out += send.bytes;
        return words(out);
    };
    std::string in;
    appendPacket(in, jute::PacketType::FollowerInfo, Zxid(1, 0),
                 jute::encode(jute::LearnerInfo{1, jute::kLearnerProtocol, 0}));
    appendPacket(in, jute::PacketType::AckEpoch, theirs, std::string(4, '\0'));
    leader.accepted(world.now, joiner);
    leader.received(world.now, joiner, in);
    std::string said = takenFor();
    EXPECT_TRUE(said.starts_with("LEADERINFO " + way)) << said;
    EXPECT_TRUE(said.ends_with("NEWLEADER")) << said;
    leader.propose(world.now, leader.lastProposed().next(), std::make_shared<const std::string>(44, 'x'));
    EXPECT_EQ(takenFor(), "");
    std::string ack;
    appendPacket(ack, jute::PacketType::Ack, Zxid(leader.epoch(), 0), std::nullopt);
    leader.received(world.now, joiner, ack);
    EXPECT_EQ(takenFor(), "UPTODATE PROPOSAL");
}

TEST(Decision, NothingFollowsNewLeaderButUpToDate) {
    commitsWhileJoining(run(1, 5), Zxid(1, 2), "DIFF");
    commitsWhileJoining(run(1, 5), Zxid(), "SNAP");
}

TEST(Decision, NeverTruncatesToWhatMayNotBeInTheLearnersLog) {
    std::vector<Zxid> log{Zxid(1, 1), Zxid(1, 2), Zxid(3, 1), Zxid(3, 2)};
    EXPECT_EQ(
        answer(log, Zxid(1, 4)),
        "TRUNC 0x100000002 PROPOSAL 0x300000001 COMMIT 0x300000001 PROPOSAL 0x300000002 COMMIT 0x300000002 "
        "NEWLEADER");
    EXPECT_EQ(answer(log, Zxid(2, 1)), "SNAP 0x300000002 NEWLEADER") << "an epoch that we know nothing of";
    EXPECT_EQ(answer(log, Zxid(2, 0)), "SNAP 0x300000002 NEWLEADER");
    EXPECT_EQ(answer(log, Zxid(4, 1)), "SNAP 0x300000002 NEWLEADER") << "across epochs";
    EXPECT_EQ(
        answer(log, Zxid(3, 0)),
        "DIFF 0x300000002 PROPOSAL 0x300000001 COMMIT 0x300000001 PROPOSAL 0x300000002 COMMIT 0x300000002 "
        "NEWLEADER")
        << "the start of an epoch is never truncated";
}

struct Joining : testing::Test {
    Joining() : world({1, 2, 3}) {
        world.lead(3);
        world.join(2);
        world.settle();
        for (int index = 0; index < 20; ++index)
            world.propose();
        world.settle();
    }
    void expectJoined() {
        EXPECT_TRUE(world[1].established) << world[1].ended;
        EXPECT_EQ(world[1].applied, world[3].applied);
        EXPECT_EQ(world[1].log, world[3].log);
        EXPECT_EQ(world[1].currentEpoch, world[3].currentEpoch);
    }
    World world;
};

TEST_F(Joining, ByDiff) {
    world[1].log = run(1, 7);
    world[1].acceptedEpoch = world[1].currentEpoch = 1;
    world.join(1);
    world.settle();
    expectJoined();
    EXPECT_EQ(world[1].story.syncs(), "DIFF");
}

TEST_F(Joining, ByTruncOfWhatADeposedLeaderNeverCommitted) {
    world[1].log = run(1, 25);
    world[1].acceptedEpoch = world[1].currentEpoch = 1;
    world[1].slowDisk = true;
    world.join(1);
    world.settle();
    world.finishBatch(world[1]); // ACKEPOCH
    world.settle();
    world.propose(); // while the disk truncates, the stream goes on
    world.settle();
    world[1].slowDisk = false;
    world.settle();
    expectJoined();
    EXPECT_EQ(world[1].story.syncs(), "TRUNC");
}

TEST_F(Joining, BySnapWithAnEmptyDiskWhileTheLeaderServesOn) {
    world[3].snapshotPadding = 900'000; // four pieces
    world.join(1);
    for (int turn = 0; turn < 30; ++turn) {
        world.propose();
        world.step();
    }
    world.settle();
    expectJoined();
    EXPECT_EQ(world[1].story.syncs(), "SNAP");
    EXPECT_EQ(world[1].applied.size(), 50u);
}

TEST_F(Joining, TheSnapshotGoesOutInPiecesAsTheLinkTakesThem) {
    world[3].snapshotPadding = 900'000;
    world.join(1);
    for (int turn = 0; turn < 1000 && world[1].story.syncs().empty(); ++turn)
        world.step();
    EXPECT_LT(world.pipes[world[1].link].toLearner.size(), 260'000u);
    world.settle();
    expectJoined();
}

TEST_F(Joining, WithProposalsOnTheirWayAcknowledgesThemOnlyBehindNewLeader) {
    world.crash(2); // so that nothing commits without the joiner
    world[1].log = run(1, 18);
    world[1].acceptedEpoch = world[1].currentEpoch = 1;
    world.propose();
    world.propose();
    world[1].slowDisk = true;
    world.join(1);
    world.settle();
    world.finishBatch(world[1]); // ACKEPOCH
    world.settle();
    ASSERT_FALSE(world[1].disk.empty());
    EXPECT_EQ(world[1].applied.size(), 20u) << "what was committed is applied, what was only proposed is not";
    EXPECT_EQ(world[3].leader->outstanding(), 2u) << "nothing is acknowledged before it is durable";
    std::string sent;
    for (const auto& batch : world[1].disk)
        for (const Send& send : batch.sends)
            sent += send.bytes;
    std::string_view left = sent;
    std::vector<Zxid> acks;
    while (!left.empty())
        acks.push_back((*jute::takePacket(left))->zxid);
    EXPECT_EQ(acks, (std::vector<Zxid>{Zxid(1, 0), Zxid(1, 21), Zxid(1, 22)}));
    world[1].slowDisk = false;
    world.settle();
    expectJoined();
    EXPECT_EQ(world[3].leader->outstanding(), 0u);
}

} // namespace
} // namespace zk::zab::test
