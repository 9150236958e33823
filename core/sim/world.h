// World: N whole servers, their disks and the network between them, in virtual time from one seed.
//
// The World drives server::Node exactly as net::Host does, but every wait is an event of the Scheduler and every disk a
// MemoryDisk that forgets what was not synced when its server crashes. The same options and seed give the same run, event
// for event. One thread owns a World.
#pragma once

#include "server/node.h"
#include "sim/network.h"
#include "storage/memory_disk.h"

#include <functional>
#include <vector>

namespace zk::sim {

// A bug put in on purpose, to show that a checker finds it.
enum class Planted {
    None,
    AcknowledgeBeforeSync, // a store batch is reported durable before it is
    TamperWithProposals,   // one byte of a value is changed on the quorum port now and then
    LoneVoter,             // server 1 believes that it is the only voter
};

struct WorldOptions {
    int servers = 3, observers = 0;
    std::uint64_t seed = 1;
    NetworkOptions network;
    Duration syncMin = std::chrono::microseconds(200), syncMax = std::chrono::milliseconds(5); // of one store batch
    std::chrono::milliseconds tick{400};
    int initLimit = 10, syncLimit = 5;
    std::uint64_t snapCount = 60; // small: snapshots and log rolls are part of every run
    Planted planted = Planted::None;
};

// One client's connection as the client sees it. The World calls back until close().
struct ClientEnd {
    std::function<void(std::string_view)> onBytes;
    std::function<void()> onClosed;
};
using ClientId = std::uint64_t; // of a connection; 0: none

class World : private NetworkEnds {
  public:
    explicit World(WorldOptions options);
    ~World() override;

    // --- Servers ---
    std::vector<Sid> servers() const;
    bool isUp(Sid sid) const override;
    bool isPaused(Sid sid) const;
    // Null where it is down.
    const server::Node* node(Sid sid) const;
    void start(Sid sid);
    // Ends the process at once: what its disk had not synced is lost, or some of it.
    void crash(Sid sid);
    void pause(Sid sid);
    void resume(Sid sid);
    Network& network() { return network_; }

    // --- Clients ---
    // Connects to a server; 0 where it is down. The end must live until closeClient or onClosed.
    ClientId connectClient(Sid sid, ClientEnd end);
    void sendClient(ClientId client, std::string bytes);
    void closeClient(ClientId client);

    // --- Time ---
    Scheduler& scheduler() { return scheduler_; }
    void runFor(Duration duration);
    // Runs until the condition holds; false where it does not within `limit`.
    bool runUntil(const std::function<bool()>& condition, Duration limit);

    // --- What is seen ---
    // Every trace event of every server, transactions included.
    void onEvent(std::function<void(const trace::Event&)> listener) { listener_ = std::move(listener); }
    // Every transaction that a server hands to its disk.
    void onAppend(std::function<void(Sid, Zxid, const std::string&)> listener) { appendListener_ = std::move(listener); }
    // What went wrong with a server that must never go wrong: a broken promise, a store that cannot be opened again.
    const std::vector<std::string>& faults() const { return faults_; }

  private:
    struct Machine;
    struct ClientPipe;

    Machine& machine(Sid sid) const;
    config::ServerConfig configOf(Sid sid, int count) const;
    // Runs `input` on the server's node and does what the node asks for; put off while the server is paused.
    void turn(Sid sid, std::function<void(server::Node&)> input);
    void perform(Machine& machine, server::Ready ready);
    void performStore(Machine& machine, server::Ready& ready);
    void performClients(Machine& machine, server::Ready& ready);
    void wake(Machine& machine, Instant when);
    void offerClientBytes(ClientId client);
    void endClient(ClientId client);
    void dropClients(Sid sid);

    std::uint64_t accepted(Sid at) override;
    void connected(Sid at, std::uint64_t link) override;
    void received(Sid at, std::uint64_t link, std::string bytes) override;
    void writable(Sid at, std::uint64_t link) override;
    void closed(Sid at, std::uint64_t link, std::string_view why) override;
    void electionMessage(Sid at, Sid from, std::string payload) override;
    void electionUndelivered(Sid at, Sid to) override;

    WorldOptions options_;
    Scheduler scheduler_;
    Rng rng_;
    Network network_;
    std::vector<std::unique_ptr<Machine>> machines_;
    std::map<ClientId, std::unique_ptr<ClientPipe>> clients_;
    ClientId nextClient_ = 1;
    std::function<void(const trace::Event&)> listener_;
    std::function<void(Sid, Zxid, const std::string&)> appendListener_;
    std::vector<std::string> faults_;
};

} // namespace zk::sim
