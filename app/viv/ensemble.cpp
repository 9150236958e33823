// viv ensemble: a local ensemble in one process, watched in the foreground, or left in the background and
// worked with from other processes through its control port.
#include "commands.h"

#include "background.h"
#include "ensemble_text.h"
#include "ensemble_watch.h"
#include "server_log.h"

#include "net/lab.h"
#include "net/quit.h"

#include <boost/json/serialize.hpp>

#include <chrono>
#include <filesystem>
#include <future>
#include <iostream>
#include <thread>

namespace zk::viv {

using namespace std::chrono_literals;
using ensemble::Verb;

namespace {

constexpr auto kDownPatience = 30s;
constexpr auto kDownPoll = 20ms;

struct EnsembleArguments {
    ensemble::LabOptions lab;
    bool detach = false, json = false, memory = false, temporary = false;
    Sid sid = 0;
};

int fail(const std::string& sentence) {
    std::cerr << sentence << "\n";
    return 1;
}

// With --json: one line that says where it is, then nothing, for programs that start it and wait for the line.
int upInForeground(const EnsembleArguments& arguments) {
    net::Quit quit;
    const net::EndSignals signals([&quit](int) { quit.request(); });
    EnsembleWatch watch([](const trace::Event& event) { std::cout << eventLine(event) << std::flush; });
    const auto hosted =
        net::hostLab(arguments.lab, quit, [&](ensemble::Ensemble& ensemble, const std::string& problem) {
            const ensemble::EnsembleView view = ensemble.view();
            if (!problem.empty()) std::cerr << problem << "\n";
            if (arguments.json) {
                std::cout << boost::json::serialize(viewJson(view)) << "\n" << std::flush;
                return;
            }
            std::cout << viewText(view) << "Connect to " << view.connectString << ". Data in "
                      << (view.directory.empty() ? "memory only" : view.directory) << ". Ctrl-C stops it.\n"
                      << std::flush;
            ensemble.observe(&watch);
        });
    if (!hosted) return fail(hosted.error().message());
    if (!arguments.json) std::cout << "Stopped\n";
    return 0;
}

int hostDetached(const ensemble::LabOptions& lab, const Report& report) {
    net::Quit quit;
    const net::EndSignals signals([&quit](int) { quit.request(); });
    std::unique_ptr<ServerLog> log;
    std::unique_ptr<EnsembleWatch> watch;
    bool failed = false;
    const auto hosted = net::hostLab(lab, quit, [&](ensemble::Ensemble& ensemble, std::string problem) {
        if (problem.empty()) {
            auto file = ServerLog::toFile(ensemble.view().directory + "/viv-ensemble.log");
            if (file)
                log = std::move(*file);
            else
                problem = file.error().message();
        }
        failed = !problem.empty();
        if (failed) return report(problem), quit.request();
        watch = std::make_unique<EnsembleWatch>([&log](const trace::Event& event) {
            log->event(event, "server " + std::to_string(event.server) + ": ");
        });
        ensemble.observe(watch.get());
        report({});
    });
    if (!hosted) report(hosted.error().message());
    return hosted && !failed ? 0 : 1;
}

int printStatus(const EnsembleArguments& arguments) {
    const auto attached = net::attachLab(arguments.lab.directory);
    if (!attached) return fail(attached.error().message());
    const ensemble::EnsembleView view = (*attached)->view();
    if (arguments.json)
        std::cout << boost::json::serialize(viewJson(view)) << "\n";
    else
        std::cout << viewText(view) << "Connect to " << view.connectString << "\n";
    return 0;
}

int up(EnsembleArguments arguments) {
    using Data = ensemble::LabOptions::Data;
    arguments.lab.data = arguments.memory ? Data::Memory : arguments.temporary ? Data::Temporary : Data::Kept;
    if (!arguments.detach) return upInForeground(arguments);
    if (!arguments.lab.directory
             .empty()) // the process that stays may have another working directory some day
        arguments.lab.directory = std::filesystem::absolute(arguments.lab.directory).string();
    const auto process =
        runInBackground([&](const Report& report) { return hostDetached(arguments.lab, report); });
    if (!process) return fail("The ensemble cannot start: " + process.error().message());
    if (!arguments.json) std::cout << "Started as process " << *process << "\n";
    return printStatus(arguments);
}

int down(const EnsembleArguments& arguments) {
    {
        const auto attached = net::attachLab(arguments.lab.directory);
        if (!attached) return fail(attached.error().message());
        const auto told = std::make_shared<std::promise<std::string>>();
        (*attached)->shutDown([told](std::string problem) { told->set_value(std::move(problem)); });
        if (const std::string problem = told->get_future().get(); !problem.empty()) return fail(problem);
    }
    const auto until = std::chrono::steady_clock::now() + kDownPatience;
    while (net::attachLab(arguments.lab.directory)) {
        if (std::chrono::steady_clock::now() > until)
            return fail("The process that hosts the ensemble is still there.");
        std::this_thread::sleep_for(kDownPoll);
    }
    std::cout << "Stopped\n";
    return 0;
}

int act(const EnsembleArguments& arguments, Verb verb) {
    const auto attached = net::attachLab(arguments.lab.directory);
    if (!attached) return fail(attached.error().message());
    const auto told = std::make_shared<std::promise<std::string>>();
    (*attached)->act(verb, arguments.sid,
                     [told](std::string problem) { told->set_value(std::move(problem)); });
    const std::string problem = told->get_future().get();
    return problem.empty() ? 0 : fail(problem);
}

} // namespace

void addEnsembleCommand(CLI::App& program, Action& chosen) {
    CLI::App* const ensemble =
        program.add_subcommand("ensemble", "A local ensemble of several servers in one process");
    ensemble->require_subcommand(1);
    const auto arguments = std::make_shared<EnsembleArguments>();
    const auto add = [&](const char* name, const char* what, std::function<int()> work) {
        CLI::App* const command = ensemble->add_subcommand(name, what);
        command->add_option("--dir", arguments->lab.directory,
                            "Its directory; without it the one of the user's data");
        command->callback([work = std::move(work), &chosen] { chosen = work; });
        return command;
    };
    CLI::App* const upCommand = add("up", "Start it, and print each server's state until Ctrl-C",
                                    [arguments] { return up(*arguments); });
    upCommand->add_option("--servers", arguments->lab.servers, "Servers that vote")
        ->check(CLI::Range(1, 99))
        ->capture_default_str();
    upCommand->add_option("--observers", arguments->lab.observers, "Servers that do not")
        ->check(CLI::Range(0, 98))
        ->capture_default_str();
    upCommand
        ->add_option("--client-port", arguments->lab.clientPort,
                     "Client port of the first; the others count up. 0: any free ones")
        ->capture_default_str();
    upCommand->add_option("--tick-time", arguments->lab.tickTimeMs, "Milliseconds of a tick")
        ->check(CLI::Range(10, 60000))
        ->capture_default_str();
    CLI::Option* const detach =
        upCommand->add_flag("--detach", arguments->detach, "Leave it running in the background");
    CLI::Option* const memory = upCommand->add_flag(
        "--memory", arguments->memory, "Keep everything in memory: no directory, and nothing is left behind");
    upCommand
        ->add_flag("--temporary", arguments->temporary,
                   "Keep the data in a new directory that goes when it stops")
        ->excludes(detach)
        ->excludes(memory);
    memory->excludes(detach);
    CLI::App* const status =
        add("status", "Print each server's state", [arguments] { return printStatus(*arguments); });
    for (CLI::App* command : {upCommand, status})
        command->add_flag("--json", arguments->json, "Print the state as one line of JSON");
    add("down", "Stop all servers cleanly and end the process that hosts them",
        [arguments] { return down(*arguments); });
    const auto addVerb = [&](const char* name, const char* what, Verb verb) {
        add(name, what, [arguments, verb] { return act(*arguments, verb); })
            ->add_option("SID", arguments->sid, "The server's id")
            ->required();
    };
    addVerb("kill", "Crash a server: no goodbye, and what was not synced is lost", Verb::Crash);
    addVerb("start", "Start a server again", Verb::Start);
    addVerb("restart", "Stop a server cleanly and start it again", Verb::Restart);
}

} // namespace zk::viv
