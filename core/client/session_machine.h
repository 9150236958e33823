// SessionMachine: the one implementation of SessionClient. session_machine.cpp holds the protocol:
// connecting, pinging, matching replies with requests, giving up; session_calls.cpp holds the calls of
// Client, session_reads.cpp those of them that came later: reads beyond one znode, and watches that stay.
//
// Always true: pending_ is in the order of the calls, so callbacks come in that order. The first awaited_ of
// its entries have been given to the driver or are refusals; the rest wait for a connection. A request that
// has not been taken outlives a lost connection; one that has been taken fails with ConnectionLoss, as nobody
// knows whether it was carried out.
#pragma once

#include "client/hosts.h"
#include "client/session.h"
#include "client/watch_set.h"

#include <deque>

namespace zk::client {

inline constexpr std::size_t kPendingMax = 100'000; // requests that wait for answers; more are refused
inline constexpr std::chrono::milliseconds kCloseWait{3000}; // for the answer to close()
inline constexpr std::chrono::milliseconds kSettled{1000};   // a connection that held so long was a good one
inline constexpr std::chrono::milliseconds kFirstSounding{100}, kLongestSounding{60000}; // of servers that take writes
inline constexpr std::chrono::milliseconds kShortestDial{500}, kLongestDial{10000};

class SessionMachine final : public SessionClient {
  public:
    explicit SessionMachine(Options options);
    ~SessionMachine() override;

    void start(Instant now) override;
    void connected(Instant now) override;
    void received(Instant now, std::string_view bytes) override;
    void disconnected(Instant now, std::string_view why) override;
    void sounded(Instant now, const Address& server, bool takesWrites) override;
    void tick(Instant now) override;
    SessionReady take() override;

    void create(std::string path, Buffer data, std::vector<jute::Acl> acl, jute::CreateMode mode,
                Callback<Created> done) override;
    void createTtl(std::string path, Buffer data, std::vector<jute::Acl> acl, jute::CreateMode mode,
                   std::chrono::milliseconds ttl, Callback<Created> done) override;
    void remove(std::string path, std::int32_t version, Callback<void> done) override;
    void exists(std::string path, Watcher watcher, Callback<std::optional<jute::Stat>> done) override;
    void getData(std::string path, Watcher watcher, Callback<Data> done) override;
    void setData(std::string path, Buffer data, std::int32_t version, Callback<jute::Stat> done) override;
    void getChildren(std::string path, Watcher watcher, Callback<Children> done) override;
    void getAcl(std::string path, Callback<AclAndStat> done) override;
    void setAcl(std::string path, std::vector<jute::Acl> acl, std::int32_t version,
                Callback<jute::Stat> done) override;
    void sync(std::string path, Callback<void> done) override;
    void multi(std::vector<Op> ops, Callback<std::vector<OpOutcome>> done) override;
    void multiRead(std::vector<ReadOp> ops, Callback<std::vector<ReadOutcome>> done) override;
    void getAllChildrenNumber(std::string path, Callback<std::int32_t> done) override;
    void getEphemerals(std::string prefix, Callback<std::vector<std::string>> done) override;
    void whoAmI(Callback<std::vector<jute::ClientInfo>> done) override;
    void addWatch(std::string path, jute::AddWatchMode mode, Watcher watcher, Callback<void> done) override;
    void checkWatches(std::string path, jute::WatcherType type, Callback<void> done) override;
    void removeWatches(std::string path, jute::WatcherType type, bool local, Callback<void> done) override;
    void addAuth(Identity identity, Callback<void> done) override;
    void request(jute::OpCode op, std::string body, Callback<std::string> done) override;
    void close(std::function<void()> done) override;
    RequestNumber lastRequest() const override { return asked_; }
    bool cancel(RequestNumber request) override;
    void setMaxReplyBytes(std::size_t most) override { options_.maxReplyBytes = most; }
    Status status() const override;
    void onStatus(std::function<void(const Status&)> callback) override { onStatus_ = std::move(callback); }
    Subscription subscribe(std::function<void(const Status&)> callback) override;

  private:
    enum class Phase { Idle, Dialing, Handshake, Running, Over };
    // The body of the answer, valid during the call, or why there is none.
    using Answer = std::function<void(const Result<std::string_view>&)>;
    using Listener = std::function<void(const Status&)>;
    struct Pending {
        RequestNumber number = 0;
        std::int32_t xid = 0;
        std::string frame;
        std::string subject; // what an error's sentence begins with: the path
        Answer done;
        std::optional<Error> refusal; // never sent; answered when its turn comes
        Instant sentAt{};
    };
    struct KnownIdentity {
        Identity identity;
        Callback<void> done; // of an addAuth that no server has answered yet
    };

    // What the calls are made of (session_calls.cpp, session_call.h).
    template <class Response, class Value, class Request, class Convert>
    void call(jute::OpCode op, const std::string& path, const Request& request, Callback<Value> done,
              Convert convert);
    void enqueue(jute::OpCode op, const std::string& subject, std::string_view body, Answer done);
    void refuse(Error error, Answer done);
    jute::MultiOp toWire(const Op& op) const;
    std::optional<Error> refusalOf(jute::OpCode op) const;
    std::string toServer(const std::string& path) const;
    std::string toUser(std::string_view path) const;

    // Each returns false where a callback has destroyed this object: then nothing of it may be touched any
    // more.
    [[nodiscard]] bool frame(std::string_view bytes);
    [[nodiscard]] bool welcome(std::string_view bytes);
    [[nodiscard]] bool notification(std::string_view body);
    [[nodiscard]] bool authReply(std::int32_t err);
    [[nodiscard]] bool reply(const jute::ReplyHeader& header, std::string_view body);
    [[nodiscard]] bool tooLarge(const jute::ReplyHeader& header, std::size_t size);
    [[nodiscard]] bool answerRefusals();
    [[nodiscard]] bool drop(const std::string& why);
    [[nodiscard]] bool finish(SessionState state, jute::ErrorCode code, const std::string& why);
    [[nodiscard]] bool fail(std::vector<Pending> failed, jute::ErrorCode code, const std::string& why);
    [[nodiscard]] bool report();

    void dialNext();
    void hangUp();
    void sendFixed(std::int32_t xid, jute::OpCode op, std::string_view body);
    void sendAuth(std::size_t index);
    void sendWaiting();
    void setWatchesAgain();
    Duration dialTime() const;
    Duration pingEvery() const { return negotiated_ / 3; }
    Duration silenceMax() const { return negotiated_ * 2 / 3; }
    Instant wakeAt() const;

    Options options_;
    Hosts hosts_;
    WatchSet watches_;
    std::vector<KnownIdentity> identities_;
    Listener onStatus_;
    std::vector<std::weak_ptr<const Listener>> listeners_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);

    Phase phase_ = Phase::Idle;
    SessionState state_ = SessionState::Connecting;
    SessionId session_ = 0;
    Buffer password_ = std::string(jute::kPasswordSize, '\0');
    std::chrono::milliseconds negotiated_{0};
    Zxid lastZxid_;
    std::string lastError_;
    std::optional<Duration> roundTrip_;
    Address server_; // dialled or connected
    bool readOnlyServer_ = false; // connected to a server without a quorum
    bool everWritable_ = false;   // the session is one of the ensemble, not of such a server
    Instant soundAt_ = kNever;
    std::chrono::milliseconds soundPause_{kFirstSounding};

    Instant now_{}, deadline_{}, connectedAt_{}, lastHeard_{}, lastSent_{};
    std::string input_;
    std::size_t skip_ = 0; // bytes still to come of a reply that is too large
    SessionReady ready_;
    RequestNumber asked_ = 0;
    std::deque<Pending> pending_;
    std::size_t awaited_ = 0;
    std::deque<Answer> cancelled_; // to be told so
    std::deque<Instant> pings_;           // sent and not answered
    std::deque<std::size_t> authAwaited_; // indices of identities_
    std::int32_t lastXid_ = 0;
    bool closing_ = false;
    std::int32_t closeXid_ = 0;
    std::vector<std::function<void()>> closed_;
};

} // namespace zk::client
