// What a client may rely on: answers in the order of its requests, watch events before what they announce, and nothing
// acknowledged that is not durable.
#include "driver.h"

namespace zk::server::testing {

class Ordering : public ::testing::Test {
  protected:
    Ordering() {
        EXPECT_TRUE(client.connect());
        EXPECT_TRUE(other.connect());
    }
    World world;
    TestClient client{world, 1}, other{world, 1};
};

TEST_F(Ordering, NoAnswerBeforeTheDiskHasIt) {
    world.server().diskHeld = true;
    const std::int32_t xid = client.send(OpCode::Create, jute::CreateRequest{"/a", "", jute::openAcl(), 0});
    world.settle();
    EXPECT_FALSE(client.take(xid));
    EXPECT_EQ(other.exists("/a").err, ErrorCode::NoNode);
    world.releaseDisk(1);
    EXPECT_TRUE(client.take(xid));
    EXPECT_EQ(other.exists("/a").err, ErrorCode::Ok);
}

TEST_F(Ordering, AReadBehindAWriteWaitsAndSeesIt) {
    world.server().diskHeld = true;
    const auto create = client.send(OpCode::Create, jute::CreateRequest{"/a", "x", jute::openAcl(), 0});
    const auto get = client.send(OpCode::GetData, jute::ReadRequest{"/a", false});
    const auto set = client.send(OpCode::SetData, jute::SetDataRequest{"/a", "y", 0});
    const auto ping = client.send(OpCode::Ping, "", jute::kXidPing);
    world.settle();
    EXPECT_TRUE(client.frames.empty());
    EXPECT_EQ(other.call(OpCode::Ping, "", jute::kXidPing).err, ErrorCode::Ok) << "others do not wait";
    world.releaseDisk(1);
    ASSERT_EQ(client.frames.size(), 4U);
    EXPECT_EQ(client.frames[0].xid, create);
    EXPECT_EQ(client.frames[1].xid, get);
    EXPECT_EQ(jute::decode<jute::GetDataResponse>(client.frames[1].body)->data, "x");
    EXPECT_EQ(client.frames[2].xid, set);
    EXPECT_EQ(client.frames[3].xid, ping);
}

TEST_F(Ordering, ASyncIsAnsweredRightBehindWhatWasAskedBeforeIt) {
    world.server().diskHeld = true;
    const auto create = client.send(OpCode::Create, jute::CreateRequest{"/a", "", jute::openAcl(), 0});
    const auto sync = client.send(OpCode::Sync, jute::PathRecord{"/a"});
    const auto get = client.send(OpCode::GetData, jute::ReadRequest{"/a", false});
    const auto set = client.send(OpCode::SetData, jute::SetDataRequest{"/a", "y", 0});
    const auto last = client.send(OpCode::Sync, jute::PathRecord{"/"});
    const auto close = client.send(OpCode::CloseSession);
    world.settle();
    world.releaseDisk(1);
    std::vector<std::int32_t> answered;
    for (const Frame& frame : client.frames) answered.push_back(frame.xid);
    ASSERT_EQ(answered, (std::vector{create, sync, get, set, last, close}));
    EXPECT_EQ(client.frames[1].zxid, client.frames[0].zxid);
    EXPECT_FALSE(client.open);
}

TEST_F(Ordering, WritesGatherWhileTheDiskWorks) {
    world.server().diskHeld = true;
    for (int index = 0; index < 100; ++index) {
        client.send(OpCode::Create, jute::CreateRequest{"/n", "", jute::openAcl(), 2});
        world.settle();
    }
    EXPECT_EQ(world.server().held.size(), 1U);
    const std::size_t before = world.server().batches;
    world.releaseDisk(1);
    EXPECT_EQ(world.server().batches, before + 2);
    EXPECT_EQ(client.frames.size(), 100U);
}

TEST_F(Ordering, AWatchEventComesBeforeTheAnswerOfWhatItAnnounces) {
    client.create("/a");
    client.get("/a", true);
    client.children("/", true);
    world.server().diskHeld = true;
    client.send(OpCode::SetData, jute::SetDataRequest{"/a", "y", -1});
    client.send(OpCode::GetData, jute::ReadRequest{"/a", false});
    client.send(OpCode::Delete, jute::DeleteRequest{"/a", -1});
    world.settle();
    world.releaseDisk(1);
    ASSERT_EQ(client.frames.size(), 5U);
    EXPECT_EQ(client.frames[0].xid, jute::kXidNotification);
    EXPECT_EQ(client.frames[0].zxid, client.frames[1].zxid);
    EXPECT_EQ(client.frames[3].xid, jute::kXidNotification);
    EXPECT_EQ(jute::decode<jute::WatcherEvent>(client.frames[3].body)->type,
              static_cast<std::int32_t>(jute::EventType::ChildrenChanged));
}

TEST_F(Ordering, WatchesFireOnceAndForWhatTheyWaitFor) {
    using jute::EventType;
    const auto types = [&] {
        std::vector<EventType> all;
        for (const auto& event : client.events()) all.push_back(static_cast<EventType>(event.type));
        return all;
    };
    EXPECT_EQ(client.exists("/a", true).err, ErrorCode::NoNode);
    other.create("/a");
    EXPECT_EQ(types(), std::vector{EventType::Created});
    other.set("/a", "1");
    EXPECT_TRUE(types().empty());
    client.get("/a", true);
    client.exists("/a", true);
    other.set("/a", "2");
    EXPECT_EQ(types(), std::vector{EventType::DataChanged});
    client.children("/a", true);
    other.create("/a/b");
    EXPECT_EQ(types(), std::vector{EventType::ChildrenChanged});
    client.get("/a/b", true);
    client.children("/a/b", true);
    other.remove("/a/b");
    EXPECT_EQ(types(), std::vector{EventType::Deleted});
    EXPECT_EQ(client.get("/none", true).err, ErrorCode::NoNode);
    other.create("/none");
    EXPECT_TRUE(types().empty());
}

TEST_F(Ordering, SetWatchesTellsWhatWasMissedAndSetsTheRest) {
    using jute::EventType;
    client.create("/changed");
    client.create("/same");
    client.create("/gone");
    const Zxid seen = client.create("/parent").zxid;
    other.set("/changed", "x");
    other.remove("/gone");
    other.create("/appeared");
    other.create("/parent/child");
    const jute::SetWatchesRequest request{seen, {"/changed", "/same", "/gone"}, {"/appeared", "/absent"},
                                          {"/parent", "/same", "/gone"}};
    const auto xid = client.send(OpCode::SetWatches, jute::encode(request), jute::kXidSetWatches);
    world.settle();
    ASSERT_EQ(client.frames.size(), 6U);
    EXPECT_EQ(client.frames.back().xid, xid);
    EXPECT_EQ(client.frames.back().err, ErrorCode::Ok);
    std::vector<std::string> told;
    for (const auto& event : client.events())
        told.push_back(std::string(jute::name(static_cast<EventType>(event.type))) + " " + event.path);
    EXPECT_EQ(told, (std::vector<std::string>{"NodeDataChanged /changed", "NodeDeleted /gone", "NodeCreated /appeared",
                                              "NodeChildrenChanged /parent", "NodeDeleted /gone"}));
    other.set("/same", "x");
    other.create("/absent");
    other.create("/same/child");
    EXPECT_EQ(client.events().size(), 3U);
}

TEST_F(Ordering, TooManyUnansweredRequestsPauseTheConnection) {
    world.server().diskHeld = true;
    const std::string body = jute::encode(jute::CreateRequest{"/n", "", jute::openAcl(), 2});
    for (int index = 0; index < 1500; ++index) client.send(OpCode::Create, body);
    world.settle();
    EXPECT_TRUE(client.link.paused);
    EXPECT_EQ(world.node().status().outstanding, 1000);
    world.releaseDisk(1);
    EXPECT_FALSE(client.link.paused);
    EXPECT_EQ(client.frames.size(), 1500U);
}

TEST_F(Ordering, AnAnswerThatNobodyReadsStopsTheConnectionsRequests) {
    client.create("/big", std::string(1'000'000, 'x'));
    ClientLink& link = client.link;
    std::string requests;
    for (int index = 0; index < 20; ++index) {
        std::string payload;
        jute::Writer out(payload);
        out.i32(100 + index);
        out.i32(static_cast<std::int32_t>(OpCode::GetData));
        out.raw(jute::encode(jute::ReadRequest{"/big", false}));
        jute::Writer(requests).bytes(payload);
    }
    const std::size_t taken = world.node().received(link, requests);
    EXPECT_LT(taken, requests.size());
    EXPECT_LT(link.out.size(), kOutputLimit + 1'100'000);
    client.pump();
    EXPECT_GT(world.node().received(link, std::string_view(requests).substr(taken)), 0U);
}

} // namespace zk::server::testing
