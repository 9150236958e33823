#include "zab/leader_impl.h"

#include <algorithm>

namespace zk::zab {

using jute::PacketType;

Leader::Impl::Impl(Instant start, LeaderOptions given, Zxid last, std::int64_t current, std::int64_t accepted,
                   History& past, trace::Tracer& voice)
    : options(std::move(given)), lastLogged(last), currentEpoch(current), history(past), tracer(voice),
      now(start), nextPing(start + options.tick / 2), nextCheck(start + options.tick), epoch(accepted),
      durable(last) {
    phaseEnds = now + ticks(options.initLimit);
    announcedBy.insert(options.self);
    checkDiscovery();
}

void Leader::Impl::tell(trace::Kind kind, Sid peer, Zxid zxid, std::string text) {
    trace::Event event;
    event.kind = static_cast<std::int32_t>(kind);
    event.peer = peer;
    event.zxid = zxid;
    event.epoch = epoch;
    event.text = std::move(text);
    tracer.tell(std::move(event));
}

void Leader::Impl::enter(Phase next) {
    phase = next;
    phaseEnds = next == Phase::Established ? kNever : now + ticks(options.initLimit);
}

void Leader::Impl::send(Link& link, std::string_view bytes) {
    if (link.holding)
        link.held += bytes;
    else if (link.snapshot)
        link.behindSnapshot += bytes;
    else if (phase == Phase::Established || link.step == Step::Synced)
        link.now += bytes;
    else
        link.afterSync += bytes;
}

void Leader::Impl::send(Link& link, PacketType type, Zxid zxid, std::optional<std::string_view> data) {
    std::string bytes;
    appendPacket(bytes, type, zxid, data);
    send(link, bytes);
}

void Leader::Impl::drop(LinkId id, const std::string& why, bool close) {
    const auto found = links.find(id);
    if (found == links.end()) return;
    if (found->second.step != Step::Unknown)
        tell(trace::Kind::LinkDown, found->second.sid, found->second.acknowledged, "quorum: " + why);
    else if (close)
        tracer.log(trace::Severity::Warning, "refused a connection on the quorum port: " + why);
    links.erase(found);
    std::erase_if(syncs, [id](const WaitingSync& sync) { return sync.link == id; });
    if (close) ready.close.push_back(id);
}

void Leader::Impl::stepDown(std::string why) {
    if (phase == Phase::Over) return;
    phase = Phase::Over;
    phaseEnds = kNever;
    while (!links.empty())
        drop(links.begin()->first, "the leader steps down");
    ready.steppedDown = std::move(why);
}

void Leader::Impl::received(LinkId id, std::string_view bytes) {
    auto found = links.find(id);
    if (found == links.end()) return; // its closing is under way
    found->second.in += bytes;
    std::string input = std::move(found->second.in);
    std::string_view left = input;
    while (found != links.end()) {
        auto packet = jute::takePacket(left);
        if (!packet) return drop(id, packet.error().message());
        if (!*packet) break;
        const Fault fault = handle(found->second, **packet);
        if (!fault.empty()) return drop(id, fault);
        found = links.find(id);
    }
    if (found != links.end()) found->second.in = left;
}

Fault Leader::Impl::handle(Link& link, jute::QuorumPacket& packet) {
    const auto type = static_cast<PacketType>(packet.type);
    const auto unexpected = [&] {
        return "an unexpected " + std::string(name(type)) + " packet (type " + std::to_string(packet.type) +
               ")";
    };
    if (link.upToDate) link.deadline = now + ticks(options.syncLimit);
    switch (link.step) {
    case Step::Unknown:
        if (type != PacketType::FollowerInfo && type != PacketType::ObserverInfo) return unexpected();
        return announced(link, packet);
    case Step::Announced: return unexpected();
    case Step::Offered:
        if (type != PacketType::AckEpoch) return unexpected();
        return epochTaken(link, packet);
    case Step::EpochTaken:
    case Step::Synchronising:
    case Step::Synced: break;
    }
    if (type == PacketType::Ack) {
        if (packet.zxid == newLeaderZxid() && link.step != Step::Synced) return newLeaderAcknowledged(link);
        return acknowledged(link, packet.zxid);
    }
    if (!link.upToDate && type != PacketType::Ping) return unexpected();
    return steady(link, packet);
}

void Leader::Impl::pingAll() {
    std::string ping;
    appendPacket(ping, PacketType::Ping, lastProposed);
    for (auto& [id, link] : links)
        if (link.step == Step::Synced) send(link, ping);
}

void Leader::Impl::dropSilent() {
    std::vector<std::pair<LinkId, std::string>> gone;
    for (const auto& [id, link] : links) {
        if (now >= link.deadline)
            gone.emplace_back(id, "it has been silent for too long");
        else if (link.unacknowledged != Zxid() && link.upToDate &&
                 now >= link.unacknowledgedSince + ticks(options.syncLimit))
            gone.emplace_back(id, "it has not acknowledged " + hex(link.unacknowledged) + " in time");
    }
    for (const auto& [id, why] : gone)
        drop(id, why);
}

void Leader::Impl::tick() {
    if (phase == Phase::Over) return;
    if (now >= phaseEnds) {
        const char* what = phase == Phase::Discovery    ? "announce itself"
                           : phase == Phase::AgreeEpoch ? "accept the new epoch"
                                                        : "synchronise";
        return stepDown("no quorum of servers came to " + std::string(what) + " within initLimit");
    }
    if (now >= nextPing) {
        nextPing = now + options.tick / 2;
        dropSilent();
        pingAll();
    }
    if (now >= nextCheck) {
        nextCheck = now + options.tick;
        if (phase != Phase::Established) return;
        std::set<Sid> alive{options.self};
        for (const auto& [id, link] : links)
            if (link.step != Step::Unknown && !link.observer) alive.insert(link.sid);
        if (!options.quorum.contains(alive)) stepDown("no quorum of servers was heard from within syncLimit");
    }
}

LeaderReady Leader::Impl::take() {
    for (auto& [id, link] : links) {
        if (!link.now.empty()) ready.sendNow.push_back({id, std::move(link.now)});
        if (!link.afterSync.empty()) ready.sendAfterSync.push_back({id, std::move(link.afterSync)});
        link.now.clear();
        link.afterSync.clear();
    }
    LeaderReady out = std::move(ready);
    ready = LeaderReady();
    out.wakeAt = phase == Phase::Over ? kNever : std::min({phaseEnds, nextPing, nextCheck});
    return out;
}

Leader::Leader(Instant now, LeaderOptions options, Zxid lastLogged, std::int64_t currentEpoch,
               std::int64_t acceptedEpoch, History& history, trace::Tracer& tracer)
    : impl_(std::make_unique<Impl>(now, std::move(options), lastLogged, currentEpoch, acceptedEpoch, history,
                                   tracer)) {}
Leader::~Leader() = default;

void Leader::accepted(Instant now, LinkId id) {
    impl_->now = now;
    if (impl_->phase == Phase::Over) {
        impl_->ready.close.push_back(id);
        return;
    }
    Link& link = impl_->links[id];
    link.id = id;
    link.deadline = now + impl_->ticks(impl_->options.initLimit);
}

void Leader::received(Instant now, LinkId link, std::string_view bytes) {
    impl_->now = now;
    impl_->received(link, bytes);
}

void Leader::closed(Instant now, LinkId link) {
    impl_->now = now;
    impl_->drop(link, "the connection was closed", false);
}

void Leader::writable(LinkId id) {
    const auto found = impl_->links.find(id);
    if (found != impl_->links.end() && found->second.snapshot) impl_->pumpSnapshot(found->second);
}

void Leader::propose(Instant now, Zxid zxid, TxnBytes txn) {
    impl_->now = now;
    if (impl_->phase == Phase::Over) return; // stepped down in this very turn
    impl_->propose(zxid, std::move(txn));
}

void Leader::synced(Instant now, Zxid upTo) {
    impl_->now = now;
    impl_->durable = std::max(impl_->durable, upTo);
    if (impl_->phase != Phase::Established) return;
    impl_->tracer.tellTransaction(trace::Kind::Acknowledged, upTo, impl_->options.self);
    impl_->commitWhatMay();
}

void Leader::syncFor(LinkId link) {
    impl_->syncFor(link, 0);
}
void Leader::syncLocal(std::uint64_t token) {
    impl_->syncFor(0, token);
}

void Leader::revalidated(LinkId id, SessionId session, bool valid) {
    const auto found = impl_->links.find(id);
    if (found == impl_->links.end()) return;
    impl_->send(found->second, PacketType::Revalidate, kNoZxid,
                jute::encode(jute::RevalidateReply{session, valid}));
}

void Leader::tick(Instant now) {
    impl_->now = now;
    impl_->tick();
}

bool Leader::isEstablished() const {
    return impl_->phase == Phase::Established;
}
std::int64_t Leader::epoch() const {
    return impl_->epoch;
}
Zxid Leader::lastProposed() const {
    return impl_->lastProposed;
}
std::size_t Leader::outstanding() const {
    return impl_->outstanding.size();
}

std::vector<LearnerStatus> Leader::learners() const {
    std::vector<LearnerStatus> all;
    for (const auto& [id, link] : impl_->links)
        if (link.step != Step::Unknown)
            all.push_back({link.sid, id, link.observer, link.step == Step::Synced, link.acknowledged});
    return all;
}

LeaderReady Leader::take() {
    return impl_->take();
}

} // namespace zk::zab
