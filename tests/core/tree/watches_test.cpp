#include "base/rng.h"
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
    EXPECT_EQ(watches.ofData().watches, 2u);
    EXPECT_EQ(watches.ofData().watchers, 2u);
    EXPECT_EQ(watches.ofData().paths, 1u);
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
    EXPECT_EQ(watches.count(), 0u);
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
    EXPECT_EQ(watches.byWatcher().at(1), (std::set<std::string>{"/a"})); // /b's is one of getChildren
    watches.remove(1);
    watches.remove(7);
    EXPECT_EQ(watches.byPath(), (std::map<std::string, std::set<WatcherId>>{{"/a", {2}}}));
}

TEST(Watches, PersistentOnesStayAndAreToldOnceForEveryWay) {
    Watches watches;
    watches.add(1, WatchKind::Persistent, "/a");
    watches.add(1, WatchKind::Data, "/a");
    watches.add(2, WatchKind::Child, "/a");
    EXPECT_EQ(told(watches, EventType::DataChanged, "/a"), (std::vector<WatcherId>{1}));
    EXPECT_FALSE(watches.contains(1, "/a", WatchKind::Data));
    EXPECT_EQ(told(watches, EventType::ChildrenChanged, "/a"), (std::vector<WatcherId>{1, 2}));
    EXPECT_EQ(told(watches, EventType::Deleted, "/a"), (std::vector<WatcherId>{1}));
    EXPECT_EQ(told(watches, EventType::Created, "/a"), (std::vector<WatcherId>{1}));
    EXPECT_TRUE(told(watches, EventType::Created, "/a/b").empty());
}

TEST(Watches, RecursiveOnesHearOfAllBelowButOfNoChildrenChanged) {
    Watches watches;
    watches.add(1, WatchKind::Recursive, "/");
    watches.add(2, WatchKind::Recursive, "/a");
    watches.add(2, WatchKind::Recursive, "/a/b");
    watches.add(3, WatchKind::Data, "/a");
    watches.add(4, WatchKind::Recursive, "/a/bc");
    EXPECT_EQ(told(watches, EventType::DataChanged, "/a/b"), (std::vector<WatcherId>{1, 2}));
    EXPECT_EQ(told(watches, EventType::Created, "/x"), (std::vector<WatcherId>{1}));
    EXPECT_EQ(told(watches, EventType::Deleted, "/a"), (std::vector<WatcherId>{1, 2, 3}));
    EXPECT_TRUE(told(watches, EventType::ChildrenChanged, "/a").empty());
}

TEST(Watches, AWatchThatIsRecursiveNoMoreHearsOfNothingBelow) {
    Watches watches;
    for (const WatcherId watcher : {1, 2, 3}) {
        watches.add(watcher, WatchKind::Data, "/a");
        watches.add(watcher, WatchKind::Recursive, "/a");
    }
    EXPECT_TRUE(watches.remove(2, "/a", WatchKind::Recursive));
    EXPECT_EQ(told(watches, EventType::Created, "/a/b"), (std::vector<WatcherId>{1, 3}));
    EXPECT_TRUE(watches.remove(1, "/a", {}));
    EXPECT_EQ(told(watches, EventType::Created, "/a/b"), (std::vector<WatcherId>{3}));
    EXPECT_EQ(told(watches, EventType::DataChanged, "/a"), (std::vector<WatcherId>{2, 3}));
}

TEST(Watches, RemovedOneKindAtATime) {
    Watches watches;
    watches.add(1, WatchKind::Data, "/a");
    watches.add(1, WatchKind::Persistent, "/a");
    EXPECT_FALSE(watches.remove(1, "/a", WatchKind::Child));
    EXPECT_FALSE(watches.remove(2, "/a", WatchKind::Data));
    EXPECT_FALSE(watches.remove(1, "/b", {}));
    EXPECT_TRUE(watches.remove(1, "/a", WatchKind::Persistent));
    EXPECT_TRUE(watches.contains(1, "/a", {}));
    EXPECT_FALSE(watches.contains(1, "/a", WatchKind::Persistent));
    EXPECT_TRUE(watches.remove(1, "/a", WatchKind::Data));
    EXPECT_EQ(watches.count() + watches.ofData().paths + watches.ofData().watchers, 0u);
}

TEST(Watches, AFullTableTakesNoMore) {
    Watches watches(2);
    EXPECT_TRUE(watches.add(1, WatchKind::Data, "/a"));
    EXPECT_TRUE(watches.add(2, WatchKind::Data, "/a"));
    EXPECT_FALSE(watches.add(3, WatchKind::Data, "/a"));
    EXPECT_TRUE(watches.add(2, WatchKind::Child, "/a")); // the same watch, in one way more
    EXPECT_EQ(watches.ofData().watchers, 2u);
    EXPECT_TRUE(watches.remove(1, "/a", {}));
    EXPECT_TRUE(watches.add(3, WatchKind::Data, "/b"));
    EXPECT_EQ(watches.ofData().paths, 2u);
}

// The table beside a plain one that looks at everything, through thousands of random steps.
TEST(Watches, DoesWhatAPlainTableWould) {
    struct Plain {
        std::map<std::pair<WatcherId, std::string>, std::set<WatchKind>> kinds;
        std::vector<WatcherId> trigger(EventType type, const std::string& path) {
            std::set<WatcherId> told;
            for (auto& [key, ways] : kinds) {
                const auto& [watcher, at] = key;
                const bool below = path.size() > at.size() && path.starts_with(at == "/" ? at : at + "/");
                if (below && ways.contains(WatchKind::Recursive) && type != EventType::ChildrenChanged) told.insert(watcher);
                if (at != path) continue;
                const bool ofData = type != EventType::ChildrenChanged;
                const bool ofChildren = type == EventType::ChildrenChanged || type == EventType::Deleted;
                if (ofData && ways.erase(WatchKind::Data)) told.insert(watcher);
                if (ofChildren && ways.erase(WatchKind::Child)) told.insert(watcher);
                if (ways.contains(WatchKind::Persistent)) told.insert(watcher);
                if (ofData && ways.contains(WatchKind::Recursive)) told.insert(watcher);
            }
            std::erase_if(kinds, [](const auto& one) { return one.second.empty(); });
            return {told.begin(), told.end()};
        }
        std::size_t count() const {
            std::size_t sum = 0;
            for (const auto& [key, ways] : kinds) {
                const bool both = ways.contains(WatchKind::Persistent);
                sum += both || ways.contains(WatchKind::Data) || ways.contains(WatchKind::Recursive);
                sum += both || ways.contains(WatchKind::Child);
            }
            return sum;
        }
    };
    Watches watches;
    Plain plain;
    Rng rng(5);
    const std::vector<std::string> paths{"/", "/a", "/a/b", "/a/b/c", "/a/bc", "/b", "/b/a"};
    const std::vector<WatchKind> kinds{WatchKind::Data, WatchKind::Child, WatchKind::Persistent, WatchKind::Recursive};
    const std::vector<EventType> types{EventType::Created, EventType::Deleted, EventType::DataChanged, EventType::ChildrenChanged};
    for (int step = 0; step < 20000; ++step) {
        const WatcherId watcher = rng.below(6);
        const std::string& path = paths[rng.below(paths.size())];
        const WatchKind kind = kinds[rng.below(kinds.size())];
        const auto roll = rng.below(100);
        if (roll < 45) {
            watches.add(watcher, kind, path);
            plain.kinds[{watcher, path}].insert(kind);
        } else if (roll < 60) {
            const auto at = plain.kinds.find({watcher, path});
            const bool there = at != plain.kinds.end() && at->second.erase(kind) > 0;
            if (there && at->second.empty()) plain.kinds.erase(at);
            ASSERT_EQ(watches.remove(watcher, path, kind), there);
        } else if (roll < 65) {
            ASSERT_EQ(watches.remove(watcher, path, {}), plain.kinds.erase({watcher, path}) > 0);
        } else if (roll < 66) {
            watches.remove(watcher);
            std::erase_if(plain.kinds, [&](const auto& one) { return one.first.first == watcher; });
        } else {
            const EventType type = types[rng.below(types.size())];
            ASSERT_EQ(told(watches, type, path), plain.trigger(type, path)) << path << " at step " << step;
        }
        ASSERT_EQ(watches.count(), plain.count());
        ASSERT_EQ(watches.byPath().size(), watches.ofData().paths);
        ASSERT_EQ(watches.byWatcher().size(), watches.ofData().watchers);
    }
}

} // namespace
} // namespace zk::tree
