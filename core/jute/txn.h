// Transactions: what the leader proposes, the log stores and the tree applies. The same bytes stand in a PROPOSAL packet
// and in a log record: TxnHeader, the body that the header's type names, and then, optionally, a TxnDigest.
#pragma once

#include "jute/client_records.h"

#include <variant>

namespace zk::jute {

struct TxnHeader {
    SessionId clientId = 0;
    std::int32_t cxid = 0; // the client's xid; a follower finds the request it forwarded by clientId and cxid
    Zxid zxid;
    std::int64_t timeMs = 0;
    std::int32_t type = 0;
    ZK_FIELDS(TxnHeader, clientId, cxid, zxid, timeMs, type);
};

struct CreateSessionTxn {
    std::int32_t timeoutMs = 0;
    ZK_FIELDS(CreateSessionTxn, timeoutMs);
};
// Absent (the whole record) in logs before 3.6: then `paths` is null and the applier deletes what the session owns.
struct CloseSessionTxn {
    std::optional<std::vector<std::string>> paths;
    ZK_FIELDS(CloseSessionTxn, paths);
};
// create and create2. parentCversion is the parent's new stored cversion; -1 means one more than before.
struct CreateTxn {
    std::string path;
    Buffer data;
    std::vector<Acl> acl;
    bool ephemeral = false;
    std::int32_t parentCversion = -1;
    ZK_FIELDS(CreateTxn, path, data, acl, ephemeral, parentCversion);
};
struct CreateContainerTxn {
    std::string path;
    Buffer data;
    std::vector<Acl> acl;
    std::int32_t parentCversion = -1;
    ZK_FIELDS(CreateContainerTxn, path, data, acl, parentCversion);
};
struct CreateTtlTxn {
    std::string path;
    Buffer data;
    std::vector<Acl> acl;
    std::int32_t parentCversion = -1;
    std::int64_t ttlMs = 0;
    ZK_FIELDS(CreateTtlTxn, path, data, acl, parentCversion, ttlMs);
};
// delete and deleteContainer.
struct DeleteTxn {
    std::string path;
    ZK_FIELDS(DeleteTxn, path);
};
// setData and reconfig.
struct SetDataTxn {
    std::string path;
    Buffer data;
    std::int32_t version = 0;
    ZK_FIELDS(SetDataTxn, path, data, version);
};
struct SetAclTxn {
    std::string path;
    std::vector<Acl> acl;
    std::int32_t aversion = 0;
    ZK_FIELDS(SetAclTxn, path, acl, aversion);
};
// Only inside a multi.
struct CheckVersionTxn {
    std::string path;
    std::int32_t version = 0;
    ZK_FIELDS(CheckVersionTxn, path, version);
};
// A request that failed while it was prepared. It consumes its zxid all the same.
struct ErrorTxn {
    std::int32_t err = 0;
    ZK_FIELDS(ErrorTxn, err);
};
struct SubTxn {
    std::int32_t type = 0;
    Buffer body; // a record of the kind that `type` names
    ZK_FIELDS(SubTxn, type, body);
};
// In a failed multi every member has type -1 and an ErrorTxn.
struct MultiTxn {
    std::vector<SubTxn> txns;
    ZK_FIELDS(MultiTxn, txns);
};

// The tree's digest after the transaction, as the leader computed it.
struct TxnDigest {
    std::int32_t version = 2;
    std::int64_t digest = 0;
    ZK_FIELDS(TxnDigest, version, digest);
};

using TxnBody = std::variant<ErrorTxn, CreateSessionTxn, CloseSessionTxn, CreateTxn, CreateContainerTxn, CreateTtlTxn,
                             DeleteTxn, SetDataTxn, SetAclTxn, CheckVersionTxn, MultiTxn>;

struct Txn {
    TxnHeader header;
    TxnBody body;
    std::optional<TxnDigest> digest;
    bool operator==(const Txn&) const = default;
};

// The body of a transaction of the type, from the reader's place. A create without parentCversion (3.3's) reads as -1.
// Errors: Errc::Malformed, also for a type that is no transaction's.
Result<TxnBody> decodeTxnBody(OpCode type, Reader& in);
Result<Txn> decodeTxn(std::string_view bytes);
std::string encode(const Txn& txn);
void write(Writer& out, const TxnBody& body);
std::string describe(const Txn& txn);

} // namespace zk::jute
