// Broadcast: proposals, acknowledgements and commits in the order of their zxids, and what learners ask in
// between.
#include "base/assert.h"
#include "zab/leader_impl.h"

namespace zk::zab {

using jute::PacketType;

void Leader::Impl::propose(Zxid zxid, TxnBytes txn) {
    ZK_ASSERT(phase == Phase::Established);
    ZK_ASSERT(zxid == lastProposed.next());
    lastProposed = zxid;
    outstanding.push_back({zxid, txn});
    ready.persist.push_back(Append{{zxid, txn}});
    tracer.tellTransaction(trace::Kind::Proposed, zxid);
    std::string packet;
    appendPacket(packet, PacketType::Proposal, zxid, *txn);
    for (auto& [id, link] : links) {
        if (link.observer || link.step < Step::Synchronising) continue;
        send(link, packet);
        if (link.unacknowledged != Zxid()) continue;
        link.unacknowledged = zxid;
        link.unacknowledgedSince = now;
    }
}

Fault Leader::Impl::acknowledged(Link& link, Zxid zxid) {
    // Older servers acknowledge what a DIFF brought them, and NEWLEADER twice.
    if (zxid.counter() == 0 || zxid.epoch() < epoch || zxid <= link.acknowledged) return {};
    if (zxid > lastProposed)
        return "it acknowledged " + hex(zxid) + ", which was never proposed; the last one is " +
               hex(lastProposed);
    link.acknowledged = zxid;
    if (zxid >= link.unacknowledged) {
        link.unacknowledged = zxid < lastProposed ? zxid.next() : Zxid();
        link.unacknowledgedSince = now;
    }
    if (zxid <= lastCommitted) return {};
    tracer.tellTransaction(trace::Kind::Acknowledged, zxid, link.sid);
    commitWhatMay();
    return {};
}

void Leader::Impl::commitWhatMay() {
    while (!outstanding.empty()) {
        const Zxid head = outstanding.front().zxid;
        std::set<Sid> have;
        if (durable >= head) have.insert(options.self);
        for (const auto& [id, link] : links)
            if (!link.observer && link.step == Step::Synced && link.acknowledged >= head)
                have.insert(link.sid);
        if (!options.quorum.contains(have)) return;
        commitHead();
    }
}

void Leader::Impl::commitHead() {
    LogEntry entry = std::move(outstanding.front());
    outstanding.pop_front();
    lastCommitted = entry.zxid;
    tracer.tellTransaction(trace::Kind::Committed, entry.zxid);
    std::string commit, inform;
    appendPacket(commit, PacketType::Commit, entry.zxid);
    for (auto& [id, link] : links) {
        if (link.step < Step::Synchronising) continue;
        if (!link.observer) {
            send(link, commit);
            continue;
        }
        if (inform.empty()) appendPacket(inform, PacketType::Inform, entry.zxid, *entry.txn);
        send(link, inform);
    }
    const Zxid applied = history.lastProcessed();
    while (!handedOver.empty() && handedOver.front().zxid <= applied)
        handedOver.pop_front();
    handedOver.push_back(entry);
    ready.committed.push_back(std::move(entry));
    answerSyncs();
}

void Leader::Impl::syncFor(LinkId link, std::uint64_t token) {
    if (phase != Phase::Established) return;
    syncs.push_back({lastProposed, link, token});
    answerSyncs();
}

void Leader::Impl::answerSyncs() {
    while (!syncs.empty() && syncs.front().after <= lastCommitted) {
        const WaitingSync sync = syncs.front();
        syncs.pop_front();
        if (sync.link == 0)
            ready.localSyncs.push_back({ready.committed.size(), sync.token});
        else if (const auto found = links.find(sync.link); found != links.end())
            send(found->second, PacketType::Sync, Zxid());
    }
}

Fault Leader::Impl::steady(Link& link, jute::QuorumPacket& packet) {
    const auto type = static_cast<PacketType>(packet.type);
    if (type == PacketType::Ping) {
        if (!packet.data) return {};
        auto touches = jute::decodeTouches(*packet.data);
        if (!touches) return touches.error().message();
        ready.touched.insert(ready.touched.end(), touches->begin(), touches->end());
        return {};
    }
    if (type == PacketType::Request) {
        auto request = jute::decodeForwardedRequest(packet.data ? *packet.data : std::string());
        if (!request) return request.error().message();
        ready.requests.push_back({link.id, link.sid, std::move(*request),
                                  packet.authinfo ? std::move(*packet.authinfo) : std::vector<jute::Id>()});
        return {};
    }
    if (type == PacketType::Revalidate) {
        const auto ask = jute::decode<jute::RevalidateRequest>(packet.data ? *packet.data : std::string());
        if (!ask) return ask.error().message();
        ready.revalidate.push_back({link.id, link.sid, ask->session, ask->timeoutMs});
        return {};
    }
    return "an unexpected " + std::string(name(type)) + " packet (type " + std::to_string(packet.type) + ")";
}

} // namespace zk::zab
