#include "net/process_memory.h"

namespace zk::net {

std::optional<double> residentMegabytes(int) {
    return std::nullopt;
}

} // namespace zk::net
