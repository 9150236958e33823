// Background: how a server leaves the terminal and is found again, by the file that holds its process id.
#pragma once

#include "base/result.h"

#include <functional>
#include <optional>
#include <string>

namespace zk::viv {

// Runs `work` in a process of its own that outlives this one and has no terminal. `work` is given a function
// to report with, once: an empty string when it runs, or the reason why it cannot. Gives the process's id,
// after that report. Errors: the reason; not_supported on systems that have no such processes.
using Report = std::function<void(const std::string& problem)>;
Result<long> runInBackground(const std::function<int(const Report&)>& work);

// The id of the process that the file names, where that process lives.
std::optional<long> runningProcess(const std::string& pidFile);
bool isRunning(long process);
long ownProcess();
// Asks the process to end cleanly. False where it cannot be asked.
bool askToEnd(long process);

} // namespace zk::viv
