#include "client/watch_set.h"

namespace zk::client {

void WatchSet::add(Kind kind, const std::string& path, Watcher watcher) {
    Table& table = kind == Kind::Data ? data_ : kind == Kind::Exist ? exist_ : child_;
    table[path].push_back(std::move(watcher));
    ++size_;
}

void WatchSet::takeInto(std::vector<Watcher>& fired, Table& table, const std::string& path) {
    const auto found = table.find(path);
    if (found == table.end()) return;
    size_ -= found->second.size();
    for (Watcher& watcher : found->second)
        fired.push_back(std::move(watcher));
    table.erase(found);
}

std::vector<Watcher> WatchSet::fire(jute::EventType type, const std::string& path) {
    using jute::EventType;
    std::vector<Watcher> fired;
    const bool data = type == EventType::Created || type == EventType::Deleted ||
                      type == EventType::DataChanged || type == EventType::DataWatchRemoved;
    const bool child = type == EventType::ChildrenChanged || type == EventType::Deleted ||
                       type == EventType::ChildWatchRemoved;
    if (data) takeInto(fired, data_, path);
    if (data) takeInto(fired, exist_, path);
    if (child) takeInto(fired, child_, path);
    return fired;
}

void WatchSet::clear() {
    data_.clear();
    exist_.clear();
    child_.clear();
    size_ = 0;
}

std::vector<jute::SetWatchesRequest> WatchSet::toSetAgain(Zxid lastSeen) const {
    using Paths = std::vector<std::string> jute::SetWatchesRequest::*;
    std::vector<jute::SetWatchesRequest> requests;
    std::size_t bytes = 0;
    const auto put = [&](const Table& table, Paths paths) {
        for (const auto& [path, watchers] : table) {
            if (requests.empty() || bytes + path.size() + sizeof(std::int32_t) > kSetWatchesBytes) {
                requests.push_back({lastSeen, {}, {}, {}});
                bytes = 0;
            }
            (requests.back().*paths).push_back(path);
            bytes += path.size() + sizeof(std::int32_t);
        }
    };
    put(data_, &jute::SetWatchesRequest::dataWatches);
    put(exist_, &jute::SetWatchesRequest::existWatches);
    put(child_, &jute::SetWatchesRequest::childWatches);
    return requests;
}

} // namespace zk::client
