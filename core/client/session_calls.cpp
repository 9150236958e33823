#include "client/multi_reply.h"
#include "client/session_call.h"

#include <algorithm>
#include <limits>

namespace zk::client {

using jute::CreateMode;
using jute::ErrorCode;
using jute::OpCode;

namespace {

// What leaves the data as it is. Everything else, numbers that we do not know included, the read-only lock
// holds back.
bool isRead(OpCode op) {
    switch (op) {
    case OpCode::Exists:
    case OpCode::GetData:
    case OpCode::GetAcl:
    case OpCode::GetChildren:
    case OpCode::GetChildren2:
    case OpCode::Sync:
    case OpCode::CheckWatches:
    case OpCode::RemoveWatches:
    case OpCode::AddWatch:
    case OpCode::MultiRead:
    case OpCode::Sasl:
    case OpCode::GetEphemerals:
    case OpCode::GetAllChildrenNumber:
    case OpCode::WhoAmI: return true;
    default: return false;
    }
}

// What the session says by itself: as a request of the user's it would confuse the order of the replies.
bool isOwn(OpCode op) {
    switch (op) {
    case OpCode::Notification:
    case OpCode::Ping:
    case OpCode::Auth:
    case OpCode::SetWatches:
    case OpCode::SetWatches2:
    case OpCode::CreateSession:
    case OpCode::CloseSession:
    case OpCode::Error: return true;
    default: return false;
    }
}

Error refusal(ErrorCode code, std::string why) {
    return {toErrorCode(code), std::move(why)};
}

constexpr bool hasLifetime(CreateMode mode) {
    return mode == CreateMode::Ttl || mode == CreateMode::TtlSequential;
}

// Of a mode without a lifetime.
OpCode createCode(CreateMode mode) {
    return mode == CreateMode::Container ? OpCode::CreateContainer : OpCode::Create2;
}

// An Answer that is only ever called with an error.
template <class T>
auto errorTo(Callback<T> done) {
    return [done = std::move(done)](const Result<std::string_view>& refused) {
        if (done) done(refused.error());
    };
}

constexpr const char* kNeedsLifetime =
    "a znode with a lifetime is created with createTtl, which carries the lifetime";
constexpr const char* kHasNoLifetime = "createTtl creates with the modes Ttl and TtlSequential only";

} // namespace

std::string SessionMachine::toServer(const std::string& path) const {
    const std::string& chroot = options_.connect.chroot;
    if (chroot.empty()) return path;
    return path == "/" ? chroot : chroot + path;
}

std::string SessionMachine::toUser(std::string_view path) const {
    const std::string& chroot = options_.connect.chroot;
    if (chroot.empty() || !path.starts_with(chroot)) return std::string(path);
    if (path.size() == chroot.size()) return "/";
    return path[chroot.size()] == '/' ? std::string(path.substr(chroot.size())) : std::string(path);
}

std::optional<Error> SessionMachine::refusalOf(OpCode op) const {
    switch (state_) {
    case SessionState::Connecting:
    case SessionState::Connected: break;
    case SessionState::AuthFailed: return refusal(ErrorCode::AuthFailed, lastError_);
    case SessionState::Expired: return refusal(ErrorCode::SessionExpired, "the session has expired");
    case SessionState::Closed: return refusal(ErrorCode::SessionExpired, "the session is closed");
    }
    if (closing_) return refusal(ErrorCode::SessionExpired, "the session is being closed");
    if (options_.readOnly && !isRead(op))
        return refusal(ErrorCode::NotReadOnly, "this connection is locked read-only, and " +
                                                   std::string(jute::name(op)) + " would write");
    if (pending_.size() >= kPendingMax)
        return refusal(ErrorCode::ThrottledOp,
                       std::to_string(kPendingMax) +
                           " requests wait for their answers already: wait for some of them");
    return std::nullopt;
}

void SessionMachine::enqueue(OpCode op, const std::string& subject, std::string_view body, Answer done) {
    Pending pending;
    pending.number = ++asked_;
    pending.subject = subject;
    pending.done = std::move(done);
    // The fixed xids are negative, so the count starts anew before it would become so.
    lastXid_ = lastXid_ == std::numeric_limits<std::int32_t>::max() ? 1 : lastXid_ + 1;
    pending.xid = lastXid_;
    jute::Writer out(pending.frame);
    out.i32(static_cast<std::int32_t>(2 * sizeof(std::int32_t) + body.size()));
    out.i32(pending.xid);
    out.i32(static_cast<std::int32_t>(op));
    out.raw(body);
    pending_.push_back(std::move(pending));
}

void SessionMachine::refuse(Error error, Answer done) {
    Pending pending;
    pending.number = ++asked_;
    pending.refusal = std::move(error);
    pending.done = std::move(done);
    pending_.push_back(std::move(pending));
}

void SessionMachine::create(std::string path, Buffer data, std::vector<jute::Acl> acl, CreateMode mode,
                            Callback<Created> done) {
    if (hasLifetime(mode))
        return refuse(refusal(ErrorCode::BadArguments, kNeedsLifetime), errorTo(std::move(done)));
    const jute::CreateRequest request{toServer(path), std::move(data), std::move(acl),
                                      static_cast<std::int32_t>(mode)};
    call<jute::Create2Response, Created>(createCode(mode), path, request, std::move(done),
                                         [this](jute::Create2Response response) {
                                             return Created{toUser(response.path), response.stat};
                                         });
}

void SessionMachine::createTtl(std::string path, Buffer data, std::vector<jute::Acl> acl, CreateMode mode,
                               std::chrono::milliseconds ttl, Callback<Created> done) {
    if (!hasLifetime(mode))
        return refuse(refusal(ErrorCode::BadArguments, kHasNoLifetime), errorTo(std::move(done)));
    const jute::CreateTtlRequest request{toServer(path), std::move(data), std::move(acl),
                                         static_cast<std::int32_t>(mode), ttl.count()};
    call<jute::Create2Response, Created>(OpCode::CreateTtl, path, request, std::move(done),
                                         [this](jute::Create2Response response) {
                                             return Created{toUser(response.path), response.stat};
                                         });
}

void SessionMachine::remove(std::string path, std::int32_t version, Callback<void> done) {
    call<Nothing, void>(OpCode::Delete, path, jute::DeleteRequest{toServer(path), version}, std::move(done),
                        [](Nothing) { return Result<void>(); });
}

void SessionMachine::exists(std::string path, Watcher watcher, Callback<std::optional<jute::Stat>> done) {
    const jute::ReadRequest request{toServer(path), watcher != nullptr};
    Answer answer = [this, key = request.path, watcher = std::move(watcher),
                     done = std::move(done)](const Result<std::string_view>& body) {
        using Found = Result<std::optional<jute::Stat>>;
        const auto tell = [&done](Found value) {
            if (done) done(std::move(value));
        };
        if (!body) {
            if (toErrorCode(body.error()) != ErrorCode::NoNode) return tell(body.error());
            if (watcher) watches_.add(WatchSet::Kind::Exist, key, watcher);
            return tell(Found(std::optional<jute::Stat>()));
        }
        const auto response = jute::decode<jute::StatResponse>(*body);
        if (!response) return tell(response.error());
        if (watcher) watches_.add(WatchSet::Kind::Data, key, watcher);
        tell(Found(std::optional<jute::Stat>(response->stat)));
    };
    if (auto error = refusalOf(OpCode::Exists)) return refuse(std::move(*error), std::move(answer));
    enqueue(OpCode::Exists, path, jute::encode(request), std::move(answer));
}

void SessionMachine::getData(std::string path, Watcher watcher, Callback<Data> done) {
    const jute::ReadRequest request{toServer(path), watcher != nullptr};
    call<jute::GetDataResponse, Data>(
        OpCode::GetData, path, request, std::move(done),
        [this, key = request.path, watcher = std::move(watcher)](jute::GetDataResponse response) {
            if (watcher) watches_.add(WatchSet::Kind::Data, key, watcher);
            return Data{std::move(response.data), response.stat};
        });
}

void SessionMachine::setData(std::string path, Buffer data, std::int32_t version, Callback<jute::Stat> done) {
    const jute::SetDataRequest request{toServer(path), std::move(data), version};
    call<jute::StatResponse, jute::Stat>(OpCode::SetData, path, request, std::move(done),
                                         [](jute::StatResponse response) { return response.stat; });
}

void SessionMachine::getChildren(std::string path, Watcher watcher, Callback<Children> done) {
    const jute::ReadRequest request{toServer(path), watcher != nullptr};
    call<jute::GetChildren2Response, Children>(
        OpCode::GetChildren2, path, request, std::move(done),
        [this, key = request.path, watcher = std::move(watcher)](jute::GetChildren2Response response) {
            if (watcher) watches_.add(WatchSet::Kind::Child, key, watcher);
            return Children{std::move(response.children), response.stat};
        });
}

void SessionMachine::getAcl(std::string path, Callback<AclAndStat> done) {
    call<jute::GetAclResponse, AclAndStat>(OpCode::GetAcl, path, jute::PathRecord{toServer(path)},
                                           std::move(done), [](jute::GetAclResponse response) {
                                               return AclAndStat{std::move(response.acl), response.stat};
                                           });
}

void SessionMachine::setAcl(std::string path, std::vector<jute::Acl> acl, std::int32_t version,
                            Callback<jute::Stat> done) {
    const jute::SetAclRequest request{toServer(path), std::move(acl), version};
    call<jute::StatResponse, jute::Stat>(OpCode::SetAcl, path, request, std::move(done),
                                         [](jute::StatResponse response) { return response.stat; });
}

void SessionMachine::sync(std::string path, Callback<void> done) {
    call<Nothing, void>(OpCode::Sync, path, jute::PathRecord{toServer(path)}, std::move(done),
                        [](Nothing) { return Result<void>(); });
}

jute::MultiOp SessionMachine::toWire(const Op& op) const {
    if (const auto* create = std::get_if<CreateOp>(&op)) {
        const auto flags = static_cast<std::int32_t>(create->mode);
        if (hasLifetime(create->mode))
            return {OpCode::CreateTtl, jute::encode(jute::CreateTtlRequest{toServer(create->path), create->data,
                                                                           create->acl, flags, create->ttl.count()})};
        return {createCode(create->mode),
                jute::encode(jute::CreateRequest{toServer(create->path), create->data, create->acl, flags})};
    }
    if (const auto* remove = std::get_if<DeleteOp>(&op))
        return jute::MultiOp{OpCode::Delete,
                             jute::encode(jute::DeleteRequest{toServer(remove->path), remove->version})};
    if (const auto* set = std::get_if<SetDataOp>(&op))
        return jute::MultiOp{OpCode::SetData, jute::encode(jute::SetDataRequest{toServer(set->path),
                                                                                set->data, set->version})};
    const auto& check = std::get<CheckOp>(op);
    return jute::MultiOp{OpCode::Check,
                         jute::encode(jute::CheckVersionRequest{toServer(check.path), check.version})};
}

void SessionMachine::multi(std::vector<Op> ops, Callback<std::vector<OpOutcome>> done) {
    Answer answer = [this, expected = ops.size(),
                     done = std::move(done)](const Result<std::string_view>& body) {
        const auto tell = [&done](Result<std::vector<OpOutcome>> value) {
            if (done) done(std::move(value));
        };
        if (!body) return tell(body.error());
        auto outcomes = decodeMultiReply(*body, expected);
        if (outcomes)
            for (OpOutcome& outcome : *outcomes)
                if (!outcome.path.empty()) outcome.path = toUser(outcome.path);
        tell(std::move(outcomes));
    };
    if (auto error = refusalOf(OpCode::Multi)) return refuse(std::move(*error), std::move(answer));
    std::vector<jute::MultiOp> wire;
    for (const Op& op : ops) wire.push_back(toWire(op));
    enqueue(OpCode::Multi, "", jute::encodeMulti(wire), std::move(answer));
}

void SessionMachine::addAuth(Identity identity, Callback<void> done) {
    // Adding an identity writes nothing, so the read-only lock lets it pass.
    if (auto error = refusalOf(OpCode::WhoAmI)) return refuse(std::move(*error), errorTo(std::move(done)));
    identities_.push_back({std::move(identity), std::move(done)});
    if (phase_ == Phase::Running) {
        sendWaiting(); // what was asked before goes before
        sendAuth(identities_.size() - 1);
    }
}

void SessionMachine::request(OpCode op, std::string body, Callback<std::string> done) {
    Answer answer = [done = std::move(done)](const Result<std::string_view>& reply) {
        if (!done) return;
        if (reply)
            done(std::string(*reply));
        else
            done(reply.error());
    };
    if (isOwn(op))
        return refuse(refusal(ErrorCode::BadArguments, "the session itself sends " +
                                                           std::string(jute::name(op)) +
                                                           ": use the call that is made for it"),
                      std::move(answer));
    if (auto error = refusalOf(op)) return refuse(std::move(*error), std::move(answer));
    enqueue(op, "", body, std::move(answer));
}

bool SessionMachine::cancel(RequestNumber request) {
    const auto found = std::ranges::lower_bound(pending_, request, {}, &Pending::number);
    if (found == pending_.end() || found->number != request || found->refusal) return false;
    if (closing_ && found->xid == closeXid_) return false;
    const auto index = static_cast<std::size_t>(found - pending_.begin());
    cancelled_.push_back(std::exchange(found->done, [](const Result<std::string_view>&) {}));
    if (index >= awaited_) pending_.erase(found);
    return true;
}

void SessionMachine::close(std::function<void()> done) {
    if (phase_ == Phase::Over)
        return refuse(refusal(ErrorCode::SessionExpired, "the session is closed"),
                      [done = std::move(done)](const Result<std::string_view>&) {
                          if (done) done();
                      });
    closed_.push_back(std::move(done));
    if (closing_) return;
    closing_ = true;
    deadline_ =
        now_; // without a connection nobody can be told: the server closes the session when its time is up
    if (phase_ != Phase::Running) return;
    deadline_ += kCloseWait;
    enqueue(OpCode::CloseSession, "", {}, [](const Result<std::string_view>&) {});
    closeXid_ = lastXid_;
}

} // namespace zk::client
