// Read-only mode: a server without a quorum serves those who only read. Each answer is that of a live Apache 3.8.0.
#include "driver.h"

namespace zk::server::testing {

using namespace std::chrono_literals;

class ReadOnlyMode : public ::testing::Test {
  protected:
    ReadOnlyMode() {
        leader = world.awaitLeader();
        TestClient writer{world, 1};
        EXPECT_TRUE(writer.connect());
        EXPECT_EQ(writer.create("/a", "x").err, ErrorCode::Ok);
        session = writer.session;
        password = writer.password;
        world.settle();
    }
    void cutOff() {
        world.crash(2);
        world.crash(3);
        world.pass(10s); // until the server has noticed
        while (world.node(1).state() != trace::ServerState::Looking) world.pass(100ms);
        world.pass(2010ms);
    }
    bool serves(TestClient& client, std::int32_t timeoutMs = 10000) {
        return client.connect(timeoutMs, 0, std::string(16, '\0'), {}, true);
    }
    std::string word(const std::string& four) {
        TestClient client{world, 1};
        client.raw(four);
        client.pump();
        return client.text;
    }

    World world{3, [](config::ServerConfig& config) { config.readOnlyMode = true; }};
    Sid leader = 0;
    SessionId session = 0;
    std::string password;
};

TEST_F(ReadOnlyMode, ReadersAreServedAndToldSo) {
    cutOff();
    TestClient reader{world, 1};
    EXPECT_TRUE(serves(reader));
    EXPECT_EQ(reader.response.readOnly, true);
    EXPECT_EQ(reader.get("/a").err, ErrorCode::Ok);
    EXPECT_EQ(reader.exists("/none").err, ErrorCode::NoNode);
    EXPECT_EQ(reader.children("/").err, ErrorCode::Ok);
    EXPECT_EQ(reader.call(OpCode::Ping, "", jute::kXidPing).err, ErrorCode::Ok);
    EXPECT_EQ(word("isro"), "ro");
    EXPECT_NE(word("srvr").find("READ-ONLY mode; serving only read-only clients"), std::string::npos) << word("srvr");
    EXPECT_NE(word("srvr").find("Mode: read-only"), std::string::npos);
    EXPECT_NE(word("mntr").find("zk_server_state\tread-only"), std::string::npos);
}

TEST_F(ReadOnlyMode, ItBeginsTwoSecondsAfterTheSearchForALeader) {
    world.crash(2);
    world.crash(3);
    while (world.node(1).state() != trace::ServerState::Looking) world.pass(10ms);
    TestClient early{world, 1};
    world.pass(1980ms);
    EXPECT_EQ(word("isro"), "null");
    EXPECT_FALSE(serves(early));
    world.pass(40ms);
    EXPECT_EQ(word("isro"), "ro");
}

TEST_F(ReadOnlyMode, EveryWriteIsRefusedAndTheSessionGoesOn) {
    cutOff();
    TestClient reader{world, 1};
    ASSERT_TRUE(serves(reader));
    EXPECT_EQ(reader.create("/b").err, ErrorCode::NotReadOnly);
    EXPECT_EQ(reader.set("/a", "y").err, ErrorCode::NotReadOnly);
    EXPECT_EQ(reader.remove("/a").err, ErrorCode::NotReadOnly);
    EXPECT_EQ(reader.call(OpCode::Sync, jute::PathRecord{"/a"}).err, ErrorCode::NotReadOnly);
    EXPECT_EQ(reader.call(OpCode::Multi).err, ErrorCode::NotReadOnly);
    EXPECT_EQ(reader.call(OpCode::Check).err, ErrorCode::NotReadOnly);
    EXPECT_EQ(reader.call(OpCode::Create2).err, ErrorCode::NotReadOnly);
    EXPECT_EQ(reader.call(OpCode::SetAcl, jute::SetAclRequest{"/a", jute::openAcl(), -1}).err, ErrorCode::NotReadOnly);
    EXPECT_EQ(reader.get("/a").zxid, world.node(1).lastZxid());
    EXPECT_EQ(reader.call(OpCode::CloseSession).err, ErrorCode::Ok);
    EXPECT_FALSE(reader.open);
}

TEST_F(ReadOnlyMode, WhoMayWriteIsSentAway) {
    cutOff();
    TestClient writer{world, 1}, old{world, 1};
    EXPECT_FALSE(writer.connect());
    EXPECT_FALSE(writer.open);
    EXPECT_FALSE(old.connect(10000, 0, std::string(16, '\0'), {}, std::nullopt));
    EXPECT_FALSE(old.open);
}

TEST_F(ReadOnlyMode, ASessionOfTheEnsembleIsNeitherRenewedNorDeclaredDead) {
    cutOff();
    TestClient back{world, 1};
    EXPECT_FALSE(back.connect(10000, session, password, {}, true));
    EXPECT_FALSE(back.open);
    EXPECT_EQ(back.response.timeoutMs, 0);
    EXPECT_TRUE(world.server(1).trace.says(trace::Kind::Log, "its session belongs to the whole ensemble"));
}

TEST_F(ReadOnlyMode, ItsOwnSessionsAreRenewedAndExpire) {
    cutOff();
    auto first = std::make_unique<TestClient>(world, 1);
    ASSERT_TRUE(serves(*first, 4000));
    const SessionId own = first->session;
    const std::string secret = first->password;
    first.reset();
    TestClient again{world, 1}, wrong{world, 1};
    EXPECT_TRUE(again.connect(4000, own, secret, {}, true));
    EXPECT_EQ(again.session, own);
    EXPECT_FALSE(wrong.connect(4000, own, std::string(16, 'x'), {}, true));
    world.pass(7s);
    EXPECT_FALSE(again.open) << "it has been silent";
    TestClient late{world, 1};
    EXPECT_FALSE(late.connect(4000, own, secret, {}, true));
}

TEST_F(ReadOnlyMode, ItEndsWhenALeaderIsFound) {
    cutOff();
    TestClient reader{world, 1};
    ASSERT_TRUE(serves(reader, 40000));
    world.start(2);
    ASSERT_TRUE(world.awaitServing(1));
    EXPECT_FALSE(reader.open);
    EXPECT_EQ(word("isro"), "rw");
    TestClient back{world, 1};
    EXPECT_TRUE(back.connect(10000, session, password)) << "the ensemble's session has lived on";
    TestClient either{world, 1};
    EXPECT_TRUE(serves(either));
    EXPECT_EQ(either.response.readOnly, false);
    EXPECT_EQ(either.create("/b").err, ErrorCode::Ok);
}

TEST(ReadOnly, OffUnlessAskedFor) {
    World world{3};
    ASSERT_NE(world.awaitLeader(), 0);
    world.crash(2);
    world.crash(3);
    world.pass(30s);
    TestClient reader{world, 1};
    EXPECT_FALSE(reader.connect(10000, 0, std::string(16, '\0'), {}, true));
    EXPECT_FALSE(reader.open);
}

} // namespace zk::server::testing
