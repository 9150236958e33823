// One simulated run from a seed: an ensemble under a workload and a nemesis, then peace, then every invariant.
#pragma once

#include "sim/world.h"

#include <string>
#include <vector>

namespace zk::sim {

struct RunOptions {
    std::uint64_t seed = 1;
    Planted planted = Planted::None;
    Duration trouble = std::chrono::seconds(12); // how long the nemesis is at work
    int clients = 4;
    bool tell = false; // print every event as it happens
};

struct Outcome {
    std::uint64_t seed = 0;
    std::vector<std::string> violations; // empty: all is well
    std::size_t elections = 0, commits = 0, crashes = 0, partitions = 0, acknowledged = 0;
    std::uint64_t traceHash = 0; // over every event: the same seed gives the same
};

// Three servers, or by the seed five, or three and an observer.
Outcome run(const RunOptions& options);

} // namespace zk::sim
