// Fast Leader Election: how servers find out, before they talk Zab, who has the newest history and is to lead.
//
// Election is a machine without sockets, threads or clocks. The driver (server::Node) calls start() when it begins to
// look for a leader, feeds it notifications and ticks, and carries out what take() returns. It also answers for a server
// that already follows or leads: a late comer must learn whom. Rules: Apache's FastLeaderElection and QuorumCnxManager.
#pragma once

#include "base/quorum.h"
#include "base/time.h"
#include "trace/trace.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace zk::election {

using trace::ServerState;

struct Vote {
    Sid leader = 0;
    Zxid zxid;
    std::int64_t round = 0;     // the logical clock of the election in which it was cast
    std::int64_t peerEpoch = 0; // the epoch of the proposed leader
    bool operator==(const Vote&) const = default;
};

// What a server tells another on the election port.
struct Notification {
    ServerState state = ServerState::Looking; // Looking, Following, Leading or Observing
    Vote vote;
    std::int32_t version = 2; // 0 from peers that send no version (28 or 40 bytes)
    std::string config;       // the quorum verifier's text
    bool operator==(const Notification&) const = default;
};
// The payload of one message: 44 bytes and the config (version 2). The frame's int length is the driver's.
std::string encode(const Notification& notification);
Result<Notification> decodeNotification(std::string_view payload);

// The first bytes of a connection to the election port, from its initiator.
struct Handshake {
    Sid sid = 0;
    std::vector<std::string> addresses; // "host:electionPort"; empty from peers before 3.5
    bool operator==(const Handshake&) const = default;
};
std::string encode(const Handshake& handshake); // protocol version -65536
// Takes a handshake off the front of `stream`; null where it is not whole yet. Errors: Errc::Malformed.
Result<std::optional<Handshake>> takeHandshake(std::string_view& stream);

inline constexpr std::int32_t kMessageLimit = 524'288; // bytes of one message's payload
inline constexpr Sid kAnonymous = INT64_MAX;

struct ElectionOptions {
    Sid self = 0;
    bool observer = false;
    Quorum quorum;
    std::set<Sid> everyone;  // voters and observers
    std::string config;      // sent along with each vote
    Duration minInterval = std::chrono::milliseconds(200), maxInterval = std::chrono::seconds(60);
    Duration finalizeWait = std::chrono::milliseconds(200);
};

struct Outgoing {
    Sid to = 0;
    Notification notification;
};

struct Decision {
    Vote vote;                                  // the winner
    ServerState state = ServerState::Following; // what we are to become: Leading, Following or Observing
};

struct Ready {
    std::vector<Outgoing> send;       // at once; the latest one to a peer replaces an unsent one
    bool connectAll = false;          // see to it that there is a connection to every voter
    std::optional<Decision> decided;  // leave LOOKING
    Instant wakeAt = kNever;          // call tick() then
};

class Election {
  public:
    Election(ElectionOptions options, trace::Tracer& tracer);

    // Begins a new round: LOOKING, with our own last logged zxid and current epoch as the first proposal.
    void start(Instant now, Zxid lastLogged, std::int64_t currentEpoch);
    void receive(Instant now, Sid from, const Notification& notification);
    void tick(Instant now);
    // Does a vote of ours still wait for a connection to every voter? The driver tells where messages got lost.
    void undelivered() { undelivered_ = true; }
    // The epoch that the quorum agreed on: from now on our vote carries it.
    void epochAgreed(std::int64_t epoch);

    bool looking() const { return state_ == ServerState::Looking; }
    const Vote& vote() const { return vote_; } // the current proposal, or what was decided
    std::int64_t round() const { return round_; }
    Ready take();

  private:
    // What a peer last said, as far as it counts.
    struct Ballot {
        Vote vote;
        ServerState state = ServerState::Looking;
        std::int32_t version = 2;
    };
    using Ballots = std::map<Sid, Ballot>;

    static bool agree(const Ballot& one, const Ballot& other);
    bool isVoter() const { return !options_.observer && options_.quorum.isVoter(options_.self); }
    bool quorumFor(const Ballots& ballots, const Ballot& wanted) const;
    bool leaderConfirms(const Ballots& ballots, const Vote& vote) const;
    void propose(Instant now, const Vote& vote);
    void broadcast(Instant now);
    void send(Sid to);
    void fromLooking(Instant now, Sid from, const Ballot& ballot);
    void fromSettled(Sid from, const Ballot& ballot);
    void answerOutsider(Sid from, const Notification& notification);
    void checkQuorum(Instant now);
    void decide(const Vote& vote);
    void tell(trace::Kind kind, Sid peer, ServerState state, const Vote& vote);

    ElectionOptions options_;
    trace::Tracer& tracer_;
    ServerState state_ = ServerState::Looking;
    Vote vote_;
    std::int64_t round_ = 0;
    bool undelivered_ = false;
    Ready ready_;
    bool started_ = false;
    Vote own_;               // what start() proposed: ourselves, or nobody where we do not vote
    Ballots current_;        // this round's votes, ours among them
    Ballots settled_;        // votes of all servers that follow or lead, whatever their round
    std::set<Sid> outsiders_; // servers without a vote that asked before there was a decision
    Duration interval_{};    // until the proposal is sent again
    Instant resendAt_ = kNever, decideAt_ = kNever;
};

// Does `candidate` beat `current`? Higher epoch, else higher zxid, else higher sid; weight 0 never.
bool beats(const Vote& candidate, const Vote& current, const Quorum& quorum);

} // namespace zk::election
