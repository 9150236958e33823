#include "sim/nemesis.h"

namespace zk::sim {

Nemesis::Nemesis(World& world, NemesisOptions options, Rng rng) : world_(world), options_(options), rng_(rng) {}

void Nemesis::start() {
    active_ = true;
    later();
}

void Nemesis::later() {
    const auto span = static_cast<std::uint64_t>((options_.pauseMax - options_.pauseMin).count());
    world_.scheduler().after(options_.pauseMin + Duration(static_cast<std::int64_t>(rng_.below(span + 1))), [this] {
        if (!active_) return;
        act();
        later();
    });
}

Sid Nemesis::victim() {
    const auto sids = world_.servers();
    if (rng_.chance(0.4))
        for (const Sid sid : sids)
            if (world_.node(sid) && world_.node(sid)->state() == trace::ServerState::Leading) return sid;
    return sids[rng_.below(sids.size())];
}

void Nemesis::crash() {
    const Sid sid = victim();
    if (!world_.isUp(sid)) return;
    world_.crash(sid);
    ++crashes_;
}

void Nemesis::partition() {
    std::set<Sid> side{victim()};
    const auto sids = world_.servers();
    if (sids.size() > 3 && rng_.chance(0.5)) side.insert(sids[rng_.below(sids.size())]);
    if (side.size() >= sids.size()) return;
    world_.network().partition(std::move(side));
    ++partitions_;
}

void Nemesis::act() {
    // Every run has both of the great evils, whatever its dice say later.
    switch (acts_++) {
    case 0: return crash();
    case 1: return partition();
    default: break;
    }
    for (const Sid sid : world_.servers()) // nobody stays down for long
        if (!world_.isUp(sid) && rng_.chance(0.6)) world_.start(sid);
    if (world_.network().isPartitioned() && rng_.chance(0.7)) world_.network().heal();
    switch (rng_.below(8)) {
    case 0:
    case 1: return crash();
    case 2:
    case 3: return partition();
    case 4: return world_.pause(victim());
    case 5:
        for (const Sid sid : world_.servers()) world_.resume(sid);
        return;
    case 6: return world_.network().setElectionLoss(rng_.chance(0.5) ? 0.3 : 0.0);
    default: // all at once: the power fails
        if (!rng_.chance(0.3)) return;
        for (const Sid sid : world_.servers()) {
            if (!world_.isUp(sid)) continue;
            world_.crash(sid);
            ++crashes_;
        }
        for (const Sid sid : world_.servers()) world_.start(sid);
    }
}

void Nemesis::makePeace() {
    active_ = false;
    world_.network().setElectionLoss(0);
    world_.network().heal();
    for (const Sid sid : world_.servers()) {
        world_.resume(sid);
        world_.start(sid);
    }
}

} // namespace zk::sim
