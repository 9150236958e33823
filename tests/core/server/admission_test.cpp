// What is let in, each limit at its edge: what is still taken, and what is not.
#include "driver.h"
#include "server/admission.h"
#include "server/connection.h"
#include "tree/acl.h"

namespace zk::server::testing {

using namespace std::chrono_literals;
using config::ServerConfig;

TEST(Admission, SoManyConnectionsInAllAndNoMore) {
    World world{0, [](ServerConfig& config) { config.limits.maxCnxns = 2; }};
    TestClient one{world, 1, "10.0.0.1"};
    auto two = std::make_unique<TestClient>(world, 1, "10.0.0.2");
    {
        TestClient three{world, 1, "10.0.0.3"};
        EXPECT_FALSE(three.open);
    }
    EXPECT_TRUE(one.connect() && two->connect());
    two.reset();
    TestClient again{world, 1, "10.0.0.3"};
    EXPECT_TRUE(again.connect());
    EXPECT_EQ(world.node().status().counters.at("connection_rejected"), 1);
    EXPECT_TRUE(world.server().trace.says(trace::Kind::Log, "maxCnxns is 2"));
}

TEST(Admission, NoLimitWhereMaxClientCnxnsIsZero) {
    World world{0, [](ServerConfig& config) { config.maxClientCnxns = 0; }};
    std::vector<std::unique_ptr<TestClient>> clients;
    for (int count = 0; count < 100; ++count) clients.push_back(std::make_unique<TestClient>(world, 1));
    EXPECT_TRUE(clients.back()->connect());
}

TEST(Admission, WhoOpensNoSessionIsClosedAfterTheTimeThatIsSet) {
    World world{0, [](ServerConfig& config) { config.sessionlessTimeout = 500ms; }};
    TestClient mute{world, 1}, half{world, 1};
    half.raw(std::string("\0\0\0\x2d\0\0", 6));
    world.pass(490ms);
    EXPECT_TRUE(mute.open && half.open);
    world.pass(10ms);
    EXPECT_FALSE(mute.open || half.open);
}

TEST(Admission, AFrameTooLargeIsNamedInTheLog) {
    World world{0, [](ServerConfig& config) { config.jutemaxbuffer = 200; }};
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    EXPECT_EQ(client.create("/a", std::string(200 - 8 - 4 - 2 - 4 - 31 - 4, 'x')).err, ErrorCode::Ok) << "200 bytes";
    client.send(OpCode::SetData, jute::SetDataRequest{"/a/path", std::string(400, 'x'), -1});
    client.pump();
    EXPECT_FALSE(client.open);
    EXPECT_TRUE(world.server().trace.says(trace::Kind::Log, "a frame claims 427 bytes, jute.maxbuffer is 200 (setData of /a/path)"))
        << world.server().trace.events.back().text;
}

TEST(Admission, LargeRequestsShareTheirBytes) {
    World world{0, [](ServerConfig& config) {
                    config.limits.largeRequestThreshold = 100;
                    config.limits.largeRequestMaxBytes = 1000;
                }};
    TestClient one{world, 1}, two{world, 1}, three{world, 1}, small{world, 1};
    EXPECT_TRUE(one.connect() && two.connect() && three.connect() && small.connect());
    world.server().diskHeld = true;
    const auto sent = [](TestClient& client, std::size_t bytes) {
        const std::size_t overhead = 8 + jute::encode(jute::SetDataRequest{"/a", "", -1}).size();
        client.send(OpCode::SetData, jute::SetDataRequest{"/a", std::string(bytes - overhead, 'x'), -1});
        client.pump();
        return client.open;
    };
    EXPECT_TRUE(sent(one, 600));
    EXPECT_TRUE(sent(small, 100)) << "not a large one";
    EXPECT_FALSE(sent(two, 401));
    EXPECT_EQ(world.node().status().counters.at("large_requests_rejected"), 1);
    EXPECT_TRUE(sent(three, 400)) << "exactly what there is";
    world.releaseDisk(1);
    EXPECT_TRUE(sent(one, 1000)) << "all of it is free again";
}

TEST(Admission, SessionsCostTokensThatComeBackWithTime) {
    World world{0, [](ServerConfig& config) {
                    config.limits.connections.tokens = 2;
                    config.limits.connections.fillTime = 100ms;
                }};
    TestClient one{world, 1}, two{world, 1}, three{world, 1};
    EXPECT_TRUE(one.connect() && two.connect());
    EXPECT_FALSE(three.connect());
    EXPECT_FALSE(three.open);
    EXPECT_EQ(world.node().status().counters.at("connection_drop_count"), 1);
    world.pass(100ms);
    TestClient early{world, 1};
    EXPECT_FALSE(early.connect()) << "the bucket fills when more than the time is over";
    world.pass(10ms);
    TestClient four{world, 1}, five{world, 1};
    EXPECT_TRUE(four.connect());
    EXPECT_FALSE(five.connect());
}

TEST(Admission, RequestsWaitAtTheDoorInTheirOrder) {
    World world{0, [](ServerConfig& config) { config.limits.requests.maxRequests = 1; }};
    TestClient one{world, 1}, two{world, 1}, three{world, 1}, reader{world, 1};
    EXPECT_TRUE(one.connect() && two.connect() && three.connect() && reader.connect());
    EXPECT_EQ(one.create("/s", "", 0).err, ErrorCode::Ok);
    world.server().diskHeld = true;
    const auto make = [](TestClient& client) {
        return client.send(OpCode::Create, jute::CreateRequest{"/s/n-", "", jute::openAcl(), 2});
    };
    const std::int32_t first = make(one), second = make(two), third = make(three), fourth = make(one), fifth = make(two);
    world.settle();
    EXPECT_EQ(world.node().status().outstanding, 1);
    EXPECT_EQ(reader.get("/s").err, ErrorCode::Ok) << "who only reads waits for nobody";
    const auto pathOf = [](TestClient& client, std::int32_t xid) {
        client.pump();
        const auto frame = client.take(xid);
        jute::Reader in(frame ? std::string_view(frame->body) : std::string_view());
        return std::string(in.ustring());
    };
    world.releaseDisk(1);
    EXPECT_EQ(pathOf(one, first), "/s/n-0000000000");
    EXPECT_EQ(pathOf(two, second), "/s/n-0000000001");
    EXPECT_EQ(pathOf(three, third), "/s/n-0000000002");
    EXPECT_EQ(pathOf(one, fourth), "/s/n-0000000003");
    EXPECT_EQ(pathOf(two, fifth), "/s/n-0000000004");
    EXPECT_EQ(world.node().status().outstanding, 0);
    EXPECT_EQ(world.node().status().counters.at("request_throttle_wait_count"), 4);
}

TEST(Admission, WhoGoesWhileItWaitsAtTheDoorIsForgotten) {
    World world{0, [](ServerConfig& config) { config.limits.requests.maxRequests = 1; }};
    TestClient one{world, 1}, last{world, 1};
    auto gone = std::make_unique<TestClient>(world, 1);
    EXPECT_TRUE(one.connect() && last.connect() && gone->connect());
    world.server().diskHeld = true;
    one.send(OpCode::Create, jute::CreateRequest{"/one", "", jute::openAcl(), 0});
    gone->send(OpCode::Create, jute::CreateRequest{"/gone", "", jute::openAcl(), 0});
    last.send(OpCode::Create, jute::CreateRequest{"/last", "", jute::openAcl(), 0});
    gone.reset();
    world.releaseDisk(1);
    EXPECT_EQ(last.exists("/last").err, ErrorCode::Ok);
    EXPECT_EQ(last.exists("/gone").err, ErrorCode::NoNode);
}

TEST(Admission, AStaleRequestIsDroppedWithItsConnection) {
    for (const bool check : {true, false}) {
        World world{0, [&](ServerConfig& config) {
                        config.limits.requests.maxRequests = 1;
                        config.limits.requests.staleLatencyCheck = check;
                    }};
        TestClient one{world, 1}, late{world, 1};
        EXPECT_TRUE(one.connect(40000) && late.connect(4000));
        world.server().diskHeld = true;
        one.send(OpCode::Create, jute::CreateRequest{"/one", "", jute::openAcl(), 0});
        late.send(OpCode::Create, jute::CreateRequest{"/late", "", jute::openAcl(), 0});
        world.pass(4010ms);
        world.releaseDisk(1);
        EXPECT_EQ(late.open, !check);
        EXPECT_EQ(one.exists("/late").err, check ? ErrorCode::NoNode : ErrorCode::Ok);
    }
}

TEST(Admission, WhoDoesNotReadItsAnswersIsAnsweredNoFurther) {
    World world;
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    EXPECT_EQ(client.create("/big", std::string(kOutputLimit / 8, 'x')).err, ErrorCode::Ok);
    std::string asks;
    for (int count = 0; count < 20; ++count) {
        std::string payload;
        jute::Writer out(payload);
        out.i32(100 + count);
        out.i32(static_cast<std::int32_t>(OpCode::GetData));
        out.raw(jute::encode(jute::ReadRequest{"/big", false}));
        jute::Writer(asks).bytes(payload);
    }
    const std::size_t one = asks.size() / 20;
    EXPECT_EQ(world.node().received(client.link, asks), 8 * one) << "the eighth reaches the limit";
    EXPECT_GE(client.link.out.size(), kOutputLimit);
    EXPECT_EQ(world.node().received(client.link, asks.substr(8 * one)), 0U) << "until it has been written";
    client.pump();
    EXPECT_EQ(world.node().received(client.link, asks.substr(8 * one)), 8 * one);
}

TEST(Admission, SoManyIdentitiesOfOneConnection) {
    World world;
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    for (std::size_t count = 1; count < kIdentitiesMax; ++count) // the address is one
        ASSERT_EQ(client.auth("digest", "u" + std::to_string(count) + ":p").err, ErrorCode::Ok);
    EXPECT_EQ(client.auth("digest", "more:p").err, ErrorCode::AuthFailed);
    EXPECT_FALSE(client.open);
}

TEST(Admission, TheSameIdentityCountsOnce) {
    World world{0, [](ServerConfig& config) { config.superDigest = tree::digestId("super:root"); }};
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    for (std::size_t count = 0; count < 2 * kIdentitiesMax; ++count)
        ASSERT_EQ(client.auth("digest", "super:root").err, ErrorCode::Ok);
    EXPECT_TRUE(client.open);
}

TEST(SessionTokens, WeightsMakeNewSessionsDearerThanRenewedOnes) {
    config::ConnectionThrottle rules;
    rules.tokens = 2; // of new sessions: 6 in all
    rules.fillTime = 1h;
    rules.weighted = true;
    SessionTokens tokens(rules);
    Rng rng(1);
    const Instant now{1s};
    EXPECT_TRUE(tokens.take(now, true, rng));
    EXPECT_TRUE(tokens.take(now, false, rng));
    EXPECT_EQ(tokens.deficit(), 5);
    EXPECT_FALSE(tokens.take(now, true, rng));
    EXPECT_TRUE(SessionTokens(config::ConnectionThrottle()).take(now, false, rng)) << "off";
}

TEST(SessionTokens, AnEmptyBucketRaisesTheChanceToBeDroppedAndAFullOneLowersIt) {
    config::ConnectionThrottle rules;
    rules.tokens = 1;
    rules.fillTime = 1h;
    rules.freezeTime = 10ms;
    rules.dropIncrease = 0.5;
    rules.dropDecrease = 0.25;
    SessionTokens tokens(rules);
    Rng rng(1);
    Instant now{1s};
    EXPECT_TRUE(tokens.take(now, false, rng));
    for (int round = 1; round <= 3; ++round) {
        now += 11ms;
        EXPECT_FALSE(tokens.take(now, false, rng));
        EXPECT_EQ(tokens.dropProbability(), std::min(1.0, 0.5 * round));
    }
    now += 2h;
    (void)tokens.take(now, false, rng);
    EXPECT_EQ(tokens.dropProbability(), 0.75);
}

} // namespace zk::server::testing
