// Every operation on every kind of server: a leader, a follower and an observer answer as a server that stands alone.
#include "driver.h"

namespace zk::server::testing {

namespace {

// Each operation once or more, well-formed and not; what was answered, as text. Only what holds no zxid, time or id.
std::vector<std::string> play(World& world, Sid server) {
    TestClient client(world, server), other(world, server);
    EXPECT_TRUE(client.connect());
    EXPECT_TRUE(other.connect());
    std::vector<std::string> said;
    const auto tell = [&](OpCode op, std::string_view body, std::optional<std::int32_t> xid = {}) {
        const Frame frame = client.call(op, body, xid);
        said.push_back(std::string(jute::name(op)) + " " + std::string(jute::name(frame.err)) + " " + frame.body);
    };
    const auto ask = [&](OpCode op, const auto& record) { tell(op, jute::encode(record)); };
    const auto number = [](auto value) { return static_cast<std::int32_t>(value); };

    client.auth("digest", "bob:secret");
    ask(OpCode::Create, jute::CreateRequest{"/a", "x", jute::openAcl(), 0});
    ask(OpCode::Create, jute::CreateRequest{"/a/e", "", jute::openAcl(), 1});
    ask(OpCode::Create, jute::CreateRequest{"/a/s", "", jute::openAcl(), 2});
    ask(OpCode::Create, jute::CreateRequest{"/a/e/x", "", jute::openAcl(), 0});
    ask(OpCode::AddWatch, jute::AddWatchRequest{"/a", number(jute::AddWatchMode::PersistentRecursive)});
    ask(OpCode::AddWatch, jute::AddWatchRequest{"/a", 2});
    ask(OpCode::CheckWatches, jute::WatcherTypeRequest{"/a", number(jute::WatcherType::PersistentRecursive)});
    ask(OpCode::CheckWatches, jute::WatcherTypeRequest{"/a", number(jute::WatcherType::Data)});
    ask(OpCode::GetChildren, jute::ReadRequest{"/a", true});
    EXPECT_EQ(other.create("/a/b").err, ErrorCode::Ok);
    EXPECT_EQ(other.set("/a/b", "y").err, ErrorCode::Ok);
    ask(OpCode::RemoveWatches, jute::WatcherTypeRequest{"/a", number(jute::WatcherType::Children)});
    ask(OpCode::RemoveWatches, jute::WatcherTypeRequest{"/a", number(jute::WatcherType::Any)});
    ask(OpCode::GetEphemerals, jute::PathRecord{"/"});
    ask(OpCode::GetAllChildrenNumber, jute::PathRecord{"/"});
    tell(OpCode::WhoAmI, "");
    tell(OpCode::MultiRead, jute::encodeMulti({{OpCode::GetChildren, jute::encode(jute::ReadRequest{"/a", false})},
                                               {OpCode::GetData, jute::encode(jute::ReadRequest{"/no", false})}}));
    tell(OpCode::Multi, jute::encodeMulti({{OpCode::Check, jute::encode(jute::CheckVersionRequest{"/a", 7})},
                                           {OpCode::Delete, jute::encode(jute::DeleteRequest{"/a/b", -1})}}));
    ask(OpCode::SetAcl, jute::SetAclRequest{"/a", {{31, {"auth", ""}}}, 9});
    ask(OpCode::Delete, jute::DeleteRequest{"/a", -1});
    ask(OpCode::Sync, jute::PathRecord{"/a"});
    tell(OpCode::Sasl, std::string(4, '\0'));
    tell(OpCode::Reconfig, std::string(20, '\0'));
    tell(OpCode::SetWatches2, jute::encode(jute::SetWatches2Request{Zxid(), {"/gone"}, {}, {}, {"/a"}, {"/"}}),
         jute::kXidSetWatches);
    EXPECT_EQ(other.remove("/a/b").err, ErrorCode::Ok);
    tell(OpCode::Ping, "", jute::kXidPing);
    for (const jute::WatcherEvent& event : client.events()) said.push_back(jute::describe(event));
    tell(OpCode::Check, jute::encode(jute::CheckVersionRequest{"/a", -1}));
    EXPECT_FALSE(client.open);
    return said;
}

} // namespace

TEST(Roles, AnswerAllAlike) {
    World alone;
    const auto expected = play(alone, 1);
    EXPECT_EQ(expected.size(), 30U);
    for (const Sid role : {1, 2, 3}) {
        World world{3, [](config::ServerConfig& config) { config.servers[3].role = config::Role::Observer; }};
        ASSERT_EQ(world.awaitLeader(), 2);
        ASSERT_TRUE(world.awaitServing(role));
        EXPECT_EQ(play(world, role), expected) << "server " << role;
    }
}

TEST(Roles, ASyncIsAnsweredBetweenTheWritesAroundIt) {
    for (const Sid role : {1, 2, 3}) {
        World world{3, [](config::ServerConfig& config) { config.servers[3].role = config::Role::Observer; }};
        ASSERT_EQ(world.awaitLeader(), 2);
        ASSERT_TRUE(world.awaitServing(role));
        TestClient client(world, role);
        ASSERT_TRUE(client.connect());
        const auto create = client.send(OpCode::Create, jute::CreateRequest{"/a", "", jute::openAcl(), 0});
        const auto sync = client.send(OpCode::Sync, jute::PathRecord{"/a"});
        const auto set = client.send(OpCode::SetData, jute::SetDataRequest{"/a", "x", -1});
        world.settle();
        const auto created = client.take(create), synced = client.take(sync), changed = client.take(set);
        ASSERT_TRUE(created && synced && changed) << role;
        EXPECT_EQ(synced->zxid, created->zxid) << role;
        EXPECT_EQ(changed->zxid, created->zxid.next()) << role;
    }
}

} // namespace zk::server::testing
