// Recovery: what was acknowledged is there after a crash at any operation of the disk; snapshots; a failing disk.
#include "driver.h"

namespace zk::server::testing {

namespace {

// Writes until the disk gives up; the names of the znodes that were acknowledged.
std::vector<std::string> writeUntilCrash(World& world) {
    std::vector<std::string> acknowledged;
    TestClient client{world, 1};
    if (!client.connect()) return acknowledged;
    for (int index = 0; index < 60; ++index) {
        const std::string path = "/n" + std::to_string(index);
        const auto xid = client.send(OpCode::Create, jute::CreateRequest{path, path, jute::openAcl(), 0});
        world.settle();
        client.pump();
        if (const auto frame = client.take(xid); frame && frame->err == ErrorCode::Ok) acknowledged.push_back(path);
        if (world.node().state() == trace::ServerState::Crashed) break;
    }
    return acknowledged;
}

void fewTransactionsASnapshot(config::ServerConfig& config) { config.snapCount = 16; }

} // namespace

TEST(Recovery, NothingAcknowledgedIsLostWhereverTheDiskStops) {
    std::uint64_t operations = 0;
    {
        World world{0, fewTransactionsASnapshot};
        EXPECT_EQ(writeUntilCrash(world).size(), 60U);
        EXPECT_GT(world.server().trace.count(trace::Kind::SnapshotTaken), 2U);
        operations = world.server().disk->operations();
    }
    EXPECT_GT(operations, 100U);
    std::uint64_t stopped = 0;
    for (std::uint64_t at = 1; at <= operations; ++at) {
        for (const storage::Fault fault : {storage::Fault::Fail, storage::Fault::Tear, storage::Fault::Crash}) {
            World world{0, fewTransactionsASnapshot};
            const std::uint64_t before = world.server().disk->operations();
            if (at <= before) continue; // while it boots: the store's own tests
            world.server().disk->failAt(at, fault);
            const std::vector<std::string> acknowledged = writeUntilCrash(world);
            if (world.node().state() == trace::ServerState::Crashed) ++stopped;
            world.server().node.reset();
            world.server().store.reset();
            world.server().disk = world.server().disk->survivors(at);
            world.start(1);
            if (::testing::Test::HasFatalFailure()) return;
            for (const std::string& path : acknowledged) {
                const tree::Znode* const znode = world.node().tree().find(path);
                ASSERT_NE(znode, nullptr) << path << " is lost, operation " << at;
                EXPECT_EQ(znode->data(), path);
            }
        }
    }
    EXPECT_GT(stopped, 100U);
}

TEST(Recovery, AFailingDiskStopsTheServerAndIsNamed) {
    World world;
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    world.server().disk->failAt(world.server().disk->operations() + 1, storage::Fault::Fail);
    const auto xid = client.send(OpCode::Create, jute::CreateRequest{"/a", "", jute::openAcl(), 0});
    world.settle();
    EXPECT_EQ(world.node().state(), trace::ServerState::Crashed);
    EXPECT_FALSE(world.node().serving());
    client.pump();
    EXPECT_FALSE(client.take(xid));
    EXPECT_FALSE(client.open);
    EXPECT_TRUE(world.server().trace.says(trace::Kind::Log, "the disk failed"));
    TestClient late{world, 1};
    EXPECT_FALSE(late.open);
}

TEST(Recovery, ASnapshotWhileWritingHoldsTheTreeOfItsMoment) {
    World world{0, [](config::ServerConfig& config) { config.snapCount = 200; }};
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    const std::string data(20'000, 'x'); // some pieces long
    for (int index = 0; index < 250; ++index) client.create("/n" + std::to_string(index), data);
    EXPECT_EQ(world.server().trace.count(trace::Kind::SnapshotTaken), 1U);
    const auto disk = world.server().disk->survivors();
    const auto store = storage::Store::open(*disk, {"/data1", "", 65536, true, true});
    ASSERT_TRUE(store);
    const auto snapshot = (*store)->newestSnapshot();
    ASSERT_TRUE(snapshot);
    ASSERT_TRUE(*snapshot);
    EXPECT_GT((*snapshot)->zxid, Zxid(99));
    const auto recovered = recover(**store, world.server().config);
    ASSERT_TRUE(recovered);
    EXPECT_TRUE(recovered->warnings.empty());
    EXPECT_EQ(recovered->tree->digest(), world.node().tree().digest());
    EXPECT_EQ(recovered->lastLogged, world.node().lastZxid());
}

TEST(Recovery, AServerThatIsOftenRestartedTakesSnapshotsToo) {
    World world{0, [](config::ServerConfig& config) { config.snapCount = 40; }};
    for (int run = 0; run < 6; ++run) {
        TestClient client{world, 1};
        EXPECT_TRUE(client.connect());
        for (int index = 0; index < 10; ++index) client.create("/n", "", 2);
        world.crash(1);
        world.start(1);
    }
    EXPECT_GT(world.server().trace.count(trace::Kind::SnapshotTaken), 0U);
    EXPECT_NE(world.node().tree().find("/n0000000059"), nullptr);
}

TEST(Recovery, AnEmptyDirectoryGetsASnapshotFirst) {
    World world;
    const auto names = world.server().disk->list("/data1/version-2");
    ASSERT_TRUE(names);
    EXPECT_NE(std::find(names->begin(), names->end(), "snapshot.0"), names->end());
}

TEST(Recovery, ALogWithoutASnapshotIsRefused) {
    World world;
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    world.server().node.reset();
    world.server().store.reset();
    client.open = false;
    ASSERT_TRUE(world.server().disk->remove("/data1/version-2/snapshot.0"));
    const auto booted = world.server().boot(1);
    ASSERT_FALSE(booted);
    EXPECT_EQ(booted.error().code, storage::Errc::Missing);
}

TEST(Recovery, EpochsThatContradictTheLogAreRefused) {
    World world{3};
    ASSERT_NE(world.awaitLeader(), 0);
    TestClient client{world, 1};
    ASSERT_TRUE(world.awaitServing(1));
    EXPECT_TRUE(client.connect());
    world.crash(1);
    {
        auto store = storage::Store::open(*world.server(1).disk, {"/data1", "", 65536, true, true});
        ASSERT_TRUE((*store)->setCurrentEpoch(0));
        ASSERT_TRUE((*store)->setAcceptedEpoch(0));
    }
    const auto older = world.server(1).boot(1);
    ASSERT_FALSE(older);
    EXPECT_EQ(older.error().code, storage::Errc::Corrupt);
    world.server(1).store.reset();
    {
        auto store = storage::Store::open(*world.server(1).disk, {"/data1", "", 65536, true, true});
        ASSERT_TRUE((*store)->setCurrentEpoch(5));
        ASSERT_TRUE((*store)->setAcceptedEpoch(4));
    }
    const auto contradicting = world.server(1).boot(1);
    ASSERT_FALSE(contradicting);
    EXPECT_NE(contradicting.error().message().find("accepted epoch, 4"), std::string::npos);
}

TEST(Recovery, ACrashBetweenAnEpochsHistoryAndItsNumberDoesNotBarTheNextStart) {
    for (const bool asSnapshot : {false, true}) {
        World world;
        TestClient client{world, 1};
        EXPECT_TRUE(client.connect());
        world.crash(1);
        auto& one = world.server();
        one.config.servers[1] = {1, {"127.0.0.1", 2889}, {"127.0.0.1", 3889}, config::Role::Participant, std::nullopt};
        one.config.self = 1;
        {
            auto opened = storage::Store::open(*one.disk, {"/data1", "", 65536, true, true});
            storage::Store& store = **opened;
            ASSERT_TRUE(store.setAcceptedEpoch(3));
            ASSERT_TRUE(store.setCurrentEpoch(2));
            const Zxid zxid(3, asSnapshot ? 0 : 1); // an Apache leader's snapshot may stand at the epoch's very start
            if (asSnapshot) {
                ASSERT_TRUE(store.beginSnapshot(zxid));
                tree::DataTree tree;
                tree::View view(tree);
                std::string body;
                view.next(body, 1 << 20);
                ASSERT_TRUE(store.snapshotPiece(body));
                ASSERT_TRUE(store.finishSnapshot(std::nullopt));
            } else {
                const jute::Txn txn{{7, 0, zxid, 1, -10}, jute::CreateSessionTxn{4000}, std::nullopt};
                ASSERT_TRUE(store.append(zxid, jute::encode(txn)));
                ASSERT_TRUE(store.sync());
            }
        }
        for (int start = 0; start < 2; ++start) { // and it is mended for good
            auto opened = storage::Store::open(*one.disk, {"/data1", "", 65536, true, true});
            const auto recovered = recover(**opened, one.config);
            ASSERT_TRUE(recovered) << recovered.error().message();
            EXPECT_EQ(recovered->currentEpoch, 3);
            EXPECT_EQ(recovered->lastLogged.epoch(), 3);
        }
    }
}

TEST(Recovery, ATruncationEndsTheSnapshotThatIsBeingWritten) {
    World world{3, fewTransactionsASnapshot};
    const Sid old = world.awaitLeader();
    ASSERT_NE(old, 0);
    for (Sid sid = 1; sid <= 3; ++sid) ASSERT_TRUE(world.awaitServing(sid));
    TestClient client{world, old};
    ASSERT_TRUE(client.connect(40000));
    world.server(old).diskHeld = true; // the other two commit; its snapshot waits in the queue
    const std::string data(900'000, 'x');
    for (int index = 0; index < 14; ++index)
        client.send(OpCode::Create, jute::CreateRequest{"/n", data, jute::openAcl(), 2});
    world.settle();
    world.server(old).cutOff = true;
    client.send(OpCode::Create, jute::CreateRequest{"/lost", "", jute::openAcl(), 0});
    world.pass(std::chrono::seconds(60));
    world.server(old).cutOff = false;
    world.pass(std::chrono::seconds(1));
    Server& one = world.server(old);
    for (int batch = 0; batch < 100 && !world.node(old).serving(); ++batch) { // one at a time: each meets what came meanwhile
        auto held = std::move(one.held);
        one.held.clear();
        for (auto& [number, duties] : held) one.node->stored(number, server::perform(*one.store, one.config, duties));
        world.settle();
    }
    EXPECT_TRUE(world.node(old).serving());
    EXPECT_EQ(one.trace.count(trace::Kind::LogTruncated), 1U);
    EXPECT_EQ(one.trace.count(trace::Kind::SnapshotTaken), 0U) << "of a tree that is gone";
    EXPECT_EQ(world.node(old).tree().find("/lost"), nullptr);
}

TEST(Recovery, OldFilesArePurged) {
    World world{0, [](config::ServerConfig& config) {
                    config.snapCount = 10;
                    config.purgeInterval = std::chrono::hours(1);
                }};
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect(40000));
    for (int index = 0; index < 100; ++index) client.create("/n", "", 2);
    const auto snapshots = [&] {
        std::size_t count = 0;
        for (const std::string& name : *world.server().disk->list("/data1/version-2"))
            if (name.starts_with("snapshot.")) ++count;
        return count;
    };
    EXPECT_GT(snapshots(), 5U);
    world.pass(std::chrono::hours(1));
    EXPECT_EQ(snapshots(), 3U);
}

} // namespace zk::server::testing
