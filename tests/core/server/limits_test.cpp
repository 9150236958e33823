// Keys of a zoo.cfg that a server acts on: each changes what a client, a peer or the disk sees.
#include "driver.h"

namespace zk::server::testing {

using namespace std::chrono_literals;

namespace {

std::size_t snapshots(World& world, Sid sid = 1) {
    std::size_t count = 0;
    for (const std::string& name : *world.server(sid).disk->list(world.server(sid).config.dataDir + "/version-2"))
        count += name.starts_with("snapshot.") ? 1 : 0;
    return count;
}

} // namespace

TEST(Limits, SkipAclLetsEverybodyDoEverything) {
    for (const bool skips : {false, true}) {
        World world{0, [&](config::ServerConfig& config) { config.skipAcl = skips; }};
        TestClient owner{world, 1}, other{world, 1};
        EXPECT_TRUE(owner.connect() && other.connect());
        owner.auth("digest", "me:secret");
        EXPECT_EQ(owner.create("/mine", "x", 0, {{jute::kPermAll, {"auth", ""}}}).err, ErrorCode::Ok);
        const ErrorCode expected = skips ? ErrorCode::Ok : ErrorCode::NoAuth;
        EXPECT_EQ(other.get("/mine").err, expected);
        EXPECT_EQ(other.set("/mine", "y").err, expected);
        EXPECT_EQ(other.create("/mine/child").err, expected);
    }
}

TEST(Limits, TheDigestSchemeMayBeOff) {
    World world{0, [](config::ServerConfig& config) { config.digestScheme = false; }};
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    EXPECT_EQ(client.auth("digest", "me:secret").err, ErrorCode::AuthFailed);
    EXPECT_FALSE(client.open);
}

TEST(Limits, ALeaderThatDoesNotServeTurnsClientsAway) {
    World world{3, [](config::ServerConfig& config) { config.leaderServes = false; }};
    const Sid leads = world.awaitLeader(), follows = leads == 1 ? 2 : 1;
    TestClient refused{world, leads}, word{world, leads}, taken{world, follows};
    EXPECT_FALSE(refused.connect());
    EXPECT_TRUE(taken.connect());
    EXPECT_EQ(taken.create("/a").err, ErrorCode::Ok);
    word.raw("srvr");
    word.pump();
    EXPECT_NE(word.text.find("not currently serving"), std::string::npos) << word.text;
}

TEST(Limits, WithTooManyRequestsUnderWayWhoHasOneIsNotReadFrom) {
    World world{0, [](config::ServerConfig& config) { config.globalOutstandingLimit = 3; }};
    TestClient one{world, 1}, two{world, 1};
    EXPECT_TRUE(one.connect() && two.connect());
    world.server().diskHeld = true;
    for (int index = 0; index < 3; ++index) one.send(OpCode::Create, jute::CreateRequest{"/n", "", jute::openAcl(), 2});
    EXPECT_TRUE(one.link.paused);
    EXPECT_FALSE(two.link.paused);
    const std::int32_t last = two.send(OpCode::Create, jute::CreateRequest{"/m", "", jute::openAcl(), 0});
    EXPECT_TRUE(two.link.paused) << "its one request is under way";
    world.server().diskHeld = false;
    world.releaseDisk(1);
    world.settle();
    EXPECT_TRUE(two.take(last));
    EXPECT_FALSE(one.link.paused || two.link.paused);
    EXPECT_EQ(one.create("/after").err, ErrorCode::Ok);
}

TEST(Limits, ABatchHoldsNoMoreTransactionsThanItMay) {
    World world{0, [](config::ServerConfig& config) { config.maxBatchSize = 2; }};
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    world.server().diskHeld = true;
    for (int index = 0; index < 7; ++index) client.send(OpCode::Create, jute::CreateRequest{"/n", "", jute::openAcl(), 2});
    world.settle();
    ASSERT_FALSE(world.server().held.empty());
    std::size_t largest = 0;
    for (int round = 0; round < 10; ++round) {
        for (const auto& [number, duties] : world.server().held) largest = std::max(largest, duties.size());
        world.releaseDisk(1);
        world.settle();
    }
    EXPECT_EQ(largest, 2U);
    world.server().diskHeld = false;
    world.releaseDisk(1);
    world.settle();
    EXPECT_EQ(client.children("/").err, ErrorCode::Ok);
    EXPECT_EQ(world.node().lastZxid(), Zxid(8));
}

TEST(Limits, ABatchWaitsForMoreAsLongAsFlushDelaySays) {
    World world{0, [](config::ServerConfig& config) {
                    config.flushDelay = 50ms;
                    config.maxBatchSize = 3;
                }};
    TestClient client{world, 1};
    client.raw([] {
        std::string bytes;
        jute::Writer(bytes).bytes(jute::encode(jute::ConnectRequest{0, Zxid(), 10000, 0, std::string(16, '\0'), false}));
        return bytes;
    }());
    world.settle();
    EXPECT_EQ(client.session, 0) << "its session waits for the disk";
    world.pass(60ms);
    EXPECT_NE(client.session, 0);
    for (int index = 0; index < 3; ++index) client.send(OpCode::Create, jute::CreateRequest{"/n", "", jute::openAcl(), 2});
    world.settle();
    EXPECT_EQ(world.node().lastZxid(), Zxid(4)) << "a full batch goes at once";
}

TEST(Limits, ALogThatHasGrownLargeBringsASnapshot) {
    World world{0, [](config::ServerConfig& config) { config.snapSizeLimitKilobytes = 8; }};
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    client.create("/a");
    for (int index = 0; index < 10; ++index) client.set("/a", std::string(1024, 'x'));
    EXPECT_GE(snapshots(world), 2U);
}

TEST(Limits, SoManyTransactionsAreKeptForLearners) {
    World world{3, [](config::ServerConfig& config) { config.commitLogCount = 5; }};
    const Sid leads = world.awaitLeader(), away = leads == 1 ? 2 : 1;
    TestClient client{world, leads};
    EXPECT_TRUE(client.connect());
    client.create("/a");
    for (const auto& [writes, way] : {std::pair{3, "DIFF"}, std::pair{20, "SNAP"}}) {
        world.crash(away);
        for (int index = 0; index < writes; ++index) client.set("/a", "x");
        world.server(leads).trace.events.clear();
        world.start(away);
        EXPECT_TRUE(world.awaitServing(away));
        EXPECT_TRUE(world.server(leads).trace.says(trace::Kind::SyncStarted, way)) << writes;
    }
}

TEST(Limits, AConnectionWithoutASessionIsKeptAsLongAsConfigured) {
    World world{0, [](config::ServerConfig& config) { config.sessionlessTimeout = 2s; }};
    TestClient mute{world, 1};
    world.pass(1900ms);
    EXPECT_TRUE(mute.open);
    world.pass(200ms);
    EXPECT_FALSE(mute.open);
}

TEST(Limits, AnEmptyDatabaseIsNotMadeWhereThatIsForbidden) {
    storage::MemoryDisk disk;
    config::ServerConfig config;
    config.dataDir = "/data";
    config.dbAutocreate = false;
    auto store = storage::Store::open(disk, {"/data", "", 4096});
    ASSERT_TRUE(store);
    const auto recovered = recover(**store, config);
    ASSERT_FALSE(recovered);
    EXPECT_NE(recovered.error().message().find("db.autocreate"), std::string::npos);
    config.dbAutocreate = true;
    EXPECT_TRUE(recover(**store, config));
}

TEST(Limits, OldFilesGoAtTheStartAndAtEveryInterval) {
    World world{0, [](config::ServerConfig& config) {
                    config.snapCount = 10;
                    config.snapRetainCount = 4;
                    config.purgeInterval = std::chrono::hours(2);
                }};
    for (int interval = 0; interval < 2; ++interval) {
        TestClient again{world, 1};
        EXPECT_TRUE(again.connect(40000));
        for (int index = 0; index < 100; ++index) again.create("/n", "", 2);
        EXPECT_GT(snapshots(world), 5U);
        world.pass(std::chrono::minutes(interval == 0 ? 110 : 119));
        if (interval == 0) EXPECT_GT(snapshots(world), 5U) << "not before its time";
        world.pass(std::chrono::minutes(11));
        EXPECT_EQ(snapshots(world), 4U);
    }
    world.crash(1);
    world.start(1);
    world.settle();
    EXPECT_TRUE(world.node().serving()) << "what is kept is enough to start from";
    EXPECT_EQ(world.node().tree().find("/n0000000000") != nullptr, true);
}

TEST(Limits, AnObserverWithoutSyncKeepsNoLog) {
    for (const bool syncs : {true, false}) {
        World world{3, [&](config::ServerConfig& config) {
                        config.servers[3].role = config::Role::Observer;
                        config.syncEnabled = syncs;
                    }};
        const Sid leads = world.awaitLeader();
        EXPECT_TRUE(world.awaitServing(3));
        TestClient client{world, leads};
        EXPECT_TRUE(client.connect());
        for (int index = 0; index < 5; ++index) client.create("/n", "", 2);
        world.settle();
        EXPECT_EQ(world.node(3).lastZxid(), world.node(leads).lastZxid());
        std::size_t logs = 0;
        for (const std::string& name : *world.server(3).disk->list("/data3/version-2")) logs += name.starts_with("log.") ? 1 : 0;
        EXPECT_EQ(logs, syncs ? 1U : 0U);
        world.crash(3);
        world.start(3);
        EXPECT_TRUE(world.awaitServing(3));
        EXPECT_EQ(world.node(3).tree().digest(), world.node(leads).tree().digest());
    }
}

TEST(Limits, VotesAreSaidAgainAsOftenAsConfigured) {
    std::size_t said[2] = {};
    for (const int slow : {0, 1}) {
        World world{3, [&](config::ServerConfig& config) {
                        config.minNotificationInterval = std::chrono::milliseconds(slow ? 5000 : 100);
                        config.maxNotificationInterval = std::chrono::milliseconds(slow ? 5000 : 200);
                    }};
        world.crash(2);
        world.crash(3);
        world.pass(1s);
        const std::size_t before = world.server(1).trace.count(trace::Kind::VoteSent);
        world.pass(10s);
        said[slow] = world.server(1).trace.count(trace::Kind::VoteSent) - before;
    }
    EXPECT_GT(said[0], 4 * said[1]);
}

} // namespace zk::server::testing
