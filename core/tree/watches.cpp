#include "tree/watches.h"

namespace zk::tree {

void Watches::add(WatcherId watcher, WatchKind kind, std::string_view path) {
    Table& table = kind == WatchKind::Data ? data_ : child_;
    table.byPath[std::string(path)].insert(watcher);
    table.byWatcher[watcher].emplace(path);
}

void Watches::trigger(jute::EventType type, std::string_view path,
                      const std::function<void(WatcherId)>& tell) {
    const auto takeFrom = [&path](Table& table) -> std::set<WatcherId> {
        const auto at = table.byPath.find(std::string(path));
        if (at == table.byPath.end()) return {};
        std::set<WatcherId> waiting = std::move(at->second);
        for (const WatcherId watcher : waiting) {
            const auto owned = table.byWatcher.find(watcher);
            owned->second.erase(at->first);
            if (owned->second.empty()) table.byWatcher.erase(owned);
        }
        table.byPath.erase(at);
        return waiting;
    };
    std::set<WatcherId> told;
    if (type != jute::EventType::ChildrenChanged) told = takeFrom(data_);
    if (type == jute::EventType::ChildrenChanged || type == jute::EventType::Deleted)
        told.merge(takeFrom(child_));
    for (const WatcherId watcher : told)
        tell(watcher);
}

void Watches::remove(WatcherId watcher) {
    for (Table* table : {&data_, &child_}) {
        const auto owned = table->byWatcher.find(watcher);
        if (owned == table->byWatcher.end()) continue;
        for (const std::string& path : owned->second) {
            const auto at = table->byPath.find(path);
            at->second.erase(watcher);
            if (at->second.empty()) table->byPath.erase(at);
        }
        table->byWatcher.erase(owned);
    }
}

void Watches::clear() {
    data_ = {};
    child_ = {};
}

std::size_t Watches::count() const {
    std::size_t sum = 0;
    for (const Table* table : {&data_, &child_})
        for (const auto& [watcher, paths] : table->byWatcher)
            sum += paths.size();
    return sum;
}

std::size_t Watches::watchers() const {
    std::size_t sum = data_.byWatcher.size();
    for (const auto& [watcher, paths] : child_.byWatcher)
        sum += data_.byWatcher.contains(watcher) ? 0 : 1;
    return sum;
}

std::size_t Watches::paths() const {
    std::size_t sum = data_.byPath.size();
    for (const auto& [path, watchers] : child_.byPath)
        sum += data_.byPath.contains(path) ? 0 : 1;
    return sum;
}

std::map<WatcherId, std::set<std::string>> Watches::byWatcher() const {
    std::map<WatcherId, std::set<std::string>> all;
    for (const Table* table : {&data_, &child_})
        for (const auto& [watcher, paths] : table->byWatcher)
            all[watcher].insert(paths.begin(), paths.end());
    return all;
}

std::map<std::string, std::set<WatcherId>> Watches::byPath() const {
    std::map<std::string, std::set<WatcherId>> all;
    for (const Table* table : {&data_, &child_})
        for (const auto& [path, watchers] : table->byPath)
            all[path].insert(watchers.begin(), watchers.end());
    return all;
}

} // namespace zk::tree
