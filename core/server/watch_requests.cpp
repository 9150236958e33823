// The requests that are about watches alone: addWatch, checkWatches, removeWatches, and what a client sends to have its
// watches set again. Of the events that a removed watch gives, a server sends none: the client tells them to itself.
#include "server/reads.h"

namespace zk::server {

using jute::ErrorCode;
using jute::EventType;
using jute::OpCode;
using tree::WatchKind;

namespace {

// The kind that a WatcherType means; nothing inside for any kind, nothing at all for a number that is no type.
std::optional<std::optional<WatchKind>> kindOf(std::int32_t type) {
    switch (static_cast<jute::WatcherType>(type)) {
    case jute::WatcherType::Children: return WatchKind::Child;
    case jute::WatcherType::Data: return WatchKind::Data;
    case jute::WatcherType::Any: return std::optional<WatchKind>();
    case jute::WatcherType::Persistent: return WatchKind::Persistent;
    case jute::WatcherType::PersistentRecursive: return WatchKind::Recursive;
    }
    return std::nullopt;
}

ErrorCode addWatch(const ReadContext& context, std::string_view path, std::int32_t mode, jute::Writer& out) {
    WatchKind kind = WatchKind::Persistent;
    switch (static_cast<jute::AddWatchMode>(mode)) {
    case jute::AddWatchMode::Persistent: break;
    case jute::AddWatchMode::PersistentRecursive: kind = WatchKind::Recursive; break;
    default: return ErrorCode::MarshallingError;
    }
    if (!context.watches.add(context.watcher, kind, path)) return ErrorCode::ThrottledOp;
    jute::write(out, jute::ErrorResponse{});
    return ErrorCode::Ok;
}

} // namespace

// All three: a path, then a number that says what kind of watch.
ErrorCode watchRequest(const ReadContext& context, OpCode op, std::string_view body, std::string& bytes) {
    jute::Reader in(body);
    const auto path = in.buffer();
    const std::int32_t number = in.i32();
    if (!in.ok() || !path) return ErrorCode::MarshallingError;
    jute::Writer out(bytes);
    if (op == OpCode::AddWatch) return addWatch(context, *path, number, out);
    const auto kind = kindOf(number);
    if (!kind) return ErrorCode::MarshallingError;
    const bool found = op == OpCode::CheckWatches ? context.watches.contains(context.watcher, *path, *kind)
                                                  : context.watches.remove(context.watcher, *path, *kind);
    return found ? ErrorCode::Ok : ErrorCode::NoWatcher;
}

ErrorCode setWatches(const ReadContext& context, OpCode op, std::string_view body,
                     const std::function<void(EventType, const std::string&)>& tell) {
    jute::Reader in(body);
    jute::SetWatchesRequest request;
    std::vector<std::string> persistent, recursive;
    jute::read(in, request);
    if (op == OpCode::SetWatches2) {
        jute::read(in, persistent);
        jute::read(in, recursive);
    }
    if (!in.ok()) return ErrorCode::MarshallingError;
    bool fits = true;
    const auto add = [&](WatchKind kind, const std::string& path) {
        fits = context.watches.add(context.watcher, kind, path) && fits;
    };
    for (const std::string& path : request.dataWatches) {
        const tree::Znode* const znode = context.tree.find(path);
        if (znode == nullptr) tell(EventType::Deleted, path);
        else if (znode->persisted().mzxid > request.relativeZxid) tell(EventType::DataChanged, path);
        else add(WatchKind::Data, path);
    }
    for (const std::string& path : request.existWatches) {
        if (context.tree.find(path) != nullptr) tell(EventType::Created, path);
        else add(WatchKind::Data, path);
    }
    for (const std::string& path : request.childWatches) {
        const tree::Znode* const znode = context.tree.find(path);
        if (znode == nullptr) tell(EventType::Deleted, path);
        else if (znode->persisted().pzxid > request.relativeZxid) tell(EventType::ChildrenChanged, path);
        else add(WatchKind::Child, path);
    }
    for (const std::string& path : persistent) add(WatchKind::Persistent, path);
    for (const std::string& path : recursive) add(WatchKind::Recursive, path);
    return fits ? ErrorCode::Ok : ErrorCode::ThrottledOp;
}

} // namespace zk::server
