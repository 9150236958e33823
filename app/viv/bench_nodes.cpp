#include "bench_nodes.h"

#include "net/process_memory.h"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <iostream>

namespace zk::viv {

namespace {

double milliseconds(Duration time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

int fail(const std::string& sentence) {
    std::cerr << sentence << "\n";
    return 1;
}

std::string text(const BenchNodes& bench, const net::NodeLoadResult& result, std::optional<double> memory) {
    std::string said = fmt::format("{} znodes of {} bytes below {} created in {:.2f} s", bench.load.count,
                                   bench.load.valueBytes, bench.load.root, result.createSeconds);
    said += result.refused > 0 ? fmt::format(", {} of them refused\n", result.refused) : "\n";
    if (memory) said += fmt::format("the server's resident memory: {:.1f} MB\n", *memory);
    said += fmt::format("getChildren of all of them: {:.1f} MB in {:.0f} ms\n",
                        static_cast<double>(result.listBytes) / 1e6, result.listSeconds * 1000);
    said +=
        fmt::format("the longest wait of another session's reads: {:.1f} ms meanwhile, {:.1f} ms before\n",
                    milliseconds(result.listWait), milliseconds(result.quietWait));
    return said;
}

} // namespace

int runBenchNodes(const BenchNodes& bench) {
    const auto result = net::loadNodes(bench.load);
    if (!result) return fail(result.error().message());
    std::optional<double> memory;
    if (bench.pid != 0) {
        memory = net::residentMegabytes(bench.pid);
        if (!memory)
            return fail("This system does not tell the memory of process " + std::to_string(bench.pid));
    }
    if (bench.json) {
        boost::json::object object{{"count", bench.load.count},
                                   {"createSeconds", result->createSeconds},
                                   {"refused", result->refused},
                                   {"listMs", result->listSeconds * 1000},
                                   {"listBytes", result->listBytes},
                                   {"waitMs", milliseconds(result->listWait)},
                                   {"quietWaitMs", milliseconds(result->quietWait)}};
        if (memory) object["residentMb"] = *memory;
        std::cout << boost::json::serialize(object) << "\n";
    } else {
        std::cout << text(bench, *result, memory) << std::flush;
    }
    if (bench.keep) return 0;
    const auto removed = net::removeNodes(bench.load);
    return removed ? 0 : fail(removed.error().message());
}

} // namespace zk::viv
