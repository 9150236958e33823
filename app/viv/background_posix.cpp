#include "background.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

namespace zk::viv {

namespace {

Error systemError(const std::string& what) {
    return {boost::system::error_code(errno, boost::system::system_category()),
            what + ": " + std::strerror(errno)};
}

void leaveTerminal() {
    ::setsid();
    const int nothing = ::open("/dev/null", O_RDWR);
    if (nothing < 0) return;
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        ::dup2(nothing, standard);
    if (nothing > STDERR_FILENO) ::close(nothing);
}

void writeWhole(int to, const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
        const ssize_t count = ::write(to, text.data() + at, text.size() - at);
        if (count <= 0 && errno != EINTR) return;
        if (count > 0) at += static_cast<std::size_t>(count);
    }
}

std::string readWhole(int from) {
    std::string text;
    char piece[512];
    for (;;) {
        const ssize_t count = ::read(from, piece, sizeof piece);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return text;
        text.append(piece, static_cast<std::size_t>(count));
    }
}

} // namespace

Result<long> runInBackground(const std::function<int(const Report&)>& work) {
    int ends[2];
    if (::pipe(ends) != 0) return systemError("No process can be started");
    const pid_t child = ::fork();
    if (child < 0) return systemError("No process can be started");
    if (child == 0) {
        ::close(ends[0]);
        leaveTerminal();
        int out = ends[1];
        // "+" that it runs, or "-" and the reason.
        const int status = work([&out](const std::string& problem) {
            if (out < 0) return;
            writeWhole(out, problem.empty() ? "+" : "-" + problem);
            ::close(out);
            out = -1;
        });
        ::_exit(status);
    }
    ::close(ends[1]);
    const std::string report = readWhole(ends[0]);
    ::close(ends[0]);
    if (report == "+") return static_cast<long>(child);
    int status = 0;
    ::waitpid(child, &status, 0);
    return Error{boost::system::errc::make_error_code(boost::system::errc::operation_canceled),
                 report.empty() ? "the server ended without a word" : report.substr(1)};
}

bool isRunning(long process) {
    return ::kill(static_cast<pid_t>(process), 0) == 0 || errno == EPERM;
}

long ownProcess() {
    return ::getpid();
}

std::optional<long> runningProcess(const std::string& pidFile) {
    std::ifstream file(pidFile);
    long process = 0;
    if (!(file >> process) || process <= 0 || !isRunning(process)) return std::nullopt;
    return process;
}

bool askToEnd(long process) {
    return ::kill(static_cast<pid_t>(process), SIGTERM) == 0;
}

} // namespace zk::viv
