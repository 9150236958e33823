#include "net/client_links.h"

namespace zk::net {

namespace {

// Watch events go on for a client that does not read its answers; beyond this it is closed.
constexpr std::size_t kUnreadLimit = 64 * 1024 * 1024;

} // namespace

struct ClientLinks::Connection : server::ClientLink, StreamUser {
    Connection(ClientLinks& of, std::unique_ptr<Stream> open) : owner(of), stream(std::move(open)) {
        address = stream->address();
        port = stream->port();
    }

    void received(std::string_view bytes) override {
        if (closing) return;
        if (in.empty()) {
            const std::size_t taken = owner.turn_.node().received(*this, bytes);
            in.assign(bytes.substr(taken));
        } else {
            in.append(bytes);
            takeFromInput();
        }
        steer();
    }

    void takeFromInput() {
        in.erase(0, owner.turn_.node().received(*this, in));
        if (in.empty()) in.shrink_to_fit();
    }

    // After the node has seen the input: read on or not, and the bounds.
    void steer() {
        if (closing) return;
        outputPaused = out.size() >= server::kOutputLimit;
        if (!paused && in.size() > owner.frameLimit_ + sizeof(std::int32_t)) {
            owner.turn_.log(trace::Severity::Warning, "client " + hostAndPort(address, port) + " sent a frame of more than " +
                                                          std::to_string(owner.frameLimit_) + " bytes; closed");
            owner.remove(*this);
        } else if (paused || outputPaused) {
            stream->pause();
        } else {
            stream->resume();
        }
    }

    // The node, or the client by reading its answers, lets us go on.
    void readOn() {
        if (closing) return;
        if (!in.empty()) takeFromInput();
        steer();
    }

    void drained() override {
        if (listing && !closing) owner.turn_.again();
        if (!outputPaused || closing) return;
        outputPaused = false;
        if (!paused) readOn();
        owner.turn_.again(); // what it said may have made new duties
    }

    void secured(const TlsPeer& peer) override {
        owner.turn_.node().secured(*this, peer.hasCertificate ? &peer.subject : nullptr);
    }

    void lost(std::string_view why) override {
        if (greeting && !closing)
            owner.turn_.log(trace::Severity::Warning,
                            "client " + hostAndPort(address, port) + " gets no TLS connection: " + std::string(why));
        owner.remove(*this);
    }

    ClientLinks& owner;
    std::unique_ptr<Stream> stream;
    std::string in;            // the start of a frame, or frames that wait for the node
    bool outputPaused = false; // not read from, because it does not read
    bool gone = false;
};

ClientLinks::ClientLinks(Turn& turn, Doors doors, std::size_t frameLimit)
    : turn_(turn), frameLimit_(frameLimit), doors_(std::move(doors)) {}

ClientLinks::~ClientLinks() = default;

void ClientLinks::open() {
    if (doors_.plain) open(*doors_.plain, false);
    if (doors_.secure) open(*doors_.secure, true);
}

void ClientLinks::open(Listener& door, bool secure) {
    door.accept([this, secure](std::unique_ptr<Stream> stream) { accepted(std::move(stream), secure); },
                [this](std::string trouble) { turn_.log(trace::Severity::Warning, std::move(trouble)); });
}

std::shared_ptr<const TlsContext> ClientLinks::tlsContext() {
    std::string trouble, news;
    auto context = doors_.tls->context(trouble, news);
    if (!trouble.empty()) turn_.log(trace::Severity::Warning, std::move(trouble));
    if (!news.empty()) turn_.log(trace::Severity::Info, std::move(news));
    return context;
}

void ClientLinks::accepted(std::unique_ptr<Stream> stream, bool secure) {
    if (keepAlive_) stream->keepAlive();
    auto connection = std::make_unique<Connection>(*this, std::move(stream));
    connection->id = ++lastId_;
    Connection& link = *connection;
    connections_.emplace(link.id, std::move(connection));
    link.greeting = secure || doors_.unified;
    turn_.node().accepted(link);
    if (link.greeting && !link.closing) {
        auto context = tlsContext();
        const Duration patience = context->options().handshakeTimeout;
        link.stream->secure({std::move(context), {}, !secure, patience});
    }
    link.stream->start(link, link.out);
    if (link.closing) link.stream->closeWhenWritten(kClosePatience);
}

void ClientLinks::finish(const server::Ready& ready) {
    for (server::ClientLink* link : ready.resumed) {
        auto& connection = static_cast<Connection&>(*link);
        if (connection.gone) continue;
        connection.readOn();
        turn_.again(); // what it said may have made new duties
    }
    for (server::ClientLink* link : ready.dirty) {
        link->dirty = false;
        auto& connection = static_cast<Connection&>(*link);
        if (!connection.gone) written(connection);
    }
    if (ready.dropClients) dropAll();
    gone_.clear();
}

void ClientLinks::written(Connection& connection) {
    connection.stream->flush();
    if (connection.gone) return;
    if (connection.closing) {
        connection.stream->closeWhenWritten(kClosePatience);
    } else if (connection.out.size() > kUnreadLimit) {
        turn_.log(trace::Severity::Warning, "client " + hostAndPort(connection.address, connection.port) +
                                                " does not read its answers; closed");
        remove(connection);
    }
}

void ClientLinks::remove(Connection& connection) {
    if (std::exchange(connection.gone, true)) return;
    connection.stream->close();
    turn_.node().closed(connection);
    const auto found = connections_.find(connection.id);
    gone_.push_back(std::move(found->second));
    connections_.erase(found);
}

void ClientLinks::dropAll() {
    while (!connections_.empty()) {
        Connection& connection = *connections_.begin()->second;
        connection.stream->flush();
        if (!connection.gone) remove(connection);
    }
}

} // namespace zk::net
