// Learner's inside, shared by learner.cpp (life, time, the server's part, broadcast) and learner_sync.cpp
// (handshake and synchronisation).
#pragma once

#include "zab/learner.h"
#include "zab/packet.h"

#include <deque>
#include <map>

namespace zk::zab {

enum class Stage {
    Connecting,
    Discovering,  // FOLLOWERINFO sent, LEADERINFO awaited
    Awaiting,     // ACKEPOCH sent; DIFF, TRUNC or SNAP awaited
    Streaming,    // the SNAP stream's body goes to the sink
    Trailing,     // the ustring after it
    Rebuilding,   // our disk truncates or installs; the stream is kept
    CatchingUp,   // proposals and commits until NEWLEADER
    Acknowledged, // NEWLEADER is acknowledged; UPTODATE awaited
    Serving,
    Failed,
};

struct Learner::Impl {
    Impl(Instant now, LearnerOptions options, Zxid lastLogged, std::int64_t currentEpoch,
         std::int64_t acceptedEpoch, SnapshotSink& sink, trace::Tracer& tracer);

    // learner.cpp
    void fail(std::string why);
    void consume();
    void handle(jute::QuorumPacket& packet);
    void broadcast(jute::QuorumPacket& packet);
    void enter(Stage stage);
    bool checkProposal(const jute::QuorumPacket& packet, std::string_view txn);
    void propose(Zxid zxid, std::string txn);
    void commit(Zxid zxid);
    void inform(Zxid zxid, std::string txn);
    void log(LogEntry entry);
    void answerPing(Zxid zxid);
    Duration patience() const;
    void tell(trace::Kind kind, Zxid zxid, std::string text = {});

    // learner_sync.cpp
    void leaderInfo(const jute::QuorumPacket& packet);
    void startSync(const jute::QuorumPacket& packet);
    bool feedSnapshot(std::string_view& left);
    bool skipTrailer(std::string_view& left);
    void rebuilt(const Result<void>& result);
    void newLeader(const jute::QuorumPacket& packet);
    void upToDate();

    const LearnerOptions options;
    SnapshotSink& sink;
    trace::Tracer& tracer;

    Instant now, lastHeard;
    Stage stage = Stage::Connecting;
    std::int64_t currentEpoch, acceptedEpoch, epoch = 0;
    Zxid lastLogged; // with what is queued for NEWLEADER
    Zxid rebuildTo;  // what the log ends with once the disk has rebuilt
    std::string in;
    std::deque<LogEntry> pending;              // proposed, not committed
    std::vector<LogEntry> early;               // committed before NEWLEADER
    std::map<SessionId, std::int32_t> touches; // since the last PING: session -> timeout
    LearnerReady ready;
};

} // namespace zk::zab
