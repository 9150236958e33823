// Who holds a TCP port on this machine: for the sentence that tells why it cannot be bound.
#pragma once

#include <cstdint>
#include <string>

namespace zk::net {

// "java (process 4711)"; empty where the system does not tell.
std::string portHolder(std::uint16_t port);

} // namespace zk::net
