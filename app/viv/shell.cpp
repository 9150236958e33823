// viv shell: a session from the command line. Knows the options, the files and the terminal; the shell itself
// is ShellLoop.
#include "commands.h"

#include "shell_loop.h"
#include "tls_arguments.h"

#include "net/dialer.h"

#include <cstdlib>
#include <iostream>
#include <random>

namespace zk::viv {

namespace {

struct ShellArguments {
    std::string servers = "127.0.0.1:2181";
    int timeoutMs = 30000;
    bool readOnly = false, json = false;
    std::vector<std::string> identities;
    TlsArguments tls;
};

std::string historyFile() {
    const char* const home = std::getenv("HOME");
    return home ? std::string(home) + "/.viv_history" : std::string();
}

Result<client::Options> toOptions(const ShellArguments& arguments) {
    client::Options options;
    auto connect = client::parseConnectString(arguments.servers);
    if (!connect) return connect.error();
    options.connect = std::move(*connect);
    options.sessionTimeout = std::chrono::milliseconds(arguments.timeoutMs);
    options.readOnly = options.acceptReadOnly = arguments.readOnly;
    options.seed = std::random_device()();
    auto tls = tlsOptions(arguments.tls);
    if (!tls) return tls.error();
    options.tls = std::move(*tls);
    for (const std::string& identity : arguments.identities) {
        const std::size_t colon = identity.find(':');
        if (colon == 0 || colon == std::string::npos)
            return Error{Errc::Malformed,
                         "\"" + identity + "\" is not an identity: write it like digest:user:password"};
        options.identities.push_back({identity.substr(0, colon), identity.substr(colon + 1)});
    }
    return options;
}

int runShell(const ShellArguments& arguments, const std::vector<std::string>& words) {
    const auto options = toOptions(arguments);
    if (!options) {
        std::cerr << options.error().message() << "\n";
        return kStatusUsage;
    }
    // Not even tried with a command that cannot be understood.
    if (!words.empty()) {
        if (const auto command = parseCommand(words); !command) {
            const Outcome outcome = misunderstood(command.error(), arguments.json);
            std::cout << outcome.out;
            std::cerr << outcome.err;
            return outcome.status;
        }
    }
    Printer printer(std::cout, std::cerr);
    const auto dialer = net::makeDialer();
    ShellLoop loop(*dialer, *options, arguments.json, printer);
    if (!words.empty()) return loop.runWords(words);
    const auto reader =
        makeTerminalReader([&loop](const std::string& line) { return loop.complete(line); }, historyFile());
    if (reader->isTerminal())
        printer.print("Connecting to " + arguments.servers + ". help lists the commands.\n");
    return loop.runLines(*reader);
}

} // namespace

void addShellCommand(CLI::App& program, Action& chosen) {
    const auto arguments = std::make_shared<ShellArguments>();
    CLI::App* const shell = program.add_subcommand(
        "shell",
        "A session with any ZooKeeper: interactive, or one COMMAND with its exit status for scripts");
    shell->add_option("--server", arguments->servers, "HOST:PORT,...[/chroot]; also written -server")
        ->capture_default_str();
    shell->add_option("--timeout", arguments->timeoutMs, "Session timeout in milliseconds")
        ->check(CLI::Range(1, 24 * 3600 * 1000))
        ->capture_default_str();
    shell->add_option("--auth", arguments->identities, "An identity to begin with: digest:user:password")
        ->allow_extra_args(false);
    shell->add_flag("-r,--read-only", arguments->readOnly, "Refuse every command that would write; a server without a quorum will do, too");
    addTlsOptions(*shell, arguments->tls);
    shell->add_flag("--json", arguments->json, "Print each answer as one line of JSON");
    shell->footer(
        "COMMAND: viv shell help lists them. Without one, lines are read from the terminal or from standard "
        "input.\nExit status: 0 done; 1 the server refused; 2 not understood; 3 no server could be reached; "
        "127 no "
        "such command. Of lines: that of the last one that failed.");
    shell->prefix_command();
    shell->callback([arguments, shell, &chosen] {
        chosen = [arguments, words = shell->remaining()] { return runShell(*arguments, words); };
    });
}

} // namespace zk::viv
