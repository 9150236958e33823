// QuorumLinks: the connections on the quorum port: learners' that come in while we lead, and our own to the leader. The
// node numbers those that it wants dialled from 1, and we those that come in from 2^63.
#pragma once

#include "net/turn.h"

#include <map>

namespace zk::net {

class QuorumLinks {
  public:
    // Without a listener it only dials: nobody learns from an observer.
    QuorumLinks(Turn& turn, Loop& loop, const config::ServerConfig& config, std::unique_ptr<Listener> listener);
    ~QuorumLinks();

    void open();
    // The end of a turn: dials, writes, hangs up.
    void finish(server::Ready& ready);

  private:
    struct Link;
    void add(server::LinkId id, std::unique_ptr<Stream> stream);
    void dial(const server::DialQuorum& wanted);
    void lose(server::LinkId id, std::string_view why);

    Turn& turn_;
    Loop& loop_;
    std::map<Sid, config::Endpoint> peers_;
    std::unique_ptr<Listener> listener_;
    server::LinkId lastIncoming_ = std::uint64_t{1} << 63;
    std::map<server::LinkId, std::unique_ptr<Link>> links_;
    std::map<server::LinkId, std::unique_ptr<Dial>> dials_;
    std::vector<std::unique_ptr<Link>> gone_;        // until the end of the turn: their calls may still be under way
    std::vector<std::unique_ptr<Dial>> finishedDials_;
};

} // namespace zk::net
