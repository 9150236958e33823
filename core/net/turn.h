// Turn: what the links of a host (client, election and quorum connections) need of it.
#pragma once

#include "net/sockets.h"
#include "server/node.h"

namespace zk::net {

class Turn {
  public:
    virtual ~Turn() = default;
    // The node, with its clock set: the first call of a turn ticks it.
    virtual server::Node& node() = 0;
    virtual void log(trace::Severity severity, std::string text) = 0;
    virtual void tell(trace::Event event) = 0;
    // See to it that there is another turn, though nothing came in.
    virtual void again() = 0;
};

// How long a connection that we close may take to accept what we still have for it.
inline constexpr Duration kClosePatience = std::chrono::seconds(5);

} // namespace zk::net
