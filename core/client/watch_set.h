// WatchSet: the watches that a session has left with its server, by the server's paths, with the functions to call.
// The server forgets them with the connection, so the session sets them again from here.
#pragma once

#include "client/client.h"

#include <array>
#include <unordered_map>

namespace zk::client {

// A setWatches frame is closed when its paths take this many bytes; more frames follow. Below every server's
// frame limit.
inline constexpr std::size_t kSetWatchesBytes = 128 * 1024;

class WatchSet {
  public:
    // Exist: set by exists() on a znode that is not there. The last two stay until they are removed.
    enum class Kind { Data, Exist, Child, Persistent, Recursive };

    void add(Kind kind, const std::string& path, Watcher watcher);
    // The watchers that this event fires; the one-shot ones are taken out.
    std::vector<Watcher> fire(jute::EventType type, const std::string& path);
    // Takes out all watchers of these kinds; beside each stands the event that tells it so.
    struct Removed {
        jute::EventType type = jute::EventType::None;
        Watcher watcher;
    };
    std::vector<Removed> remove(jute::WatcherType type, const std::string& path);
    void clear();
    // In watchers, not in paths.
    std::size_t size() const { return size_; }

    // The requests that set everything again, as many as it takes. Those without persistent watches are for setWatches,
    // which older servers know too, the others for setWatches2.
    std::vector<jute::SetWatches2Request> toSetAgain(Zxid lastSeen) const;

  private:
    using Table = std::unordered_map<std::string, std::vector<Watcher>>;
    std::vector<Watcher> take(Kind kind, const std::string& path);
    void addTo(std::vector<Watcher>& fired, Kind kind, const std::string& path) const;
    const Table& table(Kind kind) const { return tables_[static_cast<std::size_t>(kind)]; }
    Table& table(Kind kind) { return tables_[static_cast<std::size_t>(kind)]; }

    std::array<Table, 5> tables_;
    std::size_t size_ = 0;
};

} // namespace zk::client
