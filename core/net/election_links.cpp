#include "net/election_links.h"

#include "election/connection.h"
#include "net/clock.h"

#include <algorithm>

namespace zk::net {

namespace {

constexpr std::size_t kNewcomerLimit = 64; // connections that have not yet said who they are
constexpr std::size_t kPeerLimit = 255;    // servers that we keep a queue for

std::string greeting(const config::ServerConfig& config) {
    const config::Server& self = config.servers.at(*config.self);
    return encode(election::Handshake{self.sid, {hostAndPort(self.election.host, self.election.port)}});
}

// "host:port" or "[v6]:port", as a handshake says it. Null for what cannot be dialled.
std::optional<config::Endpoint> endpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    if (host.empty()) return std::nullopt;
    unsigned port = 0;
    for (const char digit : text.substr(colon + 1)) {
        if (digit < '0' || digit > '9' || port > 65535) return std::nullopt;
        port = port * 10 + static_cast<unsigned>(digit - '0');
    }
    if (port == 0 || port > 65535) return std::nullopt;
    return config::Endpoint{std::string(host), static_cast<std::uint16_t>(port)};
}

trace::Event linkEvent(trace::Kind kind, Sid peer, std::string text) {
    trace::Event event;
    event.kind = static_cast<std::int32_t>(kind);
    event.peer = peer;
    event.text = std::move(text);
    return event;
}

} // namespace

struct ElectionLinks::Connection : StreamUser {
    Connection(ElectionLinks& of, Peer& to, std::unique_ptr<Stream> open) : owner(of), peer(to), stream(std::move(open)) {}
    void received(std::string_view bytes) override { owner.received(peer, bytes); }
    void drained() override { owner.pump(peer); }
    void lost(std::string_view why) override { owner.down(peer, why); }

    ElectionLinks& owner;
    Peer& peer;
    std::unique_ptr<Stream> stream;
    std::string in, out;
};

struct ElectionLinks::Peer {
    Sid sid = 0;
    config::Endpoint where; // port 0: not known
    std::unique_ptr<Connection> connection;
    std::unique_ptr<Dial> dial;
    std::optional<std::string> waiting; // the message that goes next
    std::string last;                   // the message that went last
    std::string trouble;                // why the last attempt to connect failed: told once
};

// A connection that was accepted and has not yet said who it is; or one that we opened and only say goodbye on.
struct ElectionLinks::Newcomer : StreamUser {
    Newcomer(ElectionLinks& of, std::unique_ptr<Stream> open)
        : owner(of), stream(std::move(open)), deadline(of.loop_) {}

    void received(std::string_view bytes) override {
        in.append(bytes);
        std::string_view rest = in;
        const auto handshake = election::takeHandshake(rest);
        if (!handshake) return owner.forget(*this, handshake.error().message());
        if (*handshake) owner.greeted(*this, **handshake, rest);
    }
    void lost(std::string_view why) override { owner.forget(*this, leaving ? "" : std::string(why)); }

    ElectionLinks& owner;
    std::unique_ptr<Stream> stream;
    Timer deadline;
    std::string in, out;
    bool leaving = false;
};

ElectionLinks::ElectionLinks(Turn& turn, Loop& loop, const config::ServerConfig& config, std::unique_ptr<Listener> listener)
    : turn_(turn), connectPatience_(config.cnxTimeout), keepAlive_(config.tcpKeepAlive), loop_(loop), self_(*config.self), handshakePatience_(config.tickTime * config.syncLimit),
      greeting_(greeting(config)), listener_(std::move(listener)) {
    for (const auto& [sid, server] : config.servers) {
        if (sid == self_) continue;
        Peer& peer = peers_[sid];
        peer.sid = sid;
        peer.where = server.election;
    }
}

ElectionLinks::~ElectionLinks() = default;

void ElectionLinks::open() {
    listener_->accept([this](std::unique_ptr<Stream> stream) { accepted(std::move(stream)); },
                      [this](std::string trouble) { turn_.log(trace::Severity::Warning, std::move(trouble)); });
}

void ElectionLinks::finish(server::Ready& ready) {
    for (server::ElectionMessage& message : ready.election) send(message.to, std::move(message.payload));
    if (ready.connectElectionPeers)
        for (auto& [sid, peer] : peers_) dial(sid);
    gone_.clear();
}

void ElectionLinks::send(Sid to, std::string payload) {
    const auto found = peers_.find(to);
    if (found == peers_.end()) return;
    Peer& peer = found->second;
    peer.waiting = std::move(payload);
    if (peer.connection) pump(peer);
    else dial(to);
}

void ElectionLinks::pump(Peer& peer) {
    if (!peer.connection || !peer.connection->out.empty() || !peer.waiting) return;
    jute::Writer(peer.connection->out).bytes(*peer.waiting);
    peer.last = std::move(*peer.waiting);
    peer.waiting.reset();
    peer.connection->stream->flush();
}

void ElectionLinks::dial(Sid to) {
    Peer& peer = peers_.at(to);
    if (peer.connection || peer.dial || peer.where.port == 0) return;
    peer.dial = std::make_unique<Dial>(loop_, peer.where.host, peer.where.port, connectPatience_,
                                       [this, to](Result<std::unique_ptr<Stream>> stream) { dialled(to, std::move(stream)); });
}

void ElectionLinks::dialled(Sid to, Result<std::unique_ptr<Stream>> stream) {
    Peer& peer = peers_.at(to);
    const std::unique_ptr<Dial> finished = std::move(peer.dial);
    if (!stream) {
        const std::string why = stream.error().message();
        if (why != peer.trouble) turn_.log(trace::Severity::Info, "server " + std::to_string(to) + ": " + why);
        peer.trouble = why;
        turn_.node().electionUndelivered(to);
        return;
    }
    peer.trouble.clear();
    if (election::afterDialling(self_, to) == election::Connection::Keep) return adopt(to, std::move(*stream), true, {});
    // The larger id keeps its own connections: tell it who we are, and let it dial back.
    auto newcomer = std::make_unique<Newcomer>(*this, std::move(*stream));
    newcomer->leaving = true;
    newcomer->out = greeting_;
    newcomer->stream->start(*newcomer, newcomer->out);
    Newcomer& leaving = **newcomers_.insert(std::move(newcomer)).first;
    leaving.stream->closeWhenWritten(kClosePatience);
}

void ElectionLinks::accepted(std::unique_ptr<Stream> stream) {
    if (newcomers_.size() >= kNewcomerLimit) {
        turn_.log(trace::Severity::Warning, "election port: too many connections that do not say who they are; closed " +
                                                hostAndPort(stream->address(), stream->port()));
        return;
    }
    if (keepAlive_) stream->keepAlive();
    Newcomer& newcomer = **newcomers_.insert(std::make_unique<Newcomer>(*this, std::move(stream))).first;
    newcomer.deadline.at(now() + handshakePatience_, [&newcomer] { newcomer.lost("it did not say who it is in time"); });
    newcomer.stream->start(newcomer, newcomer.out);
}

void ElectionLinks::forget(Newcomer& newcomer, const std::string& why) {
    const auto found = std::find_if(newcomers_.begin(), newcomers_.end(), [&](const auto& one) { return one.get() == &newcomer; });
    if (found == newcomers_.end()) return;
    if (!why.empty())
        turn_.log(trace::Severity::Warning, "election port: closed " +
                                                hostAndPort(newcomer.stream->address(), newcomer.stream->port()) + ": " + why);
    newcomer.deadline.cancel();
    newcomer.stream->close();
    gone_.push_back(std::move(newcomers_.extract(found).value()));
    turn_.again(); // at whose end it is freed
}

void ElectionLinks::greeted(Newcomer& newcomer, const election::Handshake& handshake, std::string_view rest) {
    const election::Connection rule = election::afterAccepting(self_, handshake.sid);
    if (rule == election::Connection::HangUp)
        return forget(newcomer, "it says that it is server " + std::to_string(self_) + ", which we are");
    const Sid sid = handshake.sid == election::kAnonymous ? --lastAnonymous_ : handshake.sid;
    if (!peers_.contains(sid)) {
        if (peers_.size() >= kPeerLimit) return forget(newcomer, "there are too many servers already");
        peers_[sid].sid = sid;
    }
    Peer& peer = peers_.at(sid);
    for (const std::string& address : dialable(handshake))
        if (const auto where = endpoint(address); where && peer.where.port == 0) peer.where = *where;
    if (rule == election::Connection::DialBack) {
        forget(newcomer, "");
        down(peer, "the other server has started a new one"); // it would not dial if it still had ours
        return dial(sid);
    }
    auto stream = std::move(newcomer.stream);
    const std::string more(rest);
    newcomer.deadline.cancel();
    const auto found = std::find_if(newcomers_.begin(), newcomers_.end(), [&](const auto& one) { return one.get() == &newcomer; });
    gone_.push_back(std::move(newcomers_.extract(found).value()));
    turn_.again();
    adopt(sid, std::move(stream), false, more);
}

void ElectionLinks::adopt(Sid sid, std::unique_ptr<Stream> stream, bool dialledByUs, std::string_view rest) {
    Peer& peer = peers_.at(sid);
    if (peer.connection) down(peer, "a newer connection replaces it");
    peer.dial.reset();
    peer.connection = std::make_unique<Connection>(*this, peer, std::move(stream));
    Connection& connection = *peer.connection;
    if (dialledByUs) connection.out = greeting_;
    connection.stream->start(connection, connection.out);
    turn_.tell(linkEvent(trace::Kind::LinkUp, sid, "election"));
    if (!peer.waiting && !peer.last.empty()) peer.waiting = peer.last;
    if (connection.out.empty()) pump(peer);
    else connection.stream->flush(); // and pump when the greeting is written
    if (peer.connection.get() == &connection && !rest.empty()) received(peer, rest);
}

void ElectionLinks::down(Peer& peer, std::string_view why) {
    if (!peer.connection) return;
    peer.connection->stream->close();
    gone_.push_back(std::move(peer.connection));
    turn_.tell(linkEvent(trace::Kind::LinkDown, peer.sid, "election: " + std::string(why)));
    turn_.again();
}

void ElectionLinks::received(Peer& peer, std::string_view bytes) {
    Connection* const connection = peer.connection.get();
    connection->in.append(bytes);
    std::size_t taken = 0;
    while (peer.connection.get() == connection && connection->in.size() - taken >= sizeof(std::int32_t)) {
        const auto length = loadBigEndian<std::int32_t>(connection->in.data() + taken);
        if (length < 1 || length > election::kMessageLimit) {
            const std::string why = "a message of " + std::to_string(length) + " bytes";
            turn_.log(trace::Severity::Warning, "election port: server " + std::to_string(peer.sid) + " sent " + why + "; closed");
            return down(peer, why);
        }
        const auto size = static_cast<std::size_t>(length);
        if (connection->in.size() - taken - sizeof length < size) break;
        turn_.node().electionMessage(peer.sid, std::string_view(connection->in).substr(taken + sizeof length, size));
        taken += sizeof length + size;
    }
    connection->in.erase(0, taken);
}

} // namespace zk::net
