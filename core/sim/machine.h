// What a World keeps of each of its machines and client connections. Private to the World's own files.
#pragma once

#include "sim/world.h"

namespace zk::sim {

// One simulated machine: its disk outlives the server process that runs on it.
struct World::Machine : trace::Sink {
    Machine(Sid id, World& owner) : sid(id), world(owner) {}

    void event(const trace::Event& event) override {
        if (world.listener_) world.listener_(event);
    }
    bool wantsTransactions() const override { return true; }

    Sid sid;
    World& world;
    config::ServerConfig config;
    std::unique_ptr<storage::MemoryDisk> disk = std::make_unique<storage::MemoryDisk>();
    std::unique_ptr<storage::Store> store;
    std::unique_ptr<server::Node> node;
    std::uint64_t life = 0; // counts starts; what was under way for an earlier life is void
    bool paused = false;
    std::vector<std::function<void(server::Node&)>> putOff; // while paused
    std::vector<server::StoreDuty> batch;                   // on its way to the disk
    Instant wakeAt = kNever;
    std::uint64_t nextLink = 1ULL << 63;
};

struct World::ClientPipe {
    ClientId id = 0;
    Sid sid = 0;
    std::uint64_t life = 0;
    server::ClientLink link;
    std::string inbox; // reached the server and not taken by it yet
    // Shared with what is on its way to the client: a server that hangs up has still said what it said before.
    std::shared_ptr<ClientEnd> end;
    Instant lastToServer{}, lastToClient{};
    bool gone = false; // the server's side is over
};

} // namespace zk::sim
