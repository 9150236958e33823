// WatchSet: the one-shot watches that a session has left with its server, by the server's paths, with the
// functions to call. The server forgets them with the connection, so the session sets them again from here.
#pragma once

#include "client/client.h"

#include <unordered_map>

namespace zk::client {

// A setWatches frame is closed when its paths take this many bytes; more frames follow. Below every server's
// frame limit.
inline constexpr std::size_t kSetWatchesBytes = 128 * 1024;

class WatchSet {
  public:
    enum class Kind { Data, Exist, Child }; // Exist: set by exists() on a znode that is not there

    void add(Kind kind, const std::string& path, Watcher watcher);
    // Takes out the watchers that this event fires.
    std::vector<Watcher> fire(jute::EventType type, const std::string& path);
    void clear();
    // In watchers, not in paths.
    std::size_t size() const { return size_; }

    // The requests that set everything again, as many as it takes.
    std::vector<jute::SetWatchesRequest> toSetAgain(Zxid lastSeen) const;

  private:
    using Table = std::unordered_map<std::string, std::vector<Watcher>>;
    void takeInto(std::vector<Watcher>& fired, Table& table, const std::string& path);

    Table data_, exist_, child_;
    std::size_t size_ = 0;
};

} // namespace zk::client
