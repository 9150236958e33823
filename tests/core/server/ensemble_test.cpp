// Three servers: one leads, the others carry their clients' writes to it, and nothing that was acknowledged is lost when
// any of them goes.
#include "driver.h"

namespace zk::server::testing {

class Ensemble : public ::testing::Test {
  protected:
    Ensemble() : leader(world.awaitLeader()) {
        EXPECT_NE(leader, 0);
        for (Sid sid = 1; sid <= 3; ++sid) EXPECT_TRUE(world.awaitServing(sid));
        for (Sid sid = 1; sid <= 3; ++sid)
            if (sid != leader) (follower == 0 ? follower : other) = sid;
    }
    void expectEqualTrees() {
        for (Sid sid = 1; sid <= 3; ++sid) {
            EXPECT_EQ(world.node(sid).lastZxid(), world.node(leader).lastZxid()) << sid;
            EXPECT_EQ(world.node(sid).tree().digest(), world.node(leader).tree().digest()) << sid;
            EXPECT_EQ(world.node(sid).tree().sessions(), world.node(leader).tree().sessions()) << sid;
            EXPECT_EQ(world.server(sid).trace.count(trace::Kind::DigestMismatch), 0U) << sid;
        }
    }
    void awaitAll() {
        leader = world.awaitLeader();
        ASSERT_NE(leader, 0);
        for (Sid sid = 1; sid <= 3; ++sid) {
            if (world.server(sid).node) {
                ASSERT_TRUE(world.awaitServing(sid)) << sid;
            }
        }
    }

    World world{3};
    Sid leader = 0, follower = 0, other = 0;
};

TEST_F(Ensemble, OneLeadsAndAllServe) {
    EXPECT_EQ(leader, 3);
    EXPECT_EQ(world.node(1).state(), trace::ServerState::Following);
    EXPECT_EQ(world.node(2).state(), trace::ServerState::Following);
    for (Sid sid = 1; sid <= 3; ++sid) EXPECT_EQ(world.node(sid).epoch(), 1);
    const admin::NodeStatus status = world.node(leader).status();
    EXPECT_EQ(status.followers, 2U);
    EXPECT_EQ(status.syncedFollowers, 2U);
    EXPECT_EQ(world.node(1).status().leader, leader);
}

TEST_F(Ensemble, WritesThroughEveryMemberReachAll) {
    for (Sid sid = 1; sid <= 3; ++sid) {
        TestClient client{world, sid};
        ASSERT_TRUE(client.connect());
        EXPECT_EQ(static_cast<std::uint64_t>(client.session) >> 56, static_cast<std::uint64_t>(sid));
        const std::string path = "/from" + std::to_string(sid);
        EXPECT_EQ(client.create(path, "x").err, ErrorCode::Ok);
        EXPECT_EQ(client.create(path).err, ErrorCode::NodeExists);
        EXPECT_EQ(client.set(path, "y", 0).err, ErrorCode::Ok);
        EXPECT_EQ(client.create("/seq-", "", 2).err, ErrorCode::Ok);
        EXPECT_EQ(client.call(OpCode::Sync, jute::PathRecord{"/"}).err, ErrorCode::Ok);
        EXPECT_EQ(client.create(path + "/e", "", 1).err, ErrorCode::Ok);
        EXPECT_EQ(client.call(OpCode::CloseSession).err, ErrorCode::Ok);
        EXPECT_FALSE(client.open);
    }
    EXPECT_NE(world.node(follower).tree().find("/seq-0000000005"), nullptr);
    expectEqualTrees();
}

TEST_F(Ensemble, AFollowersReadWaitsBehindItsWrite) {
    TestClient client{world, follower};
    ASSERT_TRUE(client.connect());
    const auto create = client.send(OpCode::Create, jute::CreateRequest{"/a", "x", jute::openAcl(), 0});
    const auto get = client.send(OpCode::GetData, jute::ReadRequest{"/a", false});
    EXPECT_TRUE(client.frames.empty());
    world.settle();
    ASSERT_EQ(client.frames.size(), 2U);
    EXPECT_EQ(client.frames[0].xid, create);
    EXPECT_EQ(client.frames[1].xid, get);
    EXPECT_EQ(client.frames[1].err, ErrorCode::Ok);
}

TEST_F(Ensemble, WatchesFireOnOtherServers) {
    TestClient watcher{world, follower}, writer{world, other};
    ASSERT_TRUE(watcher.connect() && writer.connect());
    watcher.exists("/a", true);
    writer.create("/a");
    EXPECT_EQ(watcher.events().size(), 1U);
}

TEST_F(Ensemble, IdentitiesTravelWithTheRequest) {
    TestClient client{world, follower};
    ASSERT_TRUE(client.connect());
    client.auth("digest", "bob:secret");
    EXPECT_EQ(client.create("/a", "", 0, {{31, {"auth", ""}}}).err, ErrorCode::Ok);
    EXPECT_EQ(client.set("/a", "x").err, ErrorCode::Ok);
    TestClient stranger{world, other};
    ASSERT_TRUE(stranger.connect());
    EXPECT_EQ(stranger.set("/a", "x").err, ErrorCode::NoAuth);
}

// The connection that a session has left is closed without an answer, as Apache's FinalRequestProcessor does: were it
// answered, a client whose late renewal overtook its present one would be refused for ever.
TEST_F(Ensemble, ASessionMovesToAnotherServer) {
    TestClient first{world, follower};
    ASSERT_TRUE(first.connect());
    first.create("/e", "", 1);
    TestClient second{world, other};
    ASSERT_TRUE(second.connect(10000, first.session, first.password));
    EXPECT_EQ(second.set("/e", "x").err, ErrorCode::Ok);
    first.send(OpCode::SetData, jute::SetDataRequest{"/e", "y", -1});
    world.settle();
    EXPECT_TRUE(first.frames.empty());
    EXPECT_FALSE(first.open);
    TestClient third{world, leader};
    ASSERT_TRUE(third.connect(10000, first.session, first.password));
    EXPECT_EQ(third.set("/e", "z").err, ErrorCode::Ok);
    second.send(OpCode::Multi, jute::encodeMulti({{OpCode::Delete, jute::encode(jute::DeleteRequest{"/e", -1})}}));
    world.settle();
    EXPECT_TRUE(second.frames.empty());
    EXPECT_FALSE(second.open);
    EXPECT_EQ(jute::decode<jute::GetDataResponse>(third.get("/e").body)->data, "z");
}

TEST_F(Ensemble, TheLeaderTurnsAwayReadsOfASessionThatMoved) {
    TestClient first{world, leader};
    ASSERT_TRUE(first.connect());
    EXPECT_EQ(first.exists("/").err, ErrorCode::Ok);
    TestClient second{world, follower};
    ASSERT_TRUE(second.connect(10000, first.session, first.password));
    first.send(OpCode::Ping, "", jute::kXidPing);
    world.settle();
    EXPECT_TRUE(first.frames.empty());
    EXPECT_FALSE(first.open);
    EXPECT_EQ(second.exists("/").err, ErrorCode::Ok);
}

TEST_F(Ensemble, ACloseThatOvertakesASyncIsAnsweredAfterIt) {
    for (const Sid sid : {leader, follower}) {
        TestClient client{world, sid};
        ASSERT_TRUE(client.connect());
        client.send(OpCode::Create, jute::CreateRequest{"/a", "", jute::openAcl(), 1});
        const auto sync = client.send(OpCode::Sync, jute::PathRecord{"/a"});
        const auto close = client.send(OpCode::CloseSession);
        world.settle();
        ASSERT_EQ(client.frames.size(), 3U);
        EXPECT_EQ(client.frames[1].xid, sync);
        EXPECT_EQ(client.frames[2].xid, close);
        EXPECT_FALSE(client.open);
    }
}

TEST_F(Ensemble, UnknownSessionsAreRefusedByFollowersToo) {
    TestClient client{world, follower};
    EXPECT_FALSE(client.connect(10000, 4711, passwordOf(4711)));
    EXPECT_FALSE(client.open);
}

TEST_F(Ensemble, TheLeaderExpiresSilentSessionsAndKeepsTouchedOnes) {
    TestClient silent{world, follower}, lively{world, follower};
    ASSERT_TRUE(silent.connect(4000) && lively.connect(4000));
    silent.create("/silent", "", 1);
    lively.create("/lively", "", 1);
    for (int step = 0; step < 10; ++step) {
        world.pass(std::chrono::seconds(1));
        lively.call(OpCode::Ping, "", jute::kXidPing);
    }
    EXPECT_EQ(lively.exists("/silent").err, ErrorCode::NoNode);
    EXPECT_EQ(lively.exists("/lively").err, ErrorCode::Ok);
    EXPECT_FALSE(silent.open);
    expectEqualTrees();
}

TEST_F(Ensemble, ALostLeaderIsReplacedAndNothingIsLost) {
    TestClient client{world, follower};
    ASSERT_TRUE(client.connect(40000));
    client.create("/before");
    client.create("/e", "", 1);
    world.crash(leader);
    world.settle();
    client.pump();
    EXPECT_FALSE(client.open);
    const Sid old = leader;
    awaitAll();
    EXPECT_NE(leader, old);
    EXPECT_EQ(world.node(leader).epoch(), 2);
    TestClient again{world, follower};
    ASSERT_TRUE(again.connect(40000, client.session, client.password));
    EXPECT_EQ(again.exists("/before").err, ErrorCode::Ok);
    EXPECT_EQ(again.exists("/e").err, ErrorCode::Ok);
    EXPECT_EQ(again.create("/after").zxid, Zxid(2, 1));
    world.start(old);
    ASSERT_TRUE(world.awaitServing(old));
    expectEqualTrees();
    TestClient there{world, old};
    ASSERT_TRUE(there.connect());
    EXPECT_EQ(there.exists("/after").err, ErrorCode::Ok);
}

TEST_F(Ensemble, ALostFollowerComesBackByDifference) {
    TestClient client{world, leader};
    ASSERT_TRUE(client.connect(40000));
    world.crash(follower);
    for (int index = 0; index < 50; ++index) EXPECT_EQ(client.create("/n", "", 2).err, ErrorCode::Ok);
    world.start(follower);
    ASSERT_TRUE(world.awaitServing(follower));
    EXPECT_TRUE(world.server(leader).trace.says(trace::Kind::SyncStarted, "DIFF"));
    expectEqualTrees();
}

TEST_F(Ensemble, AnEmptyFollowerGetsASnapshot) {
    TestClient client{world, leader};
    ASSERT_TRUE(client.connect(40000));
    for (int index = 0; index < 700; ++index) client.send(OpCode::Create, jute::CreateRequest{"/n", "data", jute::openAcl(), 2});
    world.settle();
    client.create("/e", "", 1);
    world.crash(follower);
    world.server(follower).disk = std::make_shared<storage::MemoryDisk>();
    world.start(follower);
    ASSERT_TRUE(world.awaitServing(follower));
    EXPECT_TRUE(world.server(leader).trace.says(trace::Kind::SyncStarted, "SNAP"));
    client.create("/after");
    expectEqualTrees();
    world.crash(follower);
    world.start(follower);
    ASSERT_TRUE(world.awaitServing(follower));
    expectEqualTrees();
}

TEST_F(Ensemble, ADeposedLeadersUncommittedWritesAreCut) {
    TestClient client{world, leader};
    ASSERT_TRUE(client.connect(40000));
    client.create("/kept");
    const Sid old = leader;
    world.server(old).cutOff = true;
    for (int index = 0; index < 5; ++index) client.send(OpCode::Create, jute::CreateRequest{"/lost", "", jute::openAcl(), 2});
    world.settle();
    EXPECT_TRUE(client.frames.empty());
    world.crash(old); // its own disk has them
    world.server(old).cutOff = false;
    awaitAll();
    TestClient writer{world, leader};
    ASSERT_TRUE(writer.connect(40000));
    writer.create("/new");
    world.start(old);
    ASSERT_TRUE(world.awaitServing(old));
    EXPECT_EQ(world.node(old).tree().find("/lost0000000001"), nullptr);
    EXPECT_EQ(world.node(old).tree().find("/lost0000000000"), nullptr);
    expectEqualTrees();
    world.crash(old);
    world.start(old);
    ASSERT_TRUE(world.awaitServing(old));
    expectEqualTrees();
}

TEST_F(Ensemble, ALeaderCutOffStepsDownAndTurnsItsClientsAway) {
    TestClient client{world, leader};
    ASSERT_TRUE(client.connect(40000));
    const Sid old = leader;
    world.server(old).cutOff = true;
    world.pass(std::chrono::seconds(40));
    client.pump();
    EXPECT_FALSE(client.open);
    EXPECT_EQ(world.node(old).state(), trace::ServerState::Looking);
    world.server(old).cutOff = false;
    awaitAll();
    EXPECT_NE(leader, old);
    EXPECT_EQ(world.node(old).state(), trace::ServerState::Following);
}

TEST_F(Ensemble, ABrokenTransactionOfTheLeaderNeverGetsIntoTheLog) {
    TestClient client{world, leader};
    ASSERT_TRUE(client.connect(40000));
    world.tamper = [this](Sid from, Sid to, std::string& bytes) {
        if (from != leader || to != follower) return;
        if (const auto at = bytes.find("/victim"); at != std::string::npos) bytes[at - 4] = 0x7F; // the path's length
    };
    EXPECT_EQ(client.create("/victim").err, ErrorCode::Ok) << "the other two go on";
    EXPECT_FALSE(world.node(follower).serving());
    EXPECT_TRUE(world.server(follower).trace.says(trace::Kind::StateChanged, "cannot be read"));
    world.pass(std::chrono::seconds(3));
    EXPECT_LT(world.server(follower).trace.count(trace::Kind::ElectionDecided), 30U) << "it does not try without rest";
    world.tamper = nullptr;
    ASSERT_TRUE(world.awaitServing(follower));
    EXPECT_NE(world.node(follower).tree().find("/victim"), nullptr);
    expectEqualTrees();
}

TEST_F(Ensemble, AllStopAndAllReturn) {
    TestClient client{world, follower};
    ASSERT_TRUE(client.connect(40000));
    for (int index = 0; index < 20; ++index) client.create("/n", "", 2);
    for (Sid sid = 1; sid <= 3; ++sid) world.crash(sid);
    for (Sid sid = 1; sid <= 3; ++sid) world.start(sid);
    awaitAll();
    EXPECT_NE(world.node(leader).tree().find("/n0000000019"), nullptr);
    expectEqualTrees();
}

TEST(Observers, ServeAndForwardAndNeverVote) {
    World world{3, [](config::ServerConfig& config) { config.servers[3].role = config::Role::Observer; }};
    const Sid leader = world.awaitLeader();
    EXPECT_EQ(leader, 2);
    ASSERT_TRUE(world.awaitServing(3));
    EXPECT_EQ(world.node(3).state(), trace::ServerState::Observing);
    TestClient client{world, 3}, there{world, 1};
    ASSERT_TRUE(world.awaitServing(1));
    ASSERT_TRUE(client.connect() && there.connect());
    there.exists("/a", true);
    client.exists("/b", true);
    EXPECT_EQ(client.create("/a", "x").err, ErrorCode::Ok);
    EXPECT_EQ(client.create("/a").err, ErrorCode::NodeExists);
    EXPECT_EQ(there.events().size(), 1U);
    there.create("/b");
    EXPECT_EQ(client.events().size(), 1U);
    EXPECT_EQ(client.call(OpCode::Sync, jute::PathRecord{"/"}).err, ErrorCode::Ok);
    EXPECT_EQ(world.node(3).tree().digest(), world.node(leader).tree().digest());
    EXPECT_EQ(world.node(leader).status().syncedObservers, 1U);
    EXPECT_EQ(world.node(leader).status().followers, 1U);
    world.crash(1);
    world.pass(std::chrono::seconds(30));
    EXPECT_FALSE(world.node(leader).serving()) << "an observer makes no quorum";
    world.start(1);
    ASSERT_NE(world.awaitLeader(), 0);
    ASSERT_TRUE(world.awaitServing(3));
    TestClient again{world, 3};
    ASSERT_TRUE(again.connect());
    EXPECT_EQ(again.exists("/b").err, ErrorCode::Ok);
}

} // namespace zk::server::testing
