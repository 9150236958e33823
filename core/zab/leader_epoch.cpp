// The handshake of a leader's life: who is there, which epoch they take, and when a quorum of them stands
// behind it.
#include "base/bytes.h"
#include "zab/leader_impl.h"

#include <algorithm>
#include <utility>

namespace zk::zab {

using jute::PacketType;

Fault Leader::Impl::announced(Link& link, const jute::QuorumPacket& packet) {
    if (!packet.data) return "it announced itself without its id";
    const auto info = jute::decodeLearnerInfo(*packet.data);
    if (!info) return info.error().message();
    if (info->sid == options.self) return "it announced itself with our own id, " + std::to_string(info->sid);
    if (!options.everyone.contains(info->sid))
        return "server " + std::to_string(info->sid) + " is no member of this ensemble";
    if (info->configVersion > options.configVersion)
        return "server " + std::to_string(info->sid) + " has configuration " + hex(info->configVersion) +
               ", which is newer than ours, " + hex(options.configVersion);
    const auto older = std::find_if(links.begin(), links.end(), [&](const auto& other) {
        return other.second.step != Step::Unknown && other.second.sid == info->sid;
    });
    if (older != links.end()) drop(older->first, "a newer connection of the same server replaces it");

    link.sid = info->sid;
    link.observer = packet.type == static_cast<std::int32_t>(PacketType::ObserverInfo);
    link.step = Step::Announced;
    link.deadline = now + ticks(options.initLimit + options.syncLimit);
    tell(trace::Kind::LinkUp, link.sid, packet.zxid, "quorum");
    if (phase != Phase::Discovery) {
        offerEpoch(link);
        return {};
    }
    epoch = std::max(epoch, packet.zxid.epoch());
    if (!link.observer) announcedBy.insert(link.sid);
    checkDiscovery();
    return {};
}

void Leader::Impl::offerEpoch(Link& link) {
    std::string version;
    jute::Writer(version).i32(jute::kLearnerProtocol);
    link.step = Step::Offered;
    appendPacket(link.afterSync, PacketType::LeaderInfo, newLeaderZxid(), version);
}

void Leader::Impl::checkDiscovery() {
    if (phase != Phase::Discovery || !options.quorum.contains(announcedBy)) return;
    ++epoch;
    ready.persist.push_back(SetAcceptedEpoch{epoch});
    enter(Phase::AgreeEpoch);
    tell(trace::Kind::EpochProposed, options.self, newLeaderZxid());
    takenBy.insert(options.self);
    for (auto& [id, link] : links)
        if (link.step == Step::Announced) offerEpoch(link);
    checkAgreement();
}

Fault Leader::Impl::epochTaken(Link& link, const jute::QuorumPacket& packet) {
    if (!packet.data || packet.data->size() < 4) return "its ACKEPOCH does not say its epoch";
    const std::int64_t theirs = loadBigEndian<std::int32_t>(packet.data->data());
    link.last = packet.zxid;
    link.step = Step::EpochTaken;
    if (phase != Phase::AgreeEpoch) {
        synchronise(link);
        return {};
    }
    // -1: it has taken this epoch before, so it may not be counted again.
    if (theirs != -1) {
        if (theirs > currentEpoch || (theirs == currentEpoch && packet.zxid > lastLogged)) {
            stepDown("server " + std::to_string(link.sid) + " is ahead of us: epoch " +
                     std::to_string(theirs) + ", " + hex(packet.zxid));
            return {};
        }
        if (!link.observer) takenBy.insert(link.sid);
    }
    checkAgreement();
    return {};
}

void Leader::Impl::checkAgreement() {
    if (phase != Phase::AgreeEpoch || !options.quorum.contains(takenBy)) return;
    ready.persist.push_back(SetCurrentEpoch{epoch});
    ready.agreedEpoch = epoch;
    lastProposed = newLeaderZxid();
    lastCommitted = newLeaderZxid();
    enter(Phase::Synchronise);
    tell(trace::Kind::EpochAgreed, options.self, newLeaderZxid());
    acknowledgedBy.insert(options.self);
    for (auto& [id, link] : links)
        if (link.step == Step::EpochTaken) synchronise(link);
    checkEstablished();
}

Fault Leader::Impl::newLeaderAcknowledged(Link& link) {
    if (link.step != Step::Synchronising || link.snapshot)
        return "it acknowledged NEWLEADER before it was sent";
    link.step = Step::Synced;
    link.unacknowledgedSince = now;
    tell(trace::Kind::SyncFinished, link.sid, link.last);
    if (!link.observer) acknowledgedBy.insert(link.sid);
    if (phase == Phase::Established) {
        bringUpToDate(link);
        commitWhatMay();
    } else {
        checkEstablished();
    }
    return {};
}

void Leader::Impl::checkEstablished() {
    if (phase != Phase::Synchronise || !options.quorum.contains(acknowledgedBy)) return;
    enter(Phase::Established);
    nextCheck = now + options.tick;
    ready.established = true;
    for (auto& [id, link] : links)
        if (link.step == Step::Synced) bringUpToDate(link);
}

void Leader::Impl::bringUpToDate(Link& link) {
    link.holding = false;
    link.upToDate = true;
    link.deadline = now + ticks(options.syncLimit);
    send(link, PacketType::UpToDate, kNoZxid);
    send(link, std::exchange(link.held, {}));
}

} // namespace zk::zab
