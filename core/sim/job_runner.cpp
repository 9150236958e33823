#include "sim/job_runner.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace zk::sim {

std::vector<Outcome> runSeeds(std::uint64_t first, std::uint64_t last, const RunOptions& options,
                              const std::function<void(const Outcome&)>& done) {
    std::vector<Outcome> outcomes(last - first + 1);
    std::atomic<std::uint64_t> next = first;
    std::mutex telling;
    const auto work = [&] {
        for (std::uint64_t seed = next++; seed <= last; seed = next++) {
            RunOptions own = options;
            own.seed = seed;
            Outcome& outcome = outcomes[seed - first];
            outcome = run(own);
            const std::lock_guard lock(telling);
            if (done) done(outcome);
        }
    };
    std::vector<std::jthread> threads;
    for (unsigned count = std::max(1U, std::thread::hardware_concurrency()); count > 0; --count) threads.emplace_back(work);
    threads.clear(); // joins
    return outcomes;
}

} // namespace zk::sim
