// ElectionLinks: the connections on the election port, one for each pair of servers (protocol notes 4.1). The server with
// the larger id keeps the connection that it opened; the other one's is closed, and dialled back. For each peer one
// message waits at most, and the latest wins; a new connection starts with the last message where none waits.
#pragma once

#include "net/turn.h"

#include <map>
#include <set>

namespace zk::net {

class ElectionLinks {
  public:
    ElectionLinks(Turn& turn, Loop& loop, const config::ServerConfig& config, std::unique_ptr<Listener> listener);
    ~ElectionLinks();

    void open();
    // The end of a turn: sends what the node wants sent, and connects where it asks for that.
    void finish(server::Ready& ready);

  private:
    struct Peer;
    struct Connection;
    struct Newcomer;
    friend struct Connection;

    void send(Sid to, std::string payload);
    void dial(Sid to);
    void dialled(Sid to, Result<std::unique_ptr<Stream>> stream);
    void accepted(std::unique_ptr<Stream> stream);
    void greeted(Newcomer& newcomer, const election::Handshake& handshake, std::string_view rest);
    void adopt(Sid sid, std::unique_ptr<Stream> stream, bool dialledByUs, std::string_view rest);
    void forget(Newcomer& newcomer, const std::string& why);
    void down(Peer& peer, std::string_view why);
    void pump(Peer& peer);
    void received(Peer& peer, std::string_view bytes);

    Turn& turn_;
    Duration connectPatience_; // cnxTimeout
    bool keepAlive_;           // tcpKeepAlive
    Loop& loop_;
    const Sid self_;
    const Duration handshakePatience_;
    const std::string greeting_;
    std::unique_ptr<Listener> listener_;
    Sid lastAnonymous_ = 0;
    std::map<Sid, Peer> peers_;
    std::set<std::unique_ptr<Newcomer>> newcomers_;
    std::vector<std::unique_ptr<StreamUser>> gone_; // until the end of the turn: their calls may still be under way
};

} // namespace zk::net
