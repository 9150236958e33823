// viv: Vivarium on the command line. Reads the arguments, runs the subcommand that they name, and exits with
// its status.
#include "commands.h"

#include "shell_options.h"

#include <exception>
#include <iostream>

namespace {

constexpr const char* kFooter =
    R"(Exit status: 0 done; 1 failed, with the reason on standard error; 2 the command line was not understood;
3 no server could be reached (viv shell); 127 no such command of the shell.)";

} // namespace

int main(int count, char** arguments) {
    CLI::App program("viv: ZooKeeper servers, ensembles and a shell, without a JVM", "viv");
    program.set_version_flag("--version", std::string("viv ") + VIV_VERSION);
    program.require_subcommand(1);
    program.footer(kFooter);
    zk::viv::Action chosen;
    zk::viv::addServerCommand(program, chosen);
    zk::viv::addShellCommand(program, chosen);
    zk::viv::addEnsembleCommand(program, chosen);
    zk::viv::addBenchCommand(program, chosen);
    zk::viv::addSimulateCommand(program, chosen);
    try {
        std::vector<std::string> words = zk::viv::withLongOptions({arguments + 1, arguments + count});
        program.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    } catch (const CLI::ParseError& error) {
        return program.exit(error) == 0 ? 0 : 2;
    }
    try {
        return chosen();
    } catch (const std::exception& error) {
        std::cerr << "viv: " << error.what() << "\n";
        return 1;
    }
}
