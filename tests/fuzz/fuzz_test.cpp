// Replays the corpus of every decoder: each input whole, cut short at every byte, and with every byte turned over; and whole
// what fuzzing has found to reach something more, which stands in the corpus's folder "found". The sanitizer build of this
// program is what makes the silence mean something.
#include "targets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace zk::fuzz {

namespace {

// Is the file a vector of the target's?
bool belongs(const std::string& name, const Target& target) {
    return std::any_of(target.vectors.begin(), target.vectors.end(), [&](std::string_view pattern) {
        return pattern.starts_with('.') ? name.ends_with(pattern) : name.starts_with(pattern);
    });
}

using Files = std::vector<std::filesystem::path>;

const std::filesystem::path kTests(VIV_TESTS_DIR);

Files filesOf(const std::filesystem::path& folder) {
    Files files;
    if (std::filesystem::exists(folder))
        for (const auto& entry : std::filesystem::directory_iterator(folder))
            if (entry.is_regular_file()) files.push_back(entry.path());
    return files;
}

std::vector<std::string> contents(Files files) {
    std::sort(files.begin(), files.end());
    std::vector<std::string> inputs;
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        inputs.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return inputs;
}

std::vector<std::string> corpus(const Target& target) {
    Files files = filesOf(kTests / "fuzz/corpus" / target.name);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(kTests / "vectors"))
        if (entry.is_regular_file() && belongs(entry.path().filename().string(), target)) files.push_back(entry.path());
    return contents(std::move(files));
}

std::vector<std::string> found(const Target& target) {
    return contents(filesOf(kTests / "fuzz/corpus" / target.name / "found"));
}

// From one byte of the input to the next that is cut at or turned over. Large inputs are not worth each of their bytes.
std::size_t strideOf(const Target& target, const std::string& input) {
    constexpr std::size_t large = 4096, few = 61;
    return target.stride * (input.size() < large ? 1 : few);
}

class Replay : public testing::TestWithParam<Target> {};

TEST_P(Replay, CorpusWholeAndCutAtEveryByte) {
    const auto inputs = corpus(GetParam());
    ASSERT_FALSE(inputs.empty()) << "tests/fuzz/corpus/" << GetParam().name << " holds no input";
    for (const std::string& input : inputs) {
        for (std::size_t size = 0; size < input.size(); size += strideOf(GetParam(), input)) {
            // An allocation of exactly this size, so that the sanitizer sees one byte read too far.
            const std::vector<char> cut(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(size));
            GetParam().run(std::string_view(cut.data(), cut.size()));
        }
        GetParam().run(input);
    }
    for (const std::string& input : found(GetParam())) {
        const std::vector<char> exact(input.begin(), input.end());
        GetParam().run(std::string_view(exact.data(), exact.size()));
    }
}

TEST_P(Replay, CorpusWithEveryByteTurnedOver) {
    for (const std::string& input : corpus(GetParam())) {
        for (std::size_t at = 0; at < input.size(); at += strideOf(GetParam(), input)) {
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
