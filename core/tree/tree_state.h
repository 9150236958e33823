// What stands behind a DataTree: the table of znodes by path, their list in order of creation, and the table
// of ACLs. Private to core/tree; used on the tree's thread.
#pragma once

#include "tree/data_tree.h"

#include <boost/unordered/unordered_flat_set.hpp>

#include <array>

namespace zk::tree {

// Znodes by path, which it owns. Many small tables stand in for a large one, so that the one that grows is
// soon done.
class PathTable {
  public:
    Znode* find(std::string_view path) const {
        const Shard& shard = shards_[shardOf(path)];
        const auto at = shard.find(path);
        return at == shard.end() ? nullptr : at->get();
    }
    // Precondition: no znode of this path is there.
    void insert(std::unique_ptr<Znode> node) {
        shards_[shardOf(node->diskPath())].insert(std::move(node));
        ++size_;
    }
    void erase(std::string_view path) {
        Shard& shard = shards_[shardOf(path)];
        shard.erase(shard.find(path));
        --size_;
    }
    std::size_t size() const { return size_; }

  private:
    static std::string_view pathOf(std::string_view path) { return path; }
    static std::string_view pathOf(const std::unique_ptr<Znode>& node) { return node->diskPath(); }
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(const auto& key) const { return std::hash<std::string_view>()(pathOf(key)); }
    };
    struct Equal {
        using is_transparent = void;
        bool operator()(const auto& left, const auto& right) const { return pathOf(left) == pathOf(right); }
    };
    using Shard = boost::unordered_flat_set<std::unique_ptr<Znode>, Hash, Equal>;
    static constexpr std::size_t kShards = 256;
    static std::size_t shardOf(std::string_view path) {
        return (std::hash<std::string_view>()(path) >> 32) % kShards;
    }

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
    PathTable nodes;
    AclTable acls;
    Znode *oldest = nullptr, *newest = nullptr;
    std::uint64_t nextOrder = 0;
    std::size_t dataSize = 1; // the root counts under "/" too
    TreeOptions options;
    std::map<std::uint64_t, const Znode*> removable; // containers and TTL znodes, by their place in that order
    std::vector<View*> views;
};

} // namespace zk::tree
