#include "sim/workload.h"

namespace zk::sim {

using jute::ErrorCode;
using jute::OpCode;

namespace {

// A frame: int length, then what `write` gives.
std::string frame(const std::string& payload) {
    std::string bytes;
    jute::Writer out(bytes);
    out.bytes(payload);
    return bytes;
}

std::string value(std::int64_t number) { return "value-" + std::to_string(number); }

std::int64_t numberIn(std::string_view bytes) {
    const auto dash = bytes.find('-');
    return dash == std::string_view::npos ? -1 : std::stoll(std::string(bytes.substr(dash + 1)));
}

} // namespace

SimClient::SimClient(World& world, int number, ClientOptions options, Rng rng)
    : world_(world), options_(options), rng_(rng), path_("/client" + std::to_string(number)) {}

void SimClient::start() { connect(); }

void SimClient::stop() {
    stopped_ = true;
    ++step_;
    if (connection_ != 0) world_.closeClient(connection_);
    connection_ = 0;
}

void SimClient::connect() {
    if (stopped_) return;
    const auto sids = world_.servers();
    const Sid sid = sids[rng_.below(sids.size())];
    inbox_.clear();
    connection_ = world_.connectClient(sid, {[this](std::string_view bytes) { received(bytes); }, [this] { disconnected(); }});
    if (connection_ == 0) {
        disconnected();
        return;
    }
    jute::ConnectRequest request;
    request.lastZxidSeen = lastZxid_;
    request.timeoutMs = static_cast<std::int32_t>(options_.sessionTimeout.count());
    request.sessionId = session_;
    request.password = password_;
    request.readOnly = false;
    doing_ = Doing::Handshake;
    world_.sendClient(connection_, frame(jute::encode(request)));
    // A server that says nothing is left after two thirds of the session's time.
    world_.scheduler().after(options_.sessionTimeout * 2 / 3, [this, connection = connection_] {
        if (connection_ != connection || doing_ != Doing::Handshake) return;
        world_.closeClient(connection_);
        disconnected();
    });
}

void SimClient::disconnected() {
    connection_ = 0;
    doing_ = Doing::Nothing;
    ++step_;
    world_.scheduler().after(std::chrono::milliseconds(20 + rng_.below(60)), [this, step = step_] {
        if (step_ == step) connect();
    });
}

void SimClient::received(std::string_view bytes) {
    inbox_ += bytes;
    while (connection_ != 0 && inbox_.size() >= 4) {
        const auto size = static_cast<std::size_t>(loadBigEndian<std::int32_t>(inbox_.data()));
        if (inbox_.size() < 4 + size) return;
        const std::string whole = inbox_.substr(4, size);
        inbox_.erase(0, 4 + size);
        if (doing_ == Doing::Handshake) handshake(whole);
        else answered(whole);
    }
}

void SimClient::handshake(std::string_view whole) {
    const auto response = jute::decodeConnectResponse(whole);
    if (!response) {
        complaints_.push_back("a handshake that cannot be read");
        return;
    }
    doing_ = Doing::Nothing;
    if (response->timeoutMs == 0) { // the session is gone: begin anew
        session_ = 0;
        password_.assign(jute::kPasswordSize, '\0');
        world_.closeClient(connection_);
        disconnected();
        return;
    }
    session_ = response->sessionId;
    password_ = response->password.value_or(std::string());
    next();
}

void SimClient::next() {
    ++step_;
    world_.scheduler().after(options_.thinkTime, [this, step = step_] {
        if (stopped_ || step_ != step || connection_ == 0) return;
        if (!made_) {
            doing_ = Doing::CreateNode;
            send(OpCode::Create, jute::encode(jute::CreateRequest{path_, value(-1), jute::openAcl(), 0}));
            return;
        }
        switch (rng_.below(5)) {
        case 0:
            doing_ = Doing::CreateChild;
            send(OpCode::Create, jute::encode(jute::CreateRequest{path_ + "/n-", "x", jute::openAcl(),
                                                                  static_cast<int>(jute::CreateMode::PersistentSequential)}));
            return;
        case 1: // which the leader deletes again
            doing_ = Doing::CreateTtl;
            send(OpCode::CreateTtl,
                 jute::encode(jute::CreateTtlRequest{path_ + "/t-", "x", jute::openAcl(),
                                                     static_cast<int>(jute::CreateMode::TtlSequential),
                                                     static_cast<std::int64_t>(1 + rng_.below(500))}));
            return;
        case 2:
            doing_ = Doing::Get;
            send(OpCode::GetData, jute::encode(jute::ReadRequest{path_, false}));
            return;
        default:
            doing_ = Doing::Set;
            send(OpCode::SetData, jute::encode(jute::SetDataRequest{path_, value(++attempted_), -1}));
        }
    });
}

void SimClient::send(OpCode op, const std::string& body) {
    const std::string header = jute::encode(jute::RequestHeader{++xid_, static_cast<std::int32_t>(op)});
    world_.sendClient(connection_, frame(header + body));
    world_.scheduler().after(options_.sessionTimeout * 2 / 3, [this, connection = connection_, step = step_] {
        if (connection_ != connection || step_ != step) return;
        world_.closeClient(connection_);
        disconnected();
    });
}

void SimClient::answered(std::string_view whole) {
    jute::Reader in(whole);
    jute::ReplyHeader header;
    read(in, header);
    if (!in.ok() || header.xid != xid_) {
        complaints_.push_back("answer " + jute::describe(header) + " where " + std::to_string(xid_) + " was asked");
        return;
    }
    if (header.zxid < lastZxid_)
        complaints_.push_back("time went backwards: " + hex(header.zxid) + " after " + hex(lastZxid_));
    lastZxid_ = std::max(lastZxid_, header.zxid);
    const auto err = static_cast<ErrorCode>(header.err);
    switch (std::exchange(doing_, Doing::Nothing)) {
    case Doing::CreateNode:
        made_ = err == ErrorCode::Ok || err == ErrorCode::NodeExists;
        if (err == ErrorCode::Ok) ++writes_;
        break;
    case Doing::Set:
        if (err == ErrorCode::Ok) acknowledged_ = attempted_, ++writes_;
        else complaints_.push_back(path_ + " cannot be written: " + std::string(name(err)));
        break;
    case Doing::CreateChild:
        if (err == ErrorCode::Ok) {
            created_.insert(std::string(in.ustring()));
            ++writes_;
        } else {
            complaints_.push_back("no child of " + path_ + ": " + std::string(name(err)));
        }
        break;
    case Doing::CreateTtl:
        if (err == ErrorCode::Ok) ++writes_;
        else complaints_.push_back("no TTL znode below " + path_ + ": " + std::string(name(err)));
        break;
    case Doing::Get:
        if (err == ErrorCode::Ok) readBack(in.rest());
        else complaints_.push_back(path_ + " cannot be read: " + std::string(name(err)));
        break;
    default: complaints_.push_back("an answer that nobody asked for");
    }
    next();
}

void SimClient::readBack(std::string_view body) {
    jute::Reader in(body);
    const std::int64_t number = numberIn(in.ustring());
    if (number < acknowledged_ || number > attempted_)
        complaints_.push_back(path_ + " reads " + std::to_string(number) + ", but " + std::to_string(acknowledged_) +
                              " was acknowledged and " + std::to_string(attempted_) + " is the newest sent");
}

} // namespace zk::sim
