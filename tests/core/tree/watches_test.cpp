#include "tree/watches.h"

#include <gtest/gtest.h>

namespace zk::tree {
namespace {

using jute::EventType;

std::vector<WatcherId> told(Watches& watches, EventType type, std::string_view path) {
    std::vector<WatcherId> ids;
    watches.trigger(type, path, [&ids](WatcherId id) { ids.push_back(id); });
    return ids;
}

TEST(Watches, FireOnceAndByKind) {
    Watches watches;
    watches.add(2, WatchKind::Data, "/a");
    watches.add(1, WatchKind::Data, "/a");
    watches.add(1, WatchKind::Data, "/a");
    watches.add(3, WatchKind::Child, "/a");
    EXPECT_EQ(watches.count(), 3u);
    EXPECT_EQ(watches.watchers(), 3u);
    EXPECT_EQ(watches.paths(), 1u);
    EXPECT_TRUE(told(watches, EventType::DataChanged, "/b").empty());
    EXPECT_EQ(told(watches, EventType::DataChanged, "/a"), (std::vector<WatcherId>{1, 2}));
    EXPECT_TRUE(told(watches, EventType::DataChanged, "/a").empty());
    EXPECT_EQ(told(watches, EventType::ChildrenChanged, "/a"), (std::vector<WatcherId>{3}));
    EXPECT_EQ(watches.count(), 0u);
}

TEST(Watches, ADeleteTellsBothKindsOnce) {
    Watches watches;
    watches.add(1, WatchKind::Child, "/a");
    watches.add(1, WatchKind::Data, "/a");
    watches.add(2, WatchKind::Child, "/a");
    EXPECT_EQ(told(watches, EventType::Deleted, "/a"), (std::vector<WatcherId>{1, 2}));
    EXPECT_EQ(watches.watchers(), 0u);
}

TEST(Watches, AWatcherMayAddAgainWhileItIsTold) {
    Watches watches;
    watches.add(1, WatchKind::Data, "/a");
    watches.trigger(EventType::Created, "/a", [&](WatcherId id) { watches.add(id, WatchKind::Data, "/a"); });
    EXPECT_EQ(watches.count(), 1u);
}

TEST(Watches, RemovedWithTheirConnection) {
    Watches watches;
    watches.add(1, WatchKind::Data, "/a");
    watches.add(1, WatchKind::Child, "/b");
    watches.add(2, WatchKind::Data, "/a");
    EXPECT_EQ(watches.byWatcher().at(1), (std::set<std::string>{"/a", "/b"}));
    watches.remove(1);
    watches.remove(7);
    EXPECT_EQ(watches.byPath(), (std::map<std::string, std::set<WatcherId>>{{"/a", {2}}}));
}

} // namespace
} // namespace zk::tree
