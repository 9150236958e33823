// Bringing one learner to our history: DIFF, TRUNC or SNAP, then what was proposed meanwhile, then NEWLEADER.
//
// A TRUNC names only a transaction that is surely in the learner's log: one of the same epoch as the
// learner's last, and before it. Everything that is doubtful gets a snapshot.
#include "zab/leader_impl.h"

#include <algorithm>
#include <utility>

namespace zk::zab {

using jute::PacketType;

namespace {

constexpr std::size_t kSnapshotPiece = 256 * 1024;

bool surelyHolds(Zxid learnersLast, Zxid earlier) {
    return earlier.epoch() == learnersLast.epoch() && earlier.counter() != 0 && earlier < learnersLast;
}

} // namespace

void Leader::Impl::synchronise(Link& link) {
    const Zxid last = history.lastProcessed();
    const auto& log = history.committedLog();
    const Zxid least = log.empty() ? last : log.front().zxid;
    const Zxid most = log.empty() ? last : log.back().zxid;
    const Zxid theirs = link.last;
    link.step = Step::Synchronising;

    const auto begin = [&](PacketType type, Zxid zxid) {
        countSync(link, false);
        tell(trace::Kind::SyncStarted, link.sid, zxid, std::string(name(type)));
        send(link, type, zxid);
    };
    const auto after = std::upper_bound(log.begin(), log.end(), theirs,
                                        [](Zxid zxid, const LogEntry& entry) { return zxid < entry.zxid; });
    const bool known = after != log.begin() && std::prev(after)->zxid == theirs;
    if (theirs == last || (known && theirs == most)) {
        begin(PacketType::Diff, last);
    } else if (theirs > most) {
        if (!surelyHolds(theirs, most)) return startSnapshot(link);
        begin(PacketType::Trunc, most);
    } else if (theirs < least) {
        return startSnapshot(link);
    } else if (known || (theirs.counter() == 0 && after != log.end() && after->zxid == theirs.next())) {
        begin(PacketType::Diff, most);
        sendDifference(link, theirs);
    } else if (after != log.begin() && surelyHolds(theirs, std::prev(after)->zxid)) {
        begin(PacketType::Trunc, std::prev(after)->zxid);
        sendDifference(link, std::prev(after)->zxid);
    } else {
        return startSnapshot(link);
    }
    startForwarding(link, std::max(last, most));
}

void Leader::Impl::countSync(Link& link, bool snapshot) {
    link.bySnapshot = snapshot;
    std::size_t underWay = 0;
    for (const auto& [id, other] : links)
        underWay += other.step == Step::Synchronising && other.bySnapshot == snapshot ? 1 : 0;
    ready.syncsBegun.push_back({snapshot, underWay});
}

void Leader::Impl::sendDifference(Link& link, Zxid after) {
    for (const LogEntry& entry : history.committedLog()) {
        if (entry.zxid <= after) continue;
        send(link, PacketType::Proposal, entry.zxid, *entry.txn);
        send(link, PacketType::Commit, entry.zxid);
    }
}

void Leader::Impl::startSnapshot(Link& link) {
    countSync(link, true);
    auto snapshot = history.openSnapshot();
    const Zxid zxid = snapshot->zxid();
    tell(trace::Kind::SyncStarted, link.sid, zxid, std::string(name(PacketType::Snap)));
    send(link, PacketType::Snap, zxid);
    link.snapshot = std::move(snapshot);
    startForwarding(link, zxid); // waits behind the stream
    pumpSnapshot(link);
}

void Leader::Impl::pumpSnapshot(Link& link) {
    std::string& out = phase == Phase::Established ? link.now : link.afterSync;
    const std::size_t before = out.size();
    link.deadline = now + ticks(options.initLimit + options.syncLimit);
    while (out.size() - before < kSnapshotPiece) {
        if (link.snapshot->next(out)) continue;
        jute::Writer(out).bytes(kSnapshotTrailer);
        link.snapshot.reset();
        out += std::exchange(link.behindSnapshot, {});
        return;
    }
}

void Leader::Impl::startForwarding(Link& link, Zxid after) {
    for (const LogEntry& entry : handedOver) {
        if (entry.zxid <= after) continue;
        send(link, PacketType::Proposal, entry.zxid, *entry.txn);
        send(link, PacketType::Commit, entry.zxid);
    }
    if (!link.observer)
        for (const LogEntry& entry : outstanding) {
            send(link, PacketType::Proposal, entry.zxid, *entry.txn);
            if (link.unacknowledged == Zxid()) link.unacknowledged = entry.zxid;
        }
    send(link, PacketType::NewLeader, newLeaderZxid(), options.config);
    link.holding = true;
}

} // namespace zk::zab
