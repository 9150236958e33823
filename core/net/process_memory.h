// What a process of this machine keeps in memory, as the system tells it.
#pragma once

#include <optional>

namespace zk::net {

// Megabytes (2^20 bytes) that the process has resident; null where there is no such process, or the system
// does not tell.
std::optional<double> residentMegabytes(int pid);

} // namespace zk::net
