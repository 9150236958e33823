// viv server: one server, in the foreground, or started and stopped as zkServer.sh does.
#include "commands.h"

#include "background.h"
#include "server_log.h"

#include "admin/status.h"
#include "net/config_file.h"
#include "net/host.h"
#include "net/quit.h"

#include <boost/asio/ip/tcp.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <thread>

namespace zk::viv {

using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

constexpr auto kStopPatience = 30s;
constexpr auto kStopPoll = 20ms;
constexpr auto kStatusPatience = 3s;

struct ServerArguments {
    std::string config;
    std::string
        logFile; // empty: standard output in the foreground, <dataDir>/viv-server.log in the background
    std::vector<std::string> definitions; // "zookeeper.x=y"
};

int fail(const std::string& sentence) {
    std::cerr << sentence << "\n";
    return 1;
}

std::string pidFile(const config::ServerConfig& config) {
    return config.dataDir + "/zookeeper_server.pid";
}

// Runs the server until SIGTERM, SIGINT or its own end.
int serve(const config::Parsed& parsed, ServerLog& log, const Report& report) {
    for (const std::string& warning : parsed.warnings)
        log.say(trace::Severity::Warning, warning);
    net::Quit quit;
    const net::EndSignals signals([&](int number) {
        log.say(trace::Severity::Info, number == SIGINT ? "Interrupted: stopping" : "Asked to end: stopping");
        quit.request();
    });
    net::Host host(parsed.config.self.value_or(0), log, [&] {
        if (host.view().state == trace::ServerState::Crashed) quit.request();
    });
    std::promise<std::string> started;
    host.start(parsed.config, [&](std::string problem) { started.set_value(std::move(problem)); });
    if (const std::string problem = started.get_future().get(); !problem.empty()) {
        log.say(trace::Severity::Error, "The server cannot start: " + problem);
        report(problem);
        return 1;
    }
    log.say(trace::Severity::Info,
            "viv " VIV_VERSION " takes clients on port " + std::to_string(host.view().clientPort));
    report({});
    quit.wait();
    int status = 0;
    if (const net::HostView view = host.view(); view.state == trace::ServerState::Crashed) {
        log.say(trace::Severity::Error, "The server has crashed: " + view.problem);
        status = 1;
    }
    std::promise<std::string> stopped;
    host.stop([&](std::string problem) { stopped.set_value(std::move(problem)); });
    if (const std::string problem = stopped.get_future().get(); !problem.empty() && status == 0) {
        log.say(trace::Severity::Error, problem);
        status = 1;
    }
    log.say(trace::Severity::Info, "Stopped");
    return status;
}

int runServer(const ServerArguments& arguments) {
    const auto parsed = net::loadConfig(arguments.config, arguments.definitions);
    if (!parsed) return fail(parsed.error().message());
    auto log = ServerLog::toStandardOutput();
    if (!arguments.logFile.empty()) {
        auto file = ServerLog::toFile(arguments.logFile);
        if (!file) return fail(file.error().message());
        log = std::move(*file);
    }
    return serve(*parsed, *log, [&](const std::string& problem) {
        if (!problem.empty() && !arguments.logFile.empty())
            std::cerr << "The server cannot start: " << problem << "\n";
    });
}

int serveInBackground(const config::Parsed& parsed, const std::string& logFile, const Report& report) {
    auto log = ServerLog::toFile(logFile);
    if (!log) {
        report(log.error().message());
        return 1;
    }
    const std::string file = pidFile(parsed.config);
    const int status = serve(parsed, **log, [&](const std::string& problem) {
        if (problem.empty()) std::ofstream(file) << ownProcess() << "\n";
        report(problem);
    });
    std::error_code ignored;
    if (runningProcess(file) == ownProcess()) std::filesystem::remove(file, ignored);
    return status;
}

int startServer(const ServerArguments& arguments) {
    const auto parsed = net::loadConfig(arguments.config, arguments.definitions);
    if (!parsed) return fail(parsed.error().message());
    const config::ServerConfig& config = parsed->config;
    if (const auto process = runningProcess(pidFile(config)))
        return fail("The server is already running as process " + std::to_string(*process) + ".");
    std::error_code problem;
    std::filesystem::create_directories(config.dataDir, problem);
    if (problem)
        return fail("The data directory " + config.dataDir + " cannot be made: " + problem.message());
    // The process that stays has another working directory in mind than whoever reads its log later: both are
    // absolute.
    const std::string logFile =
        std::filesystem::absolute(arguments.logFile.empty() ? config.dataDir + "/viv-server.log"
                                                            : arguments.logFile)
            .string();
    const auto process =
        runInBackground([&](const Report& report) { return serveInBackground(*parsed, logFile, report); });
    if (!process)
        return fail("The server cannot start: " + process.error().message() + "\nIts log is " + logFile);
    std::cout << "STARTED as process " << *process << ", log in " << logFile << "\n";
    return 0;
}

int stopServer(const ServerArguments& arguments) {
    const auto parsed = net::loadConfig(arguments.config, arguments.definitions);
    if (!parsed) return fail(parsed.error().message());
    const std::string file = pidFile(parsed->config);
    const auto process = runningProcess(file);
    if (!process) {
        std::cout << "No server to stop: " << file << " names no running process.\n";
        return 0;
    }
    if (!askToEnd(*process))
        return fail("Process " + std::to_string(*process) + " may not be stopped by you.");
    const auto until = std::chrono::steady_clock::now() + kStopPatience;
    while (isRunning(*process) && std::filesystem::exists(file)) {
        if (std::chrono::steady_clock::now() > until)
            return fail("Process " + std::to_string(*process) + " is still running.");
        std::this_thread::sleep_for(kStopPoll);
    }
    std::cout << "STOPPED\n";
    return 0;
}

int restartServer(const ServerArguments& arguments) {
    const int status = stopServer(arguments);
    return status == 0 ? startServer(arguments) : status;
}

// The answer to `srvr`, or nothing where there is none in time.
std::string askServer(const std::string& host, std::uint16_t port) {
    asio::ip::tcp::iostream stream;
    stream.expires_after(kStatusPatience);
    stream.connect(host, std::to_string(port));
    stream << "srvr" << std::flush;
    return {std::istreambuf_iterator<char>(stream), {}};
}

int printStatus(const ServerArguments& arguments) {
    const auto parsed = net::loadConfig(arguments.config, arguments.definitions);
    if (!parsed) return fail(parsed.error().message());
    const config::Endpoint& client = parsed->config.client;
    const bool everywhere = client.host.empty() || client.host == "0.0.0.0" || client.host == "::";
    const std::string host = everywhere ? "localhost" : client.host;
    std::cout << "Client port found: " << client.port << ". Client address: " << host
              << ". Client SSL: false.\n";
    const std::string answer = askServer(host, client.port);
    if (answer.empty()) return fail("Error contacting service. It is probably not running.");
    const auto lines = admin::parseSrvr(answer);
    const auto mode = lines.find("Mode");
    if (mode == lines.end()) return fail("The server runs but serves nobody yet: " + answer);
    std::cout << "Mode: " << mode->second << "\n";
    return 0;
}

} // namespace

void addServerCommand(CLI::App& program, Action& chosen) {
    CLI::App* const server = program.add_subcommand("server", "One server on a zoo.cfg");
    server->require_subcommand(1);
    const auto arguments = std::make_shared<ServerArguments>();
    const auto add = [&](const char* name, const char* what, int (*work)(const ServerArguments&), bool logs) {
        CLI::App* const command = server->add_subcommand(name, what);
        command->add_option("CONFIG", arguments->config, "The zoo.cfg")->required();
        command->add_option("-D", arguments->definitions, "A property, as -Dzookeeper.snapCount=1000; the zoo.cfg goes before it")
            ->type_name("NAME=VALUE")
            ->allow_extra_args(false);
        if (logs)
            command->add_option("--log-file", arguments->logFile,
                                "Write the log there, rotated at 10 MB, five old files kept");
        command->callback(
            [arguments, work, &chosen] { chosen = [arguments, work] { return work(*arguments); }; });
    };
    add("run", "Run in the foreground, until Ctrl-C or SIGTERM", runServer, true);
    add("start", "Start in the background; the process id goes to <dataDir>/zookeeper_server.pid",
        startServer, true);
    add("stop", "Stop what start has started, cleanly", stopServer, false);
    add("restart", "stop, then start", restartServer, true);
    add("status", "Print Mode: leader, follower, observer or standalone", printStatus, false);
    server->footer("Exit status: 0 done, and for stop also where nothing ran; 1 not: the server cannot start "
                   "or does not answer.");
}

} // namespace zk::viv
