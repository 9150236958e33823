// resources/help/configuration.md says of every key what the code's table says. VIV_REWRITE=1 writes the tables anew.
#include "config/keys.h"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

namespace zk::config {
namespace {

const std::string kFile = std::string(VIV_TESTS_DIR) + "/../resources/help/configuration.md";
const std::string kBegin = "<!-- the table of core/config/keys.cpp -->\n", kEnd = "<!-- its end -->\n";

std::string contents() {
    std::ifstream file(kFile, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string table() {
    std::string text = "| key | default | acted on | why not |\n|---|---|---|---|\n";
    for (const KeyRow& row : keyRows()) {
        const char* const verdict = row.handling == Handling::Honoured ? "yes"
                                    : row.handling == Handling::Warned ? "no, with a warning"
                                                                       : "no: the server does not start";
        text += "| `" + std::string(row.name) + "` | " + (row.usual.empty() ? "unset" : std::string(row.usual)) + " | " +
                verdict + " | " + std::string(row.reason) + " |\n";
    }
    return text;
}

TEST(Help, TheTableOfKeysIsTheCodes) {
    std::string text = contents();
    const auto begin = text.find(kBegin), end = text.find(kEnd);
    ASSERT_TRUE(begin != std::string::npos && end != std::string::npos) << kFile;
    const std::string expected = text.substr(0, begin + kBegin.size()) + table() + text.substr(end);
    if (std::getenv("VIV_REWRITE") != nullptr) std::ofstream(kFile, std::ios::binary) << expected;
    EXPECT_EQ(text, expected) << "run this test with VIV_REWRITE=1";
}

} // namespace
} // namespace zk::config
