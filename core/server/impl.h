// Node::Impl: the parts of a server and how they hang together. The functions stand in six files:
// node_clients.cpp (connections and sessions), node_requests.cpp (requests and their commits), node_quorum.cpp (election
// and Zab), node_status.cpp (what it tells about itself), node_admin.cpp (words and commands), measures.cpp (what it
// measures); node.cpp joins them.
#pragma once

#include "server/admission.h"
#include "server/connection.h"
#include "server/measures.h"
#include "server/prepare.h"
#include "server/reaper.h"
#include "server/replies.h"
#include "server/store_queue.h"
#include "base/rng.h"
#include "tree/watches.h"
#include "zab/leader.h"
#include "zab/learner.h"

#include <unordered_map>

namespace zk::server {

// Builds the tree of a SNAP stream.
class TreeSink : public zab::SnapshotSink {
  public:
    explicit TreeSink(tree::TreeOptions options) : loader_(options) {}
    Result<std::size_t> feed(std::string_view bytes) override { return loader_.feed(bytes); }
    bool done() const override { return loader_.done(); }
    std::unique_ptr<tree::DataTree> finish(Zxid zxid) { return loader_.finish(zxid); }

  private:
    tree::Loader loader_;
};

struct Node::Impl : zab::History {
    Impl(config::ServerConfig config, Recovered recovered, std::uint64_t seed, trace::Sink& sink);

    // --- node.cpp ---
    void start(Instant now, WallTime wall);
    void tick(Instant now, WallTime wall);
    void stored(std::uint64_t batch, Performed performed);
    Ready take();
    void pump();
    void stop();
    void crash(std::string why);
    void setState(trace::ServerState state, std::string why = "");
    void setTime(Instant now, WallTime wall);
    void startServing();
    void stopServing();
    void adopt(Recovered recovered);
    void useTree(std::shared_ptr<tree::DataTree> tree);
    void rollSnapshotDice();
    bool holdsForFlush();
    bool logs() const { return config_.syncEnabled || state_ != trace::ServerState::Observing; }
    void maybeSnapshot();
    void beginSnapshot();
    void abandonSnapshot();
    void snapshotPieceDone();
    void purge();
    Instant wakeAt() const;

    // --- node_clients.cpp ---
    void accepted(ClientLink& link);
    void secured(ClientLink& link, const std::string* subject);
    void greeted(ClientLink& link);
    void dropSpeechless();
    bool letIn(Connection& connection, std::string_view payload);
    void openTheDoor();
    void leavePipeline(const Pending& pending);
    std::size_t received(ClientLink& link, std::string_view bytes);
    void closed(ClientLink& link);
    void frame(Connection& connection, std::string_view payload);
    void connect(Connection& connection, std::string_view payload);
    void openSession(Connection& connection);
    void reopenSession(Connection& connection, const jute::ConnectRequest& request);
    void finishOpen(Connection& connection, bool valid);
    void authenticate(Connection& connection, std::int32_t xid, std::string_view body);
    void sasl(Connection& connection, std::int32_t xid, std::string_view body);
    void refuse(Connection& connection, std::string_view why); // closes it, with a line in the log
    void close(Connection& connection);
    void pause(Connection& connection);
    void resume(Connection& connection);
    void dirty(ClientLink& link);
    Connection* connectionOf(SessionId session);
    // A leader may be told not to: leaderServes=no.
    bool servesClients() const { return readOnly_ || (serving_ && (config_.leaderServes || !leader_)); }

    // --- node_requests.cpp ---
    void request(Connection& connection, std::string_view payload);
    bool touch(Connection& connection);
    // More requests wait than globalOutstandingLimit allows: who has one under way is not read from.
    bool isOverLimit() const { return config_.globalOutstandingLimit > 0 && pipeline_.requests() >= config_.globalOutstandingLimit; }
    Pending& enqueue(Connection& connection, std::int32_t xid, jute::OpCode op, Pending::Kind kind, std::size_t size);
    bool entersPipeline(const Connection& connection, std::string_view payload) const;
    void submit(Connection& connection, std::int32_t xid, jute::OpCode op, std::string_view body);
    void submitSync(Connection& connection, std::int32_t xid, std::string_view body);
    void answerRead(Connection& connection, std::string& out, std::int32_t xid, jute::OpCode op, std::string_view body,
                    Instant since);
    void countResponse(std::size_t size);
    void answerUnknown(Connection& connection, std::string& out, std::int32_t xid, jute::OpCode op);
    // --- listings.cpp ---
    void beginListing(Connection& connection, Reply& reply, const tree::Znode& znode, bool withStat);
    void continueListings();
    void endListing(Connection& connection);
    void answerSync(const Origin& origin);
    void drain(Connection& connection);
    void answered(Connection& connection, jute::OpCode op, std::int32_t xid, Zxid zxid, Instant since);
    template <class Write>
    void answer(const Origin& origin, Write write);
    void propose(const WriteRequest& request, Origin origin);
    void expireSessions();
    void removeContainers();
    void quotaExceeded(const QuotaExcess& excess);
    void commitUpTo(Zxid zxid);
    void commit(const zab::LogEntry& entry);
    struct Logged;
    void apply(Logged& logged);
    void applyQuietly(const Logged& logged);
    void remember(const Logged& logged);
    void notify(Connection& connection, std::string& out, jute::EventType type, const std::string& path, Zxid zxid);
    void tellWatchers(const std::vector<tree::Change>& changes, Zxid zxid);
    void replyTo(const Origin& origin, const jute::TxnHeader& header, const tree::Applied& applied);
    void sessionClosed(SessionId session, const Origin& origin);
    Origin originOf(const jute::TxnHeader& header);

    // --- node_read_only.cpp ---
    void expectReadOnly();
    void maybeServeReaders();
    void connectReader(Connection& connection, const jute::ConnectRequest& request);
    void answerEmpty(Connection& connection, std::int32_t xid, jute::OpCode op, jute::ErrorCode err);
    void refuseWrite(Connection& connection, std::int32_t xid, jute::OpCode op);
    void closeReader(Connection& connection, std::int32_t xid);
    void expireReaders();

    // --- node_quorum.cpp ---
    void lookForLeader(std::string why);
    void leaveRole();
    void lead();
    void follow(const election::Decision& decision);
    void dial();
    bool pumpElection();
    bool pumpLeader();
    bool pumpLearner();
    bool keepProposed(const zab::LogEntry& entry);
    void persist(zab::Persist& duty);
    void install(Zxid zxid);
    void serveLearners(zab::LeaderReady& ready);
    void commitAndSync(const std::vector<zab::LogEntry>& committed, const std::vector<zab::DueSync>& syncs);
    void syncDue(std::uint64_t token);
    void electionMessage(Sid from, std::string_view payload);
    void quorumAccepted(LinkId link);
    void quorumConnected(LinkId link);
    void quorumReceived(LinkId link, std::string_view bytes);
    void quorumClosed(LinkId link, std::string_view why);
    void hangUp(LinkId link);
    Zxid lastProcessed() const override { return tree_->lastZxid(); }
    const std::deque<zab::LogEntry>& committedLog() const override { return committedLog_; }
    std::unique_ptr<zab::SnapshotSource> openSnapshot() override;

    // --- node_status.cpp ---
    admin::NodeStatus status(admin::StatusDetail detail = admin::StatusDetail::Usual) const;
    void fillCounters(admin::NodeStatus& status) const;
    void fillWatches(admin::NodeStatus& status) const;
    void fillMembers(admin::NodeStatus& status) const;

    // --- node_admin.cpp ---
    bool word(Connection& connection, std::string_view bytes);
    Commanded command(const admin::CommandRequest& request);
    std::optional<admin::CommandResponse> refusal(const admin::CommandRow& row, const admin::CommandRequest& request);
    void carryOut(admin::Effect effect, std::int64_t traceMask);
    void takeSnapshot(std::function<void(std::optional<Zxid>)> done);

    // A transaction that is logged, or about to be, and not applied yet.
    struct Logged {
        Zxid zxid;
        zab::TxnBytes bytes;
        jute::Txn txn; // decoded
        Origin origin;
        Instant since{};
        std::vector<Origin> syncs{}; // alone: to be answered right behind it
    };
    struct ForwardedWrite {
        std::int32_t cxid = 0;
        Origin origin;
    };

    config::ServerConfig config_;
    trace::Tracer tracer_;
    Rng rng_;
    Sid sid_;
    Instant now_{}, startedAt_{}, servingSince_{};
    WallTime wall_{}, startedWall_{};
    trace::ServerState state_ = trace::ServerState::Looking;
    bool serving_ = false;

    std::shared_ptr<tree::DataTree> tree_;
    tree::Watches watches_;
    std::deque<zab::LogEntry> committedLog_;
    std::deque<Logged> unapplied_;
    Zxid lastLogged_, lastProposed_;
    std::int64_t currentEpoch_ = 0, acceptedEpoch_ = 0;

    StoreQueue store_;
    std::shared_ptr<tree::View> snapshot_; // the one that is being written while the server serves
    std::uint64_t txnsSinceSnapshot_ = 0, snapshotAfter_ = 0;
    std::uint64_t bytesSinceSnapshot_ = 0, snapshotAfterBytes_ = UINT64_MAX;
    Instant purgeAt_ = kNever;

    std::optional<SessionIds> ids_;
    std::optional<Sessions> sessions_;   // where this server decides about expiry
    std::optional<Preparer> preparer_;   // likewise
    std::optional<Reaper> reaper_;       // likewise
    std::unordered_map<std::uint64_t, Connection> connections_;
    std::vector<std::uint64_t> listings_; // connections that have one
    std::unordered_map<SessionId, std::uint64_t> bySession_;
    std::unordered_map<std::string, int> perAddress_;
    std::deque<std::pair<Instant, std::uint64_t>> handshakes_; // until when -> the connection
    int greeting_ = 0;                                         // connections within their TLS handshake
    SessionTokens tokens_;
    Pipeline pipeline_;
    std::deque<std::uint64_t> door_; // connections whose next request waits to be let in, in the order of coming
    bool readOnly_ = false;          // there is no quorum, and those who only read are served
    Instant readOnlyAt_ = kNever;

    std::unique_ptr<election::Election> election_;
    std::unique_ptr<zab::Leader> leader_;
    std::unique_ptr<zab::Learner> learner_;
    std::unique_ptr<TreeSink> sink_;
    std::uint64_t term_ = 0; // counts the roles taken; what belongs to an older one is dropped
    bool truncating_ = false;
    std::optional<Sid> leaderSid_;
    LinkId lastLink_ = 0, leaderLink_ = 0;
    bool leaderLinkUp_ = false;
    int dials_ = 0, inVain_ = 0; // roles of a learner since the last one that came to serve
    Instant dialAt_ = kNever, dialUntil_ = kNever;
    std::unordered_map<LinkId, std::string> links_; // open ones; with what came while nobody could take it
    std::unordered_map<SessionId, std::deque<ForwardedWrite>> forwarded_;
    std::deque<Origin> forwardedSyncs_;
    std::unordered_map<SessionId, std::uint64_t> revalidating_; // -> connection
    std::map<std::uint64_t, Origin> localSyncs_;                // by the leader's token, or the zxid to wait for
    std::uint64_t lastToken_ = 0;

    Ready ready_;
    Latency latency_;
    std::int64_t packetsReceived_ = 0, packetsSent_ = 0, bytesReceived_ = 0, bytesSent_ = 0, watchBytes_ = 0;
    std::int64_t proposals_ = 0, commits_ = 0;
    Sizes responses_, proposalSizes_;
    std::map<std::string, std::int64_t> counters_; // of what is rare, by its name in mntr
    Measures measures_;
    std::int64_t traceMask_ = kUsualTraceMask;
    Instant snapshotsAllowedFrom_{}; // an AdminServer's
    // Who waits for the snapshot under way, and who for the one after it.
    std::vector<std::function<void(std::optional<Zxid>)>> snapshotTold_, snapshotAsked_;
    std::map<std::string, std::int64_t> quotaRefusals_; // by top-level znode
    Instant quotaLogAt_{};
    std::function<void(admin::NodeStatus&)> completeStatus_;
};

} // namespace zk::server
