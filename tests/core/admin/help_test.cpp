// resources/help/commands.md says of every word, command and metric what the code's tables say. VIV_REWRITE=1 writes its
// tables anew; what a word tells stands there by hand.
#include "admin/commands.h"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

namespace zk::admin {
namespace {

const std::string kFile = std::string(VIV_TESTS_DIR) + "/../resources/help/commands.md";

std::string contents() {
    std::ifstream file(kFile, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string verdict(std::string_view absent) {
    return absent.empty() ? "yes | " : "no | " + std::string(absent);
}

std::string commandTable() {
    std::string text = "| command | other names | request | built | remarks |\n|---|---|---|---|---|\n";
    for (const CommandRow& row : commandRows()) {
        std::string aliases;
        for (std::size_t index = 1; index < row.names.size(); ++index)
            aliases += (index > 1 ? ", `" : "`") + std::string(row.names[index]) + "`";
        const std::string request =
            std::string(row.post ? "POST" : "GET") + (row.authenticated ? ", with Authorization" : "");
        text += "| `" + std::string(row.names.front()) + "` | " + aliases + " | " + request + " | " + verdict(row.absent) + " |\n";
    }
    return text;
}

std::string counterTable() {
    std::string text = "| counter | counted | why not |\n|---|---|---|\n";
    for (const CounterRow& row : counterRows()) text += "| `" + std::string(row.name) + "` | " + verdict(row.absent) + " |\n";
    return text;
}

std::string summaryTable() {
    std::string text = "| summary | quantiles | measured | why not |\n|---|---|---|---|\n";
    for (const SummaryRow& row : summaryRows())
        text += "| `" + std::string(row.name) + "` | " + (row.advanced ? "p50, p95, p99, p999" : "") + " | " +
                verdict(row.absent) + " |\n";
    return text;
}

// The text with the table behind "<!-- NAME -->" in place of the one that stands there.
std::string with(const std::string& text, const std::string& name, const std::string& table) {
    const std::string begin = "<!-- " + name + " -->\n", end = "<!-- end of " + name + " -->\n";
    const auto from = text.find(begin), to = text.find(end);
    if (from == std::string::npos || to == std::string::npos) return "no table " + name + " in " + kFile;
    return text.substr(0, from + begin.size()) + table + text.substr(to);
}

TEST(Help, TheTablesOfCommandsAndMetricsAreTheCodes) {
    const std::string text = contents();
    const std::string expected =
        with(with(with(text, "commands", commandTable()), "counters", counterTable()), "summaries", summaryTable());
    if (std::getenv("VIV_REWRITE") != nullptr) std::ofstream(kFile, std::ios::binary) << expected;
    EXPECT_EQ(text, expected) << "run this test with VIV_REWRITE=1";
}

TEST(Help, EveryWordHasItsLine) {
    const std::string text = contents();
    for (const std::string_view word : words())
        EXPECT_NE(text.find("\n| `" + std::string(word) + "` | yes | "), std::string::npos) << word;
}

} // namespace
} // namespace zk::admin
