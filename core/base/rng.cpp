#include "base/rng.h"

#include "base/assert.h"

#include <bit>

namespace zk {

Rng::Rng(std::uint64_t seed) {
    for (auto& word : state_) {
        seed += 0x9E3779B97F4A7C15ULL;
        std::uint64_t mixed = seed;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
        word = mixed ^ (mixed >> 31);
    }
}

std::uint64_t Rng::next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

std::uint64_t Rng::below(std::uint64_t bound) {
    ZK_ASSERT(bound > 0);
    const std::uint64_t fair = UINT64_MAX - UINT64_MAX % bound;
    std::uint64_t drawn = next();
    while (drawn >= fair) drawn = next();
    return drawn % bound;
}

bool Rng::chance(double chance) { return static_cast<double>(next() >> 11) * 0x1.0p-53 < chance; }

Rng Rng::fork() { return Rng(next()); }

} // namespace zk
