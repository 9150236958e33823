// Replays the corpus of every decoder: each input whole, cut short at every byte, and with every byte turned over. The
// sanitizer build of this program is what makes the silence mean something.
#include "targets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace zk::fuzz {

namespace {

std::vector<std::string> corpus(const char* target) {
    std::vector<std::string> inputs;
    const auto folder = std::filesystem::path(VIV_TESTS_DIR) / "fuzz/corpus" / target;
    if (!std::filesystem::exists(folder)) return inputs;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        inputs.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return inputs;
}

class Replay : public testing::TestWithParam<Target> {};

TEST_P(Replay, CorpusWholeAndCutAtEveryByte) {
    const auto inputs = corpus(GetParam().name);
    ASSERT_FALSE(inputs.empty()) << "tests/fuzz/corpus/" << GetParam().name << " holds no input";
    for (const std::string& input : inputs) {
        for (std::size_t size = 0; size < input.size(); size += size < 4096 ? 1 : 61) {
            // An allocation of exactly this size, so that the sanitizer sees one byte read too far.
            const std::vector<char> cut(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(size));
            GetParam().run(std::string_view(cut.data(), cut.size()));
        }
        GetParam().run(input);
    }
}

TEST_P(Replay, CorpusWithEveryByteTurnedOver) {
    for (const std::string& input : corpus(GetParam().name)) {
        for (std::size_t at = 0; at < input.size(); at += input.size() < 4096 ? 1 : 61) {
            for (const unsigned char mask : {0x01, 0x80, 0xFF}) {
                std::string changed = input;
                changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ mask);
                GetParam().run(changed);
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Decoders, Replay, testing::ValuesIn(targets()),
                         [](const auto& target) { return std::string(target.param.name); });

} // namespace

} // namespace zk::fuzz
