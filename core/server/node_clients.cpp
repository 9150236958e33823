// A server and its clients: connections, four-letter words, sessions opened and opened again, identities.
// Rules: Apache's NIOServerCnxn and ZooKeeperServer; protocol notes 2.1 and 2.6.
#include "server/impl.h"

#include "tree/acl.h"

namespace zk::server {

using jute::ErrorCode;
using trace::Kind;

void Node::Impl::dirty(ClientLink& link) {
    if (link.dirty) return;
    link.dirty = true;
    ready_.dirty.push_back(&link);
}

void Node::Impl::accepted(ClientLink& link) {
    const int fromThere = ++perAddress_[link.address];
    if (link.greeting) ++greeting_;
    Connection& connection = connections_.try_emplace(link.id, link).first->second;
    connection.establishedMs = wall_.ms;
    connection.lastHeard = now_;
    handshakes_.emplace_back(now_ + config_.sessionlessTimeout, link.id);
    if (state_ == trace::ServerState::Crashed || state_ == trace::ServerState::Stopped)
        return refuse(connection, "this server has stopped");
    if (link.greeting && config_.limits.outstandingHandshakes > 0 && greeting_ > config_.limits.outstandingHandshakes) {
        ++counters_["tls_handshake_exceeded"];
        return refuse(connection, "too many TLS handshakes at once, netty.server.outstandingHandshake.limit is " +
                                      std::to_string(config_.limits.outstandingHandshakes));
    }
    if (config_.limits.maxCnxns > 0 && connections_.size() > static_cast<std::size_t>(config_.limits.maxCnxns)) {
        ++counters_["connection_rejected"];
        return refuse(connection, "too many connections, maxCnxns is " + std::to_string(config_.limits.maxCnxns));
    }
    if (fromThere > config_.maxClientCnxns && config_.maxClientCnxns > 0) {
        ++counters_["connection_rejected"];
        refuse(connection, "too many connections from this address, maxClientCnxns is " +
                               std::to_string(config_.maxClientCnxns));
    }
}

// The TLS handshake is over, or there is to be none.
void Node::Impl::greeted(ClientLink& link) {
    if (std::exchange(link.greeting, false)) --greeting_;
}

void Node::Impl::secured(ClientLink& link, const std::string* subject) {
    greeted(link);
    link.secure = true;
    const auto place = connections_.find(link.id);
    if (place == connections_.end() || subject == nullptr || !config_.x509Logins) return;
    std::vector<jute::Id>& identities = place->second.identities;
    if (!config_.x509SuperUser.empty() && *subject == config_.x509SuperUser) identities.push_back({"super", *subject});
    identities.push_back({"x509", *subject});
}

void Node::Impl::dropSpeechless() {
    for (; !handshakes_.empty() && handshakes_.front().first <= now_; handshakes_.pop_front()) {
        const auto place = connections_.find(handshakes_.front().second);
        if (place == connections_.end() || place->second.stage != Connection::Stage::New) continue;
        ++counters_["sessionless_connections_expired"];
        refuse(place->second, "it has not opened a session in time");
    }
}

void Node::Impl::closed(ClientLink& link) {
    const auto place = connections_.find(link.id);
    if (place == connections_.end()) return;
    Connection& connection = place->second;
    if (connection.stage != Connection::Stage::Closed) ++counters_["connection_drop_count"];
    if (connection.session != 0) {
        trace::Event event;
        event.kind = static_cast<std::int32_t>(Kind::ClientDisconnected);
        event.session = connection.session;
        event.text = link.address + ":" + std::to_string(link.port);
        tracer_.tell(std::move(event));
    }
    if (link.greeting && !link.closing) ++counters_["unsuccessful_handshake"];
    greeted(link);
    close(connection);
    const auto fromThere = perAddress_.find(link.address);
    if (fromThere != perAddress_.end() && --fromThere->second <= 0) perAddress_.erase(fromThere);
    connections_.erase(place);
    // The link is the driver's to free from here on: no duty may name it, nor the one that close() has just made.
    std::erase(ready_.dirty, &link);
    std::erase(ready_.resumed, &link);
    link.dirty = false;
}

// The connection says and hears nothing more, but what stands in its output still goes out.
void Node::Impl::close(Connection& connection) {
    if (connection.stage == Connection::Stage::Closed) return;
    connection.stage = Connection::Stage::Closed;
    for (const Pending& pending : connection.pending) leavePipeline(pending);
    connection.pending.clear();
    connection.listing.reset();
    connection.link.listing = false;
    if (std::exchange(connection.atTheDoor, {})) std::erase(door_, connection.link.id);
    watches_.remove(connection.link.id);
    const auto place = bySession_.find(connection.session);
    if (place != bySession_.end() && place->second == connection.link.id) bySession_.erase(place);
    connection.link.closing = true;
    dirty(connection.link);
}

void Node::Impl::refuse(Connection& connection, std::string_view why) {
    tracer_.log(trace::Severity::Warning, "client " + connection.link.address + ":" +
                                              std::to_string(connection.link.port) +
                                              " is disconnected: " + std::string(why));
    close(connection);
}

void Node::Impl::pause(Connection& connection) { connection.link.paused = true; }

void Node::Impl::resume(Connection& connection) {
    if (!connection.link.paused) return;
    connection.link.paused = false;
    ready_.resumed.push_back(&connection.link);
}

Connection* Node::Impl::connectionOf(SessionId session) {
    const auto place = bySession_.find(session);
    if (place == bySession_.end()) return nullptr;
    const auto connection = connections_.find(place->second);
    return connection == connections_.end() ? nullptr : &connection->second;
}

namespace {

// What a request is about, for the log, as far as its first bytes tell: " (create of /a)".
std::string intent(const Connection& connection, std::string_view bytes) {
    if (connection.stage == Connection::Stage::New) return {};
    jute::Reader in(bytes);
    in.i32();
    const auto op = static_cast<jute::OpCode>(in.i32());
    const std::string_view path = in.ustring();
    if (!in.ok() || !path.starts_with('/')) return {};
    return " (" + std::string(jute::name(op)) + " of " + std::string(path) + ")";
}

} // namespace

// Where requests are throttled: is there room in the pipeline for this one? Otherwise it waits at the door, unread.
bool Node::Impl::letIn(Connection& connection, std::string_view payload) {
    if (!pipeline_.throttles() || connection.stage != Connection::Stage::Open || !entersPipeline(connection, payload))
        return true;
    const config::RequestThrottle& rules = config_.limits.requests;
    const std::optional<Instant> waited = connection.atTheDoor;
    if (waited && rules.dropStale && rules.staleLatencyCheck &&
        now_ - *waited > std::chrono::milliseconds(connection.timeoutMs)) {
        ++counters_["stale_requests_dropped"];
        refuse(connection, "its request has waited for longer than its session's timeout");
        return false;
    }
    if (pipeline_.room() > 0 && (waited || door_.empty())) {
        if (waited) measures_.add(Summary::RequestThrottleQueueTime, now_ - *waited);
        connection.atTheDoor.reset();
        return true;
    }
    if (waited) {
        door_.push_front(connection.link.id);
    } else {
        ++counters_["request_throttle_wait_count"];
        connection.atTheDoor = now_;
        door_.push_back(connection.link.id);
    }
    pause(connection);
    return false;
}

// Those who wait at the door are read again, as many as there is room for.
void Node::Impl::openTheDoor() {
    for (std::int64_t room = pipeline_.room(); room > 0 && !door_.empty(); --room) {
        const auto place = connections_.find(door_.front());
        door_.pop_front();
        if (place != connections_.end()) resume(place->second);
    }
}

void Node::Impl::leavePipeline(const Pending& pending) { pipeline_.leave(pending.size); }

std::size_t Node::Impl::received(ClientLink& link, std::string_view bytes) {
    const auto place = connections_.find(link.id);
    if (place == connections_.end()) return bytes.size();
    Connection& connection = place->second;
    greeted(link);
    constexpr std::size_t lengthSize = 4;
    std::size_t taken = 0;
    while (connection.stage != Connection::Stage::Closed && !link.paused && link.out.size() < kOutputLimit) {
        const std::string_view rest = bytes.substr(taken);
        if (rest.size() < lengthSize) break;
        if (connection.stage == Connection::Stage::New && admin::isWord(rest.substr(0, lengthSize))) {
            word(connection, rest);
            break;
        }
        const auto length = loadBigEndian<std::int32_t>(rest.data());
        if (length < 0 || static_cast<std::size_t>(length) > config_.jutemaxbuffer) {
            refuse(connection, "a frame claims " + std::to_string(length) + " bytes, jute.maxbuffer is " +
                                   std::to_string(config_.jutemaxbuffer) + intent(connection, rest.substr(lengthSize)));
            break;
        }
        const auto size = static_cast<std::size_t>(length);
        if (pipeline_.tooMuch(size)) {
            ++counters_["large_requests_rejected"];
            refuse(connection, "a request of " + std::to_string(length) + " bytes is too much now: large ones hold " +
                                   std::to_string(pipeline_.largeBytes()) + " bytes, largeRequestMaxBytes is " +
                                   std::to_string(config_.limits.largeRequestMaxBytes) +
                                   intent(connection, rest.substr(lengthSize)));
            break;
        }
        if (rest.size() < lengthSize + size || !letIn(connection, rest.substr(lengthSize, size))) break;
        taken += lengthSize + size;
        frame(connection, rest.substr(lengthSize, size));
    }
    return connection.stage == Connection::Stage::Closed ? bytes.size() : taken;
}

void Node::Impl::frame(Connection& connection, std::string_view payload) {
    ++packetsReceived_;
    ++connection.received;
    bytesReceived_ += static_cast<std::int64_t>(payload.size());
    connection.lastHeard = now_;
    if (connection.stage == Connection::Stage::New) connect(connection, payload);
    else request(connection, payload);
}

void Node::Impl::connect(Connection& connection, std::string_view payload) {
    const auto request = jute::decodeConnectRequest(payload);
    if (!request) return refuse(connection, "its first message is no ConnectRequest: " + request.error().message());
    if (!servesClients()) {
        ++counters_["cnxn_closed_without_zk_server_running"];
        return refuse(connection, "this server is not serving requests now");
    }
    if (!tokens_.take(now_, request->sessionId != 0, rng_)) {
        ++counters_["connection_drop_count"];
        return refuse(connection, "too many sessions are opened in a short time, connection_throttle_tokens is " +
                                      std::to_string(config_.limits.connections.tokens));
    }
    ++counters_["connection_request_count"];
    measures_[Summary::ConnectionTokenDeficit].add(tokens_.deficit());
    if (readOnly_ && !request->readOnly.value_or(false))
        return refuse(connection, "it wants to write, and without a quorum only those who read are served");
    if (request->lastZxidSeen > tree_->lastZxid())
        return refuse(connection, "it has seen " + hex(request->lastZxidSeen) + " and this server is only at " +
                                      hex(tree_->lastZxid()) + ": it must try another server");
    connection.saysReadOnly = request->readOnly.has_value();
    const auto least = static_cast<std::int32_t>(config_.minTimeout().count());
    const auto most = static_cast<std::int32_t>(config_.maxTimeout().count());
    connection.timeoutMs = std::min(std::max(request->timeoutMs, least), most);
    connection.stage = Connection::Stage::Opening;
    pause(connection);
    if (readOnly_) return connectReader(connection, *request);
    if (request->sessionId == 0) openSession(connection);
    else reopenSession(connection, *request);
}

void Node::Impl::openSession(Connection& connection) {
    do connection.session = ids_->next();
    while (tree_->sessions().contains(connection.session));
    bySession_[connection.session] = connection.link.id;
    std::string body;
    jute::Writer(body).i32(connection.timeoutMs);
    const Origin origin{connection.link.id, 0};
    if (learner_) {
        forwarded_[connection.session].push_back({0, origin});
        learner_->forward({connection.session, 0, jute::OpCode::CreateSession, std::move(body)}, {});
        return;
    }
    const std::vector<jute::Id> nobody;
    propose({connection.session, 0, jute::OpCode::CreateSession, body, &nobody, kOwnerSelf}, origin);
}

void Node::Impl::reopenSession(Connection& connection, const jute::ConnectRequest& request) {
    const SessionId session = request.sessionId;
    ++counters_["connection_revalidate_count"];
    // The password first: Apache closes the session's older connection before it looks, so that anybody can cut a client off.
    if (request.password.value_or("") != passwordOf(session)) {
        tracer_.log(trace::Severity::Warning, "wrong password for session " + hex(session) + " from " +
                                                  connection.link.address);
        return finishOpen(connection, false);
    }
    if (Connection* const older = connectionOf(session)) close(*older);
    connection.session = session;
    bySession_[session] = connection.link.id;
    if (learner_) {
        ++counters_["revalidate_count"];
        revalidating_[session] = connection.link.id;
        learner_->revalidate(session, connection.timeoutMs);
        return;
    }
    const bool valid = sessions_->touch(session, connection.timeoutMs, now_);
    if (valid) sessions_->setOwner(session, kOwnerSelf);
    finishOpen(connection, valid);
}

// Answers the ConnectRequest: a session that is not valid gets zeros and the end of the connection.
void Node::Impl::finishOpen(Connection& connection, bool valid) {
    jute::ConnectResponse response;
    response.timeoutMs = valid ? connection.timeoutMs : 0;
    response.sessionId = valid ? connection.session : 0;
    response.password = valid ? passwordOf(connection.session) : std::string(jute::kPasswordSize, '\0');
    if (connection.saysReadOnly) response.readOnly = readOnly_;
    writeConnectResponse(connection.link.out, response);
    ++packetsSent_;
    ++connection.sent;
    dirty(connection.link);
    if (!valid) return close(connection);
    connection.stage = Connection::Stage::Open;
    resume(connection);
    trace::Event event;
    event.kind = static_cast<std::int32_t>(Kind::ClientConnected);
    event.session = connection.session;
    event.text = connection.link.address + ":" + std::to_string(connection.link.port);
    tracer_.tell(std::move(event));
}

// An auth packet counts at once and is answered ahead of what waits, as Apache does. A scheme that proves nothing to this
// server ends the connection.
void Node::Impl::authenticate(Connection& connection, std::int32_t xid, std::string_view body) {
    const auto packet = jute::decode<jute::AuthPacket>(body);
    ErrorCode err = ErrorCode::Ok;
    if (!packet || connection.identities.size() >= kIdentitiesMax) {
        err = ErrorCode::AuthFailed;
    } else if (packet->scheme == "digest" && packet->auth && config_.digestScheme) {
        const std::string id = tree::digestId(*packet->auth, config_.digestAlgorithm);
        const auto prove = [&](const jute::Id& identity) {
            std::vector<jute::Id>& proved = connection.identities;
            if (std::find(proved.begin(), proved.end(), identity) == proved.end()) proved.push_back(identity);
        };
        if (!config_.superDigest.empty() && id == config_.superDigest) prove({"super", ""});
        prove({"digest", id});
    } else if (packet->scheme != "ip") { // the address is an identity of every connection already
        err = ErrorCode::AuthFailed;
    }
    Reply reply(connection.output(), xid, Zxid(), err);
    reply.finish();
    ++packetsSent_;
    ++connection.sent;
    dirty(connection.link);
    if (err == ErrorCode::Ok) return;
    ++counters_["auth_failed_count"];
    refuse(connection, "authentication failed, scheme \"" + (packet ? packet->scheme : "") + "\"");
}

// Without a login configuration there is nobody to answer a token: null comes back, at once, as Apache does it.
void Node::Impl::sasl(Connection& connection, std::int32_t xid, std::string_view body) {
    jute::Reader in(body);
    if (!in.buffer()) return refuse(connection, "a SASL request without a token");
    Reply reply(connection.link.out, xid, Zxid());
    jute::Writer(connection.link.out).i32(-1);
    reply.finish();
    ++packetsSent_;
    ++connection.sent;
    dirty(connection.link);
}

} // namespace zk::server
