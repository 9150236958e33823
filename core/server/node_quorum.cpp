// A server in its ensemble: it looks for a leader, leads or follows, and carries what Zab asks for between the links, the
// disk and the tree. Rules: Apache's QuorumPeer; protocol notes 4 and 5.
#include "server/impl.h"
#include "server/overloaded.h"

namespace zk::server {

using jute::OpCode;
using trace::Kind;
using trace::ServerState;

namespace {

// A learner may be ahead of us in knowing that we lead: what it says first is kept, up to this many bytes.
constexpr std::size_t kEarlyBytes = 64 * 1024;
constexpr int kDials = 5;
constexpr Duration kDialDelay = std::chrono::milliseconds(100);
// How long a server that followed in vain waits before it follows again: so much a failure, but the first, and no more
// than the limit.
constexpr Duration kRetryDelay = std::chrono::milliseconds(50), kRetryLimit = std::chrono::seconds(1);

} // namespace

// Ends the role: no clients, no links; what is logged and not applied becomes part of the history that we vote with.
void Node::Impl::leaveRole() {
    ++term_;
    if (leader_)
        for (zab::Persist& duty : leader_->take().persist) persist(duty);
    leader_.reset();
    learner_.reset();
    sink_.reset();
    dialAt_ = kNever;
    leaderLink_ = 0;
    leaderSid_.reset();
    while (!links_.empty()) hangUp(links_.begin()->first);
    stopServing();
}

void Node::Impl::lookForLeader(std::string why) {
    if (learner_ && !serving_) ++inVain_;
    leaveRole();
    while (!unapplied_.empty() && unapplied_.front().zxid <= lastLogged_) {
        applyQuietly(unapplied_.front());
        unapplied_.pop_front();
    }
    unapplied_.clear();
    lastProposed_ = lastLogged_;
    ++counters_["looking_count"];
    measures_.lookingSince = now_;
    setState(ServerState::Looking, std::move(why));
    expectReadOnly();
    // While the log is being cut nobody knows what it ends with: the vote waits.
    if (!truncating_) election_->start(now_, lastLogged_, currentEpoch_);
}

bool Node::Impl::pumpElection() {
    election::Ready ready = election_->take();
    for (election::Outgoing& one : ready.send)
        ready_.election.push_back({one.to, election::encode(one.notification)});
    ready_.connectElectionPeers = ready_.connectElectionPeers || ready.connectAll;
    ready_.wakeAt = std::min(ready_.wakeAt, ready.wakeAt);
    if (!ready.decided || state_ != ServerState::Looking || truncating_) return false;
    measures_.add(Summary::ElectionTime, now_ - measures_.lookingSince);
    if (ready.decided->state == ServerState::Leading) lead();
    else follow(*ready.decided);
    return true;
}

void Node::Impl::lead() {
    ++term_;
    if (readOnly_) stopServing();
    readOnlyAt_ = kNever;
    leaderSid_ = sid_;
    setState(ServerState::Leading);
    zab::LeaderOptions options;
    options.self = sid_;
    options.quorum = config_.quorum();
    for (const auto& [sid, server] : config_.servers) options.everyone.insert(sid);
    options.config = config::quorumText(config_);
    options.tick = config_.tickTime;
    options.initLimit = config_.initLimit;
    options.syncLimit = config_.syncLimit;
    leader_ = std::make_unique<zab::Leader>(now_, std::move(options), lastLogged_, currentEpoch_, acceptedEpoch_,
                                            static_cast<zab::History&>(*this), tracer_);
    for (auto& [link, early] : links_) {
        leader_->accepted(now_, link);
        if (!early.empty()) leader_->received(now_, link, std::exchange(early, {}));
    }
}

void Node::Impl::follow(const election::Decision& decision) {
    ++term_;
    if (readOnly_) stopServing();
    readOnlyAt_ = kNever;
    leaderSid_ = decision.vote.leader;
    while (!links_.empty()) hangUp(links_.begin()->first);
    measures_.followingSince = now_;
    setState(decision.state);
    zab::LearnerOptions options;
    options.self = sid_;
    options.leader = decision.vote.leader;
    options.observer = config_.role() == config::Role::Observer;
    options.tick = config_.tickTime;
    options.initLimit = config_.initLimit;
    options.syncLimit = config_.syncLimit;
    sink_ = std::make_unique<TreeSink>(treeOptions(config_));
    learner_ = std::make_unique<zab::Learner>(now_, options, lastLogged_, currentEpoch_, acceptedEpoch_, *sink_,
                                              tracer_);
    dials_ = 0;
    const int limit = config_.connectToLearnerMasterLimit;
    dialUntil_ = now_ + config_.tickTime * (limit > 0 ? limit : config_.initLimit);
    if (inVain_ > 1) dialAt_ = now_ + std::min(kRetryDelay * (inVain_ - 1), kRetryLimit);
    else dial();
}

void Node::Impl::dial() {
    dialAt_ = kNever;
    ++dials_;
    leaderLink_ = ++lastLink_;
    leaderLinkUp_ = false;
    links_[leaderLink_];
    ready_.dial.push_back({leaderLink_, *leaderSid_});
}

// Keeps a transaction of the leader's until its commit. False where it cannot be read: in the log it would keep this server
// from ever starting again.
bool Node::Impl::keepProposed(const zab::LogEntry& entry) {
    auto txn = jute::decodeTxn(*entry.txn);
    if (!txn) return false;
    measures_.proposalReceived(*entry.txn);
    unapplied_.push_back({entry.zxid, entry.txn, std::move(*txn), {}, now_});
    return true;
}

void Node::Impl::persist(zab::Persist& duty) {
    std::visit(Overloaded{
                   [&](zab::Append& append) {
                       // It stands in unapplied_ since it was prepared here or came from the leader.
                       lastLogged_ = append.entry.zxid;
                       if (lastProposed_ < lastLogged_) lastProposed_ = lastLogged_;
                       if (!logs()) return;
                       measures_.appendQueued(*append.entry.txn);
                       store_.push(AppendTxn{append.entry.zxid, std::move(append.entry.txn)});
                   },
                   [&](zab::Truncate& truncate) {
                       truncating_ = true;
                       abandonSnapshot(); // of the tree that goes
                       store_.push(TruncateLog{truncate.last});
                   },
                   [&](zab::InstallSnapshot& snapshot) { install(snapshot.zxid); },
                   [&](zab::SetAcceptedEpoch& set) {
                       acceptedEpoch_ = set.epoch;
                       store_.push(WriteAcceptedEpoch{set.epoch});
                   },
                   [&](zab::SetCurrentEpoch& set) {
                       currentEpoch_ = set.epoch;
                       store_.push(WriteCurrentEpoch{set.epoch});
                   }},
               duty);
}

bool Node::Impl::pumpLeader() {
    zab::LeaderReady ready = leader_->take();
    ready_.wakeAt = std::min(ready_.wakeAt, ready.wakeAt);
    for (zab::Persist& duty : ready.persist) persist(duty);
    for (zab::Send& send : ready.sendNow) ready_.quorum.push_back({send.link, std::move(send.bytes)});
    if (!ready.sendAfterSync.empty()) {
        store_.after([this, term = term_, sends = std::move(ready.sendAfterSync)]() mutable {
            if (term != term_) return;
            for (zab::Send& send : sends) ready_.quorum.push_back({send.link, std::move(send.bytes)});
        });
    }
    if (ready.agreedEpoch) election_->epochAgreed(*ready.agreedEpoch);
    for (const zab::SyncBegun& sync : ready.syncsBegun) {
        if (!sync.snapshot) ++counters_["diff_count"];
        measures_[sync.snapshot ? Summary::InflightSnapCount : Summary::InflightDiffCount].add(
            static_cast<std::int64_t>(sync.underWay));
    }
    if (ready.established) {
        lastProposed_ = leader_->lastProposed();
        sessions_.emplace(config_.tickTime, false);
        startServing();
    }
    commitAndSync(ready.committed, ready.localSyncs);
    for (const LinkId link : ready.close) hangUp(link);
    if (!ready.steppedDown.empty()) {
        lookForLeader(std::move(ready.steppedDown));
        return true;
    }
    serveLearners(ready);
    return !ready.persist.empty() || !ready.committed.empty() || !ready.requests.empty() ||
           !ready.revalidate.empty() || ready.established || ready.agreedEpoch;
}

// A sync is answered between the transactions that were there before it and those behind, as its leader saw them.
void Node::Impl::commitAndSync(const std::vector<zab::LogEntry>& committed, const std::vector<zab::DueSync>& syncs) {
    auto due = syncs.begin();
    for (std::size_t applied = 0;; ++applied) {
        for (; due != syncs.end() && due->behind == applied; ++due) syncDue(due->token);
        if (applied == committed.size()) return;
        commit(committed[applied]);
    }
}

void Node::Impl::syncDue(std::uint64_t token) {
    if (leader_) {
        if (const auto sync = localSyncs_.extract(token); !sync.empty()) answerSync(sync.mapped());
    } else if (!forwardedSyncs_.empty()) {
        const Origin origin = forwardedSyncs_.front();
        forwardedSyncs_.pop_front();
        answerSync(origin);
    }
}

// What the learners' clients ask of their leader.
void Node::Impl::serveLearners(zab::LeaderReady& ready) {
    if (!serving_) return;
    for (const jute::SessionTouch& one : ready.touched) sessions_->touch(one.session, one.timeoutMs, now_);
    for (const zab::RevalidateAsk& ask : ready.revalidate) {
        const bool valid = sessions_->touch(ask.session, ask.timeoutMs, now_);
        if (valid) sessions_->setOwner(ask.session, ask.link);
        leader_->revalidated(ask.link, ask.session, valid);
    }
    for (const zab::Forwarded& one : ready.requests) {
        if (one.request.type == OpCode::Sync) {
            leader_->syncFor(one.link);
            continue;
        }
        propose({one.request.session, one.request.cxid, one.request.type, one.request.body, &one.authinfo, one.link},
                {});
        if (!leader_) return; // the epoch's numbers were used up
    }
}

bool Node::Impl::pumpLearner() {
    zab::LearnerReady ready = learner_->take();
    ready_.wakeAt = std::min(ready_.wakeAt, ready.wakeAt);
    for (zab::Persist& duty : ready.persist) {
        const auto* const append = std::get_if<zab::Append>(&duty);
        if (append && !keepProposed(append->entry)) {
            lookForLeader("the leader's transaction " + hex(append->entry.zxid) + " cannot be read");
            return true;
        }
        persist(duty);
    }
    if (!ready.sendNow.empty()) ready_.quorum.push_back({leaderLink_, std::move(ready.sendNow)});
    if (!ready.sendAfterSync.empty()) {
        store_.after([this, term = term_, bytes = std::move(ready.sendAfterSync)]() mutable {
            if (term == term_) ready_.quorum.push_back({leaderLink_, std::move(bytes)});
        });
    }
    if (ready.agreedEpoch) election_->epochAgreed(*ready.agreedEpoch);
    commitAndSync(ready.committed, ready.syncs);
    if (ready.established) startServing();
    for (const jute::RevalidateReply& reply : ready.revalidated) {
        const auto asked = revalidating_.extract(reply.session);
        if (asked.empty()) continue;
        const auto place = connections_.find(asked.mapped());
        if (place != connections_.end() && place->second.stage == Connection::Stage::Opening)
            finishOpen(place->second, reply.valid);
    }
    if (!ready.failed.empty()) {
        lookForLeader(std::move(ready.failed));
        return true;
    }
    return !ready.persist.empty() || !ready.committed.empty() || ready.established || ready.agreedEpoch;
}

void Node::Impl::electionMessage(Sid from, std::string_view payload) {
    if (!election_) return;
    const auto notification = election::decodeNotification(payload);
    if (notification) election_->receive(now_, from, *notification);
    else
        tracer_.log(trace::Severity::Warning, "a message from server " + std::to_string(from) +
                                                  " on the election port: " + notification.error().message());
}

void Node::Impl::quorumAccepted(LinkId link) {
    links_[link];
    if (leader_) leader_->accepted(now_, link);
    else if (state_ != ServerState::Looking) hangUp(link);
}

void Node::Impl::quorumConnected(LinkId link) {
    if (!learner_ || link != leaderLink_) return;
    leaderLinkUp_ = true;
    learner_->connected(now_);
}

void Node::Impl::quorumReceived(LinkId link, std::string_view bytes) {
    const auto place = links_.find(link);
    if (place == links_.end()) return;
    if (leader_) leader_->received(now_, link, bytes);
    else if (learner_ && link == leaderLink_) learner_->received(now_, bytes);
    else if (place->second.size() + bytes.size() <= kEarlyBytes) place->second += bytes;
    else hangUp(link);
    pump(); // what has been committed is applied ahead of the next input
}

void Node::Impl::quorumClosed(LinkId link, std::string_view why) {
    if (links_.erase(link) == 0) return;
    if (leader_) leader_->closed(now_, link);
    if (!learner_ || link != leaderLink_) return;
    if (!leaderLinkUp_ && dials_ < kDials && now_ + kDialDelay * dials_ < dialUntil_) {
        dialAt_ = now_ + kDialDelay * dials_;
        return;
    }
    learner_->closed(now_, why);
}

void Node::Impl::hangUp(LinkId link) {
    if (links_.erase(link) > 0) ready_.hangUp.push_back(link);
}

} // namespace zk::server
