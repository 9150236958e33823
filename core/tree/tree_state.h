// What stands behind a DataTree: the table of znodes by path, their list in order of creation, and the table
// of ACLs. Private to core/tree; used on the tree's thread.
#pragma once

#include "tree/data_tree.h"

#include <boost/unordered/unordered_flat_set.hpp>

#include <array>

namespace zk::tree {

// A path as on disk, with the hash by which it is found. "/" is the root's name to clients, "" on disk.
struct PathKey {
    explicit PathKey(std::string_view ofPath)
        : path(ofPath), hash(static_cast<std::uint32_t>(std::hash<std::string_view>()(ofPath))) {}
    std::string_view path;
    std::uint32_t hash;
};

// Znodes by path. Many small tables stand in for a large one, so that the one that grows is soon done.
class PathTable {
  public:
    Znode* find(const PathKey& key) const {
        const Shard& shard = shards_[shardOf(key.hash)];
        const auto at = shard.find(key);
        return at == shard.end() ? nullptr : *at;
    }
    Znode* find(std::string_view path) const { return find(PathKey(path)); }
    // Preconditions: it is linked to its parent, and no znode of this path is there.
    void insert(Znode* node) {
        shards_[shardOf(node->hash())].insert(node);
        ++size_;
    }
    // Precondition: it is there and still linked.
    void erase(Znode* node) {
        shards_[shardOf(node->hash())].erase(node);
        --size_;
    }
    std::size_t size() const { return size_; }

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(const PathKey& key) const { return key.hash; }
        std::size_t operator()(const Znode* node) const { return node->hash(); }
    };
    struct Equal {
        using is_transparent = void;
        bool operator()(const PathKey& key, const Znode* node) const {
            return key.hash == node->hash() && node->isAt(key.path);
        }
        bool operator()(const Znode* node, const PathKey& key) const { return (*this)(key, node); }
        bool operator()(const Znode* one, const Znode* other) const { return one == other; }
    };
    using Shard = boost::unordered_flat_set<Znode*, Hash, Equal>;
    static constexpr std::size_t kShards = 256;
    static std::size_t shardOf(std::uint32_t hash) { return hash >> 24; }

    std::array<Shard, kShards> shards_;
    std::size_t size_ = 0;
};

// ACLs by number, each list once, with the count of the znodes that have it. Numbers start at 1 and are never
// given twice; -1 stands for the open ACL of the built-in znodes (and for an absent list) and is in no table.
class AclTable {
  public:
    static constexpr std::int32_t kOpen = -1;

    // The number of the list, with one use more.
    std::int32_t use(const std::vector<jute::Acl>& acl);
    // One use more of what a snapshot's znode names; a number that the table lacks is left alone.
    void useId(std::int32_t id);
    void release(std::int32_t id);
    // A list that a snapshot brings, not used yet.
    void load(std::int32_t id, std::vector<jute::Acl> acl);
    void dropUnused();
    // A list that permits nothing for a number that a fuzzy snapshot names and does not bring.
    const std::vector<jute::Acl>& list(std::int32_t id) const;
    const auto& all() const { return byId_; }

  private:
    struct Entry {
        std::vector<jute::Acl> acl;
        std::size_t uses = 0;
    };
    std::map<std::int32_t, Entry> byId_;
    std::map<std::vector<jute::Acl>, std::int32_t> byList_;
    std::int32_t last_ = 0;
};

struct DataTree::State {
    Pool pool;
    PathTable nodes;
    AclTable acls;
    Znode *oldest = nullptr, *newest = nullptr;
    std::uint64_t nextPlace = 0;
    std::size_t dataSize = 1; // the root counts under "/" too
    TreeOptions options;
    std::map<std::uint64_t, const Znode*>
        removable; // containers and TTL znodes, by their place in that order
    std::set<std::string, std::less<>> quotas; // paths that have limits
    std::vector<View*> views;
    std::vector<ChildWalk*> walks;
    std::string path; // room for the one that a digest is made of
};

} // namespace zk::tree
