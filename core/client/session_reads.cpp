// Calls of Client: reads beyond one znode, and the watches that stay until they are removed.
#include "client/multi_reply.h"
#include "client/session_call.h"

namespace zk::client {

using jute::ErrorCode;
using jute::OpCode;

void SessionMachine::multiRead(std::vector<ReadOp> ops, Callback<std::vector<ReadOutcome>> done) {
    std::vector<jute::MultiOp> wire;
    for (const ReadOp& op : ops) {
        const auto* data = std::get_if<GetDataOp>(&op);
        const std::string& path = data ? data->path : std::get<GetChildrenOp>(op).path;
        wire.push_back({data ? OpCode::GetData : OpCode::GetChildren, jute::encode(jute::ReadRequest{toServer(path), false})});
    }
    Answer answer = [expected = ops.size(), done = std::move(done)](const Result<std::string_view>& body) {
        if (!done) return;
        if (body) done(decodeMultiReadReply(*body, expected));
        else done(body.error());
    };
    if (auto error = refusalOf(OpCode::MultiRead)) return refuse(std::move(*error), std::move(answer));
    enqueue(OpCode::MultiRead, "", jute::encodeMulti(wire), std::move(answer));
}

void SessionMachine::getAllChildrenNumber(std::string path, Callback<std::int32_t> done) {
    call<jute::GetAllChildrenNumberResponse, std::int32_t>(
        OpCode::GetAllChildrenNumber, path, jute::PathRecord{toServer(path)}, std::move(done),
        [](jute::GetAllChildrenNumberResponse response) { return response.totalNumber; });
}

void SessionMachine::getEphemerals(std::string prefix, Callback<std::vector<std::string>> done) {
    const std::string root = options_.connect.chroot + '/';
    const std::string asked = options_.connect.chroot + prefix;
    call<jute::GetEphemeralsResponse, std::vector<std::string>>(
        OpCode::GetEphemerals, prefix, jute::PathRecord{asked}, std::move(done),
        [this, root](jute::GetEphemeralsResponse response) {
            // Beside a chroot "/app" there may be an "/apple".
            std::erase_if(response.ephemerals, [&](const std::string& path) { return !path.starts_with(root); });
            for (std::string& path : response.ephemerals) path = toUser(path);
            return std::move(response.ephemerals);
        });
}

void SessionMachine::whoAmI(Callback<std::vector<jute::ClientInfo>> done) {
    call<jute::WhoAmIResponse, std::vector<jute::ClientInfo>>(
        OpCode::WhoAmI, "", Nothing{}, std::move(done),
        [](jute::WhoAmIResponse response) { return std::move(response.clientInfo); });
}

void SessionMachine::addWatch(std::string path, jute::AddWatchMode mode, Watcher watcher, Callback<void> done) {
    const jute::AddWatchRequest request{toServer(path), static_cast<std::int32_t>(mode)};
    const auto kind = mode == jute::AddWatchMode::Persistent ? WatchSet::Kind::Persistent : WatchSet::Kind::Recursive;
    call<jute::ErrorResponse, void>(OpCode::AddWatch, path, request, std::move(done),
                                    [this, kind, key = request.path, watcher = std::move(watcher)](jute::ErrorResponse) {
                                        if (watcher) watches_.add(kind, key, watcher);
                                        return Result<void>();
                                    });
}

void SessionMachine::checkWatches(std::string path, jute::WatcherType type, Callback<void> done) {
    const jute::WatcherTypeRequest request{toServer(path), static_cast<std::int32_t>(type)};
    call<Nothing, void>(OpCode::CheckWatches, path, request, std::move(done), [](Nothing) { return Result<void>(); });
}

void SessionMachine::removeWatches(std::string path, jute::WatcherType type, bool local, Callback<void> done) {
    const jute::WatcherTypeRequest request{toServer(path), static_cast<std::int32_t>(type)};
    Answer answer = [this, path, type, local, key = request.path,
                     done = std::move(done)](const Result<std::string_view>& body) {
        const auto alive = alive_;
        std::vector<WatchSet::Removed> removed;
        if (body || local) removed = watches_.remove(type, key);
        for (const WatchSet::Removed& one : removed) {
            one.watcher({one.type, path});
            if (!*alive) return;
        }
        if (!done) return;
        if (!body && !local) return done(body.error());
        if (!removed.empty()) return done({});
        const std::string why = path + ": " + std::string(jute::describe(ErrorCode::NoWatcher));
        done(Error{toErrorCode(ErrorCode::NoWatcher), why});
    };
    auto error = refusalOf(OpCode::RemoveWatches);
    // Without a connection the server has none of our watches, and gets only those that are left.
    if (!error && local && phase_ != Phase::Running)
        error = Error{toErrorCode(ErrorCode::ConnectionLoss), std::string(jute::describe(ErrorCode::ConnectionLoss))};
    if (error) return refuse(std::move(*error), std::move(answer));
    enqueue(OpCode::RemoveWatches, path, jute::encode(request), std::move(answer));
}

} // namespace zk::client
