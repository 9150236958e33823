// The records of the client protocol, with the codes that go with them: what a client and a server say to each other
// on the client port. Frames both ways are an int length and that many bytes.
#pragma once

#include "jute/archive.h"

namespace zk::jute {

// What a request asks for; the numbers are the wire's.
enum class OpCode : std::int32_t {
    Notification = 0,
    Create = 1,
    Delete = 2,
    Exists = 3,
    GetData = 4,
    SetData = 5,
    GetAcl = 6,
    SetAcl = 7,
    GetChildren = 8,
    Sync = 9,
    Ping = 11,
    GetChildren2 = 12,
    Check = 13,
    Multi = 14,
    Create2 = 15,
    Reconfig = 16,
    CheckWatches = 17,
    RemoveWatches = 18,
    CreateContainer = 19,
    DeleteContainer = 20,
    CreateTtl = 21,
    MultiRead = 22,
    Auth = 100,
    SetWatches = 101,
    Sasl = 102,
    GetEphemerals = 103,
    GetAllChildrenNumber = 104,
    SetWatches2 = 105,
    AddWatch = 106,
    WhoAmI = 107,
    CreateSession = -10,
    CloseSession = -11,
    Error = -1,
};

// "create2"; "op 77" for a number that ZooKeeper does not know.
std::string_view name(OpCode op);

// ZooKeeper's own error numbers: the answer to a request, and the result of applying a transaction.
enum class ErrorCode : std::int32_t {
    Ok = 0,
    SystemError = -1,
    RuntimeInconsistency = -2,
    DataInconsistency = -3,
    ConnectionLoss = -4,
    MarshallingError = -5,
    Unimplemented = -6,
    OperationTimeout = -7,
    BadArguments = -8,
    UnknownSession = -12,
    NewConfigNoQuorum = -13,
    ReconfigInProgress = -14,
    ApiError = -100,
    NoNode = -101,
    NoAuth = -102,
    BadVersion = -103,
    NoChildrenForEphemerals = -108,
    NodeExists = -110,
    NotEmpty = -111,
    SessionExpired = -112,
    InvalidCallback = -113,
    InvalidAcl = -114,
    AuthFailed = -115,
    SessionMoved = -118,
    NotReadOnly = -119,
    EphemeralOnLocalSession = -120,
    NoWatcher = -121,
    RequestTimeout = -122,
    ReconfigDisabled = -123,
    SessionClosedRequireSaslAuth = -124,
    QuotaExceeded = -125,
    ThrottledOp = -127,
};

// "no node", in plain words for people.
std::string_view describe(ErrorCode code);
// "NoNode", the name that programs print.
std::string_view name(ErrorCode code);

// Fixed xids of what is not an ordinary request.
inline constexpr std::int32_t kXidNotification = -1;
inline constexpr std::int32_t kXidPing = -2;
inline constexpr std::int32_t kXidAuth = -4;
inline constexpr std::int32_t kXidSetWatches = -8;

inline constexpr std::int32_t kPermRead = 1;
inline constexpr std::int32_t kPermWrite = 2;
inline constexpr std::int32_t kPermCreate = 4;
inline constexpr std::int32_t kPermDelete = 8;
inline constexpr std::int32_t kPermAdmin = 16;
inline constexpr std::int32_t kPermAll = 31;

// The `flags` of a create request.
enum class CreateMode : std::int32_t {
    Persistent = 0,
    Ephemeral = 1,
    PersistentSequential = 2,
    EphemeralSequential = 3,
    Container = 4,
    Ttl = 5,
    TtlSequential = 6,
};
constexpr bool isEphemeral(CreateMode mode) {
    return mode == CreateMode::Ephemeral || mode == CreateMode::EphemeralSequential;
}
constexpr bool isSequential(CreateMode mode) {
    return mode == CreateMode::PersistentSequential || mode == CreateMode::EphemeralSequential ||
           mode == CreateMode::TtlSequential;
}

enum class EventType : std::int32_t {
    None = -1,
    Created = 1,
    Deleted = 2,
    DataChanged = 3,
    ChildrenChanged = 4,
    DataWatchRemoved = 5,
    ChildWatchRemoved = 6,
    PersistentWatchRemoved = 7,
};
// "NodeCreated", as ZooKeeper's own tools print it.
std::string_view name(EventType type);

// Which watches of a path checkWatches and removeWatches mean. The last two only since 3.9.
enum class WatcherType : std::int32_t {
    Children = 1,
    Data = 2,
    Any = 3,
    Persistent = 4,
    PersistentRecursive = 5,
};

// The `mode` of addWatch.
enum class AddWatchMode : std::int32_t {
    Persistent = 0,
    PersistentRecursive = 1,
};

enum class KeeperState : std::int32_t {
    Disconnected = 0,
    SyncConnected = 3,
    AuthFailed = 4,
    ConnectedReadOnly = 5,
    SaslAuthenticated = 6,
    Closed = 7,
    Expired = -112,
};

struct Id {
    std::string scheme, id;
    ZK_FIELDS(Id, scheme, id);
    auto operator<=>(const Id&) const = default;
};

struct Acl {
    std::int32_t perms = 0;
    Id id;
    ZK_FIELDS(Acl, perms, id);
    auto operator<=>(const Acl&) const = default;
};

// world:anyone with all permissions.
std::vector<Acl> openAcl();

struct Stat {
    Zxid czxid, mzxid;
    std::int64_t ctime = 0, mtime = 0; // milliseconds since 1970
    std::int32_t version = 0, cversion = 0, aversion = 0;
    std::int64_t ephemeralOwner = 0;
    std::int32_t dataLength = 0, numChildren = 0;
    Zxid pzxid;
    ZK_FIELDS(Stat, czxid, mzxid, ctime, mtime, version, cversion, aversion, ephemeralOwner, dataLength, numChildren,
              pzxid);
};

inline constexpr std::size_t kPasswordSize = 16;

// The readOnly flag is absent from clients before 3.4; the answer carries one only if the request did.
struct ConnectRequest {
    std::int32_t protocolVersion = 0;
    Zxid lastZxidSeen;
    std::int32_t timeoutMs = 0;
    SessionId sessionId = 0;
    Buffer password;
    std::optional<bool> readOnly;
    bool operator==(const ConnectRequest&) const = default;
};
struct ConnectResponse {
    std::int32_t protocolVersion = 0;
    std::int32_t timeoutMs = 0; // 0: refused, the session is gone
    SessionId sessionId = 0;
    Buffer password;
    std::optional<bool> readOnly;
    bool operator==(const ConnectResponse&) const = default;
};
std::string encode(const ConnectRequest& request);
std::string encode(const ConnectResponse& response);
Result<ConnectRequest> decodeConnectRequest(std::string_view bytes);
Result<ConnectResponse> decodeConnectResponse(std::string_view bytes);

struct RequestHeader {
    std::int32_t xid = 0, type = 0;
    ZK_FIELDS(RequestHeader, xid, type);
};
struct ReplyHeader {
    std::int32_t xid = 0;
    Zxid zxid;
    std::int32_t err = 0;
    ZK_FIELDS(ReplyHeader, xid, zxid, err);
};
struct MultiHeader {
    std::int32_t type = 0;
    bool done = false;
    std::int32_t err = 0;
    ZK_FIELDS(MultiHeader, type, done, err);
};

struct AuthPacket {
    std::int32_t type = 0;
    std::string scheme;
    Buffer auth;
    ZK_FIELDS(AuthPacket, type, scheme, auth);
};

// create, create2 and createContainer.
struct CreateRequest {
    std::string path;
    Buffer data;
    std::vector<Acl> acl;
    std::int32_t flags = 0;
    ZK_FIELDS(CreateRequest, path, data, acl, flags);
};
struct CreateTtlRequest {
    std::string path;
    Buffer data;
    std::vector<Acl> acl;
    std::int32_t flags = 0;
    std::int64_t ttlMs = 0;
    ZK_FIELDS(CreateTtlRequest, path, data, acl, flags, ttlMs);
};
struct DeleteRequest {
    std::string path;
    std::int32_t version = -1;
    ZK_FIELDS(DeleteRequest, path, version);
};
// exists, getData, getChildren and getChildren2.
struct ReadRequest {
    std::string path;
    bool watch = false;
    ZK_FIELDS(ReadRequest, path, watch);
};
struct SetDataRequest {
    std::string path;
    Buffer data;
    std::int32_t version = -1;
    ZK_FIELDS(SetDataRequest, path, data, version);
};
// getACL, sync, deleteContainer, getEphemerals and getAllChildrenNumber; the answer to create and to sync.
struct PathRecord {
    std::string path;
    ZK_FIELDS(PathRecord, path);
};
struct SetAclRequest {
    std::string path;
    std::vector<Acl> acl;
    std::int32_t version = -1;
    ZK_FIELDS(SetAclRequest, path, acl, version);
};
struct CheckVersionRequest {
    std::string path;
    std::int32_t version = -1;
    ZK_FIELDS(CheckVersionRequest, path, version);
};
struct SetWatchesRequest {
    Zxid relativeZxid;
    std::vector<std::string> dataWatches, existWatches, childWatches;
    ZK_FIELDS(SetWatchesRequest, relativeZxid, dataWatches, existWatches, childWatches);
};
struct SetWatches2Request {
    Zxid relativeZxid;
    std::vector<std::string> dataWatches, existWatches, childWatches, persistentWatches, persistentRecursiveWatches;
    ZK_FIELDS(SetWatches2Request, relativeZxid, dataWatches, existWatches, childWatches, persistentWatches,
              persistentRecursiveWatches);
};
// checkWatches and removeWatches.
struct WatcherTypeRequest {
    std::string path;
    std::int32_t type = 0;
    ZK_FIELDS(WatcherTypeRequest, path, type);
};
struct AddWatchRequest {
    std::string path;
    std::int32_t mode = 0;
    ZK_FIELDS(AddWatchRequest, path, mode);
};

struct Create2Response {
    std::string path;
    Stat stat;
    ZK_FIELDS(Create2Response, path, stat);
};
struct StatResponse {
    Stat stat;
    ZK_FIELDS(StatResponse, stat);
};
struct GetDataResponse {
    Buffer data;
    Stat stat;
    ZK_FIELDS(GetDataResponse, data, stat);
};
struct GetAclResponse {
    std::vector<Acl> acl;
    Stat stat;
    ZK_FIELDS(GetAclResponse, acl, stat);
};
struct GetChildrenResponse {
    std::vector<std::string> children;
    ZK_FIELDS(GetChildrenResponse, children);
};
struct GetChildren2Response {
    std::vector<std::string> children;
    Stat stat;
    ZK_FIELDS(GetChildren2Response, children, stat);
};
struct GetEphemeralsResponse {
    std::vector<std::string> ephemerals;
    ZK_FIELDS(GetEphemeralsResponse, ephemerals);
};
struct GetAllChildrenNumberResponse {
    std::int32_t totalNumber = 0;
    ZK_FIELDS(GetAllChildrenNumberResponse, totalNumber);
};
// An identity as whoAmI tells it: a digest without its hash.
struct ClientInfo {
    std::string authScheme, user;
    ZK_FIELDS(ClientInfo, authScheme, user);
};
struct WhoAmIResponse {
    std::vector<ClientInfo> clientInfo;
    ZK_FIELDS(WhoAmIResponse, clientInfo);
};
// The answer to addWatch, and to an operation of a multi that failed.
struct ErrorResponse {
    std::int32_t err = 0;
    ZK_FIELDS(ErrorResponse, err);
};
struct WatcherEvent {
    std::int32_t type = 0, state = 0;
    std::string path;
    ZK_FIELDS(WatcherEvent, type, state, path);
};

// One operation of a multi: its kind and the request's own bytes, not decoded yet.
struct MultiOp {
    OpCode type = OpCode::Error;
    std::string body;
    bool operator==(const MultiOp&) const = default;
};
// The operations of a multi or multiRead request. Errors: Errc::Malformed, also for an operation that a multi may not
// hold, since nobody can tell where it ends.
Result<std::vector<MultiOp>> decodeMulti(std::string_view bytes);
std::string encodeMulti(const std::vector<MultiOp>& ops);

} // namespace zk::jute
