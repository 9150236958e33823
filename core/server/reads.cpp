#include "server/reads.h"

#include "tree/acl.h"

#include <algorithm>

namespace zk::server {

using jute::ErrorCode;
using jute::OpCode;
using tree::WatchKind;

bool isRead(OpCode op) {
    switch (op) {
    case OpCode::Exists:
    case OpCode::GetData:
    case OpCode::GetAcl:
    case OpCode::GetChildren:
    case OpCode::GetChildren2:
    case OpCode::GetAllChildrenNumber:
    case OpCode::GetEphemerals:
    case OpCode::MultiRead:
    case OpCode::WhoAmI:
    case OpCode::AddWatch:
    case OpCode::CheckWatches:
    case OpCode::RemoveWatches: return true;
    default: return false;
    }
}

namespace {

void writeAcl(jute::Writer& out, const ReadContext& context, const tree::Znode& znode) {
    const std::vector<jute::Acl>& acl = context.tree.acl(znode);
    if (context.skipAcl || tree::permits(acl, jute::kPermAdmin, context.identities)) jute::write(out, acl);
    else jute::write(out, tree::masked(acl));
    jute::write(out, znode.stat());
}

void writeData(jute::Writer& out, const tree::Znode& znode) {
    if (const auto data = znode.data()) out.bytes(*data);
    else out.i32(-1);
    jute::write(out, znode.stat());
}

void writeChildren(jute::Writer& out, const tree::Znode& znode, bool withStat) {
    out.i32(static_cast<std::int32_t>(znode.childCount()));
    for (const auto& name : znode.children()) out.bytes(name);
    if (withStat) jute::write(out, znode.stat());
}

// Every znode below; the root under its empty name has itself, "/", below it too.
void writeDescendantCount(jute::Writer& out, const ReadContext& context, std::string_view path,
                          const tree::Znode& znode) {
    out.i32(static_cast<std::int32_t>(context.tree.descendantCount(znode) + (path.empty() ? 1 : 0)));
}

// What is asked of one znode.
ErrorCode readZnode(const ReadContext& context, OpCode op, std::string_view path, bool watch, jute::Writer& out) {
    if (op == OpCode::Exists && path.find('\0') != std::string_view::npos) return ErrorCode::BadArguments;
    const tree::Znode* const znode = context.tree.find(path);
    if (znode == nullptr) {
        // A watch on what does not exist waits for its creation.
        const bool waits = op == OpCode::Exists && watch;
        if (waits && !context.watches.add(context.watcher, WatchKind::Data, path)) return ErrorCode::ThrottledOp;
        return ErrorCode::NoNode;
    }
    const std::int32_t perms = op == OpCode::GetAcl ? jute::kPermRead | jute::kPermAdmin : jute::kPermRead;
    if (!context.skipAcl && !tree::permits(context.tree.acl(*znode), perms, context.identities)) return ErrorCode::NoAuth;
    const bool ofChildren = op == OpCode::GetChildren || op == OpCode::GetChildren2;
    const WatchKind kind = ofChildren ? WatchKind::Child : WatchKind::Data;
    if (watch && !context.watches.add(context.watcher, kind, path)) return ErrorCode::ThrottledOp;
    switch (op) {
    case OpCode::Exists: jute::write(out, znode->stat()); break;
    case OpCode::GetAcl: writeAcl(out, context, *znode); break;
    case OpCode::GetData: writeData(out, *znode); break;
    case OpCode::GetAllChildrenNumber: writeDescendantCount(out, context, path, *znode); break;
    default:
        if (context.listed != nullptr && znode->childCount() > kListedAtOnce) *context.listed = znode;
        else writeChildren(out, *znode, op == OpCode::GetChildren2);
    }
    return ErrorCode::Ok;
}

// As Java's trim() does: control characters count as blanks.
std::string_view trimmed(std::string_view text) {
    const auto isBlank = [](char letter) { return static_cast<unsigned char>(letter) <= ' '; };
    while (!text.empty() && isBlank(text.front())) text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back())) text.remove_suffix(1);
    return text;
}

// The ephemerals of the session that asks. The prefix is one of letters, not of path components.
ErrorCode getEphemerals(const ReadContext& context, std::string_view body, jute::Writer& out) {
    jute::Reader in(body);
    const std::string_view prefix = in.ustring();
    if (!in.ok()) return ErrorCode::MarshallingError;
    const bool all = trimmed(prefix).empty() || trimmed(prefix) == "/";
    jute::GetEphemeralsResponse response;
    for (const std::string& path : context.tree.ephemerals(context.session))
        if (all || path.starts_with(prefix)) response.ephemerals.push_back(path);
    jute::write(out, response);
    return ErrorCode::Ok;
}

ErrorCode whoAmI(const ReadContext& context, jute::Writer& out) {
    jute::WhoAmIResponse response;
    for (const jute::Id& identity : context.identities)
        response.clientInfo.push_back({identity.scheme, tree::userName(identity)});
    jute::write(out, response);
    return ErrorCode::Ok;
}

// Operations of one multi are either all reads or all changes; of changes a multiRead carries out none.
ErrorCode multiRead(const ReadContext& context, std::string_view body, jute::Writer& out) {
    const auto ops = jute::decodeMulti(body);
    if (!ops) return ErrorCode::MarshallingError;
    const auto isChange = [](const jute::MultiOp& op) { return !isRead(op.type); };
    const auto changes = static_cast<std::size_t>(std::count_if(ops->begin(), ops->end(), isChange));
    if (changes > 0 && changes < ops->size()) return ErrorCode::MarshallingError;
    const std::size_t start = out.out().size();
    for (const jute::MultiOp& op : *ops) {
        if (changes > 0) break;
        const std::size_t partStart = out.out().size();
        if (partStart - start > kMultiReadMax) {
            out.out().resize(start);
            return ErrorCode::MarshallingError;
        }
        jute::write(out, jute::MultiHeader{static_cast<std::int32_t>(op.type), false, 0});
        // It sets no watch: the flag is not looked at.
        const auto path = jute::Reader(op.body).buffer();
        if (!path) return ErrorCode::MarshallingError;
        const ErrorCode err = readZnode(context, op.type, *path, false, out);
        if (err == ErrorCode::Ok) continue;
        out.out().resize(partStart);
        const auto number = static_cast<std::int32_t>(err);
        jute::write(out, jute::MultiHeader{static_cast<std::int32_t>(OpCode::Error), false, number});
        out.i32(number);
    }
    jute::write(out, jute::MultiHeader{-1, true, -1});
    return changes > 0 ? ErrorCode::MarshallingError : ErrorCode::Ok;
}

} // namespace

ErrorCode read(const ReadContext& context, OpCode op, std::string_view body, std::string& bytes) {
    jute::Writer out(bytes);
    switch (op) {
    case OpCode::GetEphemerals: return getEphemerals(context, body, out);
    case OpCode::WhoAmI: return whoAmI(context, out);
    case OpCode::MultiRead: return multiRead(context, body, out);
    case OpCode::AddWatch:
    case OpCode::CheckWatches:
    case OpCode::RemoveWatches: return watchRequest(context, op, body, bytes);
    default: break;
    }
    jute::Reader in(body);
    const auto path = in.buffer();
    const bool watches = op != OpCode::GetAcl && op != OpCode::GetAllChildrenNumber;
    const bool watch = watches && in.boolean();
    if (!in.ok() || !path) return ErrorCode::MarshallingError;
    return readZnode(context, op, *path, watch, out);
}

} // namespace zk::server
