// Chance, always seeded: the same seed gives the same numbers on every platform.
#pragma once

#include <cstdint>

namespace zk {

// xoshiro256** by Blackman and Vigna, seeded through splitmix64.
class Rng {
  public:
    explicit Rng(std::uint64_t seed);

    std::uint64_t next();
    // A number in [0, bound). Precondition: bound > 0.
    std::uint64_t below(std::uint64_t bound);
    // True with the probability `chance`, 0 to 1.
    bool chance(double chance);
    // A generator of its own whose numbers do not depend on how far this one is drawn later.
    Rng fork();

  private:
    std::uint64_t state_[4];
};

} // namespace zk
