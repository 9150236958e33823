#include "tests/core/election/network.h"
#include "tests/transcript.h"

#include <algorithm>

namespace zk::election::test {

Network::Network(Shape shape, std::uint64_t seed) : shape_(std::move(shape)), rng_(seed) {}

void Network::start(Sid sid, Zxid lastLogged, std::int64_t epoch) {
    auto& server = servers_[sid];
    if (!server) {
        server = std::make_unique<Server>();
        ElectionOptions options;
        options.self = sid;
        options.observer = shape_.observers.contains(sid);
        std::map<Sid, std::int64_t> oneGroup;
        for (const Sid voter : shape_.voters)
            oneGroup[voter] = 1;
        options.quorum =
            shape_.weights.empty() ? Quorum(shape_.voters) : Quorum(shape_.voters, shape_.weights, oneGroup);
        options.everyone = shape_.voters;
        options.everyone.insert(shape_.observers.begin(), shape_.observers.end());
        server->tracer = std::make_unique<trace::Tracer>(sid, *this);
        server->election = std::make_unique<Election>(options, *server->tracer);
    }
    decisions_.erase(sid);
    server->tracer->setTime(now_, {});
    server->election->start(now_, lastLogged, epoch);
    settle(sid);
}

void Network::stop(Sid sid) {
    servers_.erase(sid);
    decisions_.erase(sid);
}

ServerState Network::state(Sid sid) const {
    if (!runs(sid)) return ServerState::Stopped;
    const auto found = decisions_.find(sid);
    return found == decisions_.end() ? ServerState::Looking : found->second.state;
}

void Network::inject(Sid from, Sid to, const Notification& notification) {
    wire_.emplace(now_ + minDelay, Message{from, to, encode(notification)});
}

void Network::post(Sid from, Sid to, const Notification& notification) {
    if (!runs(to) || cut_.contains(std::minmax(from, to)) || rng_.chance(loss)) {
        at(from).undelivered();
        return;
    }
    const auto spread = static_cast<std::uint64_t>((maxDelay - minDelay).count()) + 1;
    Instant& last = lastArrival_[{from, to}];
    last = std::max(last, now_ + minDelay + Duration(static_cast<std::int64_t>(rng_.below(spread))));
    wire_.emplace(last, Message{from, to, encode(notification)});
}

// What a driver does after each step: carry out what the machine asks for.
void Network::settle(Sid sid) {
    Server& server = *servers_.at(sid);
    const Ready ready = server.election->take();
    server.wakeAt = ready.wakeAt;
    for (const Outgoing& message : ready.send)
        post(sid, message.to, message.notification);
    if (ready.decided) decisions_[sid] = *ready.decided;
}

void Network::run(Duration span) {
    const Instant end = now_ + span;
    for (;;) {
        const auto waker =
            std::min_element(servers_.begin(), servers_.end(), [](const auto& one, const auto& other) {
                return one.second->wakeAt < other.second->wakeAt;
            });
        const Instant wake = waker == servers_.end() ? kNever : waker->second->wakeAt;
        const Instant arrival = wire_.empty() ? kNever : wire_.begin()->first;
        if (std::min(wake, arrival) > end) break;
        now_ = std::max(now_, std::min(wake, arrival));
        Sid turn = 0;
        if (arrival <= wake) {
            const Message message = std::move(wire_.extract(wire_.begin()).mapped());
            turn = message.to;
            if (!runs(turn) || cut_.contains(std::minmax(message.from, message.to))) continue;
            const auto notification = decodeNotification(message.payload);
            ASSERT_TRUE(notification.has_value());
            servers_.at(turn)->tracer->setTime(now_, {});
            at(turn).receive(now_, message.from, *notification);
        } else {
            turn = waker->first;
            waker->second->tracer->setTime(now_, {});
            at(turn).tick(now_);
        }
        settle(turn);
    }
    now_ = end;
}

void Network::event(const trace::Event& event) {
    trace_ += zk::test::traceLine(event);
    if (event.what() == trace::Kind::ElectionDecided)
        trace_.insert(trace_.size() - 1, " -> " + std::string(name(event.serverState())));
}

} // namespace zk::election::test
