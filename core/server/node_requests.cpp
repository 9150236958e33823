// Requests and their commits: what is answered at once, what becomes a transaction, and how its answer and the watch
// events that it causes find their way. Rules: Apache's FinalRequestProcessor and CommitProcessor.
#include "server/impl.h"
#include "server/reads.h"
#include "tree/acl.h"
#include "base/assert.h"

namespace zk::server {

using jute::ErrorCode;
using jute::OpCode;
using trace::Kind;

namespace {

enum class Way { Write, Sync, Read, Ping, SetWatches, Auth, Sasl, Unknown };

Way wayOf(OpCode op) {
    switch (op) {
    case OpCode::Create:
    case OpCode::Create2:
    case OpCode::CreateContainer:
    case OpCode::CreateTtl:
    case OpCode::DeleteContainer:
    case OpCode::Delete:
    case OpCode::SetData:
    case OpCode::SetAcl:
    case OpCode::Multi:
    case OpCode::Reconfig:
    case OpCode::CloseSession: return Way::Write;
    case OpCode::Sync: return Way::Sync;
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
    case OpCode::RemoveWatches: return Way::Read;
    case OpCode::Ping: return Way::Ping;
    case OpCode::SetWatches:
    case OpCode::SetWatches2: return Way::SetWatches;
    case OpCode::Auth: return Way::Auth;
    case OpCode::Sasl: return Way::Sasl;
    // A check stands in a multi; alone it is no operation, since 3.9.3 and 3.8.5.
    case OpCode::Check:
    case OpCode::Notification:
    case OpCode::CreateSession:
    case OpCode::Error: break;
    }
    return Way::Unknown;
}

// A read whose path and data Apache counts.
bool isOfOneZnode(OpCode op) {
    return op == OpCode::GetData || op == OpCode::Exists || op == OpCode::GetChildren || op == OpCode::GetChildren2;
}

// How much of an answer of this size is data: what Apache counts of a read.
std::size_t dataBytes(OpCode op, std::size_t answer) {
    constexpr std::size_t header = 16, count = 4, stat = 68;
    const std::size_t rest = op == OpCode::GetData || op == OpCode::GetChildren2 ? header + count + stat
                             : op == OpCode::GetChildren                         ? header + count
                                                                                 : answer;
    return answer > rest ? answer - rest : 0;
}

constexpr std::size_t kHeaderSize = 8; // of a request

std::int64_t milliseconds(Duration duration) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

} // namespace

// The client is alive. False where its session is gone or closing: then its requests are dropped.
bool Node::Impl::touch(Connection& connection) {
    if (learner_) {
        learner_->touch(connection.session, connection.timeoutMs);
        return true;
    }
    return sessions_->touch(connection.session, connection.timeoutMs, now_);
}

void Node::Impl::request(Connection& connection, std::string_view payload) {
    jute::Reader in(payload);
    const std::int32_t xid = in.i32();
    const auto op = static_cast<OpCode>(in.i32());
    if (!in.ok()) return refuse(connection, "a request without a header");
    const std::string_view body = in.rest();
    const Way way = wayOf(op);
    if (way == Way::Auth) return authenticate(connection, xid, body);
    if (way == Way::Sasl) return sasl(connection, xid, body);
    if (!touch(connection)) return;
    // A write finds it out while it is prepared.
    if (way != Way::Write && sessions_ && sessions_->check(connection.session, kOwnerSelf) == ErrorCode::SessionMoved)
        return refuse(connection, "its session has moved to another server");
    if (readOnly_ && op == OpCode::CloseSession) return closeReader(connection, xid);
    if (readOnly_ && (way == Way::Write || way == Way::Sync || op == OpCode::Check)) return refuseWrite(connection, xid, op);
    if (way == Way::Write) return submit(connection, xid, op, body);
    if (way == Way::Sync) return submitSync(connection, xid, body);
    if (connection.pending.empty() && !connection.listing) return answerRead(connection, connection.link.out, xid, op, body, now_);
    enqueue(connection, xid, op, Pending::Kind::Waiting, payload.size()).bytes = body;
}

// Will this request be on its way for a while, or wait behind one that is?
bool Node::Impl::entersPipeline(const Connection& connection, std::string_view payload) const {
    if (readOnly_) return false;
    if (!connection.pending.empty() || connection.listing) return true;
    jute::Reader in(payload);
    in.i32();
    const Way way = wayOf(static_cast<OpCode>(in.i32()));
    return way == Way::Write || way == Way::Sync;
}

Pending& Node::Impl::enqueue(Connection& connection, std::int32_t xid, OpCode op, Pending::Kind kind,
                             std::size_t size) {
    Pending pending;
    pending.number = ++connection.lastNumber;
    pending.xid = xid;
    pending.op = op;
    pending.kind = kind;
    pending.since = now_;
    pending.size = size;
    connection.pending.push_back(std::move(pending));
    pipeline_.enter(size);
    measures_[Summary::RequestsInSessionQueue].add(static_cast<std::int64_t>(connection.pending.size()));
    if (connection.pending.size() >= kPauseAt || isOverLimit()) pause(connection);
    return connection.pending.back();
}

void Node::Impl::submit(Connection& connection, std::int32_t xid, OpCode op, std::string_view body) {
    const Origin origin{connection.link.id, enqueue(connection, xid, op, Pending::Kind::OnItsWay, kHeaderSize + body.size()).number};
    if (learner_) {
        forwarded_[connection.session].push_back({xid, origin});
        learner_->forward({connection.session, xid, op, std::string(body)}, connection.identities);
        return;
    }
    propose({connection.session, xid, op, body, &connection.identities, kOwnerSelf}, origin);
}

void Node::Impl::submitSync(Connection& connection, std::int32_t xid, std::string_view body) {
    Pending& pending = enqueue(connection, xid, OpCode::Sync, Pending::Kind::OnItsWay, kHeaderSize + body.size());
    pending.bytes = body;
    const Origin origin{connection.link.id, pending.number};
    if (learner_) {
        forwardedSyncs_.push_back(origin);
        learner_->forward({connection.session, xid, OpCode::Sync, std::string(body)}, connection.identities);
        return;
    }
    if (leader_) {
        localSyncs_[++lastToken_] = origin;
        leader_->syncLocal(lastToken_);
    } else if (unapplied_.empty()) {
        answerSync(origin);
    } else { // alone: due right behind the last transaction so far
        unapplied_.back().syncs.push_back(origin);
    }
}

// Counts an answer that has just been written.
void Node::Impl::answered(Connection& connection, OpCode op, std::int32_t xid, Zxid zxid, Instant since) {
    const std::int64_t latencyMs = milliseconds(now_ - since);
    latency_.add(latencyMs);
    ++packetsSent_;
    ++connection.sent;
    connection.latency.add(latencyMs);
    connection.lastOp = op;
    if (xid >= 0) connection.lastCxid = xid; // not of a ping, an auth or a setWatches
    connection.lastZxid = zxid;
    connection.lastResponseMs = wall_.ms;
}

void Node::Impl::countResponse(std::size_t size) {
    responses_.add(size);
    bytesSent_ += static_cast<std::int64_t>(size);
}

void Node::Impl::answerUnknown(Connection& connection, std::string& out, std::int32_t xid, OpCode op) {
    Reply reply(out, xid, Zxid(-1), ErrorCode::Unimplemented);
    reply.finish();
    refuse(connection, "an unknown operation, " + std::to_string(static_cast<int>(op)));
}

// Answers what needs no transaction.
void Node::Impl::answerRead(Connection& connection, std::string& out, std::int32_t xid, OpCode op,
                            std::string_view body, Instant since) {
    const Way way = wayOf(op);
    const Zxid zxid = tree_->lastZxid();
    dirty(connection.link);
    answered(connection, op, xid, zxid, since);
    measures_.readAnswered(since);
    if (way == Way::Unknown) return answerUnknown(connection, out, xid, op);
    const bool mayList = op == OpCode::GetChildren || op == OpCode::GetChildren2;
    const tree::Znode* listed = nullptr;
    const ReadContext context{*tree_,
                              watches_,
                              connection.link.id,
                              connection.session,
                              connection.identities,
                              config_.skipAcl,
                              mayList ? &listed : nullptr};
    ErrorCode err = ErrorCode::Ok;
    if (way == Way::SetWatches) {
        err = setWatches(context, op, body, [&](jute::EventType type, const std::string& path) {
            notify(connection, out, type, path, Zxid(-1));
        });
    }
    Reply reply(out, way == Way::Ping ? jute::kXidPing : xid, zxid);
    if (way == Way::Read) err = read(context, op, body, out);
    if (listed != nullptr) return beginListing(connection, reply, *listed, op == OpCode::GetChildren2);
    if (err != ErrorCode::Ok) reply.fail(err, op == OpCode::MultiRead);
    const std::size_t size = reply.finish();
    countResponse(size);
    if (err == ErrorCode::Ok && isOfOneZnode(op)) measures_.readOf(body, dataBytes(op, size));
}

// Writes the answer of a request that was on its way; where others wait before it, it is kept until their turn is over.
template <class Write>
void Node::Impl::answer(const Origin& origin, Write write) {
    const auto place = connections_.find(origin.connection);
    if (place == connections_.end()) {
        if (origin.connection != 0) ++counters_["stale_replies"];
        return;
    }
    Connection& connection = place->second;
    const auto pending = std::find_if(connection.pending.begin(), connection.pending.end(),
                                      [&](const Pending& one) { return one.number == origin.number; });
    if (pending == connection.pending.end()) return;
    const Instant since = pending->since;
    const OpCode op = pending->op;
    const std::int32_t xid = pending->xid;
    Zxid zxid;
    if (pending == connection.pending.begin()) {
        const Pending first = std::move(connection.pending.front());
        connection.pending.pop_front();
        leavePipeline(first);
        zxid = write(connection.output(), first);
        dirty(connection.link);
    } else {
        std::string bytes;
        zxid = write(bytes, *pending);
        pending->bytes = std::move(bytes);
        pending->kind = Pending::Kind::Answered;
    }
    answered(connection, op, xid, zxid, since);
    if (op == OpCode::Sync) {
        measures_.readAnswered(since);
    } else {
        measures_.add(Summary::Updatelatency, now_ - since);
        measures_.add(Summary::WriteCommitprocTime, now_ - since);
    }
    drain(connection);
}

// Answers what waits at the front, up to the next request that is on its way.
void Node::Impl::drain(Connection& connection) {
    std::int64_t reads = 0;
    while (!connection.listing && !connection.pending.empty() && connection.pending.front().kind != Pending::Kind::OnItsWay) {
        const Pending first = std::move(connection.pending.front());
        connection.pending.pop_front();
        leavePipeline(first);
        dirty(connection.link);
        if (first.kind == Pending::Kind::Answered) connection.link.out += first.bytes;
        else {
            answerRead(connection, connection.link.out, first.xid, first.op, first.bytes, first.since);
            measures_.add(Summary::ReadCommitprocTime, now_ - first.since);
            ++reads;
        }
    }
    measures_[Summary::ReadsIssuedFromSessionQueue].add(reads);
    measures_[Summary::ReadsAfterWriteInSessionQueue].add(reads);
    if (connection.pending.empty()) measures_[Summary::SessionQueuesDrained].add(1);
    if (connection.closesWhenAnswered && connection.pending.empty() && !connection.listing) close(connection);
    const bool mayGoOn = connection.pending.empty() || (connection.pending.size() <= kResumeAt && !isOverLimit());
    if (connection.stage == Connection::Stage::Open && !connection.atTheDoor && mayGoOn) resume(connection);
}

void Node::Impl::answerSync(const Origin& origin) {
    answer(origin, [this](std::string& out, const Pending& pending) {
        const Zxid zxid = tree_->lastZxid();
        Reply reply(out, pending.xid, zxid);
        jute::Reader in(pending.bytes);
        const auto path = in.buffer();
        jute::Writer writer(out);
        if (in.ok() && path) writer.bytes(*path);
        else if (in.ok()) writer.i32(-1);
        else reply.fail(ErrorCode::MarshallingError);
        countResponse(reply.finish());
        return zxid;
    });
}

// Makes a transaction of the request, and sends it on its way to the disk and the followers.
void Node::Impl::propose(const WriteRequest& request, Origin origin) {
    Zxid zxid = lastProposed_.next();
    if (leader_ && zxid.counter() == UINT32_MAX)
        return lookForLeader("the epoch's last transaction number is used up: a new epoch is due");
    if (zxid.counter() == 0) zxid = zxid.next();
    jute::Txn txn = preparer_->prepare(request, zxid, wall_, now_);
    for (const QuotaExcess& excess : preparer_->takeQuotaExcesses()) quotaExceeded(excess);
    auto bytes = std::make_shared<const std::string>(jute::encode(txn));
    lastProposed_ = zxid;
    ++proposals_;
    proposalSizes_.add(bytes->size());
    unapplied_.push_back({zxid, bytes, std::move(txn), origin, now_});
    if (leader_) {
        leader_->propose(now_, zxid, std::move(bytes));
        return;
    }
    lastLogged_ = zxid;
    measures_.appendQueued(*bytes);
    store_.push(AppendTxn{zxid, std::move(bytes)});
    tracer_.tellTransaction(Kind::Proposed, zxid);
}

void Node::Impl::expireSessions() {
    const std::vector<jute::Id> nobody;
    for (const SessionId session : sessions_->takeExpired(now_)) {
        ++counters_["stale_sessions_expired"];
        propose({session, 0, OpCode::CloseSession, {}, &nobody, kOwnerNone}, {});
        if (!serving_) return; // the last transaction number of an epoch was used up
    }
}

void Node::Impl::removeContainers() {
    const std::vector<jute::Id> nobody;
    while (reaper_) { // an epoch whose last transaction number is used up ends it
        const auto path = reaper_->next(*tree_, now_, wall_);
        if (!path) return;
        propose({0, 0, OpCode::DeleteContainer, jute::encode(jute::PathRecord{*path}), &nobody, kOwnerSelf}, {});
    }
}

// One line a second at most: whoever exceeds a quota does so again and again.
void Node::Impl::quotaExceeded(const QuotaExcess& excess) {
    if (excess.refused) {
        const std::string name = excess.path.substr(1, excess.path.find('/', 1) - 1);
        if (const auto [at, isNew] = quotaRefusals_.try_emplace(name); !isNew || quotaRefusals_.size() <= kNamespaces)
            ++at->second;
        else
            quotaRefusals_.erase(at);
    }
    if (now_ < quotaLogAt_) return;
    quotaLogAt_ = now_ + std::chrono::seconds(1);
    tracer_.log(trace::Severity::Warning, excess.sentence);
}

// Alone: what is durable is committed.
void Node::Impl::commitUpTo(Zxid zxid) {
    while (serving_ && !unapplied_.empty() && unapplied_.front().zxid <= zxid) {
        Logged logged = std::move(unapplied_.front());
        unapplied_.pop_front();
        tracer_.tellTransaction(Kind::Committed, logged.zxid);
        apply(logged);
        for (const Origin& sync : logged.syncs) answerSync(sync);
    }
}

// In an ensemble: Zab says so.
void Node::Impl::commit(const zab::LogEntry& entry) {
    if (entry.zxid <= tree_->lastZxid()) return; // applied when this server began to look for a leader
    ZK_ASSERT(!unapplied_.empty() && unapplied_.front().zxid == entry.zxid);
    Logged logged = std::move(unapplied_.front());
    unapplied_.pop_front();
    apply(logged);
}

void Node::Impl::remember(const Logged& logged) {
    committedLog_.push_back({logged.zxid, logged.bytes});
    if (committedLog_.size() > config_.commitLogCount) committedLog_.pop_front();
    ++txnsSinceSnapshot_;
    bytesSinceSnapshot_ += logged.bytes->size();
}

void Node::Impl::apply(Logged& logged) {
    const jute::Txn& txn = logged.txn;
    if (serving_ && learner_) logged.origin = originOf(txn.header);
    const tree::Applied applied = tree_->apply(txn);
    ++commits_;
    if (preparer_) preparer_->applied(logged.zxid);
    remember(logged);
    measures_.applied(txn, leader_ != nullptr, learner_ != nullptr);
    if (config_.digestEnabled) measures_.digest(logged.zxid, tree_->digest());
    if (applied.digestDiffers) {
        ++counters_["digest_mismatches_count"];
        trace::Event event;
        event.kind = static_cast<std::int32_t>(Kind::DigestMismatch);
        event.zxid = logged.zxid;
        tracer_.tell(std::move(event));
    }
    tellWatchers(applied.changes, logged.zxid);
    replyTo(logged.origin, txn.header, applied);
    maybeSnapshot();
}

// Part of the history without anybody here who waits for it.
void Node::Impl::applyQuietly(const Logged& logged) {
    tree_->apply(logged.txn);
    remember(logged);
}

void Node::Impl::notify(Connection& connection, std::string& out, jute::EventType type, const std::string& path,
                        Zxid zxid) {
    constexpr std::size_t lengthSize = 4;
    const std::size_t before = out.size();
    writeNotification(out, type, path, zxid);
    watchBytes_ += static_cast<std::int64_t>(out.size() - before - lengthSize);
    ++packetsSent_;
    ++connection.sent;
}

void Node::Impl::tellWatchers(const std::vector<tree::Change>& changes, Zxid zxid) {
    for (const tree::Change& change : changes) {
        std::size_t fired = 0;
        watches_.trigger(change.type, change.path, [&](tree::WatcherId watcher) {
            ++fired;
            const auto place = connections_.find(watcher);
            if (place == connections_.end()) return;
            if (change.readers && !config_.skipAcl && !tree::permits(*change.readers, jute::kPermRead, place->second.identities)) return;
            notify(place->second, place->second.output(), change.type, change.path, zxid);
            dirty(place->second.link);
        });
        measures_.watchesFired(change.type, fired);
    }
}

// Who of our own clients asked for this transaction, where it was forwarded to the leader.
Origin Node::Impl::originOf(const jute::TxnHeader& header) {
    const auto place = forwarded_.find(header.clientId);
    if (place == forwarded_.end() || place->second.front().cxid != header.cxid) return {};
    const Origin origin = place->second.front().origin;
    place->second.pop_front();
    if (place->second.empty()) forwarded_.erase(place);
    return origin;
}

void Node::Impl::replyTo(const Origin& origin, const jute::TxnHeader& header, const tree::Applied& applied) {
    const auto type = static_cast<OpCode>(header.type);
    if (type == OpCode::CreateSession) {
        trace::Event event;
        event.kind = static_cast<std::int32_t>(Kind::SessionOpened);
        event.session = header.clientId;
        const auto known = tree_->sessions().find(header.clientId);
        event.round = known == tree_->sessions().end() ? 0 : known->second;
        tracer_.tell(std::move(event));
        const auto place = connections_.find(origin.connection);
        if (place != connections_.end() && place->second.stage == Connection::Stage::Opening)
            finishOpen(place->second, true);
        return;
    }
    const ErrorCode err = headerError(applied);
    if (err == ErrorCode::SessionMoved) {
        // An error of the connection, not of the request: a late renewal through another server may have taken the
        // session from the client's present one. Without an answer the client connects anew and has it back.
        const auto place = connections_.find(origin.connection);
        if (place != connections_.end()) refuse(place->second, "its session has moved to another server");
        return;
    }
    answer(origin, [&](std::string& out, const Pending& pending) {
        Reply reply(out, pending.xid, header.zxid);
        jute::Writer writer(out);
        if (err == ErrorCode::Ok) writeResult(writer, applied);
        else reply.fail(err);
        countResponse(reply.finish());
        return header.zxid;
    });
    if (type == OpCode::CloseSession) sessionClosed(header.clientId, origin);
}

void Node::Impl::sessionClosed(SessionId session, const Origin& origin) {
    if (sessions_) sessions_->remove(session);
    forwarded_.erase(session);
    trace::Event event;
    event.kind = static_cast<std::int32_t>(Kind::SessionClosed);
    event.session = session;
    event.text = origin.connection == 0 ? "by expiry, or by a client of another server" : "by its client";
    tracer_.tell(std::move(event));
    Connection* const connection = connectionOf(session);
    if (connection == nullptr) return;
    // Its own closeSession may have overtaken a sync: then the answers go out first.
    if (connection->link.id == origin.connection && (!connection->pending.empty() || connection->listing)) connection->closesWhenAnswered = true;
    else close(*connection);
}

} // namespace zk::server
