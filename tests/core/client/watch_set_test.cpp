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

} // namespace zk::client
