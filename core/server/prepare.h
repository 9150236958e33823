// Preparer: turns a client's request into the transaction that carries it out, or into the one that says why it fails.
//
// Every request that may write becomes a transaction, a failing one too. It is judged by the tree as it will be when
// everything prepared before it is applied. Runs on a leader or on a server that stands alone.
// Rules: Apache's PrepRequestProcessor; protocol notes 3 and 7.
#pragma once

#include "config/config.h"
#include "server/outstanding.h"
#include "server/sessions.h"
#include "tree/acl.h"

namespace zk::server {

struct WriteRequest {
    SessionId session = 0;
    std::int32_t cxid = 0;
    jute::OpCode op = jute::OpCode::Error;
    std::string_view body;                         // as the client sent it
    const std::vector<jute::Id>* identities;       // never null
    Owner owner = kOwnerNone;
};

// A request that went, or would have gone, beyond a quota.
struct QuotaExcess {
    std::string sentence;
    std::string path;
    bool refused = false; // the limit is a hard one
};

class Preparer {
  public:
    // Tree, sessions and configuration outlive it; nothing is on its way to the tree.
    Preparer(const tree::DataTree& tree, Sessions& sessions, const config::ServerConfig& config)
        : sessions_(sessions), config_(config), outstanding_(tree, config.digestEnabled) {}

    // Of the requests prepared since the last call.
    std::vector<QuotaExcess> takeQuotaExcesses() { return std::exchange(excesses_, {}); }
    jute::Txn prepare(const WriteRequest& request, Zxid zxid, WallTime wall, Instant now);
    // The tree has applied everything up to this transaction.
    void applied(Zxid zxid) { outstanding_.applied(zxid); }
    // Znodes that differ from the tree's.
    std::size_t outstanding() const { return outstanding_.size(); }
    // Changes of znodes that were prepared so far.
    std::int64_t changes() const { return outstanding_.changes(); }
    std::int64_t changesApplied() const { return outstanding_.changesApplied(); }

  private:
    // What became of one operation: a body, or an error.
    struct Outcome {
        jute::ErrorCode err = jute::ErrorCode::Ok;
        jute::TxnBody body;
    };
    struct Context {
        const WriteRequest& request;
        Zxid zxid;
        std::int64_t timeMs;
    };
    struct Creation;
    static Outcome failed(jute::ErrorCode err) { return {err, jute::ErrorTxn{static_cast<std::int32_t>(err)}}; }

    Outcome operation(const Context& context, jute::OpCode op, std::string_view body);
    Outcome create(const Context& context, Creation creation);
    jute::ErrorCode checkCreation(const Context& context, const Creation& creation);
    Outcome remove(const Context& context, std::string_view body);
    Outcome removeContainer(const Context& context, std::string_view body);
    Outcome setData(const Context& context, std::string_view body);
    Outcome setAcl(const Context& context, std::string_view body);
    Outcome check(const Context& context, std::string_view body);
    Outcome multi(const Context& context);
    Outcome createSession(const Context& context, Instant now);
    Outcome closeSession(const Context& context);

    tree::OwnerKind ownerKind(const Future& znode) const {
        return tree::ownerKind(znode.stat.ephemeralOwner, config_.extendedTypes);
    }
    static bool isFitForQuota(std::string_view path, const Buffer& data);
    jute::ErrorCode checkQuota(std::string_view path, std::int64_t count, std::int64_t bytes);
    std::shared_ptr<const std::vector<jute::Acl>> share(const std::vector<jute::Acl>& acl);
    void removeZnode(const std::string& path, Zxid zxid);
    tree::Schemes schemes() const { return {config_.digestScheme, config_.x509Logins}; }
    jute::ErrorCode permission(const Context& context, const std::string& path, const Future& znode,
                               std::int32_t perms) const;

    Sessions& sessions_;
    const config::ServerConfig& config_;
    Outstanding outstanding_;
    std::shared_ptr<const std::vector<jute::Acl>> lastAcl_;
    std::vector<QuotaExcess> excesses_;
};

} // namespace zk::server
