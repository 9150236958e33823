// What a server tells about itself, for the four-letter words, the admin commands and the window.
#include "server/impl.h"

namespace zk::server {

using jute::OpCode;

namespace {

// Apache's abbreviation of an operation: four capitals.
std::string abbreviation(OpCode op) {
    switch (op) {
    case OpCode::CreateSession: return "SESS";
    case OpCode::CloseSession: return "CLOS";
    case OpCode::GetChildren:
    case OpCode::GetChildren2: return "GETC";
    case OpCode::GetAcl: return "GETA";
    case OpCode::SetAcl: return "SETA";
    case OpCode::GetAllChildrenNumber: return "GETACN";
    case OpCode::MultiRead: return "MLTR";
    case OpCode::CheckWatches: return "CHKW";
    case OpCode::SetWatches2: return "STW2";
    case OpCode::WhoAmI: return "HOMI";
    case OpCode::Error: return "NA";
    default: break;
    }
    std::string text(jute::name(op).substr(0, 4));
    for (char& letter : text)
        if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    return text;
}

std::vector<std::pair<std::string, std::string>> configuration(const config::ServerConfig& config, Sid sid) {
    const auto number = [](auto value) { return std::to_string(value); };
    const std::string data = config.dataDir + "/version-2";
    const std::string log = (config.dataLogDir.empty() ? config.dataDir : config.dataLogDir) + "/version-2";
    std::vector<std::pair<std::string, std::string>> lines{
        {"clientPort", config.plainClients ? number(config.client.port) : "-1"},
        {"secureClientPort", config.secureClient ? number(config.secureClient->port) : "-1"},
        {"dataDir", data},
        {"dataDirSize", "0"},
        {"dataLogDir", log},
        {"dataLogSize", "0"},
        {"tickTime", number(config.tickTime.count())},
        {"maxClientCnxns", number(config.maxClientCnxns)},
        {"minSessionTimeout", number(config.minTimeout().count())},
        {"maxSessionTimeout", number(config.maxTimeout().count())},
        {"clientPortListenBacklog", number(config.clientPortListenBacklog)},
        {"serverId", number(config.standalone() ? 0 : sid)},
    };
    if (config.standalone()) return lines;
    const auto self = config.servers.find(sid);
    lines.insert(lines.end(), {{"initLimit", number(config.initLimit)},
                               {"syncLimit", number(config.syncLimit)},
                               {"electionAlg", "3"}});
    if (self != config.servers.end()) {
        lines.emplace_back("electionPort", number(self->second.election.port));
        lines.emplace_back("quorumPort", number(self->second.quorum.port));
    }
    lines.emplace_back("peerType", config.role() == config::Role::Observer ? "1" : "0");
    return lines;
}

// Milliseconds from one moment to another.
std::int64_t between(Instant from, Instant to) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(to - from).count();
}

admin::ConnectionStatus statusOf(const Connection& connection) {
    admin::ConnectionStatus status;
    status.address = connection.link.address + ":" + std::to_string(connection.link.port);
    status.session = connection.session;
    status.timeoutMs = connection.timeoutMs;
    status.queued = static_cast<std::int32_t>(connection.pending.size());
    status.received = connection.received;
    status.sent = connection.sent;
    status.lastOperation = abbreviation(connection.lastOp);
    status.establishedMs = connection.establishedMs;
    status.lastCxid = connection.lastCxid;
    status.lastResponseMs = connection.lastResponseMs;
    status.lastZxid = connection.lastZxid;
    status.lastLatencyMs = connection.latency.lastMs;
    status.minLatencyMs = connection.latency.minMs;
    status.maxLatencyMs = connection.latency.maxMs;
    status.avgLatencyMs = connection.latency.averageMs();
    return status;
}

} // namespace

void Node::Impl::fillCounters(admin::NodeStatus& status) const {
    status.lastResponseSize = responses_.last;
    status.minResponseSize = responses_.least;
    status.maxResponseSize = responses_.most;
    status.lastProposalSize = proposalSizes_.last;
    status.minProposalSize = proposalSizes_.least;
    status.maxProposalSize = proposalSizes_.most;
    status.counters = counters_;
    status.counters["bytes_received_count"] = bytesReceived_;
    status.counters["response_bytes"] = bytesSent_;
    status.counters["watch_bytes"] = watchBytes_;
    if (leader_) {
        status.counters["proposal_count"] = proposals_;
        status.counters["commit_count"] = commits_;
    }
    if (learner_) status.counters["learner_commit_received_count"] = commits_;
    if (const auto failures = counters_.find("auth_failed_count"); failures != counters_.end())
        status.authFailures = failures->second;
    status.counters["prep_processor_request_queued"] = proposals_;
    status.counters["sync_processor_request_queued"] = measures_.appends();
    status.counters["request_commit_queued"] = config_.standalone() ? 0 : commits_;
    status.counters["learner_proposal_received_count"] = measures_.proposalsReceived();
    if (preparer_) {
        status.counters["outstanding_changes_queued"] = preparer_->changes();
        status.counters["outstanding_changes_removed"] = preparer_->changesApplied();
    }
    status.quotaRefusals = quotaRefusals_;
    status.summaries = measures_.summaries();
    status.summarySets["read_per_namespace"].insert(measures_.reads().begin(), measures_.reads().end());
    status.summarySets["write_per_namespace"].insert(measures_.writes().begin(), measures_.writes().end());
    status.digests.assign(measures_.digests().begin(), measures_.digests().end());
    status.traceMask = traceMask_;
}

void Node::Impl::fillWatches(admin::NodeStatus& status) const {
    const auto sessionOf = [this](tree::WatcherId watcher) {
        const auto place = connections_.find(watcher);
        return place == connections_.end() ? SessionId{0} : place->second.session;
    };
    for (auto& [watcher, paths] : watches_.byWatcher())
        status.watchesBySession[sessionOf(watcher)].insert(paths.begin(), paths.end());
    for (const auto& [path, watchers] : watches_.byPath())
        for (const tree::WatcherId watcher : watchers) status.watchesByPath[path].insert(sessionOf(watcher));
}

void Node::Impl::fillMembers(admin::NodeStatus& status) const {
    const auto text = [](const config::Endpoint& endpoint) {
        const std::string host = endpoint.host.empty() ? "0.0.0.0" : endpoint.host;
        return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(endpoint.port);
    };
    for (const auto& [sid, server] : config_.servers) {
        admin::MemberStatus& one = status.members.emplace_back();
        one.sid = sid;
        one.quorum = text(server.quorum);
        one.election = text(server.election);
        one.participant = server.role == config::Role::Participant;
        if (server.client) one.client = text(*server.client);
        else if (sid == sid_) one.client = text(config_.client);
    }
    if (!leader_) return;
    for (const zab::LearnerStatus& learner : leader_->learners()) {
        if (!learner.observer || !learner.synced) continue;
        const auto known = config_.servers.find(learner.sid);
        status.observers.push_back({learner.sid, known == config_.servers.end() ? "" : "/" + text(known->second.quorum),
                                    learner.acknowledged});
    }
}

admin::NodeStatus Node::Impl::status(admin::StatusDetail detail) const {
    admin::NodeStatus status;
    status.version = "3.9.2-vivarium-" VIV_VERSION ", built on 2026-11-21 00:00 UTC";
    status.environment["zookeeper.version"] = status.version;
    status.state = state_;
    status.serving = servesClients();
    status.readOnly = readOnly_;
    status.outstandingHandshakes = greeting_;
    status.dropProbability = tokens_.dropProbability();
    status.sid = sid_;
    status.zxid = tree_->lastZxid();
    status.epoch = currentEpoch_;
    status.leader = leaderSid_;
    status.uptimeMs = between(startedAt_, now_);
    status.avgLatencyMs = latency_.averageMs();
    status.minLatencyMs = latency_.minMs;
    status.maxLatencyMs = latency_.maxMs;
    status.received = packetsReceived_;
    status.sent = packetsSent_;
    status.outstanding = pipeline_.requests();
    status.znodes = tree_->znodeCount();
    status.ephemerals = tree_->ephemeralCount();
    status.watches = watches_.count();
    status.dataWatches = watches_.ofData().watches;
    status.watchingConnections = watches_.ofData().watchers;
    status.watchedPaths = watches_.ofData().paths;
    status.dataSize = tree_->approximateDataSize();
    status.sessions = tree_->sessions().size();
    status.startedWallMs = startedWall_.ms;
    status.sessionTimeouts.insert(tree_->sessions().begin(), tree_->sessions().end());
    if (leader_) {
        if (serving_) status.leaderUptimeMs = between(servingSince_, now_);
        status.pendingSyncs = static_cast<std::int64_t>(localSyncs_.size());
        for (const zab::LearnerStatus& learner : leader_->learners()) {
            ++status.learners;
            if (!learner.observer) ++status.followers;
            if (learner.synced) ++(learner.observer ? status.syncedObservers : status.syncedFollowers);
        }
    }
    fillCounters(status);
    fillMembers(status);
    if (detail == admin::StatusDetail::Watches) fillWatches(status);
    for (const auto& [id, connection] : connections_) {
        if (connection.stage == Connection::Stage::Closed) continue;
        admin::ConnectionStatus& one = status.connections.emplace_back(statusOf(connection));
        one.expiresMs = wall_.ms + connection.timeoutMs - between(connection.lastHeard, now_);
    }
    std::sort(status.connections.begin(), status.connections.end(),
              [](const auto& one, const auto& other) { return one.address < other.address; });
    if (sessions_) {
        const std::int64_t start = between(Instant(), startedAt_);
        for (auto& [at, expiring] : sessions_->expiries()) status.sessionExpiries[at - start] = std::move(expiring);
    }
    status.ephemeralsBySession = tree_->ephemeralsBySession();
    status.configuration = configuration(config_, sid_);
    if (!config_.standalone()) {
        status.ensembleText = config::quorumText(config_);
        status.quorumSize = config_.quorum().voters().size();
    }
    if (config_.standalone()) status.initialConfiguration = config_.text;
    for (const auto& [key, value] : config_.properties) status.systemProperties["zookeeper." + key] = value;
    if (completeStatus_) completeStatus_(status);
    for (auto& [key, value] : status.configuration) {
        if (key == "dataDirSize") value = std::to_string(status.dataDirSize);
        if (key == "dataLogSize") value = std::to_string(status.logDirSize);
    }
    return status;
}

} // namespace zk::server
