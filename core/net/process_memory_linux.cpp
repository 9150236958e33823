#include "net/process_memory.h"

#include <fstream>
#include <string>

namespace zk::net {

std::optional<double> residentMegabytes(int pid) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string word; status >> word;) {
        double kilobytes = 0;
        if (word == "VmRSS:" && status >> kilobytes) return kilobytes / 1024;
    }
    return std::nullopt;
}

} // namespace zk::net
