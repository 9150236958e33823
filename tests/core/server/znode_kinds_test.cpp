// Containers and TTL znodes: how they are created, what is refused, and how the server deletes them when time
// passes. What is expected here is what an Apache 3.8.0 answered, where nothing else is said.
#include "driver.h"
#include "server/reaper.h"

namespace zk::server::testing {

using namespace std::chrono_literals;

namespace {

std::string plain(const std::string& path, std::int32_t flags) {
    return jute::encode(jute::CreateRequest{path, "x", jute::openAcl(), flags});
}
std::string timed(const std::string& path, std::int32_t flags, std::int64_t ttlMs) {
    return jute::encode(jute::CreateTtlRequest{path, "x", jute::openAcl(), flags, ttlMs});
}

} // namespace

class ZnodeKinds : public ::testing::Test {
  protected:
    ZnodeKinds() { EXPECT_TRUE(client.connect(40000)); }

    ErrorCode container(const std::string& path, std::int32_t flags = 4) {
        return client.call(OpCode::CreateContainer, plain(path, flags)).err;
    }
    ErrorCode ttl(const std::string& path, std::int64_t ttlMs, std::int32_t flags = 5) {
        return client.call(OpCode::CreateTtl, timed(path, flags, ttlMs)).err;
    }
    bool exists(const std::string& path) { return world.node().tree().find(path) != nullptr; }
    std::int64_t owner(const std::string& path) {
        const tree::Znode* const znode = world.node().tree().find(path);
        return znode == nullptr ? -1 : znode->persisted().ephemeralOwner;
    }
    // What a multi of one operation is answered with: the header's error, and the part's type and error.
    std::tuple<ErrorCode, std::int32_t, std::int32_t> multi(OpCode op, std::string body) {
        const Frame frame = client.call(OpCode::Multi, jute::encodeMulti({{op, std::move(body)}}));
        if (frame.err != ErrorCode::Ok) return {frame.err, 0, 0};
        jute::Reader in(frame.body);
        jute::MultiHeader header;
        jute::read(in, header);
        return {frame.err, header.type, header.err};
    }
    static std::tuple<ErrorCode, std::int32_t, std::int32_t> part(OpCode type,
                                                                  ErrorCode err = ErrorCode::Ok) {
        return {ErrorCode::Ok, static_cast<std::int32_t>(type), static_cast<std::int32_t>(err)};
    }

    World world{0, [](config::ServerConfig& config) {
                    config.extendedTypes = true;
                    config.containerCheckInterval = 10s;
                    config.containersPerMinute = 60;
                }};
    TestClient client{world, 1};
};

TEST_F(ZnodeKinds, AContainerIsCreatedAndAnsweredWithItsStat) {
    const Frame frame = client.call(OpCode::CreateContainer, plain("/c", 4));
    ASSERT_EQ(frame.err, ErrorCode::Ok);
    const auto answer = jute::decode<jute::Create2Response>(frame.body);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->path, "/c");
    EXPECT_EQ(answer->stat.czxid, frame.zxid);
    EXPECT_EQ(answer->stat.ephemeralOwner, 0);
    EXPECT_EQ(owner("/c"), tree::kContainerOwner);
    EXPECT_EQ(client.create("/c/child").err, ErrorCode::Ok);
    EXPECT_EQ(client.remove("/c").err, ErrorCode::NotEmpty);
    EXPECT_EQ(client.remove("/c/child").err, ErrorCode::Ok);
    EXPECT_EQ(client.remove("/c").err, ErrorCode::Ok);
}

TEST_F(ZnodeKinds, CreateContainersFlagsNameItOnly) {
    EXPECT_EQ(container("/c0", 0), ErrorCode::Ok);
    EXPECT_EQ(owner("/c0"), tree::kContainerOwner);
    const Frame frame = client.call(OpCode::CreateContainer, plain("/c", 2));
    EXPECT_EQ(jute::decode<jute::Create2Response>(frame.body)->path, "/c0000000001");
    EXPECT_EQ(container("/c5", 5), ErrorCode::BadArguments);
    EXPECT_EQ(container("/c7", 7), ErrorCode::BadArguments);
}

TEST_F(ZnodeKinds, APlainCreateWithAContainersFlagMakesAPersistentZnode) {
    EXPECT_EQ(client.create("/p", "", 4).err, ErrorCode::Ok);
    EXPECT_EQ(owner("/p"), 0);
    EXPECT_EQ(client.create("/p5", "", 5).err, ErrorCode::BadArguments);
    EXPECT_EQ(client.call(OpCode::Create2, plain("/p6", 6)).err, ErrorCode::BadArguments);
}

TEST_F(ZnodeKinds, TtlsHaveTheirBounds) {
    EXPECT_EQ(ttl("/t", 1000), ErrorCode::Ok);
    EXPECT_EQ(owner("/t"), tree::kTtlOwnerMask | 1000);
    EXPECT_EQ(ttl("/most", tree::kMaxTtlMs), ErrorCode::Ok);
    EXPECT_EQ(owner("/most"), tree::kTtlOwnerMask | tree::kMaxTtlMs);
    EXPECT_EQ(ttl("/a", tree::kMaxTtlMs + 1), ErrorCode::BadArguments);
    EXPECT_EQ(ttl("/a", 0), ErrorCode::BadArguments);
    EXPECT_EQ(ttl("/a", -1), ErrorCode::BadArguments);
    EXPECT_EQ(ttl("/a", 1000, 0), ErrorCode::BadArguments);
    EXPECT_EQ(ttl("/a", 1000, 4), ErrorCode::BadArguments);
    EXPECT_EQ(ttl("/a", 1000, 7), ErrorCode::BadArguments);
    const Frame frame = client.call(OpCode::CreateTtl, timed("/s-", 6, 1));
    EXPECT_EQ(jute::decode<jute::Create2Response>(frame.body)->path, "/s-0000000002");
    EXPECT_EQ(client.create("/t/child").err, ErrorCode::Ok);
}

// The same request ends an Apache 3.8.0 and every follower of it.
TEST_F(ZnodeKinds, ATtlWithAnotherModesFlagIsRefused) {
    for (const std::int32_t flags : {0, 1, 2, 3, 4})
        EXPECT_EQ(ttl("/a", -1, flags), ErrorCode::BadArguments) << flags;
    EXPECT_FALSE(exists("/a"));
}

TEST_F(ZnodeKinds, WithoutExtendedTypesATtlIsUnimplemented) {
    World other;
    TestClient asks(other, 1);
    ASSERT_TRUE(asks.connect());
    for (const std::int64_t ttlMs : {1000L, 0L, -1L})
        EXPECT_EQ(asks.call(OpCode::CreateTtl, timed("/t", 5, ttlMs)).err, ErrorCode::Unimplemented);
    EXPECT_EQ(asks.call(OpCode::CreateTtl, timed("/t", 7, 1)).err, ErrorCode::BadArguments);
    EXPECT_EQ(asks.call(OpCode::CreateTtl, timed("/t", 0, -1)).err, ErrorCode::BadArguments);
    EXPECT_EQ(asks.create("/t", "", 5).err, ErrorCode::Unimplemented);
    EXPECT_EQ(asks.call(OpCode::CreateContainer, plain("/c", 4)).err, ErrorCode::Ok);
}

TEST_F(ZnodeKinds, InAMultiTheFlagsSayWhatIsCreated) {
    EXPECT_EQ(multi(OpCode::CreateContainer, plain("/c0", 0)), part(OpCode::Create));
    EXPECT_EQ(owner("/c0"), 0);
    EXPECT_EQ(multi(OpCode::CreateContainer, plain("/c4", 4)), part(OpCode::Create2));
    EXPECT_EQ(multi(OpCode::Create, plain("/p4", 4)), part(OpCode::Create2));
    EXPECT_EQ(multi(OpCode::Create2, plain("/q4", 4)), part(OpCode::Create2));
    EXPECT_EQ(owner("/c4"), tree::kContainerOwner);
    EXPECT_EQ(owner("/p4"), tree::kContainerOwner);
    EXPECT_EQ(multi(OpCode::CreateTtl, timed("/t5", 5, 1000)), part(OpCode::Create2));
    EXPECT_EQ(owner("/t5"), tree::kTtlOwnerMask | 1000);
    EXPECT_EQ(multi(OpCode::CreateTtl, timed("/t0", 0, 1000)), part(OpCode::Create));
    EXPECT_EQ(multi(OpCode::CreateTtl, timed("/t0-", 0, -1)), part(OpCode::Create));
    EXPECT_EQ(multi(OpCode::CreateTtl, timed("/t4", 4, 1000)), part(OpCode::Create2));
    EXPECT_EQ(owner("/t0"), 0);
    EXPECT_EQ(owner("/t4"), tree::kContainerOwner);
    EXPECT_EQ(multi(OpCode::CreateTtl, timed("/x", 5, 0)), part(OpCode::Error, ErrorCode::BadArguments));
    EXPECT_EQ(multi(OpCode::CreateTtl, timed("/x", 99, 5)), part(OpCode::Error, ErrorCode::BadArguments));
    EXPECT_EQ(multi(OpCode::Create, plain("/x", 99)), part(OpCode::Error, ErrorCode::BadArguments));
    // What Apache cannot read it refuses as a whole, where it comes to it.
    EXPECT_EQ(client
                  .call(OpCode::Multi, jute::encodeMulti({{OpCode::Create, plain("/y", 0)},
                                                          {OpCode::Create, plain("/x", 5)}}))
                  .err,
              ErrorCode::MarshallingError);
    EXPECT_FALSE(exists("/y"));
    EXPECT_EQ(client.create("/y").err, ErrorCode::Ok) << "nothing is left of it";
    EXPECT_EQ(client
                  .call(OpCode::Multi, jute::encodeMulti({{OpCode::Create, plain("/y", 0)},
                                                          {OpCode::Create, plain("/x", 5)}}))
                  .err,
              ErrorCode::Ok)
        << "it has failed before";
    EXPECT_EQ(std::get<0>(multi(OpCode::Create, plain("/x", 5))), ErrorCode::MarshallingError);
    EXPECT_EQ(std::get<0>(multi(OpCode::CreateContainer, plain("/x", 6))), ErrorCode::MarshallingError);
    EXPECT_EQ(std::get<0>(multi(OpCode::DeleteContainer, jute::encode(jute::PathRecord{"/c4"}))),
              ErrorCode::MarshallingError);
    EXPECT_FALSE(exists("/x"));
}

TEST_F(ZnodeKinds, ADeleteContainerOfAClientIsRefused) {
    container("/c");
    client.create("/p");
    for (const char* path : {"/c", "/p", "/nobody", "/", "/zookeeper/config"})
        EXPECT_EQ(client.call(OpCode::DeleteContainer, jute::PathRecord{path}).err, ErrorCode::BadArguments)
            << path;
    EXPECT_TRUE(exists("/c"));
    EXPECT_TRUE(exists("/p"));
}

TEST_F(ZnodeKinds, AContainerGoesOnceItsLastChildHasGone) {
    container("/c");
    world.pass(25s);
    EXPECT_TRUE(exists("/c")) << "it has never had a child";
    client.create("/c/a");
    world.pass(25s);
    EXPECT_TRUE(exists("/c"));
    client.remove("/c/a");
    client.exists("/c", true);
    world.pass(11s);
    EXPECT_FALSE(exists("/c"));
    const auto events = client.events();
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].type, static_cast<std::int32_t>(jute::EventType::Deleted));
    EXPECT_FALSE(world.server().trace.says(trace::Kind::DigestMismatch, ""));
}

TEST_F(ZnodeKinds, ATtlZnodeGoesWhenItsTimeIsUp) {
    ttl("/t", 30000);
    ttl("/parent", 1);
    client.create("/parent/child");
    world.pass(25s);
    EXPECT_TRUE(exists("/t"));
    client.set("/t", "again"); // its time begins anew
    world.pass(25s);
    EXPECT_EQ(client.exists("/t").err, ErrorCode::Ok);
    world.pass(16s);
    EXPECT_FALSE(exists("/t"));
    EXPECT_TRUE(exists("/parent")) << "it has a child";
    client.remove("/parent/child");
    world.pass(11s);
    EXPECT_FALSE(exists("/parent"));
}

TEST_F(ZnodeKinds, NoMoreGoInAMinuteThanConfigured) {
    for (int index = 0; index < 30; ++index) {
        const std::string path = "/c" + std::to_string(index);
        container(path);
        client.create(path + "/a");
        client.remove(path + "/a");
    }
    const std::size_t before = world.node().tree().znodeCount();
    world.pass(20s); // ten seconds from the first check, one a second
    const std::size_t gone = before - world.node().tree().znodeCount();
    EXPECT_GE(gone, 9u);
    EXPECT_LE(gone, 11u);
    world.pass(21s);
    EXPECT_EQ(before - world.node().tree().znodeCount(), 30u);
}

TEST(ZnodeKindsNeverUsed, AContainerThatNeverHadAChildGoesWhereTheConfigurationSaysSo) {
    World world(0, [](config::ServerConfig& config) {
        config.containerCheckInterval = 10s;
        config.containerNeverUsed = 60s;
    });
    TestClient client(world, 1);
    ASSERT_TRUE(client.connect(40000));
    client.call(OpCode::CreateContainer, plain("/c", 4));
    world.pass(55s);
    EXPECT_NE(world.node().tree().find("/c"), nullptr);
    world.pass(16s);
    EXPECT_EQ(world.node().tree().find("/c"), nullptr);
}

// More of them than are looked at in one turn.
TEST(ZnodeKindsReaper, LooksThroughManyInSeveralTurns) {
    config::ServerConfig config;
    config.containerCheckInterval = 1000ms;
    tree::DataTree tree({.extendedTypes = true});
    const auto create = [&](const std::string& path, std::int64_t ttlMs) {
        tree.apply({{1, 1, tree.lastZxid().next(), 1000, static_cast<std::int32_t>(OpCode::CreateTtl)},
                    jute::CreateTtlTxn{path, "", jute::openAcl(), -1, ttlMs},
                    {}});
    };
    for (int index = 0; index <= kLooksPerTurn; ++index)
        create("/young" + std::to_string(index), 1000000);
    create("/old", 5);
    Reaper reaper(config, Instant());
    EXPECT_EQ(reaper.nextAt(), Instant(1s));
    EXPECT_EQ(reaper.next(tree, Instant(999ms), {2000}), std::nullopt) << "it is not time yet";
    EXPECT_EQ(reaper.next(tree, Instant(1s), {2000}), std::nullopt);
    EXPECT_EQ(reaper.nextAt(), Instant(1001ms)) << "the turn's share has been looked at";
    EXPECT_EQ(reaper.next(tree, reaper.nextAt(), {2000}), "/old");
    EXPECT_EQ(reaper.next(tree, reaper.nextAt(), {2000}), std::nullopt);
    EXPECT_EQ(reaper.nextAt(), Instant(2s));
}

TEST(ZnodeKindsEnsemble, TheLeaderRemovesAndAllTreesStayEqual) {
    World world(3, [](config::ServerConfig& config) {
        config.extendedTypes = true;
        config.containerCheckInterval = 1000ms;
    });
    const Sid leader = world.awaitLeader();
    const Sid other = leader == 1 ? 2 : 1;
    ASSERT_TRUE(world.awaitServing(other));
    TestClient client(world, other);
    ASSERT_TRUE(client.connect(40000));
    ASSERT_EQ(client.call(OpCode::CreateContainer, plain("/c", 4)).err, ErrorCode::Ok);
    client.create("/c/a");
    client.remove("/c/a");
    ASSERT_EQ(client.call(OpCode::CreateTtl, timed("/t", 5, 100)).err, ErrorCode::Ok);
    EXPECT_EQ(client.call(OpCode::DeleteContainer, jute::PathRecord{"/c"}).err, ErrorCode::BadArguments);
    world.pass(3s);
    for (const Sid sid : {1, 2, 3}) {
        const tree::DataTree& tree = world.node(sid).tree();
        EXPECT_EQ(tree.find("/c"), nullptr);
        EXPECT_EQ(tree.find("/t"), nullptr);
        EXPECT_EQ(tree.digest(), world.node(leader).tree().digest());
        EXPECT_EQ(world.server(sid).trace.count(trace::Kind::DigestMismatch), 0u);
    }
}

// What the disk holds brings the kinds back.
TEST_F(ZnodeKinds, ARestartKnowsThemAgain) {
    container("/c");
    client.create("/c/a");
    ttl("/t", 1000000);
    world.crash(1);
    world.start(1);
    world.settle();
    EXPECT_EQ(owner("/c"), tree::kContainerOwner);
    TestClient again(world, 1);
    ASSERT_TRUE(again.connect(40000));
    again.remove("/c/a");
    world.pass(11s);
    EXPECT_FALSE(exists("/c"));
    EXPECT_EQ(owner("/t"), tree::kTtlOwnerMask | 1000000);
}

} // namespace zk::server::testing
