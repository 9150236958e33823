#include "net/port_holder.h"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>

namespace zk::net {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kListening = "0A"; // the state column of /proc/net/tcp

// The inodes of the sockets that listen on this port.
std::set<std::string> listeningInodes(std::uint16_t port) {
    std::set<std::string> inodes;
    for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        std::ifstream file(table);
        std::string line;
        std::getline(file, line); // the column names
        while (std::getline(file, line)) {
            std::istringstream words(line);
            std::string slot, local, remote, state, queues, timer, retransmit, user, timeout, inode;
            words >> slot >> local >> remote >> state >> queues >> timer >> retransmit >> user >> timeout >> inode;
            const auto colon = local.rfind(':');
            if (state != kListening || colon == std::string::npos) continue;
            unsigned found = 0;
            std::from_chars(local.data() + colon + 1, local.data() + local.size(), found, 16);
            if (found == port) inodes.insert("socket:[" + inode + "]");
        }
    }
    return inodes;
}

bool holdsOneOf(const fs::path& process, const std::set<std::string>& inodes) {
    std::error_code error;
    for (fs::directory_iterator entry(process / "fd", error), end; !error && entry != end; entry.increment(error)) {
        std::error_code unreadable;
        if (inodes.contains(fs::read_symlink(entry->path(), unreadable).string())) return true;
    }
    return false;
}

} // namespace

std::string portHolder(std::uint16_t port) {
    const std::set<std::string> inodes = listeningInodes(port);
    if (inodes.empty()) return {};
    std::error_code error;
    for (fs::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
        const std::string pid = entry->path().filename().string();
        if (pid.find_first_not_of("0123456789") != std::string::npos || !holdsOneOf(entry->path(), inodes)) continue;
        std::string program;
        std::getline(std::ifstream(entry->path() / "comm"), program);
        return program + " (process " + pid + ")";
    }
    return {};
}

} // namespace zk::net
