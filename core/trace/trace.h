// What a server did, as events: every machine tells its story through a Tracer. Events are jute records, so they cross
// the control port, fill a recording and drive the window unchanged.
//
// State and election events are always told; per-transaction events (Proposed, Acknowledged, Committed) only while
// the sink asks for them.
#pragma once

#include "base/time.h"
#include "jute/archive.h"

namespace zk::trace {

// A server as people see it. The first four are the protocol's own numbers.
enum class ServerState : std::int32_t {
    Looking = 0,
    Following = 1,
    Leading = 2,
    Observing = 3,
    Stopped = 4,
    Crashed = 5,    // killed, or taken down by its own fault
    Standalone = 6, // serves alone, without an ensemble
    Paused = 7,
};
// "LOOKING"; the words that the window and the shell show.
std::string_view name(ServerState state);

// The fields of an Event that each kind fills, beyond at, wallMs and server.
enum class Kind : std::int32_t {
    Log = 0,               // text; state: 0 info, 1 warning, 2 error
    StateChanged = 1,      // state; zxid: the last logged one; epoch: the current one
    VoteSent = 2,          // peer: to whom; leader, zxid, epoch of the vote; round; state: the sender's
    VoteReceived = 3,      // peer: from whom; the rest as VoteSent
    ElectionDecided = 4,   // leader, zxid, epoch, round of the winning vote; state: what we become
    EpochProposed = 5,     // epoch: the new one that a leader offers or a learner accepts
    EpochAgreed = 6,       // epoch: a quorum has taken it
    SyncStarted = 7,       // peer: the learner; text: DIFF, TRUNC or SNAP; zxid: the packet's
    SyncFinished = 8,      // peer: the learner; zxid: what it now has
    Serving = 9,           // the server answers clients from here on; epoch
    Proposed = 10,         // zxid
    Acknowledged = 11,     // peer, zxid
    Committed = 12,        // zxid
    SessionOpened = 13,    // session; round: its timeout in ms
    SessionClosed = 14,    // session; text: why
    LinkUp = 15,           // peer; text: "election" or "quorum"
    LinkDown = 16,         // peer; text: "election" or "quorum", and why
    LogTruncated = 17,     // zxid: the last one that stayed
    SnapshotTaken = 18,    // zxid
    ClientConnected = 19,  // session, text: the address
    ClientDisconnected = 20,
    DigestMismatch = 21,   // zxid
};
std::string_view name(Kind kind);

struct Event {
    std::int32_t kind = 0;
    std::int64_t atNs = 0;   // of the driver's monotonic clock
    std::int64_t wallMs = 0; // since 1970
    Sid server = 0;
    std::int32_t state = 0;
    Sid peer = 0, leader = 0;
    Zxid zxid;
    std::int64_t epoch = 0, round = 0;
    SessionId session = 0;
    std::string text;
    ZK_FIELDS(Event, kind, atNs, wallMs, server, state, peer, leader, zxid, epoch, round, session, text);

    Kind what() const { return static_cast<Kind>(kind); }
    ServerState serverState() const { return static_cast<ServerState>(state); }
};

// One line for a log file: "LEADING from 0x100000005, epoch 1".
std::string sentence(const Event& event);

// Where a server's events go. Called on the thread that owns the server.
class Sink {
  public:
    virtual ~Sink() = default;
    virtual void event(const Event& event) = 0;
    // Does anybody listen to per-transaction events now?
    virtual bool wantsTransactions() const { return false; }
};

enum class Severity : std::int32_t { Info = 0, Warning = 1, Error = 2 };

// A server's voice: stamps events with the time and the server. The server sets the time at the start of each step.
// Must not outlive its sink.
class Tracer {
  public:
    Tracer(Sid server, Sink& sink) : server_(server), sink_(sink) {}

    void setTime(Instant now, WallTime wall) { now_ = now, wall_ = wall; }
    // Tells an event whose kind and own fields the caller has set.
    void tell(Event event);
    // Tells it only while somebody listens to per-transaction events.
    void tellTransaction(Kind kind, Zxid zxid, Sid peer = 0);
    void log(Severity severity, std::string text);
    Sid server() const { return server_; }

  private:
    Sid server_;
    Sink& sink_;
    Instant now_{};
    WallTime wall_{};
};

} // namespace zk::trace
