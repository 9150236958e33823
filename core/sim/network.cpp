#include "sim/network.h"

#include "base/assert.h"

#include <algorithm>

namespace zk::sim {

Network::Network(NetworkOptions options, Scheduler& scheduler, Rng rng, NetworkEnds& ends)
    : options_(options), scheduler_(scheduler), rng_(rng), ends_(ends) {}

Duration Network::delay() {
    const auto span = static_cast<std::uint64_t>((options_.delayMax - options_.delayMin).count());
    return options_.delayMin + Duration(static_cast<std::int64_t>(rng_.below(span + 1)));
}

void Network::dial(Sid from, std::uint64_t link, Sid to) { tryDial(from, link, to, options_.dialTries); }

void Network::tryDial(Sid from, std::uint64_t link, Sid to, int tries) {
    scheduler_.after(delay(), [this, from, link, to, tries] {
        if (!ends_.isUp(from)) return;
        if (ends_.isUp(to) && !blocked(from, to)) {
            auto pipe = std::make_shared<Pipe>();
            pipe->ends[0] = {from, link, true, {}};
            pipe->ends[1] = {to, 0, true, {}};
            pipes_[{from, link}] = {pipe, 0};
            pipe->ends[1].link = ends_.accepted(to);
            pipes_[{to, pipe->ends[1].link}] = {pipe, 1};
            ends_.connected(from, link);
        } else if (tries > 1) {
            scheduler_.after(std::chrono::milliseconds(100), [=, this] { tryDial(from, link, to, tries - 1); });
        } else {
            ends_.closed(from, link, "the connection was refused");
        }
    });
}

void Network::push(const PipePtr& pipe, int to, Chunk chunk) {
    Direction& direction = pipe->ends[to].inbound;
    direction.chunks.push_back(std::move(chunk));
    direction.last = std::max(direction.last, scheduler_.now() + delay());
    scheduler_.at(direction.last, [this, pipe, to] {
        ++pipe->ends[to].inbound.due;
        pump(pipe, to);
    });
}

void Network::pump(const PipePtr& pipe, int to) {
    End& receiver = pipe->ends[to];
    End& sender = pipe->ends[1 - to];
    Direction& direction = receiver.inbound;
    while (direction.due > 0 && !direction.chunks.empty() && !blocked(receiver.sid, sender.sid)) {
        --direction.due;
        Chunk chunk = std::move(direction.chunks.front());
        direction.chunks.pop_front();
        if (!receiver.open) continue;
        if (chunk.close) {
            receiver.open = false;
            pipes_.erase({receiver.sid, receiver.link});
            ends_.closed(receiver.sid, receiver.link, "the other side closed the connection");
        } else {
            if (tamper_) tamper_(chunk.bytes);
            ends_.received(receiver.sid, receiver.link, std::move(chunk.bytes));
            if (direction.chunks.empty() && sender.open) ends_.writable(sender.sid, sender.link);
        }
    }
}

void Network::send(Sid from, std::uint64_t link, std::string bytes) {
    const auto found = pipes_.find({from, link});
    if (found == pipes_.end()) return; // it has just broken; the node learns of it by closed()
    const auto [pipe, end] = found->second;
    push(pipe, 1 - end, {std::move(bytes), false});
}

void Network::hangUp(Sid from, std::uint64_t link) {
    const auto found = pipes_.find({from, link});
    if (found == pipes_.end()) return;
    const auto [pipe, end] = found->second;
    pipe->ends[end].open = false;
    pipes_.erase(found);
    push(pipe, 1 - end, {{}, true});
}

void Network::sendElection(Sid from, Sid to, std::string payload) {
    electionSaid_[{from, to}] = payload;
    if (!ends_.isUp(to) || blocked(from, to)) {
        ends_.electionUndelivered(from, to);
        return;
    }
    if (rng_.chance(options_.electionLoss)) return;
    deliverElection(from, to, std::move(payload));
}

void Network::deliverElection(Sid from, Sid to, std::string payload) {
    Instant& last = electionLast_[{from, to}];
    last = std::max(last, scheduler_.now() + delay());
    scheduler_.at(last, [this, from, to, payload = std::move(payload)]() mutable {
        if (ends_.isUp(to) && !blocked(from, to)) ends_.electionMessage(to, from, std::move(payload));
    });
}

void Network::crashed(Sid sid) {
    for (auto [key, value] : std::map(pipes_)) {
        if (key.first != sid) continue;
        auto& [pipe, end] = value;
        pipe->ends[end].open = false;
        pipes_.erase(key);
        push(pipe, 1 - end, {{}, true});
    }
    std::erase_if(electionSaid_, [sid](const auto& said) { return said.first.first == sid; });
}

void Network::started(Sid sid) {
    for (const auto& [pair, payload] : electionSaid_)
        if (pair.second == sid && ends_.isUp(pair.first) && !blocked(pair.first, sid))
            deliverElection(pair.first, sid, payload);
}

void Network::partition(std::set<Sid> side) { side_ = std::move(side); }

void Network::heal() {
    side_.clear();
    for (auto [key, value] : std::map(pipes_)) pump(value.first, value.second);
    for (const auto& [pair, payload] : std::map(electionSaid_))
        if (ends_.isUp(pair.first) && ends_.isUp(pair.second)) deliverElection(pair.first, pair.second, payload);
}

} // namespace zk::sim
