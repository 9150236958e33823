// The rules of Fast Leader Election: rounds, votes, and when there are enough of them.
#include "election/election.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace zk::election {

namespace {

constexpr std::int64_t kNobody = INT64_MIN; // what a server without a vote proposes, three times
constexpr Zxid kNoData{-1};                 // the zxid of a server whose data may not vote

} // namespace

bool beats(const Vote& candidate, const Vote& current, const Quorum& quorum) {
    if (quorum.weight(candidate.leader) == 0) return false;
    if (quorum.weight(current.leader) == 0) return true;
    return std::tie(candidate.peerEpoch, candidate.zxid, candidate.leader) >
           std::tie(current.peerEpoch, current.zxid, current.leader);
}

Election::Election(ElectionOptions options, trace::Tracer& tracer)
    : options_(std::move(options)), tracer_(tracer) {}

void Election::start(Instant now, Zxid lastLogged, std::int64_t currentEpoch) {
    started_ = true;
    state_ = ServerState::Looking;
    if (round_ < INT64_MAX) ++round_;
    current_.clear();
    settled_.clear();
    outsiders_.clear();
    ready_.decided.reset();
    own_ = isVoter() ? Vote{options_.self, lastLogged, round_, currentEpoch}
                     : Vote{kNobody, Zxid(kNobody), round_, kNobody};
    ready_.connectAll = true;
    propose(now, own_);
    checkQuorum(now);
}

// Makes a vote ours in the present round and tells everyone.
void Election::propose(Instant now, const Vote& vote) {
    vote_ = vote;
    vote_.round = round_;
    if (isVoter()) current_[options_.self] = {vote_, ServerState::Looking, 2};
    interval_ = options_.minInterval;
    broadcast(now);
}

void Election::broadcast(Instant now) {
    for (const Sid sid : options_.quorum.voters())
        if (sid != options_.self) send(sid);
    resendAt_ = now + interval_;
}

void Election::send(Sid to) {
    std::erase_if(ready_.send, [to](const Outgoing& message) { return message.to == to; });
    ready_.send.push_back({to, {state_, vote_, 2, options_.config}});
}

void Election::receive(Instant now, Sid from, const Notification& notification) {
    if (!started_ || from == options_.self) return;
    tell(trace::Kind::VoteReceived, from, notification.state, notification.vote);
    const bool peerLooks = notification.state == ServerState::Looking;
    if (!options_.quorum.isVoter(from)) {
        if (peerLooks) answerOutsider(from, notification);
        return;
    }
    if (!looking()) {
        if (peerLooks) send(from);
        return;
    }
    // Only a voter corrects a server that is rounds behind: the others do not count our vote.
    if (peerLooks && notification.vote.round < round_ && isVoter()) send(from);
    if (!options_.quorum.isVoter(notification.vote.leader)) return;
    const Ballot ballot{notification.vote, notification.state, notification.version};
    if (peerLooks)
        fromLooking(now, from, ballot);
    else if (notification.state != ServerState::Observing)
        fromSettled(from, ballot);
}

// Servers without a vote learn the outcome only by asking. One whose round is ahead of ours would take our
// LOOKING vote for an old one and ask again at once, so it, like all that asked early, is told when there is
// a decision.
void Election::answerOutsider(Sid from, const Notification& notification) {
    if (looking() && options_.everyone.contains(from)) outsiders_.insert(from);
    if (!looking() || notification.vote.round <= round_) send(from);
}

void Election::fromLooking(Instant now, Sid from, const Ballot& ballot) {
    if (ballot.vote.zxid == kNoData || own_.zxid == kNoData || ballot.vote.round < round_) return;
    if (ballot.vote.round > round_) {
        round_ = ballot.vote.round;
        current_.clear();
        decideAt_ = kNever;
        propose(now, beats(ballot.vote, own_, options_.quorum) ? ballot.vote : own_);
    } else if (beats(ballot.vote, vote_, options_.quorum)) {
        decideAt_ = kNever;
        propose(now, ballot.vote);
    } else if (!current_.contains(from) && ballot.vote != vote_) {
        send(from); // it has just begun, and did not keep what we sent it before
    }
    current_[from] = ballot;
    checkQuorum(now);
}

// The finalize wait begins when a quorum has our proposal, and ends early where it has it no longer.
void Election::checkQuorum(Instant now) {
    if (!quorumFor(current_, {vote_, ServerState::Looking, 2}))
        decideAt_ = kNever;
    else if (decideAt_ == kNever)
        decideAt_ = now + options_.finalizeWait;
}

// Votes of this round count together with those of servers that still look. All of them are also weighed
// apart, because the members of a standing quorum may have come to it in different rounds.
void Election::fromSettled(Sid from, const Ballot& ballot) {
    if (ballot.vote.round == round_) {
        current_[from] = ballot;
        if (quorumFor(current_, ballot) && leaderConfirms(current_, ballot.vote)) return decide(ballot.vote);
    }
    settled_[from] = ballot;
    if (!quorumFor(settled_, ballot) || !leaderConfirms(settled_, ballot.vote)) return;
    round_ = ballot.vote.round;
    decide(ballot.vote);
}

bool Election::agree(const Ballot& one, const Ballot& other) {
    if (one.state == ServerState::Looking || other.state == ServerState::Looking)
        return one.vote == other.vote;
    if (one.vote.leader != other.vote.leader) return false;
    return (one.version > 0) != (other.version > 0) || one.vote.peerEpoch == other.vote.peerEpoch;
}

bool Election::quorumFor(const Ballots& ballots, const Ballot& wanted) const {
    std::set<Sid> supporters;
    for (const auto& [sid, ballot] : ballots)
        if (agree(ballot, wanted)) supporters.insert(sid);
    return options_.quorum.contains(supporters);
}

// Followers may still name a leader that is gone; so it has to say itself that it leads.
bool Election::leaderConfirms(const Ballots& ballots, const Vote& vote) const {
    if (vote.leader == options_.self) return vote.round == round_;
    const auto found = ballots.find(vote.leader);
    return found != ballots.end() && found->second.state == ServerState::Leading;
}

void Election::decide(const Vote& vote) {
    vote_ = vote;
    if (vote.leader == options_.self)
        state_ = ServerState::Leading;
    else
        state_ = isVoter() ? ServerState::Following : ServerState::Observing;
    decideAt_ = resendAt_ = kNever;
    current_.clear();
    settled_.clear();
    ready_.decided = Decision{vote_, state_};
    tell(trace::Kind::ElectionDecided, 0, state_, vote_);
    for (const Sid outsider : std::exchange(outsiders_, {}))
        send(outsider);
}

void Election::tick(Instant now) {
    if (!started_ || !looking()) return;
    if (now >= decideAt_) return decide(Vote(vote_));
    if (now < resendAt_) return;
    if (std::exchange(undelivered_, false)) ready_.connectAll = true;
    interval_ = std::min(interval_ * 2, options_.maxInterval);
    broadcast(now);
}

void Election::epochAgreed(std::int64_t epoch) {
    if (!looking()) vote_.peerEpoch = epoch;
}

Ready Election::take() {
    for (const auto& [to, notification] : ready_.send)
        tell(trace::Kind::VoteSent, to, notification.state, notification.vote);
    ready_.wakeAt = std::min(resendAt_, decideAt_);
    return std::exchange(ready_, {});
}

void Election::tell(trace::Kind kind, Sid peer, ServerState state, const Vote& vote) {
    trace::Event event;
    event.kind = static_cast<std::int32_t>(kind);
    event.peer = peer;
    event.state = static_cast<std::int32_t>(state);
    event.leader = vote.leader;
    event.zxid = vote.zxid;
    event.epoch = vote.peerEpoch;
    event.round = vote.round;
    tracer_.tell(std::move(event));
}

} // namespace zk::election
