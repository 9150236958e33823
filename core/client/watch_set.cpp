#include "client/watch_set.h"

#include <algorithm>

namespace zk::client {

using jute::EventType;
using jute::WatcherType;

void WatchSet::add(Kind kind, const std::string& path, Watcher watcher) {
    table(kind)[path].push_back(std::move(watcher));
    ++size_;
}

std::vector<Watcher> WatchSet::take(Kind kind, const std::string& path) {
    const auto found = table(kind).find(path);
    if (found == table(kind).end()) return {};
    std::vector<Watcher> taken = std::move(found->second);
    size_ -= taken.size();
    table(kind).erase(found);
    return taken;
}

void WatchSet::addTo(std::vector<Watcher>& fired, Kind kind, const std::string& path) const {
    const auto found = table(kind).find(path);
    if (found != table(kind).end()) fired.insert(fired.end(), found->second.begin(), found->second.end());
}

std::vector<Watcher> WatchSet::fire(EventType type, const std::string& path) {
    const bool ofData = type == EventType::Created || type == EventType::Deleted || type == EventType::DataChanged;
    const bool ofChildren = type == EventType::ChildrenChanged || type == EventType::Deleted;
    std::vector<Watcher> fired;
    const auto takeAll = [&](Kind kind) {
        for (Watcher& watcher : take(kind, path)) fired.push_back(std::move(watcher));
    };
    if (ofData) takeAll(Kind::Data);
    if (ofData) takeAll(Kind::Exist);
    if (ofChildren) takeAll(Kind::Child);
    if (ofData || ofChildren) addTo(fired, Kind::Persistent, path);
    if (!ofData) return fired;
    // The path itself, then each of its parents up to the root.
    for (std::string at = path;; at.resize(std::max<std::size_t>(at.rfind('/'), 1))) {
        addTo(fired, Kind::Recursive, at);
        if (at.size() <= 1 || at.front() != '/') break;
    }
    return fired;
}

std::vector<WatchSet::Removed> WatchSet::remove(WatcherType type, const std::string& path) {
    std::vector<Removed> removed;
    const auto takeAll = [&](Kind kind, EventType told) {
        for (Watcher& watcher : take(kind, path)) removed.push_back({told, std::move(watcher)});
    };
    const bool any = type == WatcherType::Any;
    if (any || type == WatcherType::Children) takeAll(Kind::Child, EventType::ChildWatchRemoved);
    if (any || type == WatcherType::Data) takeAll(Kind::Data, EventType::DataWatchRemoved);
    if (any || type == WatcherType::Data) takeAll(Kind::Exist, EventType::DataWatchRemoved);
    if (any || type == WatcherType::Persistent) takeAll(Kind::Persistent, EventType::PersistentWatchRemoved);
    if (any || type == WatcherType::PersistentRecursive) takeAll(Kind::Recursive, EventType::PersistentWatchRemoved);
    return removed;
}

void WatchSet::clear() {
    tables_ = {};
    size_ = 0;
}

std::vector<jute::SetWatches2Request> WatchSet::toSetAgain(Zxid lastSeen) const {
    using Paths = std::vector<std::string> jute::SetWatches2Request::*;
    std::vector<jute::SetWatches2Request> requests;
    std::size_t bytes = 0;
    const auto put = [&](Kind kind, Paths paths) {
        for (const auto& [path, watchers] : table(kind)) {
            if (requests.empty() || bytes + path.size() + sizeof(std::int32_t) > kSetWatchesBytes) {
                requests.push_back({lastSeen, {}, {}, {}, {}, {}});
                bytes = 0;
            }
            (requests.back().*paths).push_back(path);
            bytes += path.size() + sizeof(std::int32_t);
        }
    };
    put(Kind::Data, &jute::SetWatches2Request::dataWatches);
    put(Kind::Exist, &jute::SetWatches2Request::existWatches);
    put(Kind::Child, &jute::SetWatches2Request::childWatches);
    put(Kind::Persistent, &jute::SetWatches2Request::persistentWatches);
    put(Kind::Recursive, &jute::SetWatches2Request::persistentRecursiveWatches);
    return requests;
}

} // namespace zk::client
