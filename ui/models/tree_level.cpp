#include "models/tree_level.h"

#include "bridge/natural_order.h"

#include <algorithm>

namespace viv {

TreeNode::TreeNode(TreeNode* parentNode, std::string nodeName)
    : parent(parentNode), name(std::move(nodeName)) {}
TreeNode::~TreeNode() = default;

std::string TreeNode::path() const {
    if (parent == nullptr) return "/";
    std::string above = parent->path();
    if (above.size() > 1) above += '/';
    return above + name;
}

TreeNode* TreeLevel::find(std::string_view name) const {
    const auto at =
        std::lower_bound(nodes.begin(), nodes.end(), name, [](const auto& node, std::string_view wanted) {
            return naturallyBefore(node->name, wanted);
        });
    return at != nodes.end() && (*at)->name == name ? at->get() : nullptr;
}

void TreeLevel::renumber(std::size_t from) {
    for (std::size_t row = from; row < nodes.size(); ++row)
        nodes[row]->row = std::uint32_t(row);
}

LevelChange changeBetween(const TreeLevel& level, const std::vector<std::string>& names) {
    LevelChange change;
    std::size_t old = 0, fresh = 0, row = 0; // row: where we are once the removals are done
    while (old < level.nodes.size() || fresh < names.size()) {
        const bool oldEnds = old == level.nodes.size(), freshEnds = fresh == names.size();
        if (!oldEnds && !freshEnds && level.nodes[old]->name == names[fresh]) {
            ++old, ++fresh, ++row;
        } else if (freshEnds || (!oldEnds && naturallyBefore(level.nodes[old]->name, names[fresh]))) {
            auto& removals = change.removals;
            if (!removals.empty() && removals.back().first + removals.back().count == old)
                ++removals.back().count;
            else
                removals.push_back({old, 1});
            ++old;
        } else {
            auto& insertions = change.insertions;
            if (!insertions.empty() && insertions.back().row + insertions.back().count == row)
                ++insertions.back().count;
            else
                insertions.push_back({row, fresh, 1});
            ++fresh, ++row;
        }
    }
    std::reverse(change.removals.begin(), change.removals.end());
    return change;
}

bool looksSequential(std::string_view name) {
    constexpr std::size_t kDigits = 10;
    if (name.size() < kDigits) return false;
    const std::string_view end = name.substr(name.size() - kDigits);
    return std::all_of(end.begin(), end.end(), [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace viv
