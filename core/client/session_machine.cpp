#include "client/session_machine.h"

#include "base/assert.h"

#include <algorithm>
#include <iterator>

namespace zk::client {

using namespace std::chrono_literals;
using jute::ErrorCode;

namespace {

constexpr std::size_t kLengthSize = 4;
constexpr std::size_t kHeaderSize = 16; // of a reply

std::int64_t milliseconds(Duration duration) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

void appendFrame(std::string& out, std::string_view payload) {
    jute::Writer writer(out);
    writer.bytes(payload);
}

} // namespace

std::unique_ptr<SessionClient> makeSession(Options options) {
    return std::make_unique<SessionMachine>(std::move(options));
}

SessionMachine::SessionMachine(Options options)
    : options_(std::move(options)),
      hosts_(options_.connect.servers,
             std::min(kLongestPause, std::max(options_.sessionTimeout / 6, kFirstPause)), options_.seed),
      negotiated_(options_.sessionTimeout) {
    for (const Identity& identity : options_.identities)
        identities_.push_back({identity, {}});
}

SessionMachine::~SessionMachine() {
    *alive_ = false;
}

Duration SessionMachine::dialTime() const {
    const Duration share = options_.sessionTimeout / static_cast<int>(hosts_.size());
    return std::clamp<Duration>(share, kShortestDial, kLongestDial);
}

void SessionMachine::start(Instant now) {
    ZK_ASSERT(phase_ == Phase::Idle);
    now_ = now;
    dialNext();
}

void SessionMachine::dialNext() {
    const Hosts::Attempt attempt = hosts_.next();
    phase_ = Phase::Dialing;
    server_ = attempt.server;
    ready_.connect = attempt.server;
    ready_.connectAt = now_ + attempt.pause;
    deadline_ = ready_.connectAt + dialTime();
}

void SessionMachine::connected(Instant now) {
    now_ = now;
    if (phase_ != Phase::Dialing) return;
    phase_ = Phase::Handshake;
    jute::ConnectRequest request;
    request.lastZxidSeen = lastZxid_;
    request.timeoutMs = static_cast<std::int32_t>(options_.sessionTimeout.count());
    // A session of a server without a quorum is known to nobody else.
    request.sessionId = everWritable_ ? session_ : 0;
    request.password = everWritable_ ? password_ : std::string(jute::kPasswordSize, '\0');
    request.readOnly = options_.acceptReadOnly;
    appendFrame(ready_.send, encode(request));
    deadline_ = now + dialTime();
}

void SessionMachine::received(Instant now, std::string_view bytes) {
    now_ = now;
    if (phase_ != Phase::Handshake && phase_ != Phase::Running) return;
    lastHeard_ = now;
    const std::size_t skipped = std::min(skip_, bytes.size());
    skip_ -= skipped;
    input_.append(bytes.substr(skipped));
    std::string input = std::move(input_);
    input_.clear();
    std::size_t at = 0;
    while (input.size() - at >= kLengthSize) {
        const auto length = loadBigEndian<std::int32_t>(input.data() + at);
        const auto size = static_cast<std::size_t>(length);
        const std::size_t here = input.size() - at - kLengthSize;
        const std::string_view payload = std::string_view(input).substr(at + kLengthSize, size);
        const bool large = length < 0 || size > std::max(options_.maxReplyBytes, kHeaderSize);
        if (large && (length < 0 || phase_ == Phase::Handshake)) {
            (void)drop(toString(server_) + " sends a frame of " + std::to_string(length) + " bytes");
            return;
        }
        if (here < (large ? kHeaderSize : size)) break;
        if (large ? !tooLarge(*jute::decode<jute::ReplyHeader>(payload), size) : !frame(payload)) return;
        if (phase_ != Phase::Running) return; // hung up: the rest belongs to nobody
        skip_ = size - std::min(size, here);
        at += kLengthSize + std::min(size, here);
    }
    input.erase(0, at);
    input_ = std::move(input);
}

bool SessionMachine::frame(std::string_view bytes) {
    if (phase_ == Phase::Handshake) return welcome(bytes);
    const auto header = jute::decode<jute::ReplyHeader>(bytes);
    if (!header) return drop(toString(server_) + " sends a reply that is cut short");
    const std::string_view body = bytes.substr(kHeaderSize);
    switch (header->xid) {
    case jute::kXidNotification: return notification(body);
    case jute::kXidPing:
        if (!pings_.empty()) {
            roundTrip_ = now_ - pings_.front();
            pings_.pop_front();
        }
        break;
    case jute::kXidAuth: return authReply(header->err);
    case jute::kXidSetWatches:
        if (header->err != 0)
            lastError_ = toString(server_) + " does not set the watches again: " +
                         std::string(jute::describe(static_cast<ErrorCode>(header->err)));
        break;
    default: return reply(*header, body);
    }
    lastZxid_ = std::max(lastZxid_, header->zxid);
    return true;
}

bool SessionMachine::welcome(std::string_view bytes) {
    const auto response = jute::decodeConnectResponse(bytes);
    if (!response) return drop(toString(server_) + " does not speak ZooKeeper's protocol");
    if (response->timeoutMs <= 0)
        return finish(SessionState::Expired, ErrorCode::SessionExpired, "the session has expired");
    phase_ = Phase::Running;
    state_ = SessionState::Connected;
    session_ = response->sessionId;
    password_ = response->password;
    negotiated_ = std::chrono::milliseconds(response->timeoutMs);
    connectedAt_ = lastSent_ = now_;
    readOnlyServer_ = response->readOnly.value_or(false);
    everWritable_ = everWritable_ || !readOnlyServer_;
    soundPause_ = kFirstSounding;
    soundAt_ = readOnlyServer_ ? now_ + soundPause_ : kNever;
    for (std::size_t index = 0; index < identities_.size(); ++index)
        sendAuth(index);
    setWatchesAgain();
    return report();
}

void SessionMachine::sendFixed(std::int32_t xid, jute::OpCode op, std::string_view body) {
    std::string payload = jute::encode(jute::RequestHeader{xid, static_cast<std::int32_t>(op)});
    payload.append(body);
    appendFrame(ready_.send, payload);
    lastSent_ = now_;
}

void SessionMachine::sendAuth(std::size_t index) {
    const Identity& identity = identities_[index].identity;
    sendFixed(jute::kXidAuth, jute::OpCode::Auth,
              jute::encode(jute::AuthPacket{0, identity.scheme, identity.auth}));
    authAwaited_.push_back(index);
}

void SessionMachine::setWatchesAgain() {
    for (const jute::SetWatches2Request& all : watches_.toSetAgain(lastZxid_)) {
        if (all.persistentWatches.empty() && all.persistentRecursiveWatches.empty()) {
            const jute::SetWatchesRequest older{all.relativeZxid, all.dataWatches, all.existWatches, all.childWatches};
            sendFixed(jute::kXidSetWatches, jute::OpCode::SetWatches, jute::encode(older));
        } else {
            sendFixed(jute::kXidSetWatches, jute::OpCode::SetWatches2, jute::encode(all));
        }
    }
}

bool SessionMachine::notification(std::string_view body) {
    const auto event = jute::decode<jute::WatcherEvent>(body);
    if (!event) return drop(toString(server_) + " sends a watch event that is cut short");
    const auto alive = alive_;
    const WatchEvent told{static_cast<jute::EventType>(event->type), toUser(event->path)};
    for (const Watcher& watcher : watches_.fire(told.type, event->path)) {
        watcher(told);
        if (!*alive) return false;
    }
    return true;
}

bool SessionMachine::authReply(std::int32_t err) {
    if (authAwaited_.empty())
        return drop(toString(server_) + " answers an authentication that was not asked for");
    KnownIdentity& known = identities_[authAwaited_.front()];
    authAwaited_.pop_front();
    const Callback<void> done = std::exchange(known.done, {});
    const std::string scheme = known.identity.scheme;
    const auto alive = alive_;
    if (err == 0) {
        if (done) done({});
        return *alive;
    }
    const std::string why = toString(server_) + " refuses the identity of scheme " + scheme + ": " +
                            std::string(jute::describe(static_cast<ErrorCode>(err)));
    if (done) done(Error{toErrorCode(static_cast<ErrorCode>(err)), why});
    return *alive && finish(SessionState::AuthFailed, ErrorCode::AuthFailed, why);
}

bool SessionMachine::reply(const jute::ReplyHeader& header, std::string_view body) {
    if (awaited_ == 0 || pending_.front().xid != header.xid)
        return drop(toString(server_) + " answers request " + std::to_string(header.xid) +
                    " out of its turn");
    lastZxid_ = std::max(lastZxid_, header.zxid);
    const Pending pending = std::move(pending_.front());
    pending_.pop_front();
    --awaited_;
    roundTrip_ = now_ - pending.sentAt;
    if (closing_ && header.xid == closeXid_)
        return finish(SessionState::Closed, ErrorCode::SessionExpired, "the session is closed");
    const auto alive = alive_;
    if (header.err == 0) {
        pending.done(body);
    } else {
        const auto code = static_cast<ErrorCode>(header.err);
        const std::string prefix = pending.subject.empty() ? "" : pending.subject + ": ";
        pending.done(Error{toErrorCode(code), prefix + std::string(jute::describe(code))});
    }
    return *alive && answerRefusals();
}

// A reply of which no more than the header is read. Anything else of that size no server would send.
bool SessionMachine::tooLarge(const jute::ReplyHeader& header, std::size_t size) {
    if (awaited_ == 0 || pending_.front().xid != header.xid)
        return drop(toString(server_) + " sends a frame of " + std::to_string(size) + " bytes");
    lastZxid_ = std::max(lastZxid_, header.zxid);
    const Pending pending = std::move(pending_.front());
    pending_.pop_front();
    --awaited_;
    const auto alive = alive_;
    pending.done(Error{toErrorCode(ErrorCode::MarshallingError),
                       (pending.subject.empty() ? "" : pending.subject + ": ") + "the reply has " +
                           std::to_string(size) + " bytes, and the limit is " +
                           std::to_string(options_.maxReplyBytes) +
                           ": raise the limit, or ask for less at once"});
    return *alive && answerRefusals();
}

bool SessionMachine::answerRefusals() {
    const auto alive = alive_;
    while (!cancelled_.empty()) {
        const Answer told = std::move(cancelled_.front());
        cancelled_.pop_front();
        told(Error{boost::system::errc::make_error_code(boost::system::errc::operation_canceled),
                   "the request was given up"});
        if (!*alive) return false;
    }
    while (!pending_.empty() && pending_.front().refusal) {
        const Pending refused = std::move(pending_.front());
        pending_.pop_front();
        if (awaited_ > 0) --awaited_;
        refused.done(*refused.refusal);
        if (!*alive) return false;
    }
    return true;
}

void SessionMachine::disconnected(Instant now, std::string_view why) {
    now_ = now;
    if (phase_ == Phase::Idle || phase_ == Phase::Over) return;
    const std::string server = toString(server_);
    const bool named = why.find(server) != std::string_view::npos;
    (void)drop(named ? std::string(why) : server + ": " + std::string(why));
}

void SessionMachine::hangUp() {
    ready_.disconnect = true;
    ready_.connect.reset();
    ready_.send.clear();
    input_.clear();
    skip_ = 0;
    pings_.clear();
    authAwaited_.clear();
}

bool SessionMachine::drop(const std::string& why) {
    lastError_ = why;
    if (closing_) return finish(SessionState::Closed, ErrorCode::ConnectionLoss, why);
    if (phase_ == Phase::Running && now_ - connectedAt_ >= kSettled) hosts_.worked();
    hangUp();
    readOnlyServer_ = false;
    soundAt_ = kNever;
    state_ = SessionState::Connecting;
    std::vector<Pending> failed(
        std::make_move_iterator(pending_.begin()),
        std::make_move_iterator(pending_.begin() + static_cast<std::ptrdiff_t>(awaited_)));
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(awaited_));
    awaited_ = 0;
    dialNext();
    return fail(std::move(failed), ErrorCode::ConnectionLoss, why) && report();
}

bool SessionMachine::finish(SessionState state, ErrorCode code, const std::string& why) {
    hangUp();
    phase_ = Phase::Over;
    state_ = state;
    if (state != SessionState::Closed) lastError_ = why;
    watches_.clear();
    std::vector<Pending> failed(std::make_move_iterator(pending_.begin()),
                                std::make_move_iterator(pending_.end()));
    pending_.clear();
    awaited_ = 0;
    const auto alive = alive_;
    const auto closed = std::exchange(closed_, {});
    if (!fail(std::move(failed), code, why)) return false;
    for (std::size_t index = 0; index < identities_.size(); ++index) {
        if (const auto done = std::exchange(identities_[index].done, {})) done(Error{toErrorCode(code), why});
        if (!*alive) return false;
    }
    for (const auto& done : closed) {
        if (done) done();
        if (!*alive) return false;
    }
    return report();
}

bool SessionMachine::fail(std::vector<Pending> failed, ErrorCode code, const std::string& why) {
    const auto alive = alive_;
    const Error error{toErrorCode(code), why.empty() ? std::string(jute::describe(code)) : why};
    for (const Pending& pending : failed) {
        pending.done(pending.refusal ? *pending.refusal : error);
        if (!*alive) return false;
    }
    return true;
}

bool SessionMachine::report() {
    const auto alive = alive_;
    if (const auto callback = onStatus_) callback(status());
    if (!*alive) return false;
    std::erase_if(listeners_, [](const auto& listener) { return listener.expired(); });
    for (const auto& listener : std::vector(listeners_)) {
        if (const auto kept = listener.lock()) (*kept)(status());
        if (!*alive) return false;
    }
    return true;
}

Subscription SessionMachine::subscribe(Listener callback) {
    auto listener = std::make_shared<const Listener>(std::move(callback));
    std::erase_if(listeners_, [](const auto& other) { return other.expired(); });
    listeners_.push_back(listener);
    return listener;
}

void SessionMachine::tick(Instant now) {
    now_ = now;
    if (!answerRefusals()) return;
    if (closing_ && phase_ != Phase::Over && now >= deadline_) {
        (void)finish(SessionState::Closed, ErrorCode::ConnectionLoss, "the session was closed by us");
        return;
    }
    if ((phase_ == Phase::Dialing || phase_ == Phase::Handshake) && now >= deadline_) {
        (void)drop(toString(server_) + " does not answer within " + std::to_string(milliseconds(dialTime())) +
                   " ms");
    } else if (phase_ == Phase::Running) {
        if (now - lastHeard_ >= silenceMax()) {
            (void)drop(toString(server_) + " has been silent for " +
                       std::to_string(milliseconds(now - lastHeard_)) + " ms");
        } else if (now - lastSent_ >= pingEvery()) {
            pings_.push_back(now);
            sendFixed(jute::kXidPing, jute::OpCode::Ping, {});
        }
        if (phase_ == Phase::Running && now >= soundAt_) {
            soundPause_ = std::min(soundPause_ * 2, kLongestSounding);
            soundAt_ = now + soundPause_;
            ready_.sound = hosts_.pass();
        }
    }
}

void SessionMachine::sounded(Instant now, const Address& server, bool takesWrites) {
    now_ = now;
    if (!takesWrites || phase_ != Phase::Running || !readOnlyServer_ || closing_) return;
    hosts_.prefer(server);
    (void)drop(toString(server_) + " takes no writes, and " + toString(server) + " does: going there");
}

void SessionMachine::sendWaiting() {
    for (; awaited_ < pending_.size(); ++awaited_) {
        Pending& pending = pending_[awaited_];
        if (pending.refusal) continue;
        pending.sentAt = lastSent_ = now_;
        ready_.send.append(pending.frame);
        pending.frame = {};
    }
}

Instant SessionMachine::wakeAt() const {
    if (!cancelled_.empty() || (!pending_.empty() && pending_.front().refusal)) return now_;
    switch (phase_) {
    case Phase::Over: return kNever;
    case Phase::Idle: return closing_ ? deadline_ : kNever;
    case Phase::Dialing:
    case Phase::Handshake: return deadline_;
    case Phase::Running: break;
    }
    const Instant alarm = std::min({lastSent_ + pingEvery(), lastHeard_ + silenceMax(), soundAt_});
    return closing_ ? std::min(alarm, deadline_) : alarm;
}

SessionReady SessionMachine::take() {
    if (phase_ == Phase::Running) sendWaiting();
    ready_.wakeAt = wakeAt();
    return std::exchange(ready_, {});
}

Status SessionMachine::status() const {
    Status status;
    status.state = state_;
    status.session = session_;
    if (state_ == SessionState::Connected) {
        status.server = server_;
        status.readOnlyServer = readOnlyServer_;
        status.timeout = negotiated_;
    }
    status.roundTrip = roundTrip_;
    status.lastZxid = lastZxid_;
    status.watches = watches_.size();
    status.pending = pending_.size();
    status.lastError = lastError_;
    return status;
}

} // namespace zk::client
