// The decoders of the project, each as a function that any bytes may be given to: it must neither crash nor read or
// allocate out of bounds. libFuzzer drives them (preset fuzz), and fuzz_test replays their corpora in every build.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace zk::fuzz {

struct Target {
    const char* name; // its corpus stands in tests/fuzz/corpus/NAME, a file an input
    void (*run)(std::string_view bytes);
};

const std::vector<Target>& targets();

} // namespace zk::fuzz
