#include "sim/machine.h"

#include "base/assert.h"
#include "server/recovery.h"

#include <algorithm>

namespace zk::sim {

World::World(WorldOptions options)
    : options_(options), rng_(options.seed), network_(options.network, scheduler_, rng_.fork(), *this) {
    const int count = options.servers + options.observers;
    for (Sid sid = 1; sid <= count; ++sid) {
        auto& made = machines_.emplace_back(std::make_unique<Machine>(sid, *this));
        made->config = configOf(sid, count);
    }
    if (options.planted == Planted::TamperWithProposals) {
        network_.tamperWith([this](std::string& bytes) {
            const auto at = bytes.find("value-");
            if (at != std::string::npos && rng_.chance(0.1)) bytes[at] = 'V';
        });
    }
}

World::~World() = default;

config::ServerConfig World::configOf(Sid sid, int count) const {
    config::ServerConfig config;
    config.dataDir = "/server" + std::to_string(sid);
    config.tickTime = options_.tick;
    config.initLimit = options_.initLimit;
    config.syncLimit = options_.syncLimit;
    config.snapCount = options_.snapCount;
    config.preallocateKilobytes = 16;
    config.maxClientCnxns = 0;
    config.extendedTypes = true;
    config.containerCheckInterval = std::chrono::milliseconds(300);
    config.self = sid;
    for (Sid other = 1; other <= count; ++other) {
        config::Server server;
        server.sid = other;
        server.quorum = {"127.0.0.1", static_cast<std::uint16_t>(2887 + other)};
        server.election = {"127.0.0.1", static_cast<std::uint16_t>(3887 + other)};
        if (other > options_.servers) server.role = config::Role::Observer;
        if (options_.planted == Planted::LoneVoter && sid == 1 && other != 1) server.role = config::Role::Observer;
        config.servers[other] = server;
    }
    return config;
}

World::Machine& World::machine(Sid sid) const {
    ZK_ASSERT(sid >= 1 && static_cast<std::size_t>(sid) <= machines_.size());
    return *machines_[static_cast<std::size_t>(sid - 1)];
}

std::vector<Sid> World::servers() const {
    std::vector<Sid> sids;
    for (const auto& each : machines_) sids.push_back(each->sid);
    return sids;
}

bool World::isUp(Sid sid) const { return machine(sid).node != nullptr; }
bool World::isPaused(Sid sid) const { return machine(sid).paused; }
const server::Node* World::node(Sid sid) const { return machine(sid).node.get(); }

void World::start(Sid sid) {
    Machine& at = machine(sid);
    if (at.node) return;
    storage::StoreOptions options;
    options.dataDir = at.config.dataDir;
    options.preallocateBytes = at.config.preallocateKilobytes * 1024;
    auto opened = storage::Store::open(*at.disk, options);
    if (!opened) {
        faults_.push_back("server " + std::to_string(sid) + " cannot open its store: " + opened.error().message());
        return;
    }
    at.store = std::move(*opened);
    auto recovered = server::recover(*at.store, at.config);
    if (!recovered) {
        faults_.push_back("server " + std::to_string(sid) + " cannot recover: " + recovered.error().message());
        return;
    }
    ++at.life;
    at.paused = false;
    at.wakeAt = kNever;
    at.node = std::make_unique<server::Node>(at.config, std::move(*recovered), rng_.next(), at);
    turn(sid, [this](server::Node& node) { node.start(scheduler_.now(), scheduler_.wall()); });
    network_.started(sid);
}

void World::crash(Sid sid) {
    Machine& at = machine(sid);
    if (!at.node) return;
    at.node.reset();
    at.paused = false;
    at.putOff.clear();
    network_.crashed(sid);
    dropClients(sid);
    // The batch that was under way stopped at some operation of its own; what was never synced may or may not survive.
    if (!at.batch.empty()) {
        at.disk->failAt(at.disk->operations() + 1 + rng_.below(4), storage::Fault::Crash);
        (void)server::perform(*at.store, at.config, at.batch);
        at.batch.clear();
    }
    at.store.reset();
    at.disk = at.disk->survivors(rng_.next());
}

void World::pause(Sid sid) {
    if (isUp(sid)) machine(sid).paused = true;
}

void World::resume(Sid sid) {
    Machine& at = machine(sid);
    if (!at.paused) return;
    at.paused = false;
    for (auto& input : std::exchange(at.putOff, {})) turn(sid, std::move(input));
}

void World::turn(Sid sid, std::function<void(server::Node&)> input) {
    Machine& at = machine(sid);
    if (!at.node) return;
    if (at.paused) {
        at.putOff.push_back(std::move(input));
        return;
    }
    try {
        at.node->tick(scheduler_.now(), scheduler_.wall());
        input(*at.node);
        perform(at, at.node->take());
    } catch (const BrokenPromise& broken) {
        faults_.push_back("server " + std::to_string(sid) + ": " + broken.what());
        crash(sid);
        return;
    }
    if (at.node && at.node->state() == trace::ServerState::Crashed) {
        faults_.push_back("server " + std::to_string(sid) + " gave up");
        crash(sid);
    }
}

void World::perform(Machine& at, server::Ready ready) {
    performStore(at, ready);
    for (auto& message : ready.election) network_.sendElection(at.sid, message.to, std::move(message.payload));
    for (const auto& dial : ready.dial) network_.dial(at.sid, dial.link, dial.to);
    for (auto& bytes : ready.quorum) network_.send(at.sid, bytes.link, std::move(bytes.bytes));
    for (const auto link : ready.hangUp) network_.hangUp(at.sid, link);
    performClients(at, ready);
    wake(at, ready.wakeAt);
}

void World::performStore(Machine& at, server::Ready& ready) {
    if (ready.store.empty()) return;
    ZK_ASSERT(at.batch.empty());
    at.batch = std::move(ready.store);
    if (appendListener_)
        for (const auto& duty : at.batch)
            if (const auto* append = std::get_if<server::AppendTxn>(&duty)) appendListener_(at.sid, append->zxid, *append->txn);
    const auto span = static_cast<std::uint64_t>((options_.syncMax - options_.syncMin).count());
    const Duration needed = options_.syncMin + Duration(static_cast<std::int64_t>(rng_.below(span + 1)));
    const bool early = options_.planted == Planted::AcknowledgeBeforeSync &&
                       std::all_of(at.batch.begin(), at.batch.end(),
                                   [](const auto& duty) { return std::holds_alternative<server::AppendTxn>(duty); });
    const auto finish = [this, sid = at.sid, life = at.life, batch = ready.storeBatch, early] {
        Machine& then = machine(sid);
        if (then.life != life || !then.node) return;
        if (then.paused && !early) { // a frozen process does not hear of its disk
            turn(sid, [this, sid, batch](server::Node& node) {
                Machine& thawed = machine(sid);
                auto done = server::perform(*thawed.store, thawed.config, thawed.batch);
                thawed.batch.clear();
                node.stored(batch, std::move(done));
            });
            return;
        }
        auto done = server::perform(*then.store, then.config, then.batch);
        then.batch.clear();
        turn(sid, [batch, done = std::make_shared<server::Performed>(std::move(done))](server::Node& node) {
            node.stored(batch, std::move(*done));
        });
    };
    if (!early) {
        scheduler_.after(needed, finish);
        return;
    }
    // The planted bug: the node hears at once, and the disk gets it much later, or never.
    auto duties = std::make_shared<std::vector<server::StoreDuty>>(std::move(at.batch));
    at.batch.clear();
    scheduler_.after(Duration(0), [this, sid = at.sid, life = at.life, batch = ready.storeBatch] {
        if (machine(sid).life == life)
            turn(sid, [batch](server::Node& node) { node.stored(batch, server::Performed{}); });
    });
    scheduler_.after(std::chrono::milliseconds(200), [this, sid = at.sid, life = at.life, duties] {
        Machine& then = machine(sid);
        if (then.life == life && then.node) (void)server::perform(*then.store, then.config, *duties);
    });
}

void World::wake(Machine& at, Instant when) {
    if (when == kNever || when >= at.wakeAt) return;
    at.wakeAt = when;
    scheduler_.at(when, [this, sid = at.sid, life = at.life, when] {
        Machine& then = machine(sid);
        if (then.life != life || then.wakeAt != when) return;
        then.wakeAt = kNever;
        turn(sid, [](server::Node&) {});
    });
}

void World::runFor(Duration duration) {
    const Instant limit = scheduler_.now() + duration;
    while (faults_.empty() && scheduler_.step(limit)) {}
}

bool World::runUntil(const std::function<bool()>& condition, Duration limit) {
    const Instant end = scheduler_.now() + limit;
    while (faults_.empty()) {
        if (condition()) return true;
        if (!scheduler_.step(end)) return condition();
    }
    return false;
}

std::uint64_t World::accepted(Sid at) {
    const std::uint64_t link = machine(at).nextLink++;
    turn(at, [link](server::Node& node) { node.quorumAccepted(link); });
    return link;
}

void World::connected(Sid at, std::uint64_t link) {
    turn(at, [link](server::Node& node) { node.quorumConnected(link); });
}

void World::received(Sid at, std::uint64_t link, std::string bytes) {
    turn(at, [link, bytes = std::move(bytes)](server::Node& node) { node.quorumReceived(link, bytes); });
}

void World::writable(Sid at, std::uint64_t link) {
    turn(at, [link](server::Node& node) { node.quorumWritable(link); });
}

void World::closed(Sid at, std::uint64_t link, std::string_view why) {
    turn(at, [link, why = std::string(why)](server::Node& node) { node.quorumClosed(link, why); });
}

void World::electionMessage(Sid at, Sid from, std::string payload) {
    turn(at, [from, payload = std::move(payload)](server::Node& node) { node.electionMessage(from, payload); });
}

void World::electionUndelivered(Sid at, Sid to) {
    // As net tells it: some turn later, never inside the turn that sent the message.
    scheduler_.after(Duration(0), [this, at, to, life = machine(at).life] {
        if (machine(at).life == life) turn(at, [to](server::Node& node) { node.electionUndelivered(to); });
    });
}

} // namespace zk::sim
