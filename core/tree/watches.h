// One server's watches: which connections wait for a change of which path, and how. The ways stand side by side: a
// one-shot watch that fires leaves a persistent one at the same path alone. Rules: Apache's WatchManager of 3.9.
//
// Built for millions: a path's text is kept once, a watch is a few numbers that link it to its path and to its
// connection, and the tables grow by small steps. Always true: a watch waits in at least one way, a path has at least
// one watch, and so has a watcher.
#pragma once

#include "jute/client_records.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace zk::tree {

// A connection, as the server numbers them.
using WatcherId = std::uint64_t;

enum class WatchKind {
    Data,       // of getData and exists, once: Created, Deleted, DataChanged
    Child,      // of getChildren, once: ChildrenChanged, Deleted
    Persistent, // both, until it is removed
    Recursive,  // until it is removed: Created, Deleted and DataChanged of the path and of everything below it
};

// Watches that a table holds at most; what would go beyond is refused.
inline constexpr std::size_t kWatchesMax = 100'000'000;

class Watches {
  public:
    explicit Watches(std::size_t limit = kWatchesMax);
    ~Watches();
    Watches(const Watches&) = delete;
    Watches& operator=(const Watches&) = delete;

    // False where the table is full: then nothing was added.
    bool add(WatcherId watcher, WatchKind kind, std::string_view path);
    // Does the connection wait at this very path in this way? Without a kind: in any.
    bool contains(WatcherId watcher, std::string_view path, std::optional<WatchKind> kind) const;
    // Ends that; false where there was nothing to end.
    bool remove(WatcherId watcher, std::string_view path, std::optional<WatchKind> kind);
    // Fires what waits for this change and tells each watcher once, in the order of their ids.
    void trigger(jute::EventType type, std::string_view path, const std::function<void(WatcherId)>& tell);
    // The connection is gone.
    void remove(WatcherId watcher);
    void clear();

    // Watches in all, as Apache counts them: once for the data and once for the children of a path and a connection.
    std::size_t count() const;
    // The same without those of getChildren, which Apache's wchs, wchc and wchp leave out.
    struct Summary {
        std::size_t watches = 0, watchers = 0, paths = 0;
    };
    Summary ofData() const;
    std::map<WatcherId, std::set<std::string>> byWatcher() const;
    std::map<std::string, std::set<WatcherId>> byPath() const;

  private:
    struct Table;
    std::unique_ptr<Table> table_;
    std::size_t limit_;
};

} // namespace zk::tree
