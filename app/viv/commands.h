// The subcommands of viv. Each function adds one to the program and, where it is chosen, sets what main()
// then runs.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>

namespace zk::viv {

// Gives the exit status.
using Action = std::function<int()>;

void addServerCommand(CLI::App& program, Action& chosen);
void addShellCommand(CLI::App& program, Action& chosen);
void addBenchCommand(CLI::App& program, Action& chosen);
void addEnsembleCommand(CLI::App& program, Action& chosen);
void addSimulateCommand(CLI::App& program, Action& chosen);

} // namespace zk::viv
