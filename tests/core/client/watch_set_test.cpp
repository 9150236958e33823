#include "client/watch_set.h"

#include <gtest/gtest.h>

#include <set>

namespace zk::client {

using jute::EventType;
using Kind = WatchSet::Kind;

namespace {

// How many of the kinds set on /a this event fires, and how many are left.
std::pair<std::size_t, std::size_t> fired(EventType type) {
    WatchSet watches;
    const Watcher nothing = [](const WatchEvent&) {};
    for (const Kind kind : {Kind::Data, Kind::Exist, Kind::Child})
        watches.add(kind, "/a", nothing);
    watches.add(Kind::Data, "/b", nothing);
    const std::size_t count = watches.fire(type, "/a").size();
    return {count, watches.size()};
}

} // namespace

TEST(WatchSet, EachEventFiresItsKinds) {
    using Counts = std::pair<std::size_t, std::size_t>;
    EXPECT_EQ(fired(EventType::Created), Counts(2, 2));
    EXPECT_EQ(fired(EventType::DataChanged), Counts(2, 2));
    EXPECT_EQ(fired(EventType::ChildrenChanged), Counts(1, 3));
    EXPECT_EQ(fired(EventType::Deleted), Counts(3, 1));
    EXPECT_EQ(fired(EventType::None), Counts(0, 4));
}

TEST(WatchSet, NothingToSetAgainIsNoRequest) {
    EXPECT_TRUE(WatchSet().toSetAgain(Zxid(1)).empty());
}

TEST(WatchSet, ManyPathsTakeSeveralRequests) {
    WatchSet watches;
    std::set<std::string> expected;
    for (int index = 0; index < 3000; ++index) {
        const std::string path = "/" + std::string(100, 'x') + std::to_string(index);
        watches.add(static_cast<Kind>(index % 3), path, [](const WatchEvent&) {});
        expected.insert(path);
    }
    const auto requests = watches.toSetAgain(Zxid(9));
    EXPECT_GE(requests.size(), 3u);
    std::set<std::string> found;
    for (const auto& request : requests) {
        EXPECT_EQ(request.relativeZxid, Zxid(9));
        EXPECT_LE(jute::encode(request).size(), kSetWatchesBytes + 32);
        for (const auto* list : {&request.dataWatches, &request.existWatches, &request.childWatches})
            found.insert(list->begin(), list->end());
    }
    EXPECT_EQ(found, expected);
}

TEST(WatchSet, APathLongerThanARequestStillGoes) {
    WatchSet watches;
    watches.add(Kind::Data, "/" + std::string(kSetWatchesBytes, 'x'), [](const WatchEvent&) {});
    watches.add(Kind::Child, "/b", [](const WatchEvent&) {});
    EXPECT_EQ(watches.toSetAgain(Zxid(1)).size(), 2u);
}

TEST(WatchSet, PersistentOnesStay) {
    WatchSet watches;
    std::string told;
    const auto named = [&told](char name) { return [&told, name](const WatchEvent&) { told += name; }; };
    watches.add(Kind::Persistent, "/a", named('p'));
    watches.add(Kind::Recursive, "/a", named('r'));
    watches.add(Kind::Recursive, "/", named('R'));
    watches.add(Kind::Data, "/a", named('d'));
    const auto fire = [&](EventType type, const std::string& path) {
        told.clear();
        for (const Watcher& watcher : watches.fire(type, path)) watcher({type, path});
        return told;
    };
    EXPECT_EQ(fire(EventType::Created, "/a"), "dprR");
    EXPECT_EQ(fire(EventType::DataChanged, "/a"), "prR");
    EXPECT_EQ(fire(EventType::ChildrenChanged, "/a"), "p");
    EXPECT_EQ(fire(EventType::Deleted, "/a/b/c"), "rR");
    EXPECT_EQ(fire(EventType::Deleted, "/ab"), "R");
    EXPECT_EQ(fire(EventType::DataChanged, "/"), "R");
    EXPECT_EQ(fire(EventType::DataChanged, "odd"), "");
    EXPECT_EQ(watches.size(), 3u);
}

TEST(WatchSet, RemovedByTypeEachWithItsEvent) {
    using jute::WatcherType;
    WatchSet watches;
    const std::vector<Kind> kinds{Kind::Data, Kind::Exist, Kind::Child, Kind::Persistent, Kind::Recursive};
    for (const Kind kind : kinds) watches.add(kind, "/a", [](const WatchEvent&) {});
    const auto removed = [&](WatcherType type) {
        std::vector<EventType> events;
        for (const auto& one : watches.remove(type, "/a")) events.push_back(one.type);
        return events;
    };
    using Events = std::vector<EventType>;
    EXPECT_EQ(removed(WatcherType::Data), (Events{EventType::DataWatchRemoved, EventType::DataWatchRemoved}));
    EXPECT_EQ(removed(WatcherType::Data), Events());
    EXPECT_EQ(removed(WatcherType::Children), Events{EventType::ChildWatchRemoved});
    EXPECT_EQ(removed(WatcherType::PersistentRecursive), Events{EventType::PersistentWatchRemoved});
    EXPECT_EQ(removed(WatcherType::Persistent), Events{EventType::PersistentWatchRemoved});
    for (const Kind kind : kinds) watches.add(kind, "/a", [](const WatchEvent&) {});
    EXPECT_EQ(removed(WatcherType::Any).size(), 5u);
    EXPECT_EQ(watches.size(), 0u);
}

} // namespace zk::client
