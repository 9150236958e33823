// ClientLinks: the connections of one server's client port. A read is handed to the node as it stands in the loop's
// buffer; only the rest of a frame that is not whole yet is kept. An idle connection costs no buffer and no work.
#pragma once

#include "net/turn.h"

#include <unordered_map>

namespace zk::net {

class ClientLinks {
  public:
    // `frameLimit`: the largest frame that the node takes; a connection that owes more than that is closed.
    ClientLinks(Turn& turn, std::unique_ptr<Listener> listener, std::size_t frameLimit);
    ~ClientLinks();

    void open();
    // Has the system look after silent clients: clientTcpKeepAlive.
    void keepAlive(bool wanted) { keepAlive_ = wanted; }
    std::uint16_t port() const { return listener_->port(); }
    // The end of a turn: writes what the node left in the dirty links, reads on, or drops everybody.
    void finish(const server::Ready& ready);
    std::size_t size() const { return connections_.size(); }

  private:
    struct Connection;
    void accepted(std::unique_ptr<Stream> stream);
    void written(Connection& connection);
    void remove(Connection& connection);
    void dropAll();

    Turn& turn_;
    const std::size_t frameLimit_;
    std::unique_ptr<Listener> listener_;
    bool keepAlive_ = false;
    std::uint64_t lastId_ = 0;
    std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
    std::vector<std::unique_ptr<Connection>> gone_; // until the end of the turn: the node may still name them
};

} // namespace zk::net
