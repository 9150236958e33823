#include "sim/run.h"

#include "sim/checkers.h"
#include "sim/nemesis.h"
#include "sim/workload.h"

#include <cstdio>

namespace zk::sim {

namespace {

WorldOptions worldOf(const RunOptions& options) {
    WorldOptions world;
    world.seed = options.seed;
    world.planted = options.planted;
    if (options.seed % 8 == 5) world.servers = 5;
    if (options.seed % 8 == 3) world.observers = 1;
    return world;
}

// A run's story as one number: FNV-1a over the words of all events.
class TraceHash {
  public:
    void add(std::string_view bytes) {
        for (const char byte : bytes) value_ = (value_ ^ static_cast<unsigned char>(byte)) * 0x100000001B3ULL;
    }
    std::uint64_t value() const { return value_; }

  private:
    std::uint64_t value_ = 0xCBF29CE484222325ULL;
};

// Do all servers serve, with the same last transaction?
bool calm(const World& world) {
    std::optional<Zxid> zxid;
    for (const Sid sid : world.servers()) {
        const server::Node* node = world.node(sid);
        if (!node || !node->serving()) return false;
        if (zxid.value_or(node->lastZxid()) != node->lastZxid()) return false;
        zxid = node->lastZxid();
    }
    return true;
}

} // namespace

Outcome run(const RunOptions& options) {
    Outcome outcome;
    outcome.seed = options.seed;
    Rng rng(options.seed ^ 0x5EED);
    World world(worldOf(options));
    OneLeaderPerEpoch oneLeader;
    CommittedPrefix prefix;
    TraceHash hash;
    world.onAppend([&](Sid sid, Zxid zxid, const std::string& txn) { prefix.appended(sid, zxid, txn); });
    world.onEvent([&](const trace::Event& event) {
        oneLeader.event(event, world);
        prefix.event(event);
        if (event.what() == trace::Kind::StateChanged && event.text == "started") prefix.restarted(event.server);
        hash.add(jute::encode(event));
        if (event.what() == trace::Kind::ElectionDecided) ++outcome.elections;
        if (options.tell)
            std::printf("%10.3f ms  server %lld  %s\n", static_cast<double>(event.atNs) / 1e6,
                        static_cast<long long>(event.server), trace::sentence(event).c_str());
    });

    for (const Sid sid : world.servers()) world.start(sid);
    std::vector<std::unique_ptr<SimClient>> clients;
    for (int number = 0; number < options.clients; ++number) {
        clients.push_back(std::make_unique<SimClient>(world, number, ClientOptions{}, rng.fork()));
        clients.back()->start();
    }
    Nemesis nemesis(world, {}, rng.fork());
    world.runFor(std::chrono::seconds(2));
    nemesis.start();
    world.runFor(options.trouble);
    nemesis.makePeace();
    world.runFor(std::chrono::seconds(2));
    for (const auto& client : clients) client->stop();
    const bool settled = world.runUntil([&] { return calm(world); }, std::chrono::seconds(120));

    const auto add = [&outcome](const std::vector<std::string>& found) {
        outcome.violations.insert(outcome.violations.end(), found.begin(), found.end());
    };
    add(world.faults());
    add(oneLeader.violations());
    add(prefix.violations());
    for (const auto& client : clients) {
        add(client->complaints());
        outcome.acknowledged += client->writes();
    }
    if (!settled && world.faults().empty()) add({"the ensemble did not settle within two minutes of peace"});
    if (settled) {
        add(sameTrees(world));
        add(nothingAcknowledgedIsLost(world, clients));
    }
    outcome.commits = prefix.commits();
    outcome.crashes = nemesis.crashes();
    outcome.partitions = nemesis.partitions();
    outcome.traceHash = hash.value();
    return outcome;
}

} // namespace zk::sim
