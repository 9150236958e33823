// Runs many seeds, one World a thread at a time: worlds share nothing.
#pragma once

#include "sim/run.h"

#include <functional>

namespace zk::sim {

// The outcomes of the seeds first..last, in the order of the seeds. `done` is told of each as it ends, on the thread that ran
// it, one at a time.
std::vector<Outcome> runSeeds(std::uint64_t first, std::uint64_t last, const RunOptions& options,
                              const std::function<void(const Outcome&)>& done = {});

} // namespace zk::sim
