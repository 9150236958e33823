// Leader's inside, shared by the files of its activities: leader.cpp (life, links, time), leader_epoch.cpp
// (discovery and the quorums of the handshake), leader_sync.cpp (bringing a learner to our history),
// leader_broadcast.cpp.
//
// Order on a link: until the leader is established nothing but the handshake is sent, and it goes out after
// the sync of the epochs. What follows NEWLEADER is held back until the learner's ACK, and then goes out behind
// UPTODATE: so nothing ever overtakes NEWLEADER, and no COMMIT reaches a learner between the two, where Apache
// 3.8.0 stumbles over it (ZOOKEEPER-4394). Behind a SNAP stream everything waits until the stream has ended.
#pragma once

#include "zab/leader.h"
#include "zab/packet.h"

namespace zk::zab {

enum class Phase { Discovery, AgreeEpoch, Synchronise, Established, Over };

// How far a learner's handshake has come.
enum class Step { Unknown, Announced, Offered, EpochTaken, Synchronising, Synced };

struct Link {
    LinkId id = 0;
    std::string in;                           // received and not yet a whole packet
    std::string now, afterSync;               // to be given out with the next take()
    std::string behindSnapshot;               // the rest of the sync, up to and with NEWLEADER
    std::string held;                         // waits behind NEWLEADER
    bool holding = false;                     // NEWLEADER is given, and its ACK has not come
    std::unique_ptr<SnapshotSource> snapshot; // the SNAP stream under way
    Step step = Step::Unknown;
    bool bySnapshot = false; // its history was brought so
    Sid sid = 0;
    bool observer = false;
    bool upToDate = false; // UPTODATE was sent
    Zxid last;             // what ACKEPOCH said that its log ends with
    Zxid acknowledged;
    Zxid unacknowledged; // a proposal whose ACK is awaited; 0: none
    Instant unacknowledgedSince{};
    Instant deadline{}; // silent until then: dropped
};

// Why a link is to be dropped; empty: it is not.
using Fault = std::string;

struct Leader::Impl {
    Impl(Instant now, LeaderOptions options, Zxid lastLogged, std::int64_t currentEpoch,
         std::int64_t acceptedEpoch, History& history, trace::Tracer& tracer);

    // leader.cpp
    void drop(LinkId link, const std::string& why, bool close = true);
    void stepDown(std::string why);
    void received(LinkId link, std::string_view bytes);
    Fault handle(Link& link, jute::QuorumPacket& packet);
    void tick();
    void pingAll();
    void dropSilent();
    void enter(Phase phase);
    Duration ticks(int count) const { return options.tick * count; }
    Zxid newLeaderZxid() const { return Zxid(epoch, 0); }
    void tell(trace::Kind kind, Sid peer, Zxid zxid, std::string text = {});
    // Sends behind everything that the link has been given so far.
    void send(Link& link, std::string_view bytes);
    void send(Link& link, jute::PacketType type, Zxid zxid,
              std::optional<std::string_view> data = std::nullopt);
    LeaderReady take();

    // leader_epoch.cpp
    Fault announced(Link& link, const jute::QuorumPacket& packet);
    Fault epochTaken(Link& link, const jute::QuorumPacket& packet);
    Fault newLeaderAcknowledged(Link& link);
    void offerEpoch(Link& link);
    void checkDiscovery();
    void checkAgreement();
    void checkEstablished();
    void bringUpToDate(Link& link);

    // leader_sync.cpp
    void synchronise(Link& link);
    void sendDifference(Link& link, Zxid after);
    void startSnapshot(Link& link);
    void pumpSnapshot(Link& link);
    void startForwarding(Link& link, Zxid after);
    void countSync(Link& link, bool snapshot);

    // leader_broadcast.cpp
    void propose(Zxid zxid, TxnBytes txn);
    Fault acknowledged(Link& link, Zxid zxid);
    void commitWhatMay();
    void commitHead();
    void answerSyncs();
    Fault steady(Link& link, jute::QuorumPacket& packet);
    void syncFor(LinkId link, std::uint64_t token);

    const LeaderOptions options;
    const Zxid lastLogged;
    const std::int64_t currentEpoch;
    History& history;
    trace::Tracer& tracer;

    Instant now;
    Phase phase = Phase::Discovery;
    Instant phaseEnds = kNever;
    Instant nextPing, nextCheck;
    std::int64_t epoch = 0; // the new one, once a quorum has announced itself; before: the greatest accepted
    std::set<Sid> announcedBy, takenBy, acknowledgedBy;
    std::map<LinkId, Link> links;

    Zxid lastProposed, lastCommitted, durable;
    std::deque<LogEntry> outstanding; // proposed, not committed
    std::deque<LogEntry> handedOver;  // committed, and perhaps not yet applied by the server
    struct WaitingSync {
        Zxid after;
        LinkId link = 0; // 0: ours
        std::uint64_t token = 0;
    };
    std::deque<WaitingSync> syncs;
    LeaderReady ready;
};

} // namespace zk::zab
