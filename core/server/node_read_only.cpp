// Read-only mode: a server that has found no leader for a while serves those who said that they may be served so, from the
// tree as it stands. Their sessions are this server's own: no other knows them, and they end when a leader is found.
// Rules: Apache's QuorumPeer, ReadOnlyZooKeeperServer and ReadOnlyRequestProcessor; the answers as a live 3.8.0 gives them.
#include "server/impl.h"

namespace zk::server {

using jute::ErrorCode;
using jute::OpCode;

namespace {

constexpr Duration kPatience = std::chrono::seconds(2); // of an election that may yet succeed; a tick at least

} // namespace

void Node::Impl::expectReadOnly() {
    if (config_.readOnlyMode) readOnlyAt_ = now_ + std::max<Duration>(kPatience, config_.tickTime);
}

void Node::Impl::maybeServeReaders() {
    if (readOnlyAt_ > now_) return;
    readOnlyAt_ = kNever;
    if (state_ != trace::ServerState::Looking) return;
    readOnly_ = true;
    sessions_.emplace(config_.tickTime, true);
    tracer_.log(trace::Severity::Warning, "no leader is found: clients that only read are served from now on");
}

void Node::Impl::connectReader(Connection& connection, const jute::ConnectRequest& request) {
    if (request.sessionId == 0) {
        do connection.session = ids_->next();
        while (tree_->sessions().contains(connection.session));
        bySession_[connection.session] = connection.link.id;
        sessions_->open(connection.session, connection.timeoutMs, now_);
        sessions_->setOwner(connection.session, kOwnerSelf);
        return finishOpen(connection, true);
    }
    // It may still be alive in the ensemble: neither may its client be told that it has ended, nor be served without it.
    if (tree_->sessions().contains(request.sessionId))
        return refuse(connection, "its session belongs to the whole ensemble, which cannot be asked now");
    reopenSession(connection, request);
}

// The answer of a request that changes nothing, in its turn.
void Node::Impl::answerEmpty(Connection& connection, std::int32_t xid, OpCode op, ErrorCode err) {
    const Zxid zxid = tree_->lastZxid();
    std::string bytes;
    Reply reply(bytes, xid, zxid, err);
    countResponse(reply.finish());
    if (connection.pending.empty()) connection.output() += bytes;
    else enqueue(connection, xid, op, Pending::Kind::Answered, 0).bytes = std::move(bytes);
    dirty(connection.link);
    answered(connection, op, xid, zxid, now_);
}

void Node::Impl::refuseWrite(Connection& connection, std::int32_t xid, OpCode op) {
    answerEmpty(connection, xid, op, ErrorCode::NotReadOnly);
}

void Node::Impl::closeReader(Connection& connection, std::int32_t xid) {
    answerEmpty(connection, xid, OpCode::CloseSession, ErrorCode::Ok);
    sessions_->remove(connection.session);
    if (connection.pending.empty() && !connection.listing) close(connection);
    else connection.closesWhenAnswered = true;
}

void Node::Impl::expireReaders() {
    for (const SessionId session : sessions_->takeExpired(now_)) {
        ++counters_["stale_sessions_expired"];
        sessions_->remove(session);
        if (Connection* const connection = connectionOf(session)) refuse(*connection, "its session has expired");
    }
}

} // namespace zk::server
