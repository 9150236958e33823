// A View walks the znodes in the order of their creation. What changes or goes ahead of it is kept as it was,
// by its place in that order; what was created after the view's moment stands behind `end` and is not walked
// to.
#include "tree/tree_state.h"

namespace zk::tree {

struct View::Progress {
    struct Image {
        std::string path;
        Buffer data;
        std::int32_t aclId = 0;
        StatPersisted stat;
    };

    std::string head; // sessions and ACLs
    std::size_t headWritten = 0;
    const Znode* cursor = nullptr; // the next znode of the living tree
    std::uint64_t written = 0;     // all places below have been written
    std::uint64_t end = 0;
    std::map<std::uint64_t, Image> before; // by place, not below `written`
    bool ended = false;
};

namespace {

// Behind the path.
void writeNode(std::string& out, std::optional<std::string_view> data, std::int32_t aclId,
               const StatPersisted& stat) {
    jute::Writer to(out);
    if (data)
        to.bytes(*data);
    else
        to.i32(-1);
    to.i64(aclId);
    jute::write(to, stat);
}

} // namespace

View::View(DataTree& tree)
    : tree_(&tree), zxid_(tree.lastZxid()), digest_(tree.digest()), progress_(std::make_unique<Progress>()) {
    jute::Writer head(progress_->head);
    head.i32(static_cast<std::int32_t>(tree.sessions_.size()));
    for (const auto& [session, timeoutMs] : tree.sessions_) {
        head.i64(session);
        head.i32(timeoutMs);
    }
    const auto& acls = tree.state_->acls.all();
    head.i32(static_cast<std::int32_t>(acls.size()));
    for (const auto& [id, entry] : acls) {
        head.i64(id);
        jute::write(head, entry.acl);
    }
    progress_->cursor = tree.state_->oldest;
    progress_->end = tree.state_->nextPlace;
    tree.state_->views.push_back(this);
}

View::~View() {
    std::erase(tree_->state_->views, this);
}

void View::keep(const Znode& node) {
    if (node.place_ < progress_->written || node.place_ >= progress_->end) return;
    if (progress_->before.contains(node.place())) return;
    const auto data = node.data();
    progress_->before.emplace(node.place(), Progress::Image{node.diskPath(),
                                                           data ? Buffer(std::string(*data)) : std::nullopt,
                                                           node.aclId_, node.persisted()});
}

void View::leave(const Znode& node) {
    if (progress_->cursor == &node) progress_->cursor = node.newer_;
}

// One znode more; false where none is left.
bool View::nextNode(std::string& out) {
    Progress& at = *progress_;
    const std::uint64_t alive = at.cursor ? std::min(at.cursor->place(), at.end) : at.end;
    const auto kept = at.before.begin();
    if (kept != at.before.end() && kept->first <= alive) {
        const auto& image = kept->second;
        jute::Writer(out).bytes(image.path);
        writeNode(out, image.data, image.aclId, image.stat);
        if (kept->first == alive) at.cursor = at.cursor->newer_;
        at.written = kept->first + 1;
        at.before.erase(kept);
        return true;
    }
    if (alive == at.end) return false;
    jute::Writer(out).i32(static_cast<std::int32_t>(at.cursor->pathSize()));
    at.cursor->appendPath(out);
    writeNode(out, at.cursor->data(), at.cursor->aclId_, at.cursor->persisted());
    at.written = alive + 1;
    at.cursor = at.cursor->newer_;
    return true;
}

bool View::next(std::string& out, std::size_t budget) {
    Progress& at = *progress_;
    if (at.ended) return false;
    const std::size_t full = out.size() + std::max<std::size_t>(budget, 1);
    if (at.headWritten < at.head.size()) {
        const std::size_t size = std::min(at.head.size() - at.headWritten, full - out.size());
        out.append(at.head, at.headWritten, size);
        at.headWritten += size;
    }
    while (out.size() < full) {
        if (nextNode(out)) continue;
        jute::Writer(out).bytes("/");
        at.ended = true;
        return false;
    }
    return true;
}

} // namespace zk::tree
