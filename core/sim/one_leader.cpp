#include "sim/checkers.h"

namespace zk::sim {

void OneLeaderPerEpoch::event(const trace::Event& event, const World& world) {
    if (event.what() != trace::Kind::Serving) return;
    const server::Node* node = world.node(event.server);
    if (!node || node->state() != trace::ServerState::Leading) return;
    const auto [found, first] = leaders_.emplace(event.epoch, event.server);
    if (!first && found->second != event.server)
        violations_.push_back("epoch " + std::to_string(event.epoch) + " has two leaders: " + std::to_string(found->second) +
                              " and " + std::to_string(event.server));
}

} // namespace zk::sim
