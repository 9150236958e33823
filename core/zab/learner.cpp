#include "jute/txn.h"
#include "zab/learner_impl.h"

#include <algorithm>

namespace zk::zab {

using jute::PacketType;

Learner::Impl::Impl(Instant start, LearnerOptions given, Zxid last, std::int64_t current,
                    std::int64_t accepted, SnapshotSink& snapshots, trace::Tracer& voice)
    : options(given), sink(snapshots), tracer(voice), now(start), lastHeard(start), currentEpoch(current),
      acceptedEpoch(accepted), lastLogged(last) {}

void Learner::Impl::tell(trace::Kind kind, Zxid zxid, std::string text) {
    trace::Event event;
    event.kind = static_cast<std::int32_t>(kind);
    event.peer =
        kind == trace::Kind::SyncStarted || kind == trace::Kind::SyncFinished ? options.self : options.leader;
    event.leader = options.leader;
    event.zxid = zxid;
    event.epoch = epoch;
    event.text = std::move(text);
    tracer.tell(std::move(event));
}

void Learner::Impl::fail(std::string why) {
    if (stage == Stage::Failed) return;
    if (stage != Stage::Connecting) tell(trace::Kind::LinkDown, lastLogged, "quorum: " + why);
    stage = Stage::Failed;
    in.clear();
    ready.failed = std::move(why);
}

void Learner::Impl::enter(Stage next) {
    stage = next;
}

Duration Learner::Impl::patience() const {
    const bool settled = stage == Stage::Acknowledged || stage == Stage::Serving;
    return options.tick * (settled ? options.syncLimit : options.initLimit);
}

void Learner::Impl::consume() {
    std::string input = std::move(in);
    in.clear();
    std::string_view left = input;
    while (stage != Stage::Failed && stage != Stage::Rebuilding) {
        if (stage == Stage::Streaming) {
            if (!feedSnapshot(left)) break;
            continue;
        }
        if (stage == Stage::Trailing) {
            if (!skipTrailer(left)) break;
            continue;
        }
        auto packet = jute::takePacket(left);
        if (!packet) return fail("the leader's stream is damaged: " + packet.error().message());
        if (!*packet) break;
        handle(**packet);
    }
    if (stage != Stage::Failed) in = left;
}

void Learner::Impl::handle(jute::QuorumPacket& packet) {
    switch (stage) {
    case Stage::Discovering: return leaderInfo(packet);
    case Stage::Awaiting: return startSync(packet);
    case Stage::CatchingUp:
        if (static_cast<PacketType>(packet.type) == PacketType::NewLeader) return newLeader(packet);
        return broadcast(packet);
    case Stage::Acknowledged:
        if (static_cast<PacketType>(packet.type) == PacketType::UpToDate) return upToDate();
        return broadcast(packet);
    case Stage::Serving: return broadcast(packet);
    default: return fail("the leader spoke before we announced ourselves");
    }
}

void Learner::Impl::broadcast(jute::QuorumPacket& packet) {
    std::string data = packet.data ? std::move(*packet.data) : std::string();
    switch (static_cast<PacketType>(packet.type)) {
    case PacketType::Proposal: return propose(packet.zxid, std::move(data));
    case PacketType::Commit:
    case PacketType::CommitAndActivate: return commit(packet.zxid);
    case PacketType::Inform: return inform(packet.zxid, std::move(data));
    case PacketType::InformAndActivate:
        // The id of the leader that the new configuration wants stands ahead of the transaction.
        if (data.size() < 8) return fail("the leader sent an INFORMANDACTIVATE packet without a transaction");
        return inform(packet.zxid, data.substr(8));
    case PacketType::Ping:
        if (stage == Stage::Serving) answerPing(packet.zxid);
        return;
    case PacketType::Sync:
        if (stage == Stage::Serving) ready.syncs.push_back({ready.committed.size(), 0});
        return;
    case PacketType::Revalidate: {
        const auto reply = jute::decode<jute::RevalidateReply>(data);
        if (!reply) return fail("the leader's stream is damaged: " + reply.error().message());
        ready.revalidated.push_back(*reply);
        return;
    }
    case PacketType::UpToDate:
        if (stage == Stage::Serving) return;
        [[fallthrough]];
    default:
        return fail("the leader sent an unexpected " +
                    std::string(name(static_cast<PacketType>(packet.type))) + " packet (type " +
                    std::to_string(packet.type) + ")");
    }
}

bool Learner::Impl::checkProposal(const jute::QuorumPacket& packet, std::string_view txn) {
    const auto header = jute::decode<jute::TxnHeader>(txn);
    if (!header || header->zxid != packet.zxid) {
        fail("the leader's proposal " + hex(packet.zxid) + " does not hold the transaction of that zxid");
        return false;
    }
    const bool nextOfEpoch = packet.zxid == lastLogged.next() && packet.zxid.counter() != 0;
    const bool firstOfEpoch = packet.zxid.epoch() > lastLogged.epoch() && packet.zxid.counter() == 1;
    if ((nextOfEpoch || firstOfEpoch) && packet.zxid.epoch() <= epoch) return true;
    fail("the leader proposed " + hex(packet.zxid) + " where our log ends with " + hex(lastLogged));
    return false;
}

void Learner::Impl::log(LogEntry entry) {
    const Zxid zxid = entry.zxid;
    ready.persist.push_back(Append{std::move(entry)});
    // Only what is not committed yet waits for our voice, and an observer has none.
    if (stage >= Stage::Acknowledged && !options.observer)
        appendPacket(ready.sendAfterSync, PacketType::Ack, zxid);
}

void Learner::Impl::propose(Zxid zxid, std::string txn) {
    if (!checkProposal({0, zxid, std::nullopt, std::nullopt}, txn)) return;
    lastLogged = zxid;
    LogEntry entry{zxid, std::make_shared<const std::string>(std::move(txn))};
    if (stage >= Stage::Acknowledged) log(entry);
    pending.push_back(std::move(entry));
    tracer.tellTransaction(trace::Kind::Proposed, zxid, options.leader);
}

void Learner::Impl::commit(Zxid zxid) {
    if (pending.empty() || pending.front().zxid != zxid)
        return fail("the leader committed " + hex(zxid) + " where " +
                    (pending.empty() ? "nothing is pending" : hex(pending.front().zxid) + " is due"));
    (stage == Stage::CatchingUp ? early : ready.committed).push_back(std::move(pending.front()));
    pending.pop_front();
    tracer.tellTransaction(trace::Kind::Committed, zxid);
}

void Learner::Impl::inform(Zxid zxid, std::string txn) {
    propose(zxid, std::move(txn));
    if (stage != Stage::Failed) commit(zxid);
}

void Learner::Impl::answerPing(Zxid zxid) {
    std::vector<jute::SessionTouch> list;
    for (const auto& [session, timeoutMs] : touches)
        list.push_back({session, timeoutMs});
    appendPacket(ready.sendNow, PacketType::Ping, zxid, jute::encode(list));
    touches.clear();
}

Learner::Learner(Instant now, LearnerOptions options, Zxid lastLogged, std::int64_t currentEpoch,
                 std::int64_t acceptedEpoch, SnapshotSink& sink, trace::Tracer& tracer)
    : impl_(std::make_unique<Impl>(now, options, lastLogged, currentEpoch, acceptedEpoch, sink, tracer)) {}
Learner::~Learner() = default;

void Learner::connected(Instant now) {
    if (impl_->stage != Stage::Connecting) return;
    impl_->now = impl_->lastHeard = now;
    const LearnerOptions& options = impl_->options;
    impl_->tell(trace::Kind::LinkUp, impl_->lastLogged, "quorum");
    appendPacket(
        impl_->ready.sendNow, options.observer ? PacketType::ObserverInfo : PacketType::FollowerInfo,
        Zxid(impl_->acceptedEpoch, 0),
        jute::encode(jute::LearnerInfo{options.self, jute::kLearnerProtocol, options.configVersion}));
    impl_->enter(Stage::Discovering);
}

void Learner::received(Instant now, std::string_view bytes) {
    if (impl_->stage == Stage::Failed) return;
    impl_->now = impl_->lastHeard = now;
    impl_->in += bytes;
    impl_->consume();
}

void Learner::closed(Instant now, std::string_view why) {
    impl_->now = now;
    impl_->fail("the connection to leader " + std::to_string(impl_->options.leader) +
                " ended: " + std::string(why));
}

void Learner::tick(Instant now) {
    impl_->now = now;
    if (impl_->stage == Stage::Failed || impl_->stage == Stage::Rebuilding) return;
    if (now < impl_->lastHeard + impl_->patience()) return;
    impl_->fail("leader " + std::to_string(impl_->options.leader) + " has been silent for too long");
}

void Learner::truncated(Instant now, Result<void> result) {
    impl_->now = impl_->lastHeard = now;
    impl_->rebuilt(result);
}

void Learner::installed(Instant now, Result<void> result) {
    impl_->now = impl_->lastHeard = now;
    impl_->rebuilt(result);
}

void Learner::synced(Instant now, Zxid upTo) {
    impl_->now = now;
    impl_->tracer.tellTransaction(trace::Kind::Acknowledged, upTo, impl_->options.self);
}

void Learner::forward(const jute::ForwardedRequest& request, const std::vector<jute::Id>& authinfo) {
    if (impl_->stage != Stage::Serving) return; // failed in this very turn
    impl_->ready.sendNow += jute::encode(jute::QuorumPacket{static_cast<std::int32_t>(PacketType::Request),
                                                            kNoZxid, jute::encode(request), authinfo});
}

void Learner::revalidate(SessionId session, std::int32_t timeoutMs) {
    if (impl_->stage != Stage::Serving) return;
    appendPacket(impl_->ready.sendNow, PacketType::Revalidate, kNoZxid,
                 jute::encode(jute::RevalidateRequest{session, timeoutMs}));
}

void Learner::touch(SessionId session, std::int32_t timeoutMs) {
    impl_->touches[session] = timeoutMs;
}

bool Learner::isEstablished() const {
    return impl_->stage == Stage::Serving;
}
Zxid Learner::lastLogged() const {
    return impl_->lastLogged;
}

LearnerReady Learner::take() {
    LearnerReady out = std::move(impl_->ready);
    impl_->ready = LearnerReady();
    const bool waits = impl_->stage != Stage::Failed && impl_->stage != Stage::Rebuilding;
    out.wakeAt = waits ? impl_->lastHeard + impl_->patience() : kNever;
    return out;
}

} // namespace zk::zab
