#include "server/prepare.h"

#include "tree/acl.h"
#include "tree/path.h"

#include <algorithm>

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

bool isTtl(std::int32_t flags) {
    return flags == static_cast<std::int32_t>(jute::CreateMode::Ttl) ||
           flags == static_cast<std::int32_t>(jute::CreateMode::TtlSequential);
}

bool isCreate(OpCode op) {
    return op == OpCode::Create || op == OpCode::Create2 || op == OpCode::CreateContainer || op == OpCode::CreateTtl;
}

} // namespace

// A request to create a znode. The operation says which transaction comes of it, the flags what its name is made of.
struct Preparer::Creation {
    OpCode op = OpCode::Error;
    jute::CreateTtlRequest request; // ttlMs -1 where the operation carries none

    static std::optional<Creation> decode(OpCode op, std::string_view body) {
        if (op == OpCode::CreateTtl) {
            auto request = jute::decode<jute::CreateTtlRequest>(body);
            return request ? std::optional(Creation{op, std::move(*request)}) : std::nullopt;
        }
        auto plain = jute::decode<jute::CreateRequest>(body);
        if (!plain) return std::nullopt;
        return Creation{op, {std::move(plain->path), std::move(plain->data), std::move(plain->acl), plain->flags, -1}};
    }
    // In a multi the flags alone say what is created.
    void goByFlags() {
        op = isTtl(request.flags)                                                          ? OpCode::CreateTtl
             : request.flags == static_cast<std::int32_t>(jute::CreateMode::Container) ? OpCode::CreateContainer
                                                                                       : OpCode::Create;
        if (op != OpCode::CreateTtl) request.ttlMs = -1;
    }
    jute::CreateMode mode() const { return static_cast<jute::CreateMode>(request.flags); }
    std::int64_t owner(SessionId session) const {
        if (op == OpCode::CreateContainer) return tree::kContainerOwner;
        if (op == OpCode::CreateTtl) return tree::ttlOwner(request.ttlMs);
        return jute::isEphemeral(mode()) ? session : 0;
    }
};

jute::Txn Preparer::prepare(const WriteRequest& request, Zxid zxid, WallTime wall, Instant now) {
    const Context context{request, zxid, wall.ms};
    Outcome outcome;
    switch (request.op) {
    case OpCode::CreateSession: outcome = createSession(context, now); break;
    case OpCode::CloseSession: outcome = closeSession(context); break;
    case OpCode::Multi: outcome = multi(context); break;
    case OpCode::Check: outcome = failed(ErrorCode::Unimplemented); break; // outside a multi, from an older learner
    default: outcome = operation(context, request.op, request.body); break;
    }
    jute::Txn txn;
    const OpCode type = outcome.err == ErrorCode::Ok ? request.op : OpCode::Error;
    txn.header = {request.session, request.cxid, zxid, wall.ms, static_cast<std::int32_t>(type)};
    txn.body = std::move(outcome.body);
    if (config_.digestEnabled && type != OpCode::Error)
        txn.digest = jute::TxnDigest{2, static_cast<std::int64_t>(outstanding_.digest())};
    return txn;
}

Preparer::Outcome Preparer::operation(const Context& context, OpCode op, std::string_view body) {
    if (op == OpCode::Reconfig) return failed(ErrorCode::ReconfigDisabled);
    if (!jute::Reader(body).buffer()) return failed(ErrorCode::MarshallingError); // each begins with a path, never null
    switch (op) {
    case OpCode::Create:
    case OpCode::Create2:
    case OpCode::CreateContainer:
    case OpCode::CreateTtl: {
        auto creation = Creation::decode(op, body);
        return creation ? create(context, std::move(*creation)) : failed(ErrorCode::MarshallingError);
    }
    case OpCode::Delete: return remove(context, body);
    case OpCode::DeleteContainer: return removeContainer(context, body);
    case OpCode::SetData: return setData(context, body);
    case OpCode::SetAcl: return setAcl(context, body);
    case OpCode::Check: return check(context, body);
    default: return failed(ErrorCode::Unimplemented);
    }
}

// One copy for the many znodes that are created with the same list one after the other.
std::shared_ptr<const std::vector<jute::Acl>> Preparer::share(const std::vector<jute::Acl>& acl) {
    if (!lastAcl_ || *lastAcl_ != acl) lastAcl_ = std::make_shared<const std::vector<jute::Acl>>(acl);
    return lastAcl_;
}

ErrorCode Preparer::permission(const Context& context, const std::string& path, const Future& znode,
                               std::int32_t perms) const {
    const bool permitted = config_.skipAcl || tree::permits(outstanding_.acl(path, znode), perms, *context.request.identities);
    return permitted ? ErrorCode::Ok : ErrorCode::NoAuth;
}

// Whether what is asked goes together. A createTTL whose flags are no TTL's and whose time is negative passes Apache
// 3.8's checks, and the transaction that comes of it ends every server of the ensemble.
ErrorCode Preparer::checkCreation(const Context& context, const Creation& creation) {
    const jute::CreateTtlRequest& request = creation.request;
    if (!isCreateMode(request.flags)) return ErrorCode::BadArguments;
    const bool timed = isTtl(request.flags);
    if (timed && !config_.extendedTypes) return ErrorCode::Unimplemented;
    if (timed != (creation.op == OpCode::CreateTtl)) return ErrorCode::BadArguments;
    if (timed && (request.ttlMs < 1 || request.ttlMs > tree::kMaxTtlMs)) return ErrorCode::BadArguments;
    return sessions_.check(context.request.session, context.request.owner);
}

Preparer::Outcome Preparer::create(const Context& context, Creation creation) {
    if (const ErrorCode err = checkCreation(context, creation); err != ErrorCode::Ok) return failed(err);
    jute::CreateTtlRequest& request = creation.request;
    std::string path = std::move(request.path);
    if (!splits(path)) return failed(ErrorCode::BadArguments);
    auto fixed = tree::fixAcl(request.acl, *context.request.identities, schemes());
    if (fixed.err != ErrorCode::Ok) return failed(fixed.err);

    const std::string parentPath = parentOf(path);
    auto parent = outstanding_.find(parentPath);
    if (!parent) return failed(ErrorCode::NoNode);
    if (const ErrorCode err = permission(context, parentPath, *parent, jute::kPermCreate); err != ErrorCode::Ok)
        return failed(err);
    if (jute::isSequential(creation.mode())) path = tree::sequential(path, parent->stat.cversion);
    if (!tree::isValidPath(path)) return failed(ErrorCode::BadArguments);
    if (outstanding_.find(path)) return failed(ErrorCode::NodeExists);
    if (ownerKind(*parent) == tree::OwnerKind::Session) return failed(ErrorCode::NoChildrenForEphemerals);
    if (!isFitForQuota(path, request.data)) return failed(ErrorCode::BadArguments);
    const auto bytes = static_cast<std::int64_t>(request.data.value_or("").size());
    if (const ErrorCode err = checkQuota(path, 1, bytes); err != ErrorCode::Ok) return failed(err);

    Future znode;
    znode.zxid = znode.stat.czxid = znode.stat.mzxid = znode.stat.pzxid = context.zxid;
    znode.stat.ctime = znode.stat.mtime = context.timeMs;
    znode.stat.ephemeralOwner = creation.owner(context.request.session);
    znode.acl = share(fixed.acl);
    outstanding_.setData(path, znode, request.data);
    const std::int32_t parentCversion = increment(parent->stat.cversion);
    parent->zxid = parent->stat.pzxid = context.zxid;
    parent->stat.cversion = parentCversion;
    ++parent->children;
    outstanding_.put(parentPath, std::move(*parent));
    outstanding_.put(path, std::move(znode));
    if (creation.op == OpCode::CreateContainer)
        return {ErrorCode::Ok, jute::CreateContainerTxn{std::move(path), std::move(request.data), std::move(fixed.acl),
                                                        parentCversion}};
    if (creation.op == OpCode::CreateTtl)
        return {ErrorCode::Ok, jute::CreateTtlTxn{std::move(path), std::move(request.data), std::move(fixed.acl),
                                                  parentCversion, request.ttlMs}};
    return {ErrorCode::Ok, jute::CreateTxn{std::move(path), std::move(request.data), std::move(fixed.acl),
                                           jute::isEphemeral(creation.mode()), parentCversion}};
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

// Asked by the server itself, which has looked before; since then a child or a change may have come. A client's is
// refused: nothing protects a znode from it.
Preparer::Outcome Preparer::removeContainer(const Context& context, std::string_view body) {
    if (context.request.session != 0 || context.request.owner != kOwnerSelf) return failed(ErrorCode::BadArguments);
    auto request = jute::decode<jute::PathRecord>(body);
    if (!request) return failed(ErrorCode::MarshallingError);
    const auto znode = outstanding_.find(request->path);
    if (!znode) return failed(ErrorCode::NoNode);
    if (znode->children > 0) return failed(ErrorCode::NotEmpty);
    const tree::OwnerKind kind = ownerKind(*znode);
    if (kind != tree::OwnerKind::Container && kind != tree::OwnerKind::Ttl) return failed(ErrorCode::BadVersion);
    if (kind == tree::OwnerKind::Ttl && context.timeMs - znode->stat.mtime <= tree::ttlMsOf(znode->stat.ephemeralOwner))
        return failed(ErrorCode::BadVersion);
    removeZnode(request->path, context.zxid);
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
    if (!isFitForQuota(request->path, request->data)) return failed(ErrorCode::BadArguments);
    const auto bytes = static_cast<std::int64_t>(request->data.value_or("").size());
    if (const ErrorCode err = checkQuota(request->path, 0, bytes - znode->dataSize); err != ErrorCode::Ok)
        return failed(err);
    if (!versionFits(request->version, znode->stat.version)) return failed(ErrorCode::BadVersion);
    const std::int32_t version = increment(znode->stat.version);
    znode->zxid = znode->stat.mzxid = context.zxid;
    znode->stat.mtime = context.timeMs;
    znode->stat.version = version;
    outstanding_.setData(request->path, *znode, request->data);
    outstanding_.put(request->path, std::move(*znode));
    return {ErrorCode::Ok, jute::SetDataTxn{std::move(request->path), std::move(request->data), version}};
}

Preparer::Outcome Preparer::setAcl(const Context& context, std::string_view body) {
    auto request = jute::decode<jute::SetAclRequest>(body);
    if (!request) return failed(ErrorCode::MarshallingError);
    if (const ErrorCode err = sessions_.check(context.request.session, context.request.owner); err != ErrorCode::Ok)
        return failed(err);
    if (!tree::isValidPath(request->path)) return failed(ErrorCode::BadArguments);
    auto fixed = tree::fixAcl(request->acl, *context.request.identities, schemes());
    if (fixed.err != ErrorCode::Ok) return failed(fixed.err);
    auto znode = outstanding_.find(request->path);
    if (!znode) return failed(ErrorCode::NoNode);
    if (const ErrorCode err = permission(context, request->path, *znode, jute::kPermAdmin); err != ErrorCode::Ok)
        return failed(err);
    if (!versionFits(request->version, znode->stat.aversion)) return failed(ErrorCode::BadVersion);
    const std::int32_t aversion = increment(znode->stat.aversion);
    znode->zxid = context.zxid;
    znode->stat.aversion = aversion;
    znode->acl = share(fixed.acl);
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
    const auto isRead = [](const jute::MultiOp& op) { return op.type == OpCode::GetData || op.type == OpCode::GetChildren; };
    if (!ops || std::any_of(ops->begin(), ops->end(), isRead)) return failed(ErrorCode::MarshallingError);
    std::vector<std::optional<Creation>> creations(ops->size());
    for (std::size_t index = 0; index < ops->size(); ++index) {
        const jute::MultiOp& op = (*ops)[index];
        if (!isCreate(op.type)) continue;
        auto creation = Creation::decode(op.type, op.body);
        if (!creation) return failed(ErrorCode::MarshallingError);
        creation->goByFlags();
        creations[index] = std::move(creation);
    }
    outstanding_.begin();
    jute::MultiTxn txn;
    std::optional<std::size_t> broken; // the operation that failed
    for (std::size_t index = 0; index < ops->size() && !broken; ++index) {
        const jute::MultiOp& op = (*ops)[index];
        if (!jute::Reader(op.body).buffer()) { // a null path fails all of it, not this part alone
            outstanding_.rollBack();
            return failed(ErrorCode::MarshallingError);
        }
        Outcome outcome;
        OpCode asked = op.type;
        if (auto creation = creations[index]) {
            asked = creation->op;
            // A TTL's flags without its time: where Apache comes to it, it fails the multi as a whole.
            if (asked == OpCode::CreateTtl && op.type != OpCode::CreateTtl) {
                outstanding_.rollBack();
                return failed(ErrorCode::MarshallingError);
            }
            outcome = create(context, std::move(*creation));
        } else {
            outcome = operation(context, asked, op.body);
        }
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
