// viv simulate: whole ensembles in virtual time, under crashes, partitions and lost messages, each run from
// its seed.
#include "commands.h"

#include "sim/job_runner.h"

#include <cstdio>
#include <iostream>

namespace zk::viv {

namespace {

struct SimulateArguments {
    std::uint64_t seed = 0;      // 0: none; then the range
    std::string seeds = "1-200"; // first-last
    bool tell = false;
};

// The two numbers of "first-last"; null where it is not that.
std::optional<std::pair<std::uint64_t, std::uint64_t>> rangeOf(const std::string& text) {
    unsigned long long first = 0, last = 0;
    char rest = 0;
    if (std::sscanf(text.c_str(), "%llu-%llu%c", &first, &last, &rest) != 2 || first > last)
        return std::nullopt;
    return std::pair<std::uint64_t, std::uint64_t>(first, last);
}

int simulate(const SimulateArguments& arguments) {
    auto range = rangeOf(arguments.seeds);
    if (arguments.seed != 0) range = {arguments.seed, arguments.seed};
    if (!range) {
        std::cerr << "\"" << arguments.seeds << "\" is not a range of seeds: write it like 1-200\n";
        return 2;
    }
    sim::RunOptions options;
    options.tell = arguments.tell && range->first == range->second;
    sim::Outcome all;
    std::size_t failed = 0;
    sim::runSeeds(range->first, range->second, options, [&](const sim::Outcome& outcome) {
        all.elections += outcome.elections;
        all.commits += outcome.commits;
        all.crashes += outcome.crashes;
        all.partitions += outcome.partitions;
        if (outcome.violations.empty()) return;
        ++failed;
        for (const std::string& violation : outcome.violations)
            std::cout << "seed " << outcome.seed << ": " << violation << "\n";
        std::cout << "replay: viv simulate --seed " << outcome.seed << " --tell" << std::endl;
    });
    std::cout << range->second - range->first + 1 << " seeds: " << all.elections << " elections, "
              << all.commits << " commits, " << all.crashes << " crashes, " << all.partitions
              << " partitions; " << failed << " failed\n";
    return failed == 0 ? 0 : 1;
}

} // namespace

void addSimulateCommand(CLI::App& program, Action& chosen) {
    CLI::App* command =
        program.add_subcommand("simulate", "Run ensembles in virtual time under crashes and partitions, and "
                                           "hold them to every invariant");
    auto arguments = std::make_shared<SimulateArguments>();
    command->add_option("--seed", arguments->seed, "One run from this seed");
    command->add_option("--seeds", arguments->seeds, "A range of runs, first-last")->capture_default_str();
    command->add_flag("--tell", arguments->tell, "Print every event of the one run as it happens");
    command->callback([&chosen, arguments] { chosen = [arguments] { return simulate(*arguments); }; });
}

} // namespace zk::viv
