// One server's watches: which connections wait for a change of which path. One-shot: a watch that fires is
// gone. Persistent and persistent recursive ones stay. Rules: Apache's WatchManager and DataTree.
#pragma once

#include "jute/client_records.h"

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace zk::tree {

// A connection, as the server numbers them.
using WatcherId = std::uint64_t;

enum class WatchKind {
    Data,  // of getData and exists: Created, Deleted, DataChanged
    Child, // of getChildren: ChildrenChanged, Deleted
};

class Watches {
  public:
    void add(WatcherId watcher, WatchKind kind, std::string_view path);
    // Fires what waits for this change and tells each watcher once (a delete that hits both kinds tells one
    // Deleted). The watchers are told in the order of their ids.
    void trigger(jute::EventType type, std::string_view path, const std::function<void(WatcherId)>& tell);
    // The connection is gone.
    void remove(WatcherId watcher);
    void clear();

    std::size_t count() const;    // watches in all
    std::size_t watchers() const; // connections that have any
    std::size_t paths() const;    // paths that are watched
    // For wchc and wchp, sorted.
    std::map<WatcherId, std::set<std::string>> byWatcher() const;
    std::map<std::string, std::set<WatcherId>> byPath() const;

  private:
    struct Table {
        std::unordered_map<std::string, std::set<WatcherId>> byPath;
        std::unordered_map<WatcherId, std::set<std::string>> byWatcher;
    };
    Table data_, child_;
};

} // namespace zk::tree
