// addWatch, checkWatches, removeWatches and setWatches2: what is answered, and which events then come to whom.
#include "driver.h"

namespace zk::server::testing {

using jute::AddWatchMode;
using jute::EventType;
using jute::WatcherType;

class WatchRequests : public ::testing::Test {
  protected:
    WatchRequests() {
        EXPECT_TRUE(client.connect());
        EXPECT_TRUE(other.connect());
    }

    Frame add(const std::string& path, AddWatchMode mode) {
        return client.call(OpCode::AddWatch, jute::AddWatchRequest{path, static_cast<std::int32_t>(mode)});
    }
    ErrorCode check(const std::string& path, WatcherType type) {
        return client.call(OpCode::CheckWatches, jute::WatcherTypeRequest{path, static_cast<std::int32_t>(type)}).err;
    }
    ErrorCode remove(const std::string& path, WatcherType type) {
        return client.call(OpCode::RemoveWatches, jute::WatcherTypeRequest{path, static_cast<std::int32_t>(type)}).err;
    }
    // What the client has been told, as "1/a": the number of the event's type, then its path.
    std::vector<std::string> told() {
        client.call(OpCode::Ping, "", jute::kXidPing);
        std::vector<std::string> events;
        for (const jute::WatcherEvent& event : client.events()) events.push_back(std::to_string(event.type) + event.path);
        return events;
    }
    using Told = std::vector<std::string>;

    World world;
    TestClient client{world, 1}, other{world, 1};
};

TEST_F(WatchRequests, APersistentWatchHearsOfItsZnodeAndItsChildrenAgainAndAgain) {
    const Frame frame = add("/a", AddWatchMode::Persistent);
    EXPECT_EQ(frame.err, ErrorCode::Ok);
    EXPECT_EQ(frame.body, std::string(4, '\0'));
    other.create("/a");
    other.create("/a/b");
    other.set("/a", "x");
    other.set("/a", "y");
    other.set("/a/b", "z");
    other.remove("/a/b");
    other.remove("/a");
    EXPECT_EQ(told(), (Told{"1/a", "4/a", "3/a", "3/a", "4/a", "2/a"}));
}

TEST_F(WatchRequests, ARecursiveWatchHearsOfEverythingBelowButOfNoChildrenChanged) {
    EXPECT_EQ(add("/a", AddWatchMode::PersistentRecursive).err, ErrorCode::Ok);
    other.create("/a");
    other.create("/ab");
    other.create("/a/b");
    other.create("/a/b/c");
    other.set("/a/b/c", "x");
    other.remove("/a/b/c");
    other.remove("/a/b");
    EXPECT_EQ(told(), (Told{"1/a", "1/a/b", "1/a/b/c", "3/a/b/c", "2/a/b/c", "2/a/b"}));
}

TEST_F(WatchRequests, ARecursiveWatchOfTheRootHearsOfAll) {
    add("/", AddWatchMode::PersistentRecursive);
    other.create("/a");
    other.create("/a/b");
    EXPECT_EQ(told(), (Told{"1/a", "1/a/b"}));
}

TEST_F(WatchRequests, SeveralWatchesGiveOneEvent) {
    other.create("/a");
    add("/", AddWatchMode::PersistentRecursive);
    add("/a", AddWatchMode::PersistentRecursive);
    add("/a", AddWatchMode::Persistent);
    client.get("/a", true);
    client.children("/a", true);
    other.set("/a", "x");
    EXPECT_EQ(told(), (Told{"3/a"}));
    other.remove("/a");
    EXPECT_EQ(told(), (Told{"2/a"}));
}

TEST_F(WatchRequests, WaysToWaitStandSideBySide) {
    other.create("/a");
    add("/a", AddWatchMode::Persistent);
    add("/a", AddWatchMode::PersistentRecursive);
    client.get("/a", true);
    EXPECT_EQ(check("/a", WatcherType::Data), ErrorCode::Ok);
    other.set("/a", "x");
    EXPECT_EQ(check("/a", WatcherType::Data), ErrorCode::NoWatcher);
    EXPECT_EQ(check("/a", WatcherType::Children), ErrorCode::NoWatcher);
    EXPECT_EQ(check("/a", WatcherType::Persistent), ErrorCode::Ok);
    EXPECT_EQ(check("/a", WatcherType::PersistentRecursive), ErrorCode::Ok);
    EXPECT_EQ(check("/a", WatcherType::Any), ErrorCode::Ok);
    EXPECT_EQ(check("/b", WatcherType::Any), ErrorCode::NoWatcher);
}

TEST_F(WatchRequests, AnothersWatchIsNotOnesOwn) {
    other.create("/a");
    other.get("/a", true);
    EXPECT_EQ(check("/a", WatcherType::Any), ErrorCode::NoWatcher);
    EXPECT_EQ(remove("/a", WatcherType::Any), ErrorCode::NoWatcher);
    EXPECT_EQ(world.node().status().watches, 1U);
}

TEST_F(WatchRequests, RemovedByKindWithoutAnEventFromTheServer) {
    other.create("/a");
    client.get("/a", true);
    client.children("/a", true);
    add("/a", AddWatchMode::Persistent);
    EXPECT_EQ(remove("/a", WatcherType::PersistentRecursive), ErrorCode::NoWatcher);
    EXPECT_EQ(remove("/a", WatcherType::Persistent), ErrorCode::Ok);
    EXPECT_EQ(remove("/a", WatcherType::Persistent), ErrorCode::NoWatcher);
    EXPECT_EQ(remove("/a", WatcherType::Children), ErrorCode::Ok);
    EXPECT_EQ(remove("/a", WatcherType::Children), ErrorCode::NoWatcher);
    EXPECT_EQ(remove("/a", WatcherType::Data), ErrorCode::Ok);
    EXPECT_EQ(remove("/a", WatcherType::Any), ErrorCode::NoWatcher);
    add("/a", AddWatchMode::Persistent);
    client.get("/a", true);
    EXPECT_EQ(remove("/a", WatcherType::Any), ErrorCode::Ok);
    other.set("/a", "x");
    other.remove("/a");
    EXPECT_EQ(told(), Told());
    EXPECT_EQ(world.node().status().watches, 0U);
}

TEST_F(WatchRequests, NumbersThatMeanNothing) {
    for (const std::int32_t number : {0, 6, -1}) {
        EXPECT_EQ(check("/a", static_cast<WatcherType>(number)), ErrorCode::MarshallingError);
        EXPECT_EQ(remove("/a", static_cast<WatcherType>(number)), ErrorCode::MarshallingError);
    }
    EXPECT_EQ(add("/a", static_cast<AddWatchMode>(2)).err, ErrorCode::MarshallingError);
    EXPECT_EQ(add("/a", static_cast<AddWatchMode>(-1)).err, ErrorCode::MarshallingError);
}

TEST_F(WatchRequests, AnyTextIsAPathToWatch) {
    EXPECT_EQ(add("x//y", AddWatchMode::Persistent).err, ErrorCode::Ok);
    EXPECT_EQ(check("x//y", WatcherType::Any), ErrorCode::Ok);
}

TEST_F(WatchRequests, CountedOnceForTheDataAndOnceForTheChildren) {
    add("/p", AddWatchMode::Persistent);
    EXPECT_EQ(world.node().status().watches, 2U);
    add("/r", AddWatchMode::PersistentRecursive);
    EXPECT_EQ(world.node().status().watches, 3U);
    add("/r", AddWatchMode::Persistent);
    EXPECT_EQ(world.node().status().watches, 4U);
}

TEST_F(WatchRequests, TheSummaryLeavesOutThoseOfGetChildren) {
    other.create("/a");
    client.get("/a", true);
    client.children("/", true);
    other.children("/a", true);
    const auto status = world.node().status(admin::StatusDetail::Watches);
    EXPECT_EQ(status.watches, 3U);
    EXPECT_EQ(status.dataWatches, 1U);
    EXPECT_EQ(status.watchingConnections, 1U);
    EXPECT_EQ(status.watchedPaths, 1U);
    EXPECT_EQ(status.watchesByPath, (std::map<std::string, std::set<SessionId>>{{"/a", {client.session}}}));
}

TEST_F(WatchRequests, NobodyHearsOfWhatHeMayNotRead) {
    add("/", AddWatchMode::PersistentRecursive);
    other.create("/closed", "", 0, {{jute::kPermAll & ~jute::kPermRead, {"world", "anyone"}}});
    other.set("/closed", "x");
    EXPECT_EQ(told(), Told());
}

TEST_F(WatchRequests, GoneWithTheConnection) {
    add("/a", AddWatchMode::PersistentRecursive);
    client.call(OpCode::CloseSession);
    EXPECT_EQ(world.node().status().watches, 0U);
}

TEST_F(WatchRequests, SetAgainAfterAReconnectWithWhatWasMissed) {
    other.create("/changed");
    other.create("/same");
    const Zxid seen = world.node().lastZxid();
    other.set("/changed", "x");
    other.create("/born");
    const Frame frame = client.call(
        OpCode::SetWatches2,
        jute::encode(jute::SetWatches2Request{
            seen, {"/changed", "/same", "/gone"}, {"/born", "/unborn"}, {"/same"}, {"/changed"}, {"/deep"}}),
        jute::kXidSetWatches);
    EXPECT_EQ(frame.err, ErrorCode::Ok);
    EXPECT_EQ(frame.body, "");
    EXPECT_EQ(told(), (Told{"3/changed", "2/gone", "1/born"}));
    other.create("/unborn");
    other.create("/deep");
    other.create("/deep/x");
    other.set("/changed", "y");
    other.set("/same", "z");
    other.create("/same/child");
    EXPECT_EQ(told(), (Told{"1/unborn", "1/deep", "1/deep/x", "3/changed", "3/same", "4/same"}));
    EXPECT_EQ(world.node().status().watches, 3U); // the persistent one counts twice
}

} // namespace zk::server::testing
