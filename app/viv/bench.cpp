// viv bench: how much a ZooKeeper server carries, and how far the measuring client itself reaches.
#include "commands.h"

#include "bench_nodes.h"
#include "bench_outage.h"
#include "bench_report.h"
#include "tls_arguments.h"

#include "net/load.h"
#include "net/load_ceiling.h"

#include <boost/json/serialize.hpp>

#include <iostream>

namespace zk::viv {

namespace {

struct BenchArguments {
    std::string servers = "127.0.0.1:2181", workload = "read", root = "/viv-bench";
    int sessions = 8, inFlight = 64, keys = 1000, rounds = 5;
    std::size_t valueSize = 100;
    double seconds = 5, warmUp = 2;
    bool json = false;
    std::uint16_t port = 0;
    TlsArguments tls;
};

int fail(const std::string& sentence) {
    std::cerr << sentence << "\n";
    return 1;
}

Duration seconds(double count) {
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(count));
}

int runBench(const BenchArguments& arguments) {
    auto connect = client::parseConnectString(arguments.servers);
    if (!connect) return fail(connect.error().message());
    net::LoadOptions options;
    options.servers = connect->servers;
    options.root = connect->chroot + arguments.root;
    options.sessions = arguments.sessions;
    options.inFlight = arguments.inFlight;
    options.keys = arguments.keys;
    options.valueBytes = arguments.valueSize;
    options.writes = arguments.workload == "write" ? 1 : arguments.workload == "mixed" ? 0.1 : 0;
    auto tls = tlsOptions(arguments.tls);
    if (!tls) return fail(tls.error().message());
    options.tls = std::move(*tls);
    net::Load load(options);
    if (const auto opened = load.open(); !opened) return fail(opened.error().message());
    if (arguments.warmUp > 0)
        if (const auto warm = load.run(seconds(arguments.warmUp)); !warm) return fail(warm.error().message());
    std::vector<BenchRound> rounds;
    for (int number = 1; number <= arguments.rounds; ++number) {
        const auto round = load.run(seconds(arguments.seconds));
        if (!round) return fail(round.error().message());
        rounds.push_back({round->perSecond(), round->operations, round->refused, round->median, round->p99,
                          round->longest});
        if (!arguments.json) std::cout << roundText(number, rounds.back()) << std::flush;
    }
    if (const auto closed = load.close(); !closed) return fail(closed.error().message());
    if (arguments.json)
        std::cout << boost::json::serialize(roundsJson(rounds)) << "\n";
    else
        std::cout << summaryText(rounds);
    return 0;
}

int runCeiling(const BenchArguments& arguments) {
    net::Loop loop;
    const auto ceiling = net::Ceiling::open(loop, arguments.port, arguments.valueSize);
    if (!ceiling) return fail(ceiling.error().message());
    std::cout << "Answers on 127.0.0.1:" << (*ceiling)->port()
              << " until it is ended; measure it with viv bench --server\n"
              << std::flush;
    loop.run([] {});
    return 0;
}

int runOutage(const BenchArguments& arguments) {
    const auto connect = client::parseConnectString(arguments.servers);
    if (!connect) return fail(connect.error().message());
    const auto outage = measureOutage(*connect, arguments.root, seconds(arguments.seconds));
    if (!outage) return fail(outage.error().message());
    const double longest = std::chrono::duration<double, std::milli>(outage->longest).count();
    if (arguments.json)
        std::cout << boost::json::serialize(boost::json::object{
                         {"longestMs", longest}, {"writes", outage->writes}, {"failed", outage->failed}})
                  << "\n";
    else
        std::cout << "longest time without a write " << longest << " ms; " << outage->writes << " writes, "
                  << outage->failed << " failed\n";
    return 0;
}

void addNodes(CLI::App& bench, Action& chosen) {
    const auto arguments = std::make_shared<BenchNodes>();
    const auto servers = std::make_shared<std::string>("127.0.0.1:2181");
    CLI::App* const nodes = bench.add_subcommand(
        "nodes", "Create very many znodes below one parent, and list them while another session reads");
    nodes->add_option("--server", *servers, "HOST:PORT,... The sessions go to them in turn")->capture_default_str();
    nodes->add_option("--count", arguments->load.count, "Znodes")
        ->check(CLI::Range(1, 100000000))
        ->capture_default_str();
    nodes->add_option("--value-size", arguments->load.valueBytes, "Bytes of data in each")
        ->check(CLI::Range(0, 1000000))
        ->capture_default_str();
    nodes->add_option("--sessions", arguments->load.sessions, "Sessions that create")
        ->check(CLI::Range(1, 10000))
        ->capture_default_str();
    nodes->add_option("--in-flight", arguments->load.inFlight, "Requests under way in each session")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    nodes->add_option("--pid", arguments->pid, "Process id of the server, to tell its resident memory");
    nodes->add_flag("--keep", arguments->keep, "Leave the znodes where they are");
    nodes->add_flag("--json", arguments->json, "Print the result as one line of JSON");
    nodes->footer("The znodes stand below /viv-nodes and are deleted at the end.");
    nodes->callback([arguments, servers, &chosen] {
        chosen = [arguments, servers] {
            auto connect = client::parseConnectString(*servers);
            if (!connect) return fail(connect.error().message());
            arguments->load.servers = connect->servers;
            arguments->load.root = connect->chroot + arguments->load.root;
            return runBenchNodes(*arguments);
        };
    });
}

} // namespace

void addBenchCommand(CLI::App& program, Action& chosen) {
    const auto arguments = std::make_shared<BenchArguments>();
    CLI::App* const bench = program.add_subcommand("bench", "Measure how much a ZooKeeper server carries");
    bench->require_subcommand(0, 1);
    const auto common = [&](CLI::App* command) {
        command->add_option("--server", arguments->servers, "HOST:PORT,... The sessions go to them in turn")
            ->capture_default_str();
        command->add_flag("--json", arguments->json, "Print the result as one line of JSON");
    };
    common(bench);
    bench->add_option("--workload", arguments->workload, "read, write, or mixed: nine reads to a write")
        ->check(CLI::IsMember({"read", "write", "mixed"}))
        ->capture_default_str();
    bench->add_option("--sessions", arguments->sessions, "Sessions")
        ->check(CLI::Range(1, 10000))
        ->capture_default_str();
    bench->add_option("--in-flight", arguments->inFlight, "Requests under way in each session")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    bench->add_option("--keys", arguments->keys, "Znodes that are read and written")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    bench->add_option("--value-size", arguments->valueSize, "Bytes of data in each")
        ->check(CLI::Range(0, 1000000))
        ->capture_default_str();
    bench->add_option("--rounds", arguments->rounds, "Rounds")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    bench->add_option("--seconds", arguments->seconds, "Length of a round")
        ->check(CLI::Range(0.01, 600.0))
        ->capture_default_str();
    bench->add_option("--warm-up", arguments->warmUp, "Seconds before the first round that do not count")
        ->check(CLI::Range(0.0, 600.0))
        ->capture_default_str();
    addTlsOptions(*bench, arguments->tls);
    bench->footer("Keys stand below /viv-bench and are deleted at the end.");
    bench->callback([arguments, &chosen] {
        if (!chosen) chosen = [arguments] { return runBench(*arguments); };
    });

    addNodes(*bench, chosen);

    CLI::App* const ceiling = bench->add_subcommand(
        "ceiling", "A server that only returns canned replies: what the client itself can reach");
    ceiling->add_option("--port", arguments->port, "Port on 127.0.0.1; 0: any free one")
        ->capture_default_str();
    ceiling->add_option("--value-size", arguments->valueSize, "Bytes of data in an answer")
        ->check(CLI::Range(0, 1000000))
        ->capture_default_str();
    ceiling->callback([arguments, &chosen] { chosen = [arguments] { return runCeiling(*arguments); }; });

    CLI::App* const outage = bench->add_subcommand(
        "outage", "Write one after the other, and print the longest time without a write");
    common(outage);
    outage->add_option("--seconds", arguments->seconds, "How long")
        ->check(CLI::Range(0.01, 600.0))
        ->capture_default_str();
    outage->callback([arguments, &chosen] { chosen = [arguments] { return runOutage(*arguments); }; });
}

} // namespace zk::viv
