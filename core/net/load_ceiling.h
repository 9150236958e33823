// Ceiling: a server that answers every request at once with bytes made beforehand and keeps nothing: what a
// Load reaches against it is the most that the load's own client can do on this machine.
#pragma once

#include "net/sockets.h"

#include <cstddef>

namespace zk::net {

class Ceiling {
  public:
    // Listens on 127.0.0.1. Port 0: any free one.
    static Result<std::unique_ptr<Ceiling>> open(Loop& loop, std::uint16_t port, std::size_t valueBytes);
    ~Ceiling();
    std::uint16_t port() const;

    struct Impl;
    explicit Ceiling(std::unique_ptr<Impl> impl);

  private:
    std::unique_ptr<Impl> impl_;
};

} // namespace zk::net
