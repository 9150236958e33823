#include "server/reads.h"

#include "tree/acl.h"

namespace zk::server {

using jute::ErrorCode;
using jute::EventType;
using jute::OpCode;
using tree::WatchKind;

bool isRead(OpCode op) {
    switch (op) {
    case OpCode::Exists:
    case OpCode::GetData:
    case OpCode::GetAcl:
    case OpCode::GetChildren:
    case OpCode::GetChildren2: return true;
    default: return false;
    }
}

namespace {

void writeAcl(jute::Writer& out, const ReadContext& context, const tree::Znode& znode) {
    const std::vector<jute::Acl>& acl = context.tree.acl(znode);
    if (tree::permits(acl, jute::kPermAdmin, context.identities)) jute::write(out, acl);
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

} // namespace

ErrorCode read(const ReadContext& context, OpCode op, std::string_view body, std::string& bytes) {
    jute::Reader in(body);
    const std::string_view path = in.ustring();
    const bool watch = op != OpCode::GetAcl && in.boolean();
    if (!in.ok()) return ErrorCode::MarshallingError;
    const tree::Znode* const znode = context.tree.find(path);
    jute::Writer out(bytes);
    if (op == OpCode::Exists) {
        if (path.find('\0') != std::string_view::npos) return ErrorCode::BadArguments;
        // A watch on what does not exist waits for its creation.
        if (watch) context.watches.add(context.watcher, WatchKind::Data, path);
        if (znode == nullptr) return ErrorCode::NoNode;
        jute::write(out, znode->stat());
        return ErrorCode::Ok;
    }
    if (znode == nullptr) return ErrorCode::NoNode;
    const std::int32_t perms = op == OpCode::GetAcl ? jute::kPermRead | jute::kPermAdmin : jute::kPermRead;
    if (!tree::permits(context.tree.acl(*znode), perms, context.identities)) return ErrorCode::NoAuth;
    const bool ofChildren = op == OpCode::GetChildren || op == OpCode::GetChildren2;
    if (watch) context.watches.add(context.watcher, ofChildren ? WatchKind::Child : WatchKind::Data, path);
    if (op == OpCode::GetAcl) writeAcl(out, context, *znode);
    else if (op == OpCode::GetData) writeData(out, *znode);
    else writeChildren(out, *znode, op == OpCode::GetChildren2);
    return ErrorCode::Ok;
}

ErrorCode setWatches(const ReadContext& context, std::string_view body,
                     const std::function<void(EventType, const std::string&)>& tell) {
    const auto request = jute::decode<jute::SetWatchesRequest>(body);
    if (!request) return ErrorCode::MarshallingError;
    for (const std::string& path : request->dataWatches) {
        const tree::Znode* const znode = context.tree.find(path);
        if (znode == nullptr) tell(EventType::Deleted, path);
        else if (znode->persisted().mzxid > request->relativeZxid) tell(EventType::DataChanged, path);
        else context.watches.add(context.watcher, WatchKind::Data, path);
    }
    for (const std::string& path : request->existWatches) {
        if (context.tree.find(path) != nullptr) tell(EventType::Created, path);
        else context.watches.add(context.watcher, WatchKind::Data, path);
    }
    for (const std::string& path : request->childWatches) {
        const tree::Znode* const znode = context.tree.find(path);
        if (znode == nullptr) tell(EventType::Deleted, path);
        else if (znode->persisted().pzxid > request->relativeZxid) tell(EventType::ChildrenChanged, path);
        else context.watches.add(context.watcher, WatchKind::Child, path);
    }
    return ErrorCode::Ok;
}

} // namespace zk::server
