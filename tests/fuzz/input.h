// What the targets share: a broken promise that the fuzzer sees, input that arrives in pieces, and a sink for the trace.
#pragma once

#include "base/checksum.h"
#include "base/rng.h"
#include "trace/trace.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace zk::fuzz {

// A promise of the code under test: the fuzzer reports a broken one as a crash.
inline void require(bool kept, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    if (kept) return;
    std::fprintf(stderr, "a promise was broken: %s:%d\n", file, line);
    std::abort();
}

// Gives `bytes` to `take` in pieces as a network would, of 1 byte up to all of it; which ones follows from the bytes.
template <class Take>
void inPieces(std::string_view bytes, Take take) {
    Rng rng(crc32(bytes));
    const std::size_t largest = std::size_t{1} << rng.below(12);
    while (!bytes.empty()) {
        const std::size_t size = std::min<std::size_t>(bytes.size(), 1 + rng.below(largest));
        take(bytes.substr(0, size));
        bytes.remove_prefix(size);
    }
}

// Where a machine's trace goes: every event must have its sentence.
class Deaf : public trace::Sink {
  public:
    void event(const trace::Event& event) override { require(!trace::sentence(event).empty()); }
    bool wantsTransactions() const override { return true; }
};

} // namespace zk::fuzz
