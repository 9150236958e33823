// A learner's way to the leader's history: the epochs, then DIFF, TRUNC or SNAP, up to UPTODATE.
//
// What the leader commits before NEWLEADER is logged and applied ahead of our acknowledgement; what it only
// proposes is logged with it and acknowledged right behind it. The current epoch is written behind the
// committed history, so that a server which claims the epoch also has the history.
#include "zab/learner_impl.h"

namespace zk::zab {

using jute::PacketType;

void Learner::Impl::leaderInfo(const jute::QuorumPacket& packet) {
    if (static_cast<PacketType>(packet.type) != PacketType::LeaderInfo)
        return fail("the leader answered with a " + std::string(name(static_cast<PacketType>(packet.type))) +
                    " packet where LEADERINFO was due");
    epoch = packet.zxid.epoch();
    if (epoch < acceptedEpoch)
        return fail("the leader offers epoch " + std::to_string(epoch) + ", but we have accepted " +
                    std::to_string(acceptedEpoch));
    std::string data;
    const bool fresh = epoch > acceptedEpoch;
    jute::Writer(data).i32(fresh ? static_cast<std::int32_t>(currentEpoch) : -1);
    if (fresh) {
        acceptedEpoch = epoch;
        ready.persist.push_back(SetAcceptedEpoch{epoch});
    }
    tell(trace::Kind::EpochProposed, packet.zxid);
    appendPacket(ready.sendAfterSync, PacketType::AckEpoch, lastLogged, data);
    enter(Stage::Awaiting);
}

void Learner::Impl::startSync(const jute::QuorumPacket& packet) {
    const auto type = static_cast<PacketType>(packet.type);
    if (type == PacketType::Ping) return;
    if (type != PacketType::Diff && type != PacketType::Trunc && type != PacketType::Snap)
        return fail("the leader sent a " + std::string(name(type)) +
                    " packet where DIFF, TRUNC or SNAP was due");
    tell(trace::Kind::SyncStarted, packet.zxid, std::string(name(type)));
    if (type == PacketType::Diff) return enter(Stage::CatchingUp);
    if (packet.zxid.value < 0 || packet.zxid.epoch() > epoch)
        return fail("the leader of epoch " + std::to_string(epoch) + " wants to bring us to " + hex(packet.zxid) +
                    ", which lies beyond its epoch");
    rebuildTo = packet.zxid;
    if (type == PacketType::Snap) return enter(sink.done() ? Stage::Trailing : Stage::Streaming);
    if (packet.zxid > lastLogged)
        return fail("the leader asks to truncate the log to " + hex(packet.zxid) + ", but it ends with " +
                    hex(lastLogged));
    ready.persist.push_back(Truncate{packet.zxid});
    enter(Stage::Rebuilding);
}

bool Learner::Impl::feedSnapshot(std::string_view& left) {
    const auto taken = sink.feed(left);
    if (!taken) {
        fail("the leader's snapshot cannot be read: " + taken.error().message());
        return false;
    }
    left.remove_prefix(*taken);
    if (sink.done()) enter(Stage::Trailing);
    return sink.done();
}

bool Learner::Impl::skipTrailer(std::string_view& left) {
    std::string expected;
    jute::Writer(expected).bytes(kSnapshotTrailer);
    if (left.size() < expected.size()) return false;
    if (!left.starts_with(expected)) {
        fail("the leader's snapshot does not end as a snapshot does");
        return false;
    }
    left.remove_prefix(expected.size());
    ready.persist.push_back(InstallSnapshot{rebuildTo});
    enter(Stage::Rebuilding);
    return true;
}

void Learner::Impl::rebuilt(const Result<void>& result) {
    if (stage != Stage::Rebuilding) return;
    if (!result)
        return fail("our own log could not be brought to " + hex(rebuildTo) + ": " +
                    result.error().message());
    lastLogged = rebuildTo;
    enter(Stage::CatchingUp);
    consume();
}

void Learner::Impl::newLeader(const jute::QuorumPacket& packet) {
    if (packet.zxid != Zxid(epoch, 0))
        return fail("the leader declared itself at " + hex(packet.zxid) + " where epoch " +
                    std::to_string(epoch) + " was agreed");
    for (LogEntry& entry : early) {
        log(entry);
        ready.committed.push_back(std::move(entry));
    }
    early.clear();
    ready.persist.push_back(SetCurrentEpoch{epoch});
    currentEpoch = epoch;
    ready.agreedEpoch = epoch;
    tell(trace::Kind::EpochAgreed, packet.zxid);
    appendPacket(ready.sendAfterSync, PacketType::Ack, packet.zxid);
    enter(Stage::Acknowledged);
    for (const LogEntry& entry : pending)
        log(entry);
}

void Learner::Impl::upToDate() {
    appendPacket(ready.sendAfterSync, PacketType::Ack, Zxid(epoch, 0));
    ready.established = true;
    tell(trace::Kind::SyncFinished, lastLogged);
    enter(Stage::Serving);
}

} // namespace zk::zab
