#include "tree/watches.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

namespace zk::tree {

namespace {

using Index = std::uint32_t;
constexpr Index kNone = UINT32_MAX;

// The ways in which a watch waits, as bits.
using Kinds = std::uint8_t;
constexpr Kinds bit(WatchKind kind) { return static_cast<Kinds>(1u << static_cast<unsigned>(kind)); }
constexpr Kinds kData = bit(WatchKind::Data), kChild = bit(WatchKind::Child);
constexpr Kinds kPersistent = bit(WatchKind::Persistent), kRecursive = bit(WatchKind::Recursive);
// What hears of a znode itself, and what hears of its list of children.
constexpr Kinds kOfData = kData | kPersistent | kRecursive, kOfChildren = kChild | kPersistent;

struct Watch {
    Index path, watcher;
    Index beforeOfPath, nextOfPath;       // a path's recursive watches stand first
    Index beforeOfWatcher, nextOfWatcher;
    Kinds kinds;
};
struct Path {
    std::unique_ptr<char[]> text;
    Index size = 0, first = kNone, last = kNone, ofData = 0; // the last: how many watches hear of data
    std::string_view view() const { return {text.get(), size}; }
};
struct Watcher {
    WatcherId id = 0;
    Index first = kNone, ofData = 0;
};

// Records by number. They never move, and the number of one that was given back is used again.
template <class Record>
class Pool {
  public:
    Record& operator[](Index index) { return chunks_[index / kChunk][index % kChunk]; }
    const Record& operator[](Index index) const { return chunks_[index / kChunk][index % kChunk]; }
    Index take() {
        ++used_;
        if (!free_.empty()) {
            const Index index = free_.back();
            free_.pop_back();
            return index;
        }
        if (end_ % kChunk == 0) chunks_.push_back(std::make_unique<Record[]>(kChunk));
        return end_++;
    }
    void give(Index index) {
        (*this)[index] = Record{};
        free_.push_back(index);
        --used_;
    }
    std::size_t size() const { return used_; }

  private:
    static constexpr Index kChunk = 1024;
    std::vector<std::unique_ptr<Record[]>> chunks_;
    std::vector<Index> free_;
    Index end_ = 0;
    std::size_t used_ = 0;
};

// A set in many small parts, so that the one that grows is soon done.
template <class Hash, class Equal>
class Shards {
  public:
    Shards(Hash hash, Equal equal) : hash_(hash) {
        sets_.reserve(kShards);
        for (std::size_t index = 0; index < kShards; ++index) sets_.emplace_back(0, hash, equal);
    }
    Index find(const auto& key) const {
        const auto& set = sets_[shardOf(key)];
        const auto at = set.find(key);
        return at == set.end() ? kNone : *at;
    }
    void insert(Index index) { sets_[shardOf(index)].insert(index); }
    void erase(Index index) { sets_[shardOf(index)].erase(index); }

  private:
    static constexpr std::size_t kShards = 256;
    std::size_t shardOf(const auto& key) const { return (hash_(key) >> 32) % kShards; }
    Hash hash_;
    std::vector<boost::unordered_flat_set<Index, Hash, Equal>> sets_;
};

// A watch's key: its path and its watcher, by number.
struct Pair {
    Index path, watcher;
    bool operator==(const Pair&) const = default;
};

struct PathHash {
    using is_transparent = void;
    const Pool<Path>* paths;
    std::size_t operator()(std::string_view path) const { return std::hash<std::string_view>()(path); }
    std::size_t operator()(Index index) const { return (*this)((*paths)[index].view()); }
};
struct PathEqual {
    using is_transparent = void;
    const Pool<Path>* paths;
    std::string_view view(std::string_view path) const { return path; }
    std::string_view view(Index index) const { return (*paths)[index].view(); }
    bool operator()(const auto& left, const auto& right) const { return view(left) == view(right); }
};
struct PairHash {
    using is_transparent = void;
    const Pool<Watch>* watches;
    std::size_t operator()(Pair pair) const {
        std::uint64_t mixed = (std::uint64_t{pair.path} << 32 | pair.watcher) * 0x9E3779B97F4A7C15u;
        mixed = (mixed ^ mixed >> 32) * 0xD6E8FEB86659FD93u;
        return static_cast<std::size_t>(mixed ^ mixed >> 32);
    }
    std::size_t operator()(Index index) const { return (*this)(Pair{(*watches)[index].path, (*watches)[index].watcher}); }
};
struct PairEqual {
    using is_transparent = void;
    const Pool<Watch>* watches;
    Pair pair(Pair given) const { return given; }
    Pair pair(Index index) const { return {(*watches)[index].path, (*watches)[index].watcher}; }
    bool operator()(const auto& left, const auto& right) const { return pair(left) == pair(right); }
};

} // namespace

struct Watches::Table {
    Pool<Watch> watches;
    Pool<Path> paths;
    Pool<Watcher> watchers;
    Shards<PathHash, PathEqual> byPath{PathHash{&paths}, PathEqual{&paths}};
    Shards<PairHash, PairEqual> byPair{PairHash{&watches}, PairEqual{&watches}};
    boost::unordered_flat_map<WatcherId, Index> byId;
    std::size_t ofChildren = 0, recursive = 0; // watches that have these kinds
    Summary ofData;

    Index find(WatcherId watcher, std::string_view path) const {
        const auto known = byId.find(watcher);
        const Index at = known == byId.end() ? kNone : byPath.find(path);
        return at == kNone ? kNone : byPair.find(Pair{at, known->second});
    }
    Index pathOf(std::string_view text);
    Index watcherOf(WatcherId id);
    Index insert(WatcherId id, std::string_view text);
    void linkToPath(Index index, bool first);
    void unlinkFromPath(const Watch& watch);
    void countOfData(const Watch& watch, bool more);
    void setKinds(Index index, Kinds kinds);
    void collect(Index path, Kinds heard, Kinds spent, std::vector<WatcherId>& told);
    void collectAbove(std::string_view path, std::vector<WatcherId>& told) const;
};

Index Watches::Table::pathOf(std::string_view text) {
    if (const Index known = byPath.find(text); known != kNone) return known;
    const Index index = paths.take();
    Path& path = paths[index];
    path.text = std::make_unique_for_overwrite<char[]>(text.size());
    std::memcpy(path.text.get(), text.data(), text.size());
    path.size = static_cast<Index>(text.size());
    byPath.insert(index);
    return index;
}

Index Watches::Table::watcherOf(WatcherId id) {
    const auto [place, isNew] = byId.try_emplace(id, kNone);
    if (isNew) {
        place->second = watchers.take();
        watchers[place->second].id = id;
    }
    return place->second;
}

void Watches::Table::linkToPath(Index index, bool first) {
    Watch& watch = watches[index];
    Path& path = paths[watch.path];
    watch.beforeOfPath = first ? kNone : path.last;
    watch.nextOfPath = first ? path.first : kNone;
    (watch.beforeOfPath == kNone ? path.first : watches[watch.beforeOfPath].nextOfPath) = index;
    (watch.nextOfPath == kNone ? path.last : watches[watch.nextOfPath].beforeOfPath) = index;
}

void Watches::Table::unlinkFromPath(const Watch& watch) {
    Path& path = paths[watch.path];
    (watch.beforeOfPath == kNone ? path.first : watches[watch.beforeOfPath].nextOfPath) = watch.nextOfPath;
    (watch.nextOfPath == kNone ? path.last : watches[watch.nextOfPath].beforeOfPath) = watch.beforeOfPath;
}

// A watch that waits for nothing yet.
Index Watches::Table::insert(WatcherId id, std::string_view text) {
    const Index index = watches.take();
    Watch& watch = watches[index];
    watch.path = pathOf(text);
    watch.watcher = watcherOf(id);
    watch.kinds = 0;
    linkToPath(index, false);
    Watcher& watcher = watchers[watch.watcher];
    watch.beforeOfWatcher = kNone;
    watch.nextOfWatcher = watcher.first;
    if (watcher.first != kNone) watches[watcher.first].beforeOfWatcher = index;
    watcher.first = index;
    byPair.insert(index);
    return index;
}

void Watches::Table::countOfData(const Watch& watch, bool more) {
    const auto count = [more](std::size_t& sum, Index& part) {
        if (more ? part++ == 0 : --part == 0) more ? ++sum : --sum;
    };
    more ? ++ofData.watches : --ofData.watches;
    count(ofData.watchers, watchers[watch.watcher].ofData);
    count(ofData.paths, paths[watch.path].ofData);
}

// Without any kind left the watch goes, and with it a path or a watcher that had no other.
void Watches::Table::setKinds(Index index, Kinds kinds) {
    Watch& watch = watches[index];
    const auto count = [&](std::size_t& sum, Kinds of) {
        sum += static_cast<std::size_t>((kinds & of) != 0) - static_cast<std::size_t>((watch.kinds & of) != 0);
    };
    const bool heard = (watch.kinds & kOfData) != 0, hears = (kinds & kOfData) != 0;
    if (hears != heard) countOfData(watch, hears);
    count(ofChildren, kOfChildren);
    count(recursive, kRecursive);
    const bool moves = ((kinds ^ watch.kinds) & kRecursive) != 0;
    watch.kinds = kinds;
    if (kinds != 0 && !moves) return;
    unlinkFromPath(watch);
    if (kinds != 0) return linkToPath(index, (kinds & kRecursive) != 0);
    byPair.erase(index);
    Watcher& watcher = watchers[watch.watcher];
    (watch.beforeOfWatcher == kNone ? watcher.first : watches[watch.beforeOfWatcher].nextOfWatcher) = watch.nextOfWatcher;
    if (watch.nextOfWatcher != kNone) watches[watch.nextOfWatcher].beforeOfWatcher = watch.beforeOfWatcher;
    if (watcher.first == kNone) {
        byId.erase(watcher.id);
        watchers.give(watch.watcher);
    }
    if (paths[watch.path].first == kNone) {
        byPath.erase(watch.path);
        paths.give(watch.path);
    }
    watches.give(index);
}

// Who waits at this path in one of the ways `heard`; of these watches the ways `spent` are over.
void Watches::Table::collect(Index path, Kinds heard, Kinds spent, std::vector<WatcherId>& told) {
    for (Index index = paths[path].first; index != kNone;) {
        const Watch& watch = watches[index];
        const Index next = watch.nextOfPath;
        if ((watch.kinds & heard) != 0) {
            told.push_back(watchers[watch.watcher].id);
            if ((watch.kinds & spent) != 0) setKinds(index, watch.kinds & static_cast<Kinds>(~spent));
        }
        index = next;
    }
}

// Who waits for changes below a parent of this path.
void Watches::Table::collectAbove(std::string_view path, std::vector<WatcherId>& told) const {
    while (path.size() > 1) {
        path = path.substr(0, std::max<std::size_t>(path.rfind('/'), 1));
        const Index at = byPath.find(path);
        if (at == kNone) continue;
        for (Index index = paths[at].first; index != kNone && (watches[index].kinds & kRecursive) != 0;
             index = watches[index].nextOfPath)
            told.push_back(watchers[watches[index].watcher].id);
    }
}

Watches::Watches(std::size_t limit) : table_(std::make_unique<Table>()), limit_(limit) {}
Watches::~Watches() = default;

bool Watches::add(WatcherId watcher, WatchKind kind, std::string_view path) {
    Index index = table_->find(watcher, path);
    if (index == kNone) {
        if (table_->watches.size() >= limit_) return false;
        index = table_->insert(watcher, path);
    }
    table_->setKinds(index, table_->watches[index].kinds | bit(kind));
    return true;
}

bool Watches::contains(WatcherId watcher, std::string_view path, std::optional<WatchKind> kind) const {
    const Index index = table_->find(watcher, path);
    return index != kNone && (!kind || (table_->watches[index].kinds & bit(*kind)) != 0);
}

bool Watches::remove(WatcherId watcher, std::string_view path, std::optional<WatchKind> kind) {
    const Index index = table_->find(watcher, path);
    if (index == kNone) return false;
    const Kinds kinds = table_->watches[index].kinds, left = kind ? kinds & static_cast<Kinds>(~bit(*kind)) : Kinds{0};
    if (left != kinds) table_->setKinds(index, left);
    return left != kinds;
}

void Watches::trigger(jute::EventType type, std::string_view path, const std::function<void(WatcherId)>& tell) {
    const bool ofChildren = type == jute::EventType::ChildrenChanged, both = type == jute::EventType::Deleted;
    const Kinds heard = both ? kOfData | kOfChildren : ofChildren ? kOfChildren : kOfData;
    const Kinds spent = both ? kData | kChild : ofChildren ? kChild : kData;
    std::vector<WatcherId> told;
    if (const Index at = table_->byPath.find(path); at != kNone) table_->collect(at, heard, spent, told);
    if (table_->recursive > 0 && !ofChildren) table_->collectAbove(path, told);
    std::sort(told.begin(), told.end());
    told.erase(std::unique(told.begin(), told.end()), told.end());
    for (const WatcherId watcher : told) tell(watcher);
}

void Watches::remove(WatcherId watcher) {
    for (auto known = table_->byId.find(watcher); known != table_->byId.end(); known = table_->byId.find(watcher))
        table_->setKinds(table_->watchers[known->second].first, 0);
}

void Watches::clear() { table_ = std::make_unique<Table>(); }

std::size_t Watches::count() const { return table_->ofData.watches + table_->ofChildren; }
Watches::Summary Watches::ofData() const { return table_->ofData; }

std::map<WatcherId, std::set<std::string>> Watches::byWatcher() const {
    std::map<WatcherId, std::set<std::string>> all;
    for (const auto& [id, at] : table_->byId)
        for (Index index = table_->watchers[at].first; index != kNone; index = table_->watches[index].nextOfWatcher)
            if ((table_->watches[index].kinds & kOfData) != 0)
                all[id].emplace(table_->paths[table_->watches[index].path].view());
    return all;
}

std::map<std::string, std::set<WatcherId>> Watches::byPath() const {
    std::map<std::string, std::set<WatcherId>> all;
    for (const auto& [watcher, paths] : byWatcher())
        for (const std::string& path : paths) all[path].insert(watcher);
    return all;
}

} // namespace zk::tree
