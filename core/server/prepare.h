// Preparer: turns a client's request into the transaction that carries it out, or into the one that says why it fails.
//
// Every request that may write becomes a transaction, a failing one too. It is judged by the tree as it will be when
// everything prepared before it is applied. Runs on a leader or on a server that stands alone.
// Rules: Apache's PrepRequestProcessor; protocol notes 3 and 7.
#pragma once

#include "server/outstanding.h"
#include "server/sessions.h"

namespace zk::server {

struct WriteRequest {
    SessionId session = 0;
    std::int32_t cxid = 0;
    jute::OpCode op = jute::OpCode::Error;
    std::string_view body;                         // as the client sent it
    const std::vector<jute::Id>* identities;       // never null
    Owner owner = kOwnerNone;
};

class Preparer {
  public:
    // Tree and sessions outlive it; nothing is on its way to the tree.
    Preparer(const tree::DataTree& tree, Sessions& sessions, bool digestEnabled)
        : sessions_(sessions), digestEnabled_(digestEnabled), outstanding_(tree, digestEnabled) {}

    jute::Txn prepare(const WriteRequest& request, Zxid zxid, WallTime wall, Instant now);
    // The tree has applied everything up to this transaction.
    void applied(Zxid zxid) { outstanding_.applied(zxid); }
    // Znodes that differ from the tree's.
    std::size_t outstanding() const { return outstanding_.size(); }

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
    static Outcome failed(jute::ErrorCode err) { return {err, jute::ErrorTxn{static_cast<std::int32_t>(err)}}; }

    Outcome operation(const Context& context, jute::OpCode op, std::string_view body);
    Outcome create(const Context& context, std::string_view body);
    Outcome remove(const Context& context, std::string_view body);
    Outcome setData(const Context& context, std::string_view body);
    Outcome setAcl(const Context& context, std::string_view body);
    Outcome check(const Context& context, std::string_view body);
    Outcome multi(const Context& context);
    Outcome createSession(const Context& context, Instant now);
    Outcome closeSession(const Context& context);

    void removeZnode(const std::string& path, Zxid zxid);
    jute::ErrorCode permission(const Context& context, const std::string& path, const Future& znode,
                               std::int32_t perms) const;

    Sessions& sessions_;
    bool digestEnabled_;
    Outstanding outstanding_;
};

} // namespace zk::server
