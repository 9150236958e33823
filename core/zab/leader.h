// Leader: Zab as the elected server speaks it. It collects learners, agrees on a new epoch with a quorum of them, brings
// each to its own history (DIFF, TRUNC or SNAP), and from then on proposes, counts acknowledgements and commits in order.
//
// Life: construct -> (FOLLOWERINFO of a quorum) LEADERINFO -> (ACKEPOCH of a quorum) sync, NEWLEADER -> (its ACK by a
// quorum) established: it serves. It steps down when it loses its quorum. The server assigns zxids and calls propose()
// with them in order; it applies `committed` before it feeds the next input. No sockets, threads, clocks. Rules: Apache's
// Leader and LearnerHandler; protocol notes 5.
#pragma once

#include "base/quorum.h"
#include "trace/trace.h"
#include "zab/ready.h"

#include <deque>
#include <map>
#include <set>

namespace zk::zab {

struct LeaderOptions {
    Sid self = 0;
    Quorum quorum;
    std::set<Sid> everyone;        // voters and observers; others are refused
    std::string config;            // the quorum verifier's text, sent with NEWLEADER
    std::int64_t configVersion = 0;
    Duration tick{};
    int initLimit = 10, syncLimit = 5;
};

// What the leader needs to know of the server's history; asked only inside the leader's own calls.
class History {
  public:
    virtual ~History() = default;
    virtual Zxid lastProcessed() const = 0; // applied to the tree
    // The last committed transactions, oldest first, up to and with lastProcessed.
    virtual const std::deque<LogEntry>& committedLog() const = 0;
    virtual std::unique_ptr<SnapshotSource> openSnapshot() = 0; // at lastProcessed
};

struct Forwarded {
    LinkId link = 0;
    Sid learner = 0;
    jute::ForwardedRequest request;
    std::vector<jute::Id> authinfo;
};

struct RevalidateAsk {
    LinkId link = 0;
    Sid learner = 0;
    SessionId session = 0;
    std::int32_t timeoutMs = 0;
};

// A learner begins to be brought to our history, by a snapshot or by transactions; with it so many are under way.
struct SyncBegun {
    bool snapshot = false;
    std::size_t underWay = 0;
};

struct LeaderReady {
    std::vector<Persist> persist;
    std::vector<Send> sendNow, sendAfterSync;
    std::vector<LogEntry> committed;         // apply, in order
    std::vector<Forwarded> requests;         // of learners' clients, `sync` among them, in order per learner
    std::vector<RevalidateAsk> revalidate;   // answer each with revalidated()
    std::vector<jute::SessionTouch> touched; // sessions that learners heard from
    std::vector<DueSync> localSyncs;         // of syncLocal()
    std::vector<LinkId> close;
    std::vector<SyncBegun> syncsBegun;
    std::optional<std::int64_t> agreedEpoch; // set once: a quorum has taken this epoch
    bool established = false;                // set once: serve clients from now on
    std::string steppedDown;                 // not empty: why; look for a leader again
    Instant wakeAt = kNever;
};

struct LearnerStatus {
    Sid sid = 0;
    LinkId link = 0;
    bool observer = false, synced = false;
    Zxid acknowledged;
};

class Leader {
  public:
    // `lastLogged`: what our log ends with; a leader has applied all of it (the server does so before).
    Leader(Instant now, LeaderOptions options, Zxid lastLogged, std::int64_t currentEpoch, std::int64_t acceptedEpoch,
           History& history, trace::Tracer& tracer);
    ~Leader();

    // --- Links ---
    void accepted(Instant now, LinkId link);
    void received(Instant now, LinkId link, std::string_view bytes); // any piece of the stream
    void closed(Instant now, LinkId link);
    // The driver can take more for a link whose output had piled up (a SNAP stream goes on).
    void writable(LinkId link);

    // --- The server's part ---
    // Proposes a transaction. Precondition: established, and zxid is lastProposed().next().
    void propose(Instant now, Zxid zxid, TxnBytes txn);
    // Our own log is durable up to and with this zxid.
    void synced(Instant now, Zxid upTo);
    // A learner's sync: it is answered when everything proposed so far has been committed.
    void syncFor(LinkId link);
    // The same for a client of our own: the token comes back in localSyncs.
    void syncLocal(std::uint64_t token);
    void revalidated(LinkId link, SessionId session, bool valid);
    void tick(Instant now);

    bool isEstablished() const;
    std::int64_t epoch() const;  // the new one, once known
    Zxid lastProposed() const;
    std::size_t outstanding() const; // proposed and not committed
    std::vector<LearnerStatus> learners() const;
    LeaderReady take();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace zk::zab
