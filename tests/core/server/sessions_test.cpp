// Sessions: ids and passwords, time-outs, ephemerals, closing, coming back.
#include "driver.h"

namespace zk::server::testing {

class SessionsTest : public ::testing::Test {
  protected:
    World world;
};

TEST_F(SessionsTest, TheTimeoutIsBetweenTwoAndTwentyTicks) {
    TestClient low{world, 1}, middle{world, 1}, high{world, 1};
    EXPECT_TRUE(low.connect(1));
    EXPECT_EQ(low.response.timeoutMs, 4000);
    EXPECT_TRUE(middle.connect(12345));
    EXPECT_EQ(middle.response.timeoutMs, 12345);
    EXPECT_TRUE(high.connect(1'000'000));
    EXPECT_EQ(high.response.timeoutMs, 40000);
    EXPECT_EQ(static_cast<std::uint64_t>(low.session) >> 56, 1U);
    EXPECT_EQ(middle.session, low.session + 1);
}

TEST(SessionTimeouts, TheConfiguredRangeHoldsAtBothEdges) {
    World world{0, [](config::ServerConfig& config) {
                    config.minSessionTimeout = milliseconds(1000);
                    config.maxSessionTimeout = milliseconds(3000);
                }};
    for (const auto& [asked, given] : std::vector<std::pair<std::int32_t, std::int32_t>>{
             {INT32_MIN, 1000}, {-1, 1000}, {0, 1000}, {999, 1000}, {1000, 1000}, {1001, 1001},
             {2999, 2999}, {3000, 3000}, {3001, 3000}, {INT32_MAX, 3000}}) {
        TestClient client{world, 1};
        EXPECT_TRUE(client.connect(asked));
        EXPECT_EQ(client.response.timeoutMs, given) << asked;
    }
}

TEST_F(SessionsTest, TheAnswerCarriesReadOnlyOnlyWhereTheRequestDid) {
    TestClient with{world, 1}, without{world, 1};
    EXPECT_TRUE(with.connect());
    EXPECT_EQ(with.response.readOnly, false);
    EXPECT_TRUE(without.connect(10000, 0, std::string(16, '\0'), {}, std::nullopt));
    EXPECT_EQ(without.response.readOnly, std::nullopt);
}

TEST_F(SessionsTest, NoAnswerBeforeTheSessionIsDurable) {
    world.server().diskHeld = true;
    TestClient client{world, 1};
    EXPECT_FALSE(client.connect());
    EXPECT_TRUE(client.link.paused);
    world.releaseDisk(1);
    EXPECT_NE(client.session, 0);
    EXPECT_FALSE(client.link.paused);
}

TEST_F(SessionsTest, EphemeralsGoWhenTheSessionIsClosed) {
    TestClient client{world, 1}, other{world, 1};
    EXPECT_TRUE(client.connect());
    EXPECT_TRUE(other.connect());
    client.create("/e", "", 1);
    other.exists("/e", true);
    const Frame frame = client.call(OpCode::CloseSession);
    EXPECT_EQ(frame.err, ErrorCode::Ok);
    EXPECT_FALSE(client.open);
    EXPECT_EQ(other.exists("/e").err, ErrorCode::NoNode);
    EXPECT_EQ(other.events().size(), 1U);
    EXPECT_EQ(world.node().status().sessions, 1U);
}

TEST_F(SessionsTest, EphemeralsOnTheirWayGoToo) {
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    client.create("/old", "", 1);
    world.server().diskHeld = true;
    client.send(OpCode::Create, jute::CreateRequest{"/new", "", jute::openAcl(), 1});
    client.send(OpCode::Delete, jute::DeleteRequest{"/old", -1});
    client.send(OpCode::CloseSession);
    world.settle();
    world.releaseDisk(1);
    EXPECT_EQ(world.node().status().ephemerals, 0U);
    EXPECT_EQ(world.node().tree().find("/new"), nullptr);
    EXPECT_EQ(world.server().trace.count(trace::Kind::DigestMismatch), 0U);
}

TEST_F(SessionsTest, ASilentSessionExpiresAndALivelyOneStays) {
    TestClient silent{world, 1}, lively{world, 1};
    EXPECT_TRUE(silent.connect(4000));
    EXPECT_TRUE(lively.connect(4000));
    silent.create("/e", "", 1);
    for (int step = 0; step < 7; ++step) {
        world.pass(milliseconds(1000));
        EXPECT_EQ(lively.call(OpCode::Ping, "", jute::kXidPing).err, ErrorCode::Ok);
        if (step == 2) {
            EXPECT_EQ(lively.exists("/e").err, ErrorCode::Ok) << "too early";
        }
    }
    EXPECT_EQ(lively.exists("/e").err, ErrorCode::NoNode);
    EXPECT_FALSE(silent.open);
    EXPECT_TRUE(lively.open);
    EXPECT_EQ(world.node().status().sessionExpiries.size(), 1U);
}

TEST_F(SessionsTest, ALostConnectionsSessionComesBackWithItsPassword) {
    SessionId session = 0;
    std::string password;
    {
        TestClient client{world, 1};
        EXPECT_TRUE(client.connect());
        client.create("/e", "", 1);
        session = client.session, password = client.password;
    }
    TestClient again{world, 1};
    EXPECT_TRUE(again.connect(10000, session, password));
    EXPECT_EQ(again.session, session);
    EXPECT_EQ(again.password, password);
    EXPECT_EQ(again.create("/e2", "", 1).err, ErrorCode::Ok);
    EXPECT_EQ(again.exists("/e").err, ErrorCode::Ok);
}

TEST_F(SessionsTest, ALinkThatIsGoneIsInNoDuty) {
    auto client = std::make_unique<TestClient>(world, 1);
    EXPECT_TRUE(client->connect());
    const ClientLink* const link = &client->link;
    client->send(OpCode::Create, jute::CreateRequest{"/a", "", jute::openAcl(), 0});
    client.reset();
    const Ready ready = world.node().take();
    EXPECT_EQ(std::count(ready.dirty.begin(), ready.dirty.end(), link), 0);
    EXPECT_EQ(std::count(ready.resumed.begin(), ready.resumed.end(), link), 0);
}

TEST_F(SessionsTest, AnOlderConnectionOfTheSessionIsClosed) {
    TestClient client{world, 1}, again{world, 1};
    EXPECT_TRUE(client.connect());
    EXPECT_TRUE(again.connect(10000, client.session, client.password));
    client.pump();
    EXPECT_FALSE(client.open);
    EXPECT_EQ(again.create("/a").err, ErrorCode::Ok);
}

TEST_F(SessionsTest, AWrongPasswordOrAnUnknownSessionIsRefused) {
    TestClient client{world, 1}, wrong{world, 1}, unknown{world, 1};
    EXPECT_TRUE(client.connect());
    EXPECT_FALSE(wrong.connect(10000, client.session, std::string(16, 'x')));
    EXPECT_EQ(wrong.response.timeoutMs, 0);
    EXPECT_EQ(wrong.password, std::string(16, '\0'));
    EXPECT_FALSE(wrong.open);
    EXPECT_TRUE(client.open) << "the owner keeps its connection";
    EXPECT_EQ(client.create("/still-mine").err, ErrorCode::Ok);
    EXPECT_FALSE(unknown.connect(10000, 4711, passwordOf(4711)));
    EXPECT_FALSE(unknown.open);
}

TEST_F(SessionsTest, AClientFromTheFutureIsSentAway) {
    TestClient client{world, 1};
    EXPECT_FALSE(client.connect(10000, 0, std::string(16, '\0'), Zxid(1000)));
    EXPECT_FALSE(client.open);
    EXPECT_EQ(client.response.sessionId, 0);
    EXPECT_TRUE(world.server().trace.says(trace::Kind::Log, "it has seen 0x3e8"));
}

TEST_F(SessionsTest, SessionsOutliveTheServer) {
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect(4000));
    client.create("/e", "", 1);
    world.crash(1);
    world.start(1);
    world.settle();
    TestClient again{world, 1};
    EXPECT_TRUE(again.connect(4000, client.session, client.password));
    EXPECT_EQ(again.exists("/e").err, ErrorCode::Ok);
    world.pass(std::chrono::seconds(8));
    EXPECT_EQ(world.node().tree().find("/e"), nullptr);
}

TEST_F(SessionsTest, NewIdsAreNeverThoseOfLivingSessions) {
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    world.crash(1);
    world.start(1); // in the same millisecond
    world.settle();
    TestClient next{world, 1};
    EXPECT_TRUE(next.connect());
    EXPECT_NE(next.session, client.session);
}

TEST(SessionPassword, IsAsJavaMakesIt) {
    // java.util.Random(0x100000000000000 ^ 0xB3415C00).nextBytes(16), from a Java virtual machine.
    EXPECT_EQ(toHex(passwordOf(0x100000000000000)), "f22acd4a97e69d6d20a49bb638eadb38");
    EXPECT_NE(passwordOf(1), passwordOf(2));
}

TEST(SessionTable, ChecksOwners) {
    Sessions alone(milliseconds(2000), true), leading(milliseconds(2000), false);
    const Instant now{};
    EXPECT_EQ(alone.check(1, kOwnerSelf), ErrorCode::UnknownSession);
    EXPECT_EQ(leading.check(1, kOwnerSelf), ErrorCode::SessionExpired);
    leading.open(1, 4000, now);
    EXPECT_EQ(leading.check(1, 7), ErrorCode::Ok);
    EXPECT_EQ(leading.check(1, 8), ErrorCode::SessionMoved);
    leading.setOwner(1, 8);
    EXPECT_EQ(leading.check(1, 8), ErrorCode::Ok);
    leading.setClosing(1);
    EXPECT_EQ(leading.check(1, 8), ErrorCode::SessionExpired);
    EXPECT_FALSE(leading.touch(1, 4000, now));
}

TEST(SessionTable, ExpiresByBucketsAndOnce) {
    Sessions table(milliseconds(2000), true);
    table.open(2, 4000, Instant(milliseconds(100)));
    table.open(1, 4000, Instant(milliseconds(1900)));
    table.open(3, 4000, Instant(milliseconds(2100)));
    EXPECT_EQ(table.nextExpiry(), Instant(milliseconds(6000)));
    EXPECT_TRUE(table.takeExpired(Instant(milliseconds(5999))).empty());
    EXPECT_EQ(table.takeExpired(Instant(milliseconds(6000))), (std::vector<SessionId>{1, 2}));
    EXPECT_TRUE(table.touch(3, 10000, Instant(milliseconds(6000))));
    EXPECT_TRUE(table.takeExpired(Instant(milliseconds(9000))).empty());
    EXPECT_EQ(table.nextExpiry(), Instant(milliseconds(18000)));
    table.remove(3);
    EXPECT_EQ(table.nextExpiry(), kNever);
}

} // namespace zk::server::testing
