#include "base/assert.h"
#include "tree/path.h"
#include "tree/tree_state.h"

namespace zk::tree {

namespace {

// No path, data or ACL of a snapshot is larger.
constexpr std::int32_t kMaxField = 128 * 1024 * 1024;
constexpr std::size_t kStatSize = 60;

// Measures a record before it is read: whether all of it is here, not yet, or never can be.
class Measure {
  public:
    explicit Measure(std::string_view bytes) : bytes_(bytes) {}
    void skip(std::size_t size) { at_ += size; }
    // Skips an int and as many bytes as it says.
    void field(bool mayBeNull) {
        const auto size = number();
        if (!size) return;
        if (*size > kMaxField || *size < (mayBeNull ? -1 : 0))
            fault_ = true;
        else
            at_ += static_cast<std::size_t>(std::max(*size, 0));
    }
    std::optional<std::int32_t> number() {
        if (fault_ || at_ + 4 > bytes_.size()) {
            at_ += 4;
            return std::nullopt;
        }
        at_ += 4;
        return loadBigEndian<std::int32_t>(bytes_.data() + at_ - 4);
    }
    void setFault() { fault_ = true; }
    bool fault() const { return fault_; }
    bool whole() const { return !fault_ && at_ <= bytes_.size(); }
    std::size_t size() const { return at_; }

  private:
    std::string_view bytes_;
    std::size_t at_ = 0;
    bool fault_ = false;
};

Measure measureAcl(std::string_view bytes) {
    Measure measure(bytes);
    measure.skip(8);
    const auto count = measure.number();
    if (count && (*count < -1 || *count > kMaxField)) measure.setFault();
    for (std::int32_t index = 0; count && index < *count && measure.whole(); ++index) {
        measure.skip(4);
        measure.field(true);
        measure.field(true);
    }
    return measure;
}

Measure measureNode(std::string_view bytes) {
    Measure measure(bytes);
    measure.field(false);
    if (measure.whole() && measure.size() == 5 && bytes[4] == '/') return measure;
    measure.field(true);
    measure.skip(8 + kStatSize);
    return measure;
}

} // namespace

struct Loader::State {
    enum class Part { SessionCount, Sessions, AclCount, Acls, Nodes, Done };

    Part part = Part::SessionCount;
    std::int32_t left = 0;  // sessions or ACLs to come
    std::string pending;    // of the body, not read yet
    std::size_t offset = 0; // of `pending` in the body
    std::unique_ptr<DataTree> tree;
};

Loader::Loader(TreeOptions options) : state_(std::make_unique<State>()) {
    state_->tree.reset(new DataTree(DataTree::Empty{}, options));
}
Loader::~Loader() = default;

bool Loader::done() const {
    return state_->part == State::Part::Done;
}

// A record that is not whole yet is kept; everything else is read where it stands.
Result<std::size_t> Loader::feed(std::string_view bytes) {
    State& state = *state_;
    if (done()) return std::size_t{0};
    if (!state.pending.empty()) state.pending += bytes;
    const std::string_view unread = state.pending.empty() ? bytes : std::string_view(state.pending);
    std::size_t at = 0;
    while (!done()) {
        const auto size = loadRecord(unread.substr(at));
        if (!size)
            return Error{Errc::Malformed, "The snapshot's body is damaged at byte " +
                                              std::to_string(state.offset + at) + ": " + size.error() +
                                              ". Recover from an older snapshot."};
        if (*size == 0) break;
        at += *size;
    }
    const std::size_t over = done() ? unread.size() - at : 0;
    if (state.pending.empty())
        state.pending.assign(bytes.substr(at));
    else
        state.pending.erase(0, at);
    state.offset += at;
    return bytes.size() - over;
}

// The size of the record at the start of `bytes`, which it has read; 0 where the record is not whole yet;
// otherwise what is wrong with it.
boost::system::result<std::size_t, std::string> Loader::loadRecord(std::string_view bytes) {
    using Part = State::Part;
    State& state = *state_;
    Measure size(bytes);
    if (state.part == Part::Sessions)
        size.skip(12);
    else if (state.part == Part::Acls)
        size = measureAcl(bytes);
    else if (state.part == Part::Nodes)
        size = measureNode(bytes);
    else
        size.skip(4);
    if (size.fault()) return "a length is negative or too large";
    if (!size.whole()) return std::size_t{0};
    jute::Reader in(bytes.substr(0, size.size()));
    if (state.part == Part::SessionCount || state.part == Part::AclCount) {
        state.left = in.i32();
        if (state.left < 0) return "a count is negative";
        state.part = state.part == Part::SessionCount ? Part::Sessions : Part::Acls;
    } else if (state.part == Part::Sessions) {
        const SessionId session = in.i64();
        state.tree->sessions_[session] = in.i32();
        --state.left;
    } else if (state.part == Part::Acls) {
        const std::int64_t id = in.i64();
        std::vector<jute::Acl> acl;
        jute::read(in, acl);
        if (id < 1 || id > INT32_MAX) return "an ACL has the number " + std::to_string(id);
        state.tree->state_->acls.load(static_cast<std::int32_t>(id), std::move(acl));
        --state.left;
    } else if (std::string what = loadNode(in); !what.empty()) {
        return what;
    }
    if (state.part == Part::Sessions && state.left == 0) state.part = Part::AclCount;
    if (state.part == Part::Acls && state.left == 0) state.part = Part::Nodes;
    return size.size();
}

// What is wrong with the znode; nothing where it stands in the tree now.
std::string Loader::loadNode(jute::Reader& in) {
    DataTree& tree = *state_->tree;
    const std::string_view path = in.ustring();
    if (path == "/") {
        if (!tree.find("/zookeeper")) return "the root or /zookeeper is missing";
        state_->part = State::Part::Done;
        return {};
    }
    const auto data = in.buffer();
    const std::int64_t aclId = in.i64();
    StatPersisted stat;
    jute::read(in, stat);
    if (!in.ok()) return "a znode is cut short";
    if (aclId < -1 || aclId > INT32_MAX)
        return "the znode " + std::string(path) + " names the ACL " + std::to_string(aclId);
    if (!path.empty() && !isValidPath(path)) return pathFault(path);
    if (tree.find(path)) return "the znode " + std::string(path) + " stands there twice";
    Znode* const parent = path.empty() ? nullptr : tree.state_->nodes.find(path.substr(0, path.rfind('/')));
    if (!path.empty() && !parent) return "the znode " + std::string(path) + " comes before its parent";
    tree.insert(path, data, static_cast<std::int32_t>(aclId), stat, parent);
    tree.state_->acls.useId(static_cast<std::int32_t>(aclId));
    return {};
}

std::unique_ptr<DataTree> Loader::finish(Zxid zxid) {
    ZK_ASSERT(done() && state_->tree);
    state_->tree->state_->acls.dropUnused();
    state_->tree->findQuotas();
    state_->tree->lastZxid_ = zxid;
    return std::move(state_->tree);
}

} // namespace zk::tree
