#include "server/prepare.h"

#include "tree/acl.h"
#include "tree/path.h"

namespace zk::server {

using jute::ErrorCode;
using jute::OpCode;

namespace {

// Apache's version counters wrap as 32 bits do.
std::int32_t increment(std::int32_t version) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(version) + 1);
}

bool versionFits(std::int32_t expected, std::int32_t current) { return expected == -1 || expected == current; }

// The znodes that every tree has; no client deletes them.
bool isBuiltIn(std::string_view path) {
    return path == "/" || path == "/zookeeper" || path == "/zookeeper/quota" || path == "/zookeeper/config";
}

// The order of these checks is Apache's, and clients see it: a path is split before anybody looks at what it holds.
bool splits(std::string_view path) {
    return path.find('/') != std::string_view::npos && path.find('\0') == std::string_view::npos;
}

std::string parentOf(std::string_view path) {
    const std::string_view parent = path.substr(0, path.rfind('/'));
    return std::string(parent.empty() ? "/" : parent);
}

bool isCreateMode(std::int32_t flags) {
    return flags >= static_cast<std::int32_t>(jute::CreateMode::Persistent) &&
           flags <= static_cast<std::int32_t>(jute::CreateMode::TtlSequential);
}

// An owner that is a session's id, and not the mark of a container.
bool isEphemeralOwner(std::int64_t owner) { return owner != 0 && owner != tree::kContainerOwner; }

} // namespace

jute::Txn Preparer::prepare(const WriteRequest& request, Zxid zxid, WallTime wall, Instant now) {
    const Context context{request, zxid, wall.ms};
    Outcome outcome;
    switch (request.op) {
    case OpCode::CreateSession: outcome = createSession(context, now); break;
    case OpCode::CloseSession: outcome = closeSession(context); break;
    case OpCode::Multi: outcome = multi(context); break;
    default: outcome = operation(context, request.op, request.body); break;
    }
    jute::Txn txn;
    const OpCode type = outcome.err == ErrorCode::Ok ? request.op : OpCode::Error;
    txn.header = {request.session, request.cxid, zxid, wall.ms, static_cast<std::int32_t>(type)};
    txn.body = std::move(outcome.body);
    if (digestEnabled_ && type != OpCode::Error)
        txn.digest = jute::TxnDigest{2, static_cast<std::int64_t>(outstanding_.digest())};
    return txn;
}

Preparer::Outcome Preparer::operation(const Context& context, OpCode op, std::string_view body) {
    if (op == OpCode::Reconfig) return failed(ErrorCode::ReconfigDisabled);
    switch (op) {
    case OpCode::Create:
    case OpCode::Create2: return create(context, body);
    case OpCode::Delete: return remove(context, body);
    case OpCode::SetData: return setData(context, body);
    case OpCode::SetAcl: return setAcl(context, body);
    case OpCode::Check: return check(context, body);
    default: return failed(ErrorCode::Unimplemented);
    }
}

ErrorCode Preparer::permission(const Context& context, const std::string& path, const Future& znode,
                               std::int32_t perms) const {
    const bool permitted = tree::permits(outstanding_.acl(path, znode), perms, *context.request.identities);
    return permitted ? ErrorCode::Ok : ErrorCode::NoAuth;
}

Preparer::Outcome Preparer::create(const Context& context, std::string_view body) {
    auto request = jute::decode<jute::CreateRequest>(body);
    if (!request) return failed(ErrorCode::MarshallingError);
    if (!isCreateMode(request->flags)) return failed(ErrorCode::BadArguments);
    const auto mode = static_cast<jute::CreateMode>(request->flags);
    if (mode >= jute::CreateMode::Container) return failed(ErrorCode::Unimplemented);
    if (const ErrorCode err = sessions_.check(context.request.session, context.request.owner); err != ErrorCode::Ok)
        return failed(err);
    const bool sequential = jute::isSequential(mode);
    std::string path = std::move(request->path);
    if (!splits(path)) return failed(ErrorCode::BadArguments);
    auto fixed = tree::fixAcl(request->acl, *context.request.identities);
    if (fixed.err != ErrorCode::Ok) return failed(fixed.err);

    const std::string parentPath = parentOf(path);
    auto parent = outstanding_.find(parentPath);
    if (!parent) return failed(ErrorCode::NoNode);
    if (const ErrorCode err = permission(context, parentPath, *parent, jute::kPermCreate); err != ErrorCode::Ok)
        return failed(err);
    if (sequential) path = tree::sequential(path, parent->stat.cversion);
    if (!tree::isValidPath(path)) return failed(ErrorCode::BadArguments);
    if (outstanding_.find(path)) return failed(ErrorCode::NodeExists);
    if (isEphemeralOwner(parent->stat.ephemeralOwner)) return failed(ErrorCode::NoChildrenForEphemerals);

    const bool ephemeral = jute::isEphemeral(mode);
    Future znode;
    znode.zxid = znode.stat.czxid = znode.stat.mzxid = znode.stat.pzxid = context.zxid;
    znode.stat.ctime = znode.stat.mtime = context.timeMs;
    znode.stat.ephemeralOwner = ephemeral ? context.request.session : 0;
    znode.acl = std::make_shared<const std::vector<jute::Acl>>(fixed.acl);
    znode.data = std::make_shared<const Buffer>(request->data);
    const std::int32_t parentCversion = increment(parent->stat.cversion);
    parent->zxid = parent->stat.pzxid = context.zxid;
    parent->stat.cversion = parentCversion;
    ++parent->children;
    outstanding_.put(parentPath, std::move(*parent));
    outstanding_.put(path, std::move(znode));
    return {ErrorCode::Ok, jute::CreateTxn{std::move(path), std::move(request->data), std::move(fixed.acl), ephemeral,
                                           parentCversion}};
}

void Preparer::removeZnode(const std::string& path, Zxid zxid) {
    const std::string parentPath(tree::parentOf(path));
    if (auto parent = outstanding_.find(parentPath)) {
        parent->zxid = parent->stat.pzxid = zxid;
        --parent->children;
        outstanding_.put(parentPath, std::move(*parent));
    }
    Future gone;
    gone.zxid = zxid;
    gone.exists = false;
    outstanding_.put(path, std::move(gone));
}

Preparer::Outcome Preparer::remove(const Context& context, std::string_view body) {
    auto request = jute::decode<jute::DeleteRequest>(body);
    if (!request) return failed(ErrorCode::MarshallingError);
    if (const ErrorCode err = sessions_.check(context.request.session, context.request.owner); err != ErrorCode::Ok)
        return failed(err);
    const std::string& path = request->path;
    if (!splits(path) || isBuiltIn(path)) return failed(ErrorCode::BadArguments);
    const std::string parentPath = parentOf(path);
    const auto parent = outstanding_.find(parentPath);
    if (!parent) return failed(ErrorCode::NoNode);
    if (const ErrorCode err = permission(context, parentPath, *parent, jute::kPermDelete); err != ErrorCode::Ok)
        return failed(err);
    const auto znode = outstanding_.find(path);
    if (!znode) return failed(ErrorCode::NoNode);
    if (!versionFits(request->version, znode->stat.version)) return failed(ErrorCode::BadVersion);
    if (znode->children > 0) return failed(ErrorCode::NotEmpty);
    removeZnode(path, context.zxid);
    return {ErrorCode::Ok, jute::DeleteTxn{std::move(request->path)}};
}

Preparer::Outcome Preparer::setData(const Context& context, std::string_view body) {
    auto request = jute::decode<jute::SetDataRequest>(body);
    if (!request) return failed(ErrorCode::MarshallingError);
    if (const ErrorCode err = sessions_.check(context.request.session, context.request.owner); err != ErrorCode::Ok)
        return failed(err);
    if (!tree::isValidPath(request->path)) return failed(ErrorCode::BadArguments);
    auto znode = outstanding_.find(request->path);
    if (!znode) return failed(ErrorCode::NoNode);
    if (const ErrorCode err = permission(context, request->path, *znode, jute::kPermWrite); err != ErrorCode::Ok)
        return failed(err);
    if (!versionFits(request->version, znode->stat.version)) return failed(ErrorCode::BadVersion);
    const std::int32_t version = increment(znode->stat.version);
    znode->zxid = znode->stat.mzxid = context.zxid;
    znode->stat.mtime = context.timeMs;
    znode->stat.version = version;
    znode->data = std::make_shared<const Buffer>(request->data);
    outstanding_.put(request->path, std::move(*znode));
    return {ErrorCode::Ok, jute::SetDataTxn{std::move(request->path), std::move(request->data), version}};
}

Preparer::Outcome Preparer::setAcl(const Context& context, std::string_view body) {
    auto request = jute::decode<jute::SetAclRequest>(body);
    if (!request) return failed(ErrorCode::MarshallingError);
    if (const ErrorCode err = sessions_.check(context.request.session, context.request.owner); err != ErrorCode::Ok)
        return failed(err);
    if (!tree::isValidPath(request->path)) return failed(ErrorCode::BadArguments);
    auto fixed = tree::fixAcl(request->acl, *context.request.identities);
    if (fixed.err != ErrorCode::Ok) return failed(fixed.err);
    auto znode = outstanding_.find(request->path);
    if (!znode) return failed(ErrorCode::NoNode);
    if (const ErrorCode err = permission(context, request->path, *znode, jute::kPermAdmin); err != ErrorCode::Ok)
        return failed(err);
    if (!versionFits(request->version, znode->stat.aversion)) return failed(ErrorCode::BadVersion);
    const std::int32_t aversion = increment(znode->stat.aversion);
    znode->zxid = context.zxid;
    znode->stat.aversion = aversion;
    znode->acl = std::make_shared<const std::vector<jute::Acl>>(fixed.acl);
    outstanding_.put(request->path, std::move(*znode));
    return {ErrorCode::Ok, jute::SetAclTxn{std::move(request->path), std::move(fixed.acl), aversion}};
}

Preparer::Outcome Preparer::check(const Context& context, std::string_view body) {
    auto request = jute::decode<jute::CheckVersionRequest>(body);
    if (!request) return failed(ErrorCode::MarshallingError);
    if (const ErrorCode err = sessions_.check(context.request.session, context.request.owner); err != ErrorCode::Ok)
        return failed(err);
    if (!tree::isValidPath(request->path)) return failed(ErrorCode::BadArguments);
    const auto znode = outstanding_.find(request->path);
    if (!znode) return failed(ErrorCode::NoNode);
    if (const ErrorCode err = permission(context, request->path, *znode, jute::kPermRead); err != ErrorCode::Ok)
        return failed(err);
    if (!versionFits(request->version, znode->stat.version)) return failed(ErrorCode::BadVersion);
    return {ErrorCode::Ok, jute::CheckVersionTxn{std::move(request->path), increment(znode->stat.version)}};
}

Preparer::Outcome Preparer::multi(const Context& context) {
    const auto ops = jute::decodeMulti(context.request.body);
    if (!ops) return failed(ErrorCode::MarshallingError);
    outstanding_.begin();
    jute::MultiTxn txn;
    std::optional<std::size_t> broken; // the operation that failed
    for (std::size_t index = 0; index < ops->size() && !broken; ++index) {
        const jute::MultiOp& op = (*ops)[index];
        // In a multi Apache takes a create2 for a create, and answers it as one.
        const OpCode asked = op.type == OpCode::Create2 ? OpCode::Create : op.type;
        Outcome outcome = operation(context, asked, op.body);
        const OpCode type = outcome.err == ErrorCode::Ok ? asked : OpCode::Error;
        std::string body;
        jute::Writer out(body);
        jute::write(out, outcome.body);
        txn.txns.push_back({static_cast<std::int32_t>(type), std::move(body)});
        if (outcome.err != ErrorCode::Ok) broken = index;
    }
    if (!broken) {
        outstanding_.keep();
        return {ErrorCode::Ok, std::move(txn)};
    }
    outstanding_.rollBack();
    txn.txns.resize(ops->size());
    for (std::size_t index = 0; index < ops->size(); ++index) {
        if (index == *broken) continue;
        const ErrorCode err = index < *broken ? ErrorCode::Ok : ErrorCode::RuntimeInconsistency;
        txn.txns[index] = {static_cast<std::int32_t>(OpCode::Error),
                           jute::encode(jute::ErrorTxn{static_cast<std::int32_t>(err)})};
    }
    return {ErrorCode::Ok, std::move(txn)};
}

Preparer::Outcome Preparer::createSession(const Context& context, Instant now) {
    jute::Reader in(context.request.body);
    const std::int32_t timeoutMs = in.i32();
    if (!in.ok()) return failed(ErrorCode::MarshallingError);
    sessions_.open(context.request.session, timeoutMs, now);
    sessions_.setOwner(context.request.session, context.request.owner);
    return {ErrorCode::Ok, jute::CreateSessionTxn{timeoutMs}};
}

Preparer::Outcome Preparer::closeSession(const Context& context) {
    const std::set<std::string> owned = outstanding_.ephemerals(context.request.session);
    for (const std::string& path : owned) removeZnode(path, context.zxid);
    sessions_.setClosing(context.request.session);
    return {ErrorCode::Ok, jute::CloseSessionTxn{std::vector<std::string>(owned.begin(), owned.end())}};
}

} // namespace zk::server
