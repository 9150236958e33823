#include "base/assert.h"
#include "tree/tree_state.h"

namespace zk::tree {

ChildWalk::ChildWalk(const DataTree& tree, const Znode& parent)
    : tree_(&tree), parent_(&parent), cursor_(parent.firstChild()),
      count_(parent.childCount()), nameBytes_(parent.childNameBytes()) {
    tree.state_->walks.push_back(this);
}

ChildWalk::~ChildWalk() {
    std::erase(tree_->state_->walks, this);
}

// Younger siblings stand before older ones, and those that came after the walk began stand before all that it
// reads.
void ChildWalk::leave(const Znode& node) {
    if (cursor_ == nullptr || node.parent_ != parent_ || node.place_ > cursor_->place_) return;
    gone_.emplace_back(node.name());
    if (cursor_ == &node) cursor_ = node.nextSibling_;
}

bool ChildWalk::next(std::string& out, std::size_t names) {
    jute::Writer to(out);
    for (; names > 0 && cursor_ != nullptr; --names) {
        to.bytes(cursor_->name());
        cursor_ = cursor_->nextSibling_;
    }
    for (; names > 0 && !gone_.empty(); --names) {
        to.bytes(gone_.back());
        gone_.pop_back();
    }
    return cursor_ != nullptr || !gone_.empty();
}

} // namespace zk::tree
