#include "sim/session.h"

#include <algorithm>

namespace zk::sim {

namespace {

constexpr Duration kRefusal = std::chrono::milliseconds(1); // until a dead server's machine has said so

} // namespace

client::Options sessionOptions(const World& world, std::chrono::milliseconds timeout, std::uint64_t seed) {
    client::Options options;
    for (const Sid sid : world.servers()) options.connect.servers.push_back({std::to_string(sid), 1});
    options.sessionTimeout = timeout;
    options.seed = seed;
    return options;
}

SimSession::SimSession(World& world, client::Options options)
    : world_(world), session_(client::makeSession(std::move(options))) {
    session_->start(world_.scheduler().now());
    pump();
}

SimSession::~SimSession() {
    alive_.reset();
    hangUp();
}

void SimSession::use(const std::function<void(client::Client&)>& work) {
    session_->tick(world_.scheduler().now());
    work(*session_);
    pump();
}

void SimSession::at(Instant when, std::function<void()> what) {
    world_.scheduler().at(std::max(when, world_.scheduler().now()), [alive = std::weak_ptr(alive_), what = std::move(what)] {
        if (!alive.expired()) what();
    });
}

void SimSession::hangUp() {
    ++attempt_;
    if (connection_ != 0) world_.closeClient(connection_);
    connection_ = 0;
}

void SimSession::pump() {
    client::SessionReady ready = session_->take();
    if (ready.disconnect) hangUp();
    if (ready.connect) {
        hangUp();
        at(ready.connectAt, [this, attempt = attempt_, server = *ready.connect] {
            if (attempt_ == attempt) dial(server);
        });
    }
    if (!ready.send.empty() && connection_ != 0 && !cut_) world_.sendClient(connection_, std::move(ready.send));
    if (ready.wakeAt == kNever) return;
    at(ready.wakeAt, [this, alarm = ++alarm_] {
        if (alarm != alarm_) return;
        session_->tick(world_.scheduler().now());
        pump();
    });
}

void SimSession::dial(const client::Address& server) {
    if (cut_) return; // the session's own deadline ends the attempt
    // What comes of an earlier connection, or after the end of this, is nobody's.
    const auto ours = [this, alive = std::weak_ptr(alive_), attempt = attempt_] {
        return !alive.expired() && attempt_ == attempt && !cut_;
    };
    connection_ = world_.connectClient(std::stoll(server.host), {[this, ours](std::string_view bytes) {
                                                                     if (ours()) received(bytes);
                                                                 },
                                                                 [this, ours] {
                                                                     if (ours()) closed();
                                                                 }});
    if (connection_ != 0) {
        session_->connected(world_.scheduler().now());
        return pump();
    }
    at(world_.scheduler().now() + kRefusal, [this, attempt = attempt_] {
        if (attempt_ != attempt) return;
        session_->disconnected(world_.scheduler().now(), "the connection was refused");
        pump();
    });
}

void SimSession::received(std::string_view bytes) {
    session_->received(world_.scheduler().now(), bytes);
    pump();
}

void SimSession::closed() {
    connection_ = 0;
    session_->disconnected(world_.scheduler().now(), "the connection was closed");
    pump();
}

void SimSession::cut() { cut_ = true; }

void SimSession::mend() {
    cut_ = false;
    if (connection_ == 0) return;
    hangUp(); // bytes of it were lost, so it is of no use
    session_->disconnected(world_.scheduler().now(), "the connection was reset");
    pump();
}

} // namespace zk::sim
