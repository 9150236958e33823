// Client: a ZooKeeper session as a program uses it. Asynchronous: every call returns at once and its answer comes to the
// callback, on the thread that the transport belongs to; callbacks come in the order of the requests.
//
// The library reconnects by itself (host list shuffled and rotated), keeps the session, sends its identities and sets its
// watches again. A read-only lock refuses every write below whatever is built on it.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "base/tls_options.h"
#include "jute/client_records.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace zk::client {

// ZooKeeper's own error numbers as an error_code: Error.code of every failed operation.
const boost::system::error_category& clientCategory();
boost::system::error_code toErrorCode(jute::ErrorCode code);
// The number again; SystemError for a code of another category.
jute::ErrorCode toErrorCode(const Error& error);

enum class SessionState {
    Connecting,  // no server yet, or between two; requests wait
    Connected,
    AuthFailed,  // final
    Expired,     // final: the ensemble has closed the session, its ephemerals are gone
    Closed,      // final: closed by us
};
std::string_view name(SessionState state);

struct Address {
    std::string host;
    std::uint16_t port = 2181;
    bool operator==(const Address&) const = default;
};

// "host:port,host:port/chroot". Errors: Errc::Malformed with what is wrong and an example.
struct ConnectString {
    std::vector<Address> servers;
    std::string chroot; // "" or "/a/b"
};
Result<ConnectString> parseConnectString(std::string_view text);
std::string toString(const Address& address);

struct Identity {
    std::string scheme; // "digest"
    std::string auth;   // "user:password"
};

struct Options {
    ConnectString connect;
    std::chrono::milliseconds sessionTimeout{30000};
    std::vector<Identity> identities;
    std::optional<TlsOptions> tls;                  // speak TLS, by these rules
    bool acceptReadOnly = false; // be served by a server without a quorum, which refuses writes, until another is found
    bool readOnly = false;                          // the lock: no write leaves this client
    std::size_t maxReplyBytes = 64 * 1024 * 1024;   // a larger reply fails its request, and nothing else
    std::uint64_t seed = 0;                         // for shuffling the hosts
};

struct Status {
    SessionState state = SessionState::Connecting;
    SessionId session = 0;
    bool readOnlyServer = false;                 // it has no quorum: it serves what it has and refuses writes
    std::optional<Address> server;               // the member that we are connected to
    std::chrono::milliseconds timeout{0};        // as negotiated
    std::optional<Duration> roundTrip;           // of the last ping or request
    Zxid lastZxid;
    std::size_t watches = 0, pending = 0;
    std::string lastError;                       // why the last connection ended or could not be made
};

struct WatchEvent {
    jute::EventType type = jute::EventType::None;
    std::string path; // without the chroot
};
using Watcher = std::function<void(const WatchEvent&)>;
// Ends with its last copy.
using Subscription = std::shared_ptr<const void>;
// Requests are counted from 1, in the order of the calls.
using RequestNumber = std::uint64_t;
template <class T>
using Callback = std::function<void(Result<T>)>;

struct Data {
    Buffer bytes;
    jute::Stat stat;
};
struct Children {
    std::vector<std::string> names;
    jute::Stat stat;
};
struct Created {
    std::string path;
    jute::Stat stat;
};
struct AclAndStat {
    std::vector<jute::Acl> acl;
    jute::Stat stat;
};

// The operations of a multi.
struct CreateOp {
    std::string path;
    Buffer data;
    std::vector<jute::Acl> acl;
    jute::CreateMode mode = jute::CreateMode::Persistent;
    std::chrono::milliseconds ttl{0}; // of the modes Ttl and TtlSequential
};
struct DeleteOp { std::string path; std::int32_t version = -1; };
struct SetDataOp { std::string path; Buffer data; std::int32_t version = -1; };
struct CheckOp { std::string path; std::int32_t version = -1; };
using Op = std::variant<CreateOp, DeleteOp, SetDataOp, CheckOp>;
struct OpOutcome {
    jute::ErrorCode err = jute::ErrorCode::Ok;
    std::string path; // of a create
    jute::Stat stat;  // of a create and a setData
};

// The operations of a multiRead.
struct GetDataOp { std::string path; };
struct GetChildrenOp { std::string path; };
using ReadOp = std::variant<GetDataOp, GetChildrenOp>;
struct ReadOutcome {
    jute::ErrorCode err = jute::ErrorCode::Ok;
    Data data;                      // of a getData
    std::vector<std::string> names; // of a getChildren
};

// One session. All calls and callbacks on the transport's thread; a callback may call the client again. Destroying the
// client drops the connection without closing the session and calls nothing back.
class Client {
  public:
    virtual ~Client() = default;

    // Every mode but those with a lifetime; Container makes what createContainer does.
    virtual void create(std::string path, Buffer data, std::vector<jute::Acl> acl, jute::CreateMode mode,
                        Callback<Created> done) = 0;
    // The ensemble deletes it some time after its last child has gone.
    void createContainer(std::string path, Buffer data, std::vector<jute::Acl> acl, Callback<Created> done) {
        create(std::move(path), std::move(data), std::move(acl), jute::CreateMode::Container, std::move(done));
    }
    // The ensemble deletes it once it has had no children and no setData for `ttl`, which is 1 ms to 2^40 - 1 ms. The
    // servers must run with extendedTypesEnabled; otherwise they answer Unimplemented. Precondition: mode Ttl or
    // TtlSequential.
    virtual void createTtl(std::string path, Buffer data, std::vector<jute::Acl> acl, jute::CreateMode mode,
                           std::chrono::milliseconds ttl, Callback<Created> done) = 0;
    virtual void remove(std::string path, std::int32_t version, Callback<void> done) = 0;
    // Null where the znode does not exist; the watch is set either way.
    virtual void exists(std::string path, Watcher watcher, Callback<std::optional<jute::Stat>> done) = 0;
    virtual void getData(std::string path, Watcher watcher, Callback<Data> done) = 0;
    virtual void setData(std::string path, Buffer data, std::int32_t version, Callback<jute::Stat> done) = 0;
    virtual void getChildren(std::string path, Watcher watcher, Callback<Children> done) = 0;
    virtual void getAcl(std::string path, Callback<AclAndStat> done) = 0;
    virtual void setAcl(std::string path, std::vector<jute::Acl> acl, std::int32_t version,
                        Callback<jute::Stat> done) = 0;
    virtual void sync(std::string path, Callback<void> done) = 0;
    // All or nothing. A failed one gives the outcome of each operation with the error that stopped it.
    virtual void multi(std::vector<Op> ops, Callback<std::vector<OpOutcome>> done) = 0;
    // Each operation for itself: one may fail where another succeeds.
    virtual void multiRead(std::vector<ReadOp> ops, Callback<std::vector<ReadOutcome>> done) = 0;
    // How many znodes stand below this one, at any depth.
    virtual void getAllChildrenNumber(std::string path, Callback<std::int32_t> done) = 0;
    // The session's own ephemerals whose paths begin with these letters; "/": all.
    virtual void getEphemerals(std::string prefix, Callback<std::vector<std::string>> done) = 0;
    // The identities that the server knows this connection by; a digest without its hash.
    virtual void whoAmI(Callback<std::vector<jute::ClientInfo>> done) = 0;
    // A watch that stays until it is removed: of the znode and its list of children, or (recursive) of the znode and
    // everything below it, which tells of no ChildrenChanged. It survives a lost connection.
    virtual void addWatch(std::string path, jute::AddWatchMode mode, Watcher watcher, Callback<void> done) = 0;
    // Has the server such a watch of this connection? Error NoWatcher where it has none.
    virtual void checkWatches(std::string path, jute::WatcherType type, Callback<void> done) = 0;
    // Removes all watches of these kinds at this path. Each watcher is told DataWatchRemoved, ChildWatchRemoved or
    // PersistentWatchRemoved, then comes the answer: NoWatcher where there was none. `local`: here they go even where
    // the server cannot be reached or refuses.
    virtual void removeWatches(std::string path, jute::WatcherType type, bool local, Callback<void> done) = 0;
    virtual void addAuth(Identity identity, Callback<void> done) = 0;
    // Any request as bytes, for what the calls above do not offer: the answer's body.
    virtual void request(jute::OpCode op, std::string body, Callback<std::string> done) = 0;
    // Closes the session; ephemerals go. The callback comes when the server has answered or cannot be reached.
    virtual void close(std::function<void()> done) = 0;

    // The number of the request that was asked for last (0: none yet), for cancel().
    virtual RequestNumber lastRequest() const = 0;
    // Gives a request up: its callback comes soon, ahead of its turn, with the error errc::operation_canceled. What has not
    // been sent yet never is; of what has been, nobody knows whether it was carried out. False where it has been answered.
    virtual bool cancel(RequestNumber request) = 0;
    // From now on a reply above this many bytes fails its request, with the error MarshallingError.
    virtual void setMaxReplyBytes(std::size_t most) = 0;

    virtual Status status() const = 0;
    // Called on every change of the session's state or server.
    virtual void onStatus(std::function<void(const Status&)> callback) = 0;
    // Likewise, for as long as the subscription is kept: for what is built on a client whose owner has onStatus.
    [[nodiscard]] virtual Subscription subscribe(std::function<void(const Status&)> callback) = 0;
};

} // namespace zk::client
