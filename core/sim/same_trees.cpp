#include "sim/checkers.h"

namespace zk::sim {

namespace {

// The whole tree as a snapshot's body.
std::string bodyOf(const World& world, Sid sid) {
    // A view does not change what the tree holds; it only takes part in its bookkeeping.
    auto& tree = const_cast<tree::DataTree&>(world.node(sid)->tree());
    const auto view = tree.view();
    std::string body;
    while (view->next(body, 1 << 20)) {}
    return body;
}

} // namespace

Violations sameTrees(const World& world) {
    Violations found;
    Sid first = 0;
    for (const Sid sid : world.servers()) {
        if (!world.node(sid)) continue;
        if (first == 0) {
            first = sid;
            continue;
        }
        const auto& one = world.node(first)->tree();
        const auto& other = world.node(sid)->tree();
        const std::string pair = "servers " + std::to_string(first) + " and " + std::to_string(sid);
        if (one.lastZxid() != other.lastZxid())
            found.push_back(pair + " stand at " + hex(one.lastZxid()) + " and " + hex(other.lastZxid()));
        else if (one.digest() != other.digest() || one.sessions() != other.sessions() ||
                 one.znodeCount() != other.znodeCount() || bodyOf(world, first).size() != bodyOf(world, sid).size())
            found.push_back(pair + " hold different trees at " + hex(one.lastZxid()));
    }
    return found;
}

} // namespace zk::sim
