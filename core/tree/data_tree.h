// The data tree: every znode with its data, ACL and stat, the sessions and what ephemerals they own, and the
// digest over all of it. It changes only by apply(), one committed transaction after another; so two servers
// that applied the same transactions hold equal trees, and the digest tells when they do not.
//
// Reads are single hash probes by path. Nothing here waits, reads a clock or knows of a connection.
// One thread owns a tree and all views of it. Rules: Apache's DataTree, DataNode and AdHash; docs in the
// protocol notes.
#pragma once

#include "base/result.h"
#include "jute/txn.h"
#include "tree/quota.h"
#include "tree/znode.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace zk::tree {

class ChildWalk;
class View;

struct TreeOptions {
    bool extendedTypes = false; // an owner may be a TTL's mark: zookeeper.extendedTypesEnabled
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
    // Who may READ the znode that changed and so hear of it; null: everybody.
    std::shared_ptr<const std::vector<jute::Acl>> readers;
};

struct Applied {
    OpResult result;             // of a multi: type Multi and the first error
    std::vector<OpResult> parts; // of a multi only
    std::vector<Change> changes;
    bool digestDiffers = false; // the transaction carried a digest and ours is another
};

class DataTree {
  public:
    // The tree of a server that never ran: "", /zookeeper, /zookeeper/quota and /zookeeper/config.
    explicit DataTree(TreeOptions options = {});
    ~DataTree();
    DataTree(const DataTree&) = delete;
    DataTree& operator=(const DataTree&) = delete;

    // Applies a committed transaction. Total: a transaction that does not fit (a node already there while a
    // fuzzy snapshot is replayed) gives its error in the result and changes lastZxid, and of the znodes only
    // what Apache's replay mends too: a create that finds its znode brings its ACL and the parent's cversion
    // and pzxid up to date, a delete that finds none the parent's pzxid.
    Applied apply(const jute::Txn& txn);

    // Null where there is no such znode. The root is "/" here (its path on disk is "").
    const Znode* find(std::string_view path) const;
    const std::vector<jute::Acl>& acl(const Znode& node) const;

    // The path with the quota that this one counts into: itself or the nearest above that has one; empty: none. A view
    // into `path`.
    std::string_view quotaOf(std::string_view path) const;
    // What stands in a quota's znode; nothing where there is no such znode, or it cannot be read.
    QuotaNumbers quotaNumbers(const std::string& path) const;

    // How many znodes stand below this one, at any depth. Walks them.
    std::size_t descendantCount(const Znode& node) const;

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

    // Containers and TTL znodes stand in the order of their creation, each at a place that never changes.
    // Finds the first whose place is not below `place`, and moves `place` behind it; null where there is
    // none.
    const Znode* nextRemovable(std::uint64_t& place) const;

    std::size_t znodeCount() const; // as srvr counts: the root counts twice
    std::size_t ephemeralCount() const;
    std::size_t approximateDataSize() const; // bytes of paths and data, Apache's approximateDataSize

    // Puts the ensemble's description into /zookeeper/config, as a server does at its start; no transaction.
    void setConfig(std::string_view text, std::int64_t nowMs);

    // The names of the znode's children as they are now, to be read piece by piece.
    std::unique_ptr<ChildWalk> walkChildren(const Znode& parent) const;
    // A view of the tree as it is now, which stays so however the tree goes on. Must not outlive the tree.
    // At most one zxid's tree is kept per view; several views may live at once.
    std::unique_ptr<View> view();

  private:
    friend class ChildWalk;
    friend class View;
    friend class Loader;
    struct State;
    struct Empty {}; // asks for a tree without any znode, for the loader to fill

    DataTree(Empty, TreeOptions options);
    Znode& insert(std::string_view path, std::optional<std::string_view> data, std::int32_t aclId,
                  const StatPersisted& stat, Znode* parent);
    std::uint32_t digestOf(const Znode& node) const;
    Change change(jute::EventType type, std::string_view path, const Znode& node) const;
    void beforeChange(Znode& node);
    void afterChange(Znode& node);
    jute::ErrorCode create(OpResult& result, const jute::TxnHeader& header, const Buffer& data,
                           const std::vector<jute::Acl>& acl, std::int64_t owner, std::int32_t parentCversion,
                           std::vector<Change>& changes);
    jute::ErrorCode remove(std::string_view path, Zxid zxid, std::vector<Change>& changes);
    void erase(Znode& node, Znode& parent);
    void quotaCreated(std::string_view path, std::int64_t bytes);
    void quotaRemoved(std::string_view path, std::int64_t bytes);
    void countIntoQuota(std::string_view path, std::int64_t count, std::int64_t bytes);
    void recountQuota(std::string_view of);
    void writeQuotaStats(std::string_view of, const QuotaNumbers& numbers);
    void findQuotas();
    void closeSession(SessionId session, const std::vector<std::string>& paths, Zxid zxid,
                      std::vector<Change>& changes);
    OpResult applyOne(const jute::TxnHeader& header, const jute::TxnBody& body, std::vector<Change>& changes);
    void applyMulti(const jute::TxnHeader& header, const jute::MultiTxn& multi, Applied& applied);

    std::unique_ptr<State> state_;
    Zxid lastZxid_;
    std::uint64_t digest_ = 0;
    std::map<SessionId, std::int32_t> sessions_;
    std::map<SessionId, std::set<std::string>> ephemerals_;
};

// The contribution of one znode to the digest; 0 for what lies strictly under /zookeeper/. `path` as on disk:
// "" for the root. `content`: the sum over path and data, which most changes of a znode leave as it is.
std::uint32_t contentSum(std::string_view path, std::optional<std::string_view> data);
std::uint32_t znodeDigest(std::string_view path, std::uint32_t content, const StatPersisted& stat);

// Writes the tree of one moment as a snapshot's body: sessions, ACLs, znodes with parents before children,
// and the "/" that ends them (the bytes of a SNAP stream; in a file the header stands before and the seals
// after).
class View {
  public:
    explicit View(DataTree& tree);
    ~View();
    View(const View&) = delete;
    View& operator=(const View&) = delete;

    Zxid zxid() const { return zxid_; }
    std::uint64_t digest() const { return digest_; }
    // Appends about `budget` bytes more to `out`, a whole record at least. False once everything has been
    // written.
    bool next(std::string& out, std::size_t budget);

  private:
    friend class DataTree;
    struct Progress;
    void keep(const Znode& node);  // before the znode changes
    void leave(const Znode& node); // before the znode goes
    bool nextNode(std::string& out);

    DataTree* tree_;
    Zxid zxid_;
    std::uint64_t digest_;
    std::unique_ptr<Progress> progress_;
};

// Writes the names of a znode's children as they were at one moment, however the tree goes on. Must not
// outlive the tree.
class ChildWalk {
  public:
    ~ChildWalk();
    ChildWalk(const ChildWalk&) = delete;
    ChildWalk& operator=(const ChildWalk&) = delete;

    // What all of it will be: so many names, of so many bytes together.
    std::size_t count() const { return count_; }
    std::size_t nameBytes() const { return nameBytes_; }
    // Appends at most `names` names more, each as a ustring. False once all of them have been written.
    bool next(std::string& out, std::size_t names);

  private:
    friend class DataTree;
    ChildWalk(const DataTree& tree, const Znode& parent);
    void leave(const Znode& node); // before the znode goes

    const DataTree* tree_;
    const Znode *parent_, *cursor_; // the next of the living children, from the youngest to the oldest
    std::size_t count_, nameBytes_;
    std::vector<std::string> gone_; // names of children that went ahead of the cursor
};

// Builds a tree from a snapshot's body that arrives in pieces of any size.
class Loader {
  public:
    explicit Loader(TreeOptions options = {});
    ~Loader();

    // Takes as much of `bytes` as belongs to the body and tells how much that was: less than all only once
    // done(). Errors: Errc::Malformed with the offset in the body.
    Result<std::size_t> feed(std::string_view bytes);
    // The "/" that ends the znodes has been read.
    bool done() const;
    // Precondition: done(). `zxid`: the snapshot's. The digest is computed anew while loading.
    std::unique_ptr<DataTree> finish(Zxid zxid);

  private:
    struct State;
    boost::system::result<std::size_t, std::string> loadRecord(std::string_view bytes);
    std::string loadNode(jute::Reader& in);

    std::unique_ptr<State> state_;
};

} // namespace zk::tree
