#include "jute/client_records.h"

namespace zk::jute {

std::vector<Acl> openAcl() { return {Acl{kPermAll, {"world", "anyone"}}}; }

std::string_view name(OpCode op) {
    switch (op) {
    case OpCode::Notification: return "notification";
    case OpCode::Create: return "create";
    case OpCode::Delete: return "delete";
    case OpCode::Exists: return "exists";
    case OpCode::GetData: return "getData";
    case OpCode::SetData: return "setData";
    case OpCode::GetAcl: return "getACL";
    case OpCode::SetAcl: return "setACL";
    case OpCode::GetChildren: return "getChildren";
    case OpCode::Sync: return "sync";
    case OpCode::Ping: return "ping";
    case OpCode::GetChildren2: return "getChildren2";
    case OpCode::Check: return "check";
    case OpCode::Multi: return "multi";
    case OpCode::Create2: return "create2";
    case OpCode::Reconfig: return "reconfig";
    case OpCode::CheckWatches: return "checkWatches";
    case OpCode::RemoveWatches: return "removeWatches";
    case OpCode::CreateContainer: return "createContainer";
    case OpCode::DeleteContainer: return "deleteContainer";
    case OpCode::CreateTtl: return "createTTL";
    case OpCode::MultiRead: return "multiRead";
    case OpCode::Auth: return "auth";
    case OpCode::SetWatches: return "setWatches";
    case OpCode::Sasl: return "sasl";
    case OpCode::GetEphemerals: return "getEphemerals";
    case OpCode::GetAllChildrenNumber: return "getAllChildrenNumber";
    case OpCode::SetWatches2: return "setWatches2";
    case OpCode::AddWatch: return "addWatch";
    case OpCode::WhoAmI: return "whoAmI";
    case OpCode::CreateSession: return "createSession";
    case OpCode::CloseSession: return "closeSession";
    case OpCode::Error: return "error";
    }
    return "unknown op";
}

namespace {

struct ErrorWords {
    ErrorCode code;
    std::string_view name, words;
};

constexpr ErrorWords kErrors[] = {
    {ErrorCode::Ok, "Ok", "ok"},
    {ErrorCode::SystemError, "SystemError", "the server failed"},
    {ErrorCode::RuntimeInconsistency, "RuntimeInconsistency", "not carried out, because another part of the multi failed"},
    {ErrorCode::DataInconsistency, "DataInconsistency", "the server's data is inconsistent"},
    {ErrorCode::ConnectionLoss, "ConnectionLoss", "the connection was lost; the request may or may not have been carried out"},
    {ErrorCode::MarshallingError, "MarshallingError", "the server could not read the request"},
    {ErrorCode::Unimplemented, "Unimplemented", "the server does not offer this operation"},
    {ErrorCode::OperationTimeout, "OperationTimeout", "the operation took too long"},
    {ErrorCode::BadArguments, "BadArguments", "the arguments are not valid"},
    {ErrorCode::UnknownSession, "UnknownSession", "the session is not known"},
    {ErrorCode::NewConfigNoQuorum, "NewConfigNoQuorum", "the new configuration has no quorum"},
    {ErrorCode::ReconfigInProgress, "ReconfigInProgress", "another reconfiguration is going on"},
    {ErrorCode::ApiError, "ApiError", "the request was refused"},
    {ErrorCode::NoNode, "NoNode", "the znode does not exist"},
    {ErrorCode::NoAuth, "NoAuth", "the ACL does not permit this"},
    {ErrorCode::BadVersion, "BadVersion", "the znode has another version"},
    {ErrorCode::NoChildrenForEphemerals, "NoChildrenForEphemerals", "an ephemeral znode cannot have children"},
    {ErrorCode::NodeExists, "NodeExists", "the znode exists already"},
    {ErrorCode::NotEmpty, "NotEmpty", "the znode has children"},
    {ErrorCode::SessionExpired, "SessionExpired", "the session has expired"},
    {ErrorCode::InvalidCallback, "InvalidCallback", "the callback is not valid"},
    {ErrorCode::InvalidAcl, "InvalidAcl", "the ACL is not valid"},
    {ErrorCode::AuthFailed, "AuthFailed", "authentication failed"},
    {ErrorCode::SessionMoved, "SessionMoved", "the session has moved to another server"},
    {ErrorCode::NotReadOnly, "NotReadOnly", "the server is read-only at present"},
    {ErrorCode::EphemeralOnLocalSession, "EphemeralOnLocalSession", "a local session cannot have ephemeral znodes"},
    {ErrorCode::NoWatcher, "NoWatcher", "there is no such watch"},
    {ErrorCode::RequestTimeout, "RequestTimeout", "the request timed out"},
    {ErrorCode::ReconfigDisabled, "ReconfigDisabled", "reconfiguration is disabled"},
    {ErrorCode::SessionClosedRequireSaslAuth, "SessionClosedRequireSaslAuth", "the server demands SASL authentication"},
    {ErrorCode::QuotaExceeded, "QuotaExceeded", "the quota is exceeded"},
    {ErrorCode::ThrottledOp, "ThrottledOp", "the server is throttling requests"},
};

} // namespace

std::string_view name(ErrorCode code) {
    for (const auto& error : kErrors)
        if (error.code == code) return error.name;
    return "UnknownError";
}

std::string_view describe(ErrorCode code) {
    for (const auto& error : kErrors)
        if (error.code == code) return error.words;
    return "an error that ZooKeeper does not define";
}

std::string_view name(EventType type) {
    switch (type) {
    case EventType::None: return "None";
    case EventType::Created: return "NodeCreated";
    case EventType::Deleted: return "NodeDeleted";
    case EventType::DataChanged: return "NodeDataChanged";
    case EventType::ChildrenChanged: return "NodeChildrenChanged";
    case EventType::DataWatchRemoved: return "DataWatchRemoved";
    case EventType::ChildWatchRemoved: return "ChildWatchRemoved";
    case EventType::PersistentWatchRemoved: return "PersistentWatchRemoved";
    }
    return "Unknown";
}

std::string encode(const ConnectRequest& request) {
    std::string bytes;
    Writer out(bytes);
    out.i32(request.protocolVersion);
    write(out, request.lastZxidSeen);
    out.i32(request.timeoutMs);
    out.i64(request.sessionId);
    write(out, request.password);
    if (request.readOnly) out.boolean(*request.readOnly);
    return bytes;
}

std::string encode(const ConnectResponse& response) {
    std::string bytes;
    Writer out(bytes);
    out.i32(response.protocolVersion);
    out.i32(response.timeoutMs);
    out.i64(response.sessionId);
    write(out, response.password);
    if (response.readOnly) out.boolean(*response.readOnly);
    return bytes;
}

Result<ConnectRequest> decodeConnectRequest(std::string_view bytes) {
    Reader in(bytes);
    ConnectRequest request;
    read(in, request.protocolVersion);
    read(in, request.lastZxidSeen);
    read(in, request.timeoutMs);
    read(in, request.sessionId);
    read(in, request.password);
    if (in.ok() && in.left() > 0) request.readOnly = in.boolean();
    if (!in.ok()) return malformed("ConnectRequest", in.offset());
    return request;
}

Result<ConnectResponse> decodeConnectResponse(std::string_view bytes) {
    Reader in(bytes);
    ConnectResponse response;
    read(in, response.protocolVersion);
    read(in, response.timeoutMs);
    read(in, response.sessionId);
    read(in, response.password);
    if (in.ok() && in.left() > 0) response.readOnly = in.boolean();
    if (!in.ok()) return malformed("ConnectResponse", in.offset());
    return response;
}

namespace {

// Moves the reader over the request of one operation. False where a multi cannot hold such an operation.
bool skipOperation(Reader& in, OpCode type) {
    const auto skip = [&in]<class T>(T record) {
        read(in, record);
        return in.ok();
    };
    switch (type) {
    case OpCode::Create:
    case OpCode::Create2:
    case OpCode::CreateContainer: return skip(CreateRequest{});
    case OpCode::CreateTtl: return skip(CreateTtlRequest{});
    case OpCode::Delete: return skip(DeleteRequest{});
    case OpCode::SetData: return skip(SetDataRequest{});
    case OpCode::Check: return skip(CheckVersionRequest{});
    case OpCode::GetData:
    case OpCode::GetChildren: return skip(ReadRequest{});
    default: return false;
    }
}

} // namespace

Result<std::vector<MultiOp>> decodeMulti(std::string_view bytes) {
    Reader in(bytes);
    std::vector<MultiOp> ops;
    for (;;) {
        MultiHeader header;
        read(in, header);
        if (!in.ok()) return malformed("MultiHeader", in.offset());
        if (header.done) return ops;
        const std::size_t start = in.offset();
        if (!skipOperation(in, static_cast<OpCode>(header.type))) return malformed("an operation of a multi", start);
        ops.push_back({static_cast<OpCode>(header.type), std::string(bytes.substr(start, in.offset() - start))});
    }
}

std::string encodeMulti(const std::vector<MultiOp>& ops) {
    std::string bytes;
    Writer out(bytes);
    for (const MultiOp& op : ops) {
        write(out, MultiHeader{static_cast<std::int32_t>(op.type), false, -1});
        out.raw(op.body);
    }
    write(out, MultiHeader{-1, true, -1});
    return bytes;
}

} // namespace zk::jute
