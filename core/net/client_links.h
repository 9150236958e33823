// ClientLinks: the connections of one server's client ports, the plain and the secure one. A read is handed to the node as it stands in the loop's
// buffer; only the rest of a frame that is not whole yet is kept. An idle connection costs no buffer and no work.
#pragma once

#include "net/tls.h"
#include "net/turn.h"

#include <unordered_map>

namespace zk::net {

class ClientLinks {
  public:
    struct Doors {
        std::unique_ptr<Listener> plain, secure; // either may be null
        bool unified = false;                    // TLS may be spoken at the plain one too
        std::unique_ptr<TlsSource> tls;          // where TLS is spoken
    };
    // `frameLimit`: the largest frame that the node takes; a connection that owes more than that is closed.
    ClientLinks(Turn& turn, Doors doors, std::size_t frameLimit);
    ~ClientLinks();

    void open();
    // Has the system look after silent clients: clientTcpKeepAlive.
    void keepAlive(bool wanted) { keepAlive_ = wanted; }
    std::uint16_t port() const { return doors_.plain ? doors_.plain->port() : 0; } // 0: there is no such door
    std::uint16_t securePort() const { return doors_.secure ? doors_.secure->port() : 0; }
    // The end of a turn: writes what the node left in the dirty links, reads on, or drops everybody.
    void finish(const server::Ready& ready);
    std::size_t size() const { return connections_.size(); }

  private:
    struct Connection;
    void open(Listener& door, bool secure);
    void accepted(std::unique_ptr<Stream> stream, bool secure);
    std::shared_ptr<const TlsContext> tlsContext();
    void written(Connection& connection);
    void remove(Connection& connection);
    void dropAll();

    Turn& turn_;
    const std::size_t frameLimit_;
    const Doors doors_;
    bool keepAlive_ = false;
    std::uint64_t lastId_ = 0;
    std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
    std::vector<std::unique_ptr<Connection>> gone_; // until the end of the turn: the node may still name them
};

} // namespace zk::net
