#include "sim/checkers.h"

namespace zk::sim {

namespace {

void check(const tree::DataTree& tree, const SimClient& client, const std::string& server, Violations& found) {
    const tree::Znode* node = tree.find(client.path());
    if (client.acknowledged() >= 0) {
        const std::string data = node ? std::string(node->data().value_or("")) : "value--2";
        const std::int64_t number = std::stoll(data.substr(data.find('-') + 1));
        if (number < client.acknowledged() || number > client.attempted())
            found.push_back(client.path() + " is " + std::to_string(number) + " on " + server + ", but " +
                            std::to_string(client.acknowledged()) + " was acknowledged");
    }
    for (const std::string& path : client.created())
        if (!tree.find(path)) found.push_back(path + " was acknowledged and is missing on " + server);
}

} // namespace

Violations nothingAcknowledgedIsLost(const World& world, const std::vector<std::unique_ptr<SimClient>>& clients) {
    Violations found;
    for (const Sid sid : world.servers())
        if (world.node(sid))
            for (const auto& client : clients)
                check(world.node(sid)->tree(), *client, "server " + std::to_string(sid), found);
    return found;
}

} // namespace zk::sim
