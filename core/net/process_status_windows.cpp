#include "net/process_status.h"

#include <filesystem>
#include <windows.h>

namespace zk::net {

void fillProcessStatus(admin::NodeStatus& status) {
    auto& environment = status.environment;
    char text[256];
    DWORD size = sizeof text;
    if (GetComputerNameA(text, &size)) environment["host.name"] = text;
    size = sizeof text;
    if (GetUserNameA(text, &size)) environment["user.name"] = text;
    environment["os.name"] = "Windows";
    std::error_code failed;
    environment["user.dir"] = std::filesystem::current_path(failed).string();
    MEMORYSTATUSEX memory{};
    memory.dwLength = sizeof memory;
    if (GlobalMemoryStatusEx(&memory)) {
        constexpr unsigned long long megabyte = 1024 * 1024;
        environment["os.memory.free"] = std::to_string(memory.ullAvailPhys / megabyte) + "MB";
        environment["os.memory.max"] = environment["os.memory.total"] = std::to_string(memory.ullTotalPhys / megabyte) + "MB";
    }
}

} // namespace zk::net
