#include "driver.h"

namespace zk::server::testing {

World::World(int servers, std::function<void(config::ServerConfig&)> adjust) {
    config::ServerConfig config;
    config.tickTime = milliseconds(2000);
    config.whitelist = {"*"};
    config.preallocateKilobytes = 64;
    for (Sid sid = 1; sid <= servers; ++sid)
        config.servers[sid] = {sid,
                               {"127.0.0.1", static_cast<std::uint16_t>(2888 + sid)},
                               {"127.0.0.1", static_cast<std::uint16_t>(3888 + sid)},
                               config::Role::Participant,
                               std::nullopt};
    if (adjust) adjust(config);
    for (Sid sid = 1; sid <= std::max(servers, 1); ++sid) {
        config.dataDir = "/data" + std::to_string(sid);
        if (servers > 0) config.self = sid;
        servers_[sid].config = config;
        start(sid);
    }
    settle();
}

void World::start(Sid sid) {
    Server& one = server(sid);
    const auto booted = one.boot(seed_++);
    ASSERT_TRUE(booted) << booted.error().message();
    one.node->start(now_, wall());
}

void World::dropLinks(Sid sid) {
    std::erase_if(messages_, [&](const Message& message) { return message.to == sid || message.from == sid; });
    for (auto link = peers_.begin(); link != peers_.end();) {
        if (link->first.sid != sid) {
            ++link;
            continue;
        }
        messages_.push_back({Message::Kind::Closed, sid, link->second.sid, link->second.link, "the peer is gone"});
        peers_.erase(link->second);
        link = peers_.erase(link);
    }
}

void World::crash(Sid sid) {
    Server& one = server(sid);
    for (TestClient* const client : clients_)
        if (client->server_ == sid) client->open = false;
    one.node.reset();
    one.store.reset();
    one.held.clear();
    one.disk = one.disk->survivors();
    dropLinks(sid);
}

void World::perform(Sid sid, std::uint64_t batch, std::vector<StoreDuty>& duties) {
    Server& one = server(sid);
    ++one.batches;
    one.node->stored(batch, server::perform(*one.store, one.config, duties));
}

void World::releaseDisk(Sid sid) {
    Server& one = server(sid);
    one.diskHeld = false;
    auto held = std::move(one.held);
    one.held.clear();
    for (auto& [batch, duties] : held) perform(sid, batch, duties);
    settle();
}

// One turn of a server's driver; false where nothing came of it.
bool World::turn(Sid sid) {
    Server& one = server(sid);
    if (!one.node) return false;
    Ready ready = one.node->take();
    one.wakeAt = ready.wakeAt;
    bool any = false;
    for (ElectionMessage& message : ready.election) {
        messages_.push_back({Message::Kind::Election, sid, message.to, 0, std::move(message.payload)});
        any = true;
    }
    for (const DialQuorum& dial : ready.dial) {
        any = true;
        const End near{sid, dial.link}, far{dial.to, (1ULL << 63) + ++links_};
        if (!server(dial.to).node || server(dial.to).cutOff || one.cutOff) {
            messages_.push_back({Message::Kind::Closed, dial.to, sid, dial.link, "connection refused"});
            continue;
        }
        peers_[near] = far;
        peers_[far] = near;
        messages_.push_back({Message::Kind::Accepted, sid, dial.to, far.link, ""});
        messages_.push_back({Message::Kind::Connected, dial.to, sid, dial.link, ""});
    }
    for (QuorumBytes& bytes : ready.quorum) {
        any = true;
        const auto far = peers_.find({sid, bytes.link});
        if (far != peers_.end())
            messages_.push_back({Message::Kind::Bytes, sid, far->second.sid, far->second.link, std::move(bytes.bytes)});
        one.node->quorumWritable(bytes.link);
    }
    for (const LinkId link : ready.hangUp) {
        any = true;
        const auto far = peers_.find({sid, link});
        if (far == peers_.end()) continue;
        messages_.push_back({Message::Kind::Closed, sid, far->second.sid, far->second.link, "hung up"});
        peers_.erase(far->second);
        peers_.erase({sid, link});
    }
    if (!ready.store.empty()) {
        any = true;
        if (one.diskHeld) one.held.emplace_back(ready.storeBatch, std::move(ready.store));
        else perform(sid, ready.storeBatch, ready.store);
    }
    for (TestClient* const client : clients_)
        if (client->server_ == sid) client->pump();
    return any || !ready.dirty.empty() || !ready.resumed.empty();
}

void World::deliver(Message message) {
    Server& to = server(message.to);
    if (!to.node) return;
    if ((to.cutOff || server(message.from).cutOff) && message.kind != Message::Kind::Closed) return;
    if (tamper && message.kind == Message::Kind::Bytes) tamper(message.from, message.to, message.bytes);
    switch (message.kind) {
    case Message::Kind::Election: return to.node->electionMessage(message.from, message.bytes);
    case Message::Kind::Accepted: return to.node->quorumAccepted(message.link);
    case Message::Kind::Connected: return to.node->quorumConnected(message.link);
    case Message::Kind::Bytes: return to.node->quorumReceived(message.link, message.bytes);
    case Message::Kind::Closed: return to.node->quorumClosed(message.link, message.bytes);
    }
}

void World::settle() {
    for (bool any = true; any;) {
        any = false;
        while (!messages_.empty()) {
            Message message = std::move(messages_.front());
            messages_.pop_front();
            deliver(std::move(message));
            any = true;
        }
        for (auto& [sid, one] : servers_) any = turn(sid) || any;
    }
}

void World::pass(Duration time) {
    const Instant until = now_ + time;
    while (now_ < until) {
        now_ += milliseconds(10);
        for (auto& [sid, one] : servers_)
            if (one.node) one.node->tick(now_, wall());
        settle();
    }
}

Sid World::awaitLeader() {
    for (const Instant until = now_ + std::chrono::minutes(1); now_ < until; pass(milliseconds(10)))
        for (auto& [sid, one] : servers_)
            if (one.node && one.node->state() == trace::ServerState::Leading && one.node->serving()) return sid;
    return 0;
}

bool World::awaitServing(Sid sid) {
    for (const Instant until = now_ + std::chrono::minutes(1); now_ < until; pass(milliseconds(10)))
        if (node(sid).serving()) return true;
    return false;
}

TestClient::TestClient(World& world, Sid server, std::string address) : world_(world), server_(server) {
    link.id = ++world.clientLinks_;
    link.address = std::move(address);
    link.port = static_cast<std::uint16_t>(40000 + link.id);
    world.clients_.push_back(this);
    world.node(server).accepted(link);
    pump();
}

TestClient::~TestClient() {
    std::erase(world_.clients_, this);
    if (open && world_.server(server_).node) world_.node(server_).closed(link);
}

void TestClient::pump() {
    if (!open || !reads) return;
    unread_ += link.out;
    link.out.clear();
    if (!link.paused && !link.closing && !unsent_.empty()) raw({});
    jute::Reader in(unread_);
    while (in.left() >= 4) {
        const auto length = loadBigEndian<std::int32_t>(in.rest().data());
        if (!handshaken_ && length > 1'000'000) break; // a four-letter word's text
        if (in.left() - 4 < static_cast<std::size_t>(length)) break;
        in.i32();
        const std::string_view payload = in.raw(static_cast<std::size_t>(length));
        if (!handshaken_) {
            handshaken_ = true;
            response = *jute::decodeConnectResponse(payload);
            session = response.sessionId;
            password = response.password.value_or("");
            continue;
        }
        jute::Reader frame(payload);
        Frame one;
        one.xid = frame.i32();
        one.zxid = Zxid(frame.i64());
        one.err = static_cast<ErrorCode>(frame.i32());
        one.body = frame.rest();
        frames.push_back(std::move(one));
    }
    unread_.erase(0, in.offset());
    if (!link.closing) return;
    text = unread_;
    open = false;
    world_.node(server_).closed(link);
}

void TestClient::raw(std::string_view bytes) {
    if (!open) return;
    unsent_ += bytes;
    if (!link.paused && !link.closing) unsent_.erase(0, world_.node(server_).received(link, unsent_));
}

bool TestClient::connect(std::int32_t timeoutMs, SessionId ofSession, std::string itsPassword, Zxid lastSeen,
                         std::optional<bool> readOnly) {
    std::string bytes;
    jute::Writer(bytes).bytes(
        jute::encode(jute::ConnectRequest{0, lastSeen, timeoutMs, ofSession, std::move(itsPassword), readOnly}));
    raw(bytes);
    world_.settle();
    pump();
    return session != 0;
}

std::int32_t TestClient::send(OpCode op, std::string_view body, std::optional<std::int32_t> xid) {
    const std::int32_t number = xid ? *xid : ++xid_;
    std::string payload, bytes;
    jute::Writer out(payload);
    out.i32(number);
    out.i32(static_cast<std::int32_t>(op));
    out.raw(body);
    jute::Writer(bytes).bytes(payload);
    raw(bytes);
    return number;
}

Frame TestClient::call(OpCode op, std::string_view body, std::optional<std::int32_t> xid) {
    const std::int32_t number = send(op, body, xid);
    world_.settle();
    pump();
    auto frame = take(number);
    if (frame) return *frame;
    ADD_FAILURE() << "no answer to " << jute::name(op);
    return {0, Zxid(), ErrorCode::ConnectionLoss, ""};
}

std::optional<Frame> TestClient::take(std::int32_t xid) {
    const auto place = std::find_if(frames.begin(), frames.end(), [&](const Frame& one) { return one.xid == xid; });
    if (place == frames.end()) return std::nullopt;
    Frame frame = std::move(*place);
    frames.erase(place);
    return frame;
}

std::vector<jute::WatcherEvent> TestClient::events() {
    world_.settle();
    pump();
    std::vector<jute::WatcherEvent> all;
    while (auto frame = take(jute::kXidNotification)) all.push_back(*jute::decode<jute::WatcherEvent>(frame->body));
    return all;
}

} // namespace zk::server::testing
