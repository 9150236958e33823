// The data tree: every znode with its data, ACL and stat, the sessions and what ephemerals they own, and the digest over
// all of it. It changes only by apply(), one committed transaction after another; so two servers that applied the same
// transactions hold equal trees, and the digest tells when they do not.
//
// Reads are single hash probes by path. Nothing here waits, reads a clock or knows of a connection.
// One thread owns a tree and all views of it. Rules: Apache's DataTree, DataNode and AdHash; docs in the protocol notes.
#pragma once

#include "base/result.h"
#include "jute/txn.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace zk::tree {

class View;

// The special values of ephemeralOwner.
inline constexpr std::int64_t kContainerOwner = INT64_MIN;            // 0x8000000000000000
inline constexpr std::int64_t kTtlOwnerMask = -72057594037927936LL;   // 0xFF00000000000000

// What a znode is on disk and in the digest, beside its path, data and ACL.
struct StatPersisted {
    Zxid czxid, mzxid;
    std::int64_t ctime = 0, mtime = 0;
    std::int32_t version = 0, cversion = 0, aversion = 0; // cversion counts the creates of children only
    std::int64_t ephemeralOwner = 0;
    Zxid pzxid;
    ZK_FIELDS(StatPersisted, czxid, mzxid, ctime, mtime, version, cversion, aversion, ephemeralOwner, pzxid);
};

// One znode, as a reader sees it; valid until the tree's next apply().
class Znode {
  public:
    // Null data is not the same as no bytes.
    std::optional<std::string_view> data() const;
    const StatPersisted& persisted() const { return stat_; }
    // The stat that clients see: cversion becomes 2 x stored - numChildren.
    jute::Stat stat() const;
    std::int32_t aclId() const { return static_cast<std::int32_t>(aclId_); }
    std::size_t childCount() const { return children_.size(); }
    // The children's names (not paths), in no promised order.
    const std::set<std::string, std::less<>>& children() const { return children_; }

  private:
    friend class DataTree;
    friend class View;
    StatPersisted stat_;
    Buffer data_;
    std::int64_t aclId_ = -1;
    std::set<std::string, std::less<>> children_;
};

// What one operation did, for the reply to the client that asked for it.
struct OpResult {
    jute::OpCode type = jute::OpCode::Error;
    jute::ErrorCode err = jute::ErrorCode::Ok;
    std::string path;
    jute::Stat stat; // of the znode after the operation, where the answer carries one
};

// A change that watches may wait for, in the order in which they are to be told.
struct Change {
    jute::EventType type = jute::EventType::None;
    std::string path;
};

struct Applied {
    OpResult result;             // of a multi: type Multi and the first error
    std::vector<OpResult> parts; // of a multi only
    std::vector<Change> changes;
    bool digestDiffers = false;  // the transaction carried a digest and ours is another
};

class DataTree {
  public:
    // The tree of a server that never ran: "", /zookeeper, /zookeeper/quota and /zookeeper/config.
    DataTree();
    ~DataTree();
    DataTree(const DataTree&) = delete;
    DataTree& operator=(const DataTree&) = delete;

    // Applies a committed transaction. Total: a transaction that does not fit (a node already there while a fuzzy
    // snapshot is replayed) gives its error in the result and changes nothing but lastZxid.
    Applied apply(const jute::Txn& txn);

    // Null where there is no such znode. The root is "/" here (its path on disk is "").
    const Znode* find(std::string_view path) const;
    const std::vector<jute::Acl>& acl(const Znode& node) const;

    // The zxid of the last transaction applied, or what the snapshot said.
    Zxid lastZxid() const { return lastZxid_; }
    void setLastZxid(Zxid zxid) { lastZxid_ = zxid; }
    // Sum of the CRC-32 of all znodes outside /zookeeper/, modulo 2^64.
    std::uint64_t digest() const { return digest_; }

    // Open sessions and their timeouts in ms.
    const std::map<SessionId, std::int32_t>& sessions() const { return sessions_; }
    // The paths that the session owns; empty where it owns none.
    const std::set<std::string>& ephemerals(SessionId session) const;
    const std::map<SessionId, std::set<std::string>>& ephemeralsBySession() const { return ephemerals_; }

    std::size_t znodeCount() const;      // as srvr counts: the root counts twice
    std::size_t ephemeralCount() const;
    std::size_t approximateDataSize() const; // bytes of paths and data, Apache's approximateDataSize

    // Puts the ensemble's description into /zookeeper/config, as a server does at its start; no transaction.
    void setConfig(std::string_view text, std::int64_t nowMs);

    // A view of the tree as it is now, which stays so however the tree goes on. Must not outlive the tree.
    // At most one zxid's tree is kept per view; several views may live at once.
    std::unique_ptr<View> view();

  private:
    friend class View;
    friend class Loader;
    struct State;
    std::unique_ptr<State> state_;
    Zxid lastZxid_;
    std::uint64_t digest_ = 0;
    std::map<SessionId, std::int32_t> sessions_;
    std::map<SessionId, std::set<std::string>> ephemerals_;
};

// The contribution of one znode to the digest; 0 for what lies strictly under /zookeeper/.
// `path` as on disk: "" for the root.
std::uint32_t znodeDigest(std::string_view path, std::optional<std::string_view> data, const StatPersisted& stat);

// Writes the tree of one moment as a snapshot's body: sessions, ACLs, znodes with parents before children, and the "/"
// that ends them (the bytes of a SNAP stream; in a file the header stands before and the seals after).
class View {
  public:
    explicit View(DataTree& tree);
    ~View();
    View(const View&) = delete;
    View& operator=(const View&) = delete;

    Zxid zxid() const { return zxid_; }
    std::uint64_t digest() const { return digest_; }
    // Appends about `budget` bytes more to `out`, a whole record at least. False once everything has been written.
    bool next(std::string& out, std::size_t budget);

  private:
    friend class DataTree;
    struct Progress;
    DataTree* tree_;
    Zxid zxid_;
    std::uint64_t digest_;
    std::unique_ptr<Progress> progress_;
};

// Builds a tree from a snapshot's body that arrives in pieces of any size.
class Loader {
  public:
    Loader();
    ~Loader();

    // Takes as much of `bytes` as belongs to the body and tells how much that was: less than all only once done().
    // Errors: Errc::Malformed with the offset in the body.
    Result<std::size_t> feed(std::string_view bytes);
    // The "/" that ends the znodes has been read.
    bool done() const;
    // Precondition: done(). `zxid`: the snapshot's. The digest is computed anew while loading.
    std::unique_ptr<DataTree> finish(Zxid zxid);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace zk::tree
