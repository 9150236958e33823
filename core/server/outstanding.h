// Outstanding: the tree as it will be once every transaction that has been prepared is applied. The next request is
// judged by it, so that many transactions can be on their way at once.
//
// It lies over the tree and holds only the znodes that differ. Always true: a znode's entry names the last transaction
// that changed it and goes when that one has been applied. Rules: outstandingChanges in Apache's PrepRequestProcessor.
#pragma once

#include "tree/data_tree.h"

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

namespace zk::server {

// One znode of that future tree.
struct Future {
    Zxid zxid; // of the transaction that made it so
    bool exists = true;
    tree::StatPersisted stat;
    std::int64_t children = 0, dataSize = 0;
    std::shared_ptr<const std::vector<jute::Acl>> acl; // null: the tree's
    std::optional<std::uint32_t> content;              // tree::contentSum; null: the tree's
    std::uint32_t digest = 0;                          // of an entry: what it adds to the tree's digest
};

class Outstanding {
  public:
    Outstanding(const tree::DataTree& tree, bool withDigest)
        : tree_(tree), withDigest_(withDigest), digest_(tree.digest()) {}

    // Null where there will be no such znode.
    std::optional<Future> find(const std::string& path) const;
    // Valid until the next change here or in the tree. Precondition: `znode` was found at `path`.
    const std::vector<jute::Acl>& acl(const std::string& path, const Future& znode) const;
    void put(const std::string& path, Future znode);
    // Gives a znode that is to be put this data.
    void setData(const std::string& path, Future& znode, const Buffer& data) const;
    // The paths of the ephemerals that this session will own.
    std::set<std::string> ephemerals(SessionId session) const;

    // A multi: what is put between begin() and keep() is taken back by rollBack().
    void begin();
    void keep();
    void rollBack();

    // The tree has applied everything up to this transaction.
    void applied(Zxid zxid);

    // As it is now.
    const tree::DataTree& tree() const { return tree_; }
    // Of the future tree.
    std::uint64_t digest() const { return digest_; }
    std::size_t size() const { return changes_.size(); }
    // Changes that were put and kept, and how many of them have been applied.
    std::int64_t changes() const { return put_; }
    std::int64_t changesApplied() const { return put_ - static_cast<std::int64_t>(order_.size()); }

  private:
    using Entries = std::unordered_map<std::string, Future>; // whose elements stay where they are
    struct Change {
        Zxid zxid;
        Entries::value_type* entry;
    };
    struct Before {
        Entries::value_type* entry;
        std::optional<Future> znode;
    };
    void weigh(const std::string& path, Future& znode, bool isNew);
    void indexEphemeral(const std::string& path, const Future& znode);
    void unindexEphemeral(const std::string& path, const Future& znode);

    const tree::DataTree& tree_;
    bool withDigest_;
    std::uint64_t digest_;
    Entries changes_;
    std::unordered_map<SessionId, std::set<std::string>> newEphemerals_; // those in changes_
    std::deque<Change> order_;
    std::int64_t put_ = 0;
    bool inMulti_ = false;
    std::vector<Before> undo_;
    std::uint64_t digestBefore_ = 0;
    std::size_t orderBefore_ = 0;
};

} // namespace zk::server
