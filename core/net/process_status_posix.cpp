#include "net/process_status.h"

#include <filesystem>
#include <pwd.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace zk::net {

namespace {

std::string megabytes(long pages) {
    return std::to_string(static_cast<long long>(pages) * sysconf(_SC_PAGESIZE) / (1024 * 1024)) + "MB";
}

// The names in /dev/fd, less the one that this look itself opens.
std::int64_t openFiles() {
    std::error_code failed;
    std::int64_t count = 0;
    for (auto entry = std::filesystem::directory_iterator("/dev/fd", failed);
         !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed))
        ++count;
    return count > 0 ? count - 1 : 0;
}

} // namespace

void fillProcessStatus(admin::NodeStatus& status) {
    auto& environment = status.environment;
    utsname system{};
    if (uname(&system) == 0) {
        environment["host.name"] = system.nodename;
        environment["os.name"] = system.sysname;
        environment["os.arch"] = system.machine;
        environment["os.version"] = system.release;
    }
    passwd entry{}, *user = nullptr;
    char texts[4096];
    if (getpwuid_r(getuid(), &entry, texts, sizeof texts, &user) == 0 && user != nullptr) {
        environment["user.name"] = user->pw_name;
        environment["user.home"] = user->pw_dir;
    }
    std::error_code failed;
    environment["user.dir"] = std::filesystem::current_path(failed).string();
#ifdef _SC_AVPHYS_PAGES
    environment["os.memory.free"] = megabytes(sysconf(_SC_AVPHYS_PAGES));
#endif
    environment["os.memory.max"] = environment["os.memory.total"] = megabytes(sysconf(_SC_PHYS_PAGES));
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) status.maxFiles = static_cast<std::int64_t>(files.rlim_cur);
    status.openFiles = openFiles();
}

} // namespace zk::net
