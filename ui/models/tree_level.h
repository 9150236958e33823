// TreeNode and TreeLevel: the znodes that a TreeModel knows. A node is small; the room for children exists
// only where they were asked for. A level's names are in natural order, so that finding one is a binary
// search.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace viv {

struct TreeLevel;

struct TreeNode {
    TreeNode* parent = nullptr;
    std::uint32_t row = 0;
    std::int32_t children = -1; // as last told; -1: not known yet
    bool ephemeral : 1 = false, container : 1 = false;
    bool asked : 1 = false; // its stat was asked for
    bool stale : 1 = false; // its level changed while it was collapsed
    bool expanded : 1 = false;
    std::string name; // "/" for the root
    std::unique_ptr<TreeLevel> level;

    TreeNode(TreeNode* parentNode, std::string nodeName);
    ~TreeNode();
    std::string path() const;
};

struct TreeLevel {
    enum class State { Loading, Loaded, Failed };
    State state = State::Loading;
    std::string problem; // a sentence, where it failed
    std::vector<std::unique_ptr<TreeNode>> nodes;

    TreeNode* find(std::string_view name) const;
    // Makes the rows' numbers right from this one on.
    void renumber(std::size_t from);
};

// What a level must do to become `names` (naturally sorted): ranges of rows, in the order in which they are
// applied.
struct LevelChange {
    struct Removal {
        std::size_t first, count;
    };
    struct Insertion {
        std::size_t row, name, count; // names[name, name + count) go in at row
    };
    std::vector<Removal> removals;     // from the back to the front
    std::vector<Insertion> insertions; // from the front to the back, after the removals
};
LevelChange changeBetween(const TreeLevel& level, const std::vector<std::string>& names);

// Ten digits at the end of a name: probably a sequential znode; nothing in a Stat says so for sure.
bool looksSequential(std::string_view name);

} // namespace viv
