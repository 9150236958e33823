// The World's client side: connections from simulated clients to the servers' client ports.
#include "sim/machine.h"

#include <algorithm>

namespace zk::sim {

namespace {

constexpr Duration kClientDelay = std::chrono::microseconds(300); // one way

} // namespace

ClientId World::connectClient(Sid sid, ClientEnd end) {
    if (!isUp(sid)) return 0;
    const ClientId id = nextClient_++;
    auto pipe = std::make_unique<ClientPipe>();
    pipe->id = pipe->link.id = id;
    pipe->sid = sid;
    pipe->link.address = "127.0.0.1";
    pipe->link.port = static_cast<std::uint16_t>(30000 + id % 30000);
    pipe->end = std::make_shared<ClientEnd>(std::move(end));
    clients_[id] = std::move(pipe);
    scheduler_.after(kClientDelay, [this, id, sid] {
        turn(sid, [this, id](server::Node& node) {
            if (const auto found = clients_.find(id); found != clients_.end()) node.accepted(found->second->link);
        });
    });
    return id;
}

void World::sendClient(ClientId client, std::string bytes) {
    const auto found = clients_.find(client);
    if (found == clients_.end()) return;
    Instant& last = found->second->lastToServer;
    last = std::max(last, scheduler_.now() + kClientDelay);
    scheduler_.at(last, [this, client, bytes = std::move(bytes)] {
        const auto then = clients_.find(client);
        if (then == clients_.end()) return;
        then->second->inbox += bytes;
        offerClientBytes(client);
    });
}

void World::offerClientBytes(ClientId client) {
    const auto found = clients_.find(client);
    if (found == clients_.end()) return;
    turn(found->second->sid, [this, client](server::Node& node) {
        const auto then = clients_.find(client);
        if (then == clients_.end() || then->second->gone || then->second->link.closing) return;
        ClientPipe& pipe = *then->second;
        pipe.inbox.erase(0, node.received(pipe.link, pipe.inbox));
    });
}

void World::closeClient(ClientId client) {
    const auto found = clients_.find(client);
    if (found == clients_.end()) return;
    *found->second->end = {};
    endClient(client);
}

void World::endClient(ClientId client) {
    const auto found = clients_.find(client);
    if (found == clients_.end() || found->second->gone) return;
    found->second->gone = true;
    const Instant reached = std::max(found->second->lastToClient, scheduler_.now() + kClientDelay);
    scheduler_.at(reached, [end = found->second->end] {
        if (const auto told = end->onClosed) told();
    });
    scheduler_.after(Duration(0), [this, client, sid = found->second->sid] {
        turn(sid, [this, client](server::Node& node) {
            const auto then = clients_.find(client);
            if (then == clients_.end()) return;
            node.closed(then->second->link);
            clients_.erase(then);
        });
    });
}

// The server's process is gone: nobody is left who could be told of a closed link.
void World::dropClients(Sid sid) {
    std::vector<ClientId> dropped;
    for (const auto& [id, pipe] : clients_)
        if (pipe->sid == sid) dropped.push_back(id);
    for (const ClientId id : dropped) {
        const ClientPipe& pipe = *clients_[id];
        scheduler_.at(std::max(pipe.lastToClient, scheduler_.now() + kClientDelay), [end = pipe.end] {
            if (const auto told = end->onClosed) told();
        });
        clients_.erase(id);
    }
}

void World::performClients(Machine& at, server::Ready& ready) {
    for (server::ClientLink* link : ready.dirty) {
        link->dirty = false;
        const auto found = clients_.find(link->id);
        if (found == clients_.end()) continue;
        ClientPipe& pipe = *found->second;
        if (!link->out.empty()) {
            pipe.lastToClient = std::max(pipe.lastToClient, scheduler_.now() + kClientDelay);
            scheduler_.at(pipe.lastToClient, [end = pipe.end, bytes = std::exchange(link->out, {})] {
                if (const auto told = end->onBytes) told(bytes);
            });
        }
        if (link->closing) endClient(link->id);
        else if (!pipe.inbox.empty()) scheduler_.after(Duration(0), [this, id = link->id] { offerClientBytes(id); });
    }
    for (server::ClientLink* link : ready.resumed)
        scheduler_.after(Duration(0), [this, id = link->id] { offerClientBytes(id); });
    if (ready.dropClients) {
        std::vector<ClientId> dropped;
        for (const auto& [id, pipe] : clients_)
            if (pipe->sid == at.sid) dropped.push_back(id);
        for (const ClientId id : dropped) endClient(id);
    }
}

} // namespace zk::sim
