// The server's life: its start, time passing, the disk's answers, snapshots, its end.
#include "server/impl.h"

#include "base/assert.h"

namespace zk::server {

using trace::Kind;
using trace::ServerState;

namespace {

// A view that keeps its tree alive.
std::shared_ptr<tree::View> viewOf(const std::shared_ptr<tree::DataTree>& tree) {
    struct Holder {
        std::shared_ptr<tree::DataTree> tree; // outlives the view
        std::unique_ptr<tree::View> view;
    };
    auto holder = std::make_shared<Holder>(Holder{tree, tree->view()});
    tree::View* const view = holder->view.get();
    return {std::move(holder), view};
}

class ViewSource : public zab::SnapshotSource {
  public:
    explicit ViewSource(std::shared_ptr<tree::View> view) : view_(std::move(view)) {}
    Zxid zxid() const override { return view_->zxid(); }
    bool next(std::string& out) override { return view_->next(out, kSnapshotPieceBytes); }

  private:
    std::shared_ptr<tree::View> view_;
};

} // namespace

Node::Impl::Impl(config::ServerConfig config, Recovered recovered, std::uint64_t seed, trace::Sink& sink)
    : config_(std::move(config)), tracer_(config_.self.value_or(1), sink), rng_(seed), sid_(config_.self.value_or(1)),
      tokens_(config_.limits.connections), pipeline_(config_.limits) {
    currentEpoch_ = recovered.currentEpoch;
    acceptedEpoch_ = recovered.acceptedEpoch;
    adopt(std::move(recovered));
}

void Node::Impl::adopt(Recovered recovered) {
    for (std::string& warning : recovered.warnings) tracer_.log(trace::Severity::Warning, std::move(warning));
    committedLog_ = std::move(recovered.committedLog);
    unapplied_.clear();
    txnsSinceSnapshot_ = recovered.replayed;
    measures_.add(Summary::StartupSnapLoadTime, recovered.snapshotTime);
    measures_.add(Summary::Dbinittime, recovered.snapshotTime + recovered.replayTime);
    if (recovered.replayed > 0) {
        measures_.add(Summary::StartupTxnsLoadTime, recovered.replayTime);
        measures_[Summary::StartupTxnsLoaded].add(static_cast<std::int64_t>(recovered.replayed));
    }
    lastLogged_ = lastProposed_ = recovered.lastLogged;
    store_.setDurable(lastLogged_);
    useTree(std::move(recovered.tree));
}

void Node::Impl::useTree(std::shared_ptr<tree::DataTree> tree) {
    abandonSnapshot();
    tree_ = std::move(tree);
    if (!config_.standalone()) tree_->setConfig(config::quorumText(config_), wall_.ms);
}

void Node::Impl::abandonSnapshot() {
    if (!snapshot_) return;
    snapshot_.reset();
    store_.push(AbandonSnapshot{});
    for (auto* const waiting : {&snapshotTold_, &snapshotAsked_})
        for (const auto& done : std::exchange(*waiting, {})) done({});
}

void Node::Impl::setTime(Instant now, WallTime wall) {
    now_ = now, wall_ = wall;
    measures_.beginTurn(now, wall);
    tracer_.setTime(now, wall);
}

void Node::Impl::setState(ServerState state, std::string why) {
    state_ = state;
    trace::Event event;
    event.kind = static_cast<std::int32_t>(Kind::StateChanged);
    event.state = static_cast<std::int32_t>(state);
    event.zxid = lastLogged_;
    event.epoch = currentEpoch_;
    event.text = std::move(why);
    tracer_.tell(std::move(event));
}

void Node::Impl::start(Instant now, WallTime wall) {
    setTime(now, wall);
    startedAt_ = measures_.unavailableSince = now;
    startedWall_ = wall;
    ids_.emplace(sid_, wall);
    rollSnapshotDice();
    if (config_.purgeInterval.count() > 0) purgeAt_ = now;
    purge();
    if (config_.standalone()) {
        setState(ServerState::Standalone);
        sessions_.emplace(config_.tickTime, true);
        startServing();
        return;
    }
    tree_->setConfig(config::quorumText(config_), wall.ms);
    election::ElectionOptions options;
    options.self = sid_;
    options.observer = config_.role() == config::Role::Observer;
    options.quorum = config_.quorum();
    for (const auto& [sid, server] : config_.servers) options.everyone.insert(sid);
    options.config = config::quorumText(config_);
    options.minInterval = config_.minNotificationInterval;
    options.maxInterval = config_.maxNotificationInterval;
    election_ = std::make_unique<election::Election>(std::move(options), tracer_);
    lookForLeader("started");
}

// Where this server decides about sessions, the table is made before this is called.
void Node::Impl::startServing() {
    if (sessions_) {
        for (const auto& [session, timeoutMs] : tree_->sessions()) sessions_->open(session, timeoutMs, now_);
        preparer_.emplace(*tree_, *sessions_, config_);
        reaper_.emplace(config_, now_);
    }
    if (!config_.standalone()) measures_.add(Summary::UnavailableTime, now_ - measures_.unavailableSince);
    if (leader_) measures_.add(Summary::LeaderUnavailableTime, now_ - measures_.unavailableSince);
    if (learner_) {
        const bool observes = state_ == ServerState::Observing;
        measures_.add(observes ? Summary::ObserverSyncTime : Summary::FollowerSyncTime, now_ - measures_.followingSince);
    }
    serving_ = true;
    inVain_ = 0;
    servingSince_ = now_;
    trace::Event event;
    event.kind = static_cast<std::int32_t>(Kind::Serving);
    event.epoch = currentEpoch_;
    tracer_.tell(std::move(event));
}

void Node::Impl::stopServing() {
    if (serving_) measures_.unavailableSince = now_;
    serving_ = readOnly_ = false;
    readOnlyAt_ = kNever;
    preparer_.reset();
    reaper_.reset();
    sessions_.reset();
    watches_.clear();
    forwarded_.clear();
    forwardedSyncs_.clear();
    revalidating_.clear();
    localSyncs_.clear();
    ready_.dropClients = !connections_.empty();
    for (auto& [id, connection] : connections_) close(connection);
}

void Node::Impl::stop() {
    leaveRole();
    election_.reset();
    setState(ServerState::Stopped);
}

void Node::Impl::crash(std::string why) {
    tracer_.log(trace::Severity::Error, why);
    ++counters_["unrecoverable_error_count"];
    leaveRole();
    election_.reset();
    setState(ServerState::Crashed, std::move(why));
}

void Node::Impl::tick(Instant now, WallTime wall) {
    setTime(now, wall);
    if (state_ == ServerState::Crashed || state_ == ServerState::Stopped) return;
    if (sessions_ && serving_) expireSessions();
    if (readOnly_) expireReaders();
    if (reaper_) removeContainers();
    if (election_) election_->tick(now);
    if (leader_) leader_->tick(now);
    if (learner_) learner_->tick(now);
    if (dialAt_ <= now) dial();
    purge();
    dropSpeechless();
    maybeServeReaders();
}

void Node::Impl::purge() {
    if (purgeAt_ > now_) return;
    store_.push(Purge{config_.snapRetainCount});
    purgeAt_ = now_ + config_.purgeInterval;
}

void Node::Impl::stored(std::uint64_t batch, Performed performed) {
    for (std::string& warning : performed.warnings) tracer_.log(trace::Severity::Warning, std::move(warning));
    if (state_ == ServerState::Crashed) return;
    if (!performed.result) {
        crash("the disk failed, so this server stops: " + performed.result.error().message());
        return;
    }
    measures_.batchStored();
    const bool truncated = performed.recovered != nullptr;
    if (truncated) {
        adopt(std::move(*performed.recovered));
        truncating_ = false;
        trace::Event event;
        event.kind = static_cast<std::int32_t>(Kind::LogTruncated);
        event.zxid = lastLogged_;
        tracer_.tell(std::move(event));
    }
    store_.stored(batch);
    if (state_ == ServerState::Stopped) return;
    if (truncated) {
        store_.setDurable(lastLogged_);
        if (learner_) learner_->truncated(now_, {});
        else if (election_ && state_ == ServerState::Looking) election_->start(now_, lastLogged_, currentEpoch_);
    }
    if (leader_) leader_->synced(now_, store_.durable());
    if (learner_) learner_->synced(now_, store_.durable());
    if (config_.standalone()) commitUpTo(store_.durable());
    pump();
}

// So much of the two limits, and by chance up to all of them: not every server is to write its snapshot at once.
void Node::Impl::rollSnapshotDice() {
    snapshotAfter_ = config_.snapCount / 2 + rng_.below(std::max<std::uint64_t>(config_.snapCount / 2, 1));
    const std::uint64_t bytes = config_.snapSizeLimitKilobytes * 1024;
    snapshotAfterBytes_ = bytes == 0 ? UINT64_MAX : bytes / 2 + rng_.below(bytes / 2);
}

// Transactions alone may wait for more of them, for flushDelay since the first; whatever else there is goes at once.
bool Node::Impl::holdsForFlush() {
    if (config_.flushDelay.count() == 0 || !store_.holdsOnlyTransactions()) return false;
    if (config_.maxBatchSize > 0 && store_.size() >= static_cast<std::size_t>(config_.maxBatchSize)) return false;
    const Instant until = measures_.firstQueued() + config_.flushDelay;
    if (until <= now_) return false;
    ready_.wakeAt = std::min(ready_.wakeAt, until);
    return true;
}

void Node::Impl::maybeSnapshot() {
    const bool due = txnsSinceSnapshot_ >= snapshotAfter_ || bytesSinceSnapshot_ >= snapshotAfterBytes_;
    if (serving_ && !snapshot_ && due && logs()) beginSnapshot();
}

void Node::Impl::beginSnapshot() {
    measures_.snapshotSince = now_;
    bytesSinceSnapshot_ = 0;
    snapshotTold_ = std::exchange(snapshotAsked_, {});
    txnsSinceSnapshot_ = 0;
    rollSnapshotDice();
    snapshot_ = viewOf(tree_);
    store_.push(RollLog{});
    store_.push(BeginSnapshot{snapshot_->zxid()});
    snapshotPieceDone();
}

// One piece is on its way to the disk at a time, so that transactions pass between two of them.
void Node::Impl::snapshotPieceDone() {
    std::string piece;
    const bool more = snapshot_->next(piece, kSnapshotPieceBytes);
    if (!piece.empty()) store_.push(SnapshotPiece{std::move(piece)});
    if (more) {
        store_.after([this, view = snapshot_] {
            if (view == snapshot_) snapshotPieceDone();
        });
        return;
    }
    store_.push(FinishSnapshot{config_.digestEnabled ? std::optional(snapshot_->digest()) : std::nullopt});
    if (!config_.keepsHistory) store_.push(Purge{1});
    store_.after([this, zxid = snapshot_->zxid(), since = measures_.snapshotSince, asked = std::exchange(snapshotTold_, {})] {
        measures_.add(Summary::Snapshottime, now_ - since);
        for (const auto& done : asked) done(zxid);
        if (serving_ && !snapshot_ && !snapshotAsked_.empty()) beginSnapshot();
        trace::Event event;
        event.kind = static_cast<std::int32_t>(Kind::SnapshotTaken);
        event.zxid = zxid;
        tracer_.tell(std::move(event));
    });
    snapshot_.reset();
}

std::unique_ptr<zab::SnapshotSource> Node::Impl::openSnapshot() {
    ++counters_["snap_count"];
    return std::make_unique<ViewSource>(viewOf(tree_));
}

// Makes the tree that a leader sent the current one, in memory at once and on the disk ahead of all that follows.
void Node::Impl::install(Zxid zxid) {
    ZK_ASSERT(sink_ && sink_->done());
    useTree(sink_->finish(zxid));
    unapplied_.clear();
    committedLog_.clear();
    txnsSinceSnapshot_ = 0;
    const bool longer = lastLogged_ > zxid;
    lastLogged_ = lastProposed_ = zxid;
    store_.pushSnapshot(viewOf(tree_), config_.digestEnabled ? std::optional(tree_->digest()) : std::nullopt);
    if (longer) store_.push(CutLog{zxid});
    store_.push(RollLog{});
    store_.after([this, term = term_, zxid] {
        store_.setDurable(zxid);
        trace::Event event;
        event.kind = static_cast<std::int32_t>(Kind::SnapshotTaken);
        event.zxid = zxid;
        tracer_.tell(std::move(event));
        if (term == term_ && learner_) learner_->installed(now_, {});
    });
}

Instant Node::Impl::wakeAt() const {
    if (state_ == ServerState::Crashed || state_ == ServerState::Stopped) return kNever;
    Instant at = std::min(ready_.wakeAt, std::min(dialAt_, purgeAt_));
    at = std::min(at, readOnlyAt_);
    if (!handshakes_.empty()) at = std::min(at, handshakes_.front().first);
    if (sessions_ && (serving_ || readOnly_)) at = std::min(at, sessions_->nextExpiry());
    if (reaper_) at = std::min(at, reaper_->nextAt());
    return at;
}

// Carries out what the machines ask for, until they ask for nothing more.
void Node::Impl::pump() {
    for (bool more = true; more;) {
        more = false;
        if (election_) more = pumpElection() || more;
        if (leader_) more = pumpLeader() || more;
        if (learner_) more = pumpLearner() || more;
    }
}

Ready Node::Impl::take() {
    ready_.wakeAt = kNever;
    pump();
    if (!door_.empty()) openTheDoor();
    if (store_.ready() && state_ != ServerState::Crashed && !holdsForFlush()) {
        ready_.store = store_.take(static_cast<std::size_t>(config_.maxBatchSize));
        ready_.storeBatch = store_.batch();
        measures_.batchTaken(static_cast<std::size_t>(std::count_if(ready_.store.begin(), ready_.store.end(), [](const StoreDuty& duty) {
            return std::holds_alternative<AppendTxn>(duty);
        })));
    }
    ready_.wakeAt = wakeAt();
    continueListings();
    for (ClientLink* const link : ready_.dirty) link->dirty = false;
    return std::exchange(ready_, {});
}

Node::Node(config::ServerConfig config, Recovered recovered, std::uint64_t seed, trace::Sink& sink)
    : impl_(std::make_unique<Impl>(std::move(config), std::move(recovered), seed, sink)) {}
Node::~Node() = default;

void Node::start(Instant now, WallTime wall) { impl_->start(now, wall); }
void Node::tick(Instant now, WallTime wall) { impl_->tick(now, wall); }
void Node::accepted(ClientLink& link) { impl_->accepted(link); }
void Node::secured(ClientLink& link, const std::string* subject) { impl_->secured(link, subject); }
std::size_t Node::received(ClientLink& link, std::string_view bytes) { return impl_->received(link, bytes); }
void Node::closed(ClientLink& link) { impl_->closed(link); }
void Node::electionMessage(Sid from, std::string_view payload) { impl_->electionMessage(from, payload); }
void Node::electionUndelivered(Sid) {
    if (impl_->election_) impl_->election_->undelivered();
}
void Node::quorumAccepted(LinkId link) { impl_->quorumAccepted(link); }
void Node::quorumConnected(LinkId link) { impl_->quorumConnected(link); }
void Node::quorumReceived(LinkId link, std::string_view bytes) { impl_->quorumReceived(link, bytes); }
void Node::quorumWritable(LinkId link) {
    if (impl_->leader_) impl_->leader_->writable(link);
}
void Node::quorumClosed(LinkId link, std::string_view why) { impl_->quorumClosed(link, why); }
void Node::stored(std::uint64_t batch, Performed performed) { impl_->stored(batch, std::move(performed)); }
void Node::stop() { impl_->stop(); }
Ready Node::take() { return impl_->take(); }
trace::ServerState Node::state() const { return impl_->state_; }
bool Node::serving() const { return impl_->serving_; }
Zxid Node::lastZxid() const { return impl_->tree_->lastZxid(); }
std::int64_t Node::epoch() const { return impl_->currentEpoch_; }
admin::NodeStatus Node::status(admin::StatusDetail detail) const { return impl_->status(detail); }
Node::Commanded Node::command(const admin::CommandRequest& request) { return impl_->command(request); }
void Node::takeSnapshot(std::function<void(std::optional<Zxid>)> done) { impl_->takeSnapshot(std::move(done)); }
void Node::onStatus(std::function<void(admin::NodeStatus&)> complete) { impl_->completeStatus_ = std::move(complete); }
const tree::DataTree& Node::tree() const { return *impl_->tree_; }

} // namespace zk::server
