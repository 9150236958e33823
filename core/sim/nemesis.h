// Nemesis: what goes wrong in a run. At seeded moments it crashes, restarts, freezes and cuts off servers, and lets election
// messages be lost; at the end it sets everything right again.
#pragma once

#include "sim/world.h"

namespace zk::sim {

struct NemesisOptions {
    Duration pauseMin = std::chrono::milliseconds(400), pauseMax = std::chrono::milliseconds(2500); // between two acts
};

class Nemesis {
  public:
    Nemesis(World& world, NemesisOptions options, Rng rng);

    void start();
    // No more acts; heals the network, wakes and starts every server.
    void makePeace();

    std::size_t crashes() const { return crashes_; }
    std::size_t partitions() const { return partitions_; }

  private:
    void later();
    void act();
    void crash();
    void partition();
    // The leader more often than its share: that is where it hurts.
    Sid victim();

    World& world_;
    NemesisOptions options_;
    Rng rng_;
    bool active_ = false;
    std::size_t crashes_ = 0, partitions_ = 0, acts_ = 0;
};

} // namespace zk::sim
