// Connections: four-letter words, frames that are none, limits.
#include "driver.h"

namespace zk::server::testing {

TEST(Connections, AFourLetterWordIsAnsweredAndTheConnectionEnds) {
    World world;
    TestClient ruok{world, 1}, srvr{world, 1};
    ruok.raw("ruok");
    ruok.pump();
    EXPECT_EQ(ruok.text, "imok");
    EXPECT_FALSE(ruok.open);
    srvr.raw("sr");
    EXPECT_TRUE(srvr.open);
    srvr.raw("vr");
    srvr.pump();
    EXPECT_NE(srvr.text.find("Mode: standalone"), std::string::npos) << srvr.text;
    EXPECT_NE(srvr.text.find("Node count: 5"), std::string::npos) << srvr.text;
}

TEST(Connections, WordsOutsideTheWhitelistAreRefused) {
    World world{0, [](config::ServerConfig& config) { config.whitelist = {"srvr"}; }};
    TestClient client{world, 1};
    client.raw("mntr");
    client.pump();
    EXPECT_NE(client.text.find("not in the whitelist"), std::string::npos) << client.text;
}

TEST(Connections, AServerThatDoesNotServeSaysSoAndTurnsClientsAway) {
    World world{3};
    world.crash(2);
    world.crash(3);
    world.pass(std::chrono::seconds(1));
    ASSERT_FALSE(world.node(1).serving());
    TestClient word{world, 1}, client{world, 1};
    word.raw("srvr");
    word.pump();
    EXPECT_NE(word.text.find("not currently serving requests"), std::string::npos) << word.text;
    EXPECT_FALSE(client.connect());
    EXPECT_FALSE(client.open);
}

TEST(Connections, GarbageEndsTheConnectionWithALineInTheLog) {
    World world;
    const auto hex = [](std::string_view text) { return *fromHex(text); };
    for (const std::string& bytes : {hex("ffffffff"), hex("7fffffff"), std::string("GET / HTTP/1.1\r\n\r\n"),
                                     hex("00100000"), hex("00000002abcd")}) {
        TestClient client{world, 1};
        const std::size_t before = world.server().trace.count(trace::Kind::Log);
        client.raw(bytes);
        client.pump();
        EXPECT_FALSE(client.open) << toHex(bytes);
        EXPECT_GT(world.server().trace.count(trace::Kind::Log), before) << toHex(bytes);
    }
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect()) << "it serves on";
}

TEST(Connections, TheLargestFrameIsTaken) {
    World world;
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    const std::size_t overhead = 8 + jute::encode(jute::CreateRequest{"/a", "", jute::openAcl(), 0}).size();
    EXPECT_EQ(client.create("/a", std::string(1048575 - overhead, 'x')).err, ErrorCode::Ok);
    client.send(OpCode::Create, jute::CreateRequest{"/b", std::string(1048576 - overhead, 'x'), jute::openAcl(), 0});
    client.pump();
    EXPECT_FALSE(client.open);
}

TEST(Connections, ARequestMayComeByteByByte) {
    World world;
    TestClient client{world, 1};
    std::string bytes;
    jute::Writer(bytes).bytes(
        jute::encode(jute::ConnectRequest{0, Zxid(), 10000, 0, std::string(16, '\0'), false}));
    for (const char byte : bytes) client.raw(std::string_view(&byte, 1));
    world.settle();
    EXPECT_NE(client.session, 0);
}

TEST(Connections, SoManyFromOneAddressAndNoMore) {
    World world{0, [](config::ServerConfig& config) { config.maxClientCnxns = 2; }};
    TestClient one{world, 1, "10.0.0.1"}, two{world, 1, "10.0.0.1"}, three{world, 1, "10.0.0.1"};
    EXPECT_FALSE(three.open);
    TestClient elsewhere{world, 1, "10.0.0.2"};
    EXPECT_TRUE(elsewhere.connect());
    EXPECT_TRUE(one.connect());
    {
        TestClient gone{world, 1, "10.0.0.2"};
    }
    TestClient back{world, 1, "10.0.0.2"};
    EXPECT_TRUE(back.connect());
}

TEST(Connections, WhoOpensNoSessionIsClosed) {
    World world;
    TestClient mute{world, 1}, client{world, 1};
    EXPECT_TRUE(client.connect(40000));
    world.pass(std::chrono::seconds(9));
    EXPECT_TRUE(mute.open);
    world.pass(std::chrono::seconds(1));
    EXPECT_FALSE(mute.open);
    EXPECT_TRUE(client.open);
}

TEST(Connections, StatusCountsEventsAndRenewals) {
    World world;
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    const std::int32_t last = client.create("/a").xid;
    client.call(OpCode::SetWatches, jute::SetWatchesRequest{Zxid(), {"/gone"}, {}, {}});
    client.call(OpCode::Ping, "", jute::kXidPing);
    client.get("/a", true);
    client.call(OpCode::Ping, "", jute::kXidPing);
    const admin::NodeStatus before = world.node().status();
    ASSERT_EQ(before.connections.size(), 1U);
    EXPECT_EQ(before.connections[0].sent, 7) << "the session, five answers and an event";
    EXPECT_EQ(before.connections[0].lastCxid, last + 2) << "pings do not count";
    client.set("/a", "x");
    constexpr std::int64_t header = 16, event = 4 + 4 + 4;
    EXPECT_EQ(world.node().status().counters.at("watch_bytes"), 2 * (header + event) + 5 + 2);
    TestClient again{world, 1};
    EXPECT_TRUE(again.connect(10000, client.session, client.password));
    EXPECT_EQ(world.node().status().counters.at("connection_revalidate_count"), 1);
}

TEST(Connections, StatusTellsWhatHappened) {
    World world;
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    client.create("/e", "data", 1);
    client.get("/e", true);
    const admin::NodeStatus status = world.node().status();
    EXPECT_TRUE(status.serving);
    EXPECT_EQ(status.state, trace::ServerState::Standalone);
    EXPECT_EQ(status.zxid, Zxid(2));
    EXPECT_EQ(status.znodes, 6U);
    EXPECT_EQ(status.ephemerals, 1U);
    EXPECT_EQ(status.watches, 1U);
    EXPECT_EQ(status.sessions, 1U);
    ASSERT_EQ(status.connections.size(), 1U);
    EXPECT_EQ(status.connections[0].lastOperation, "GETD");
    EXPECT_EQ(status.connections[0].session, client.session);
    EXPECT_EQ(status.connections[0].received, 3);
    EXPECT_EQ(status.connections[0].sent, 3);
    EXPECT_EQ(status.ephemeralsBySession.at(client.session), std::set<std::string>{"/e"});
}

} // namespace zk::server::testing
