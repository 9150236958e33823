#include "admin/monitor.h"

#include <cstdio>

namespace zk::admin {

using trace::ServerState;

namespace {

// Sets of summaries, and whether they print quantiles; a set prints what keys it has.
constexpr std::pair<std::string_view, bool> kSets[] = {{"read_per_namespace", false}, {"write_per_namespace", false}};

bool inEnsemble(const NodeStatus& status) {
    return status.state == ServerState::Leading || status.state == ServerState::Following ||
           status.state == ServerState::Observing;
}

void addSummary(std::vector<MonitorValue>& values, const std::string& name, const Distribution& figures, bool advanced) {
    values.push_back({"avg_" + name, figures.average()});
    values.push_back({"min_" + name, figures.least()});
    values.push_back({"max_" + name, figures.most()});
    values.push_back({"cnt_" + name, figures.count()});
    values.push_back({"sum_" + name, figures.sum()});
    if (!advanced) return;
    values.push_back({"p50_" + name, figures.quantile(0.5)});
    values.push_back({"p95_" + name, figures.quantile(0.95)});
    values.push_back({"p99_" + name, figures.quantile(0.99)});
    values.push_back({"p999_" + name, figures.quantile(0.999)});
}

std::string text(const MonitorValue& value) {
    if (const auto* const number = std::get_if<std::int64_t>(&value.value)) return std::to_string(*number);
    if (const auto* const fraction = std::get_if<double>(&value.value)) return decimal(*fraction);
    return std::get<std::string>(value.value);
}

} // namespace

std::string_view modeOf(const NodeStatus& status) {
    if (status.readOnly) return "read-only";
    switch (status.state) {
    case ServerState::Leading: return "leader";
    case ServerState::Following: return "follower";
    case ServerState::Observing: return "observer";
    default: return "standalone";
    }
}

std::string peerStateOf(const NodeStatus& status) {
    if (!status.peerState.empty()) return status.peerState;
    if (!inEnsemble(status)) return {};
    if (status.state == ServerState::Leading) return "leading - broadcast";
    return status.state == ServerState::Observing ? "observing - broadcast" : "following - broadcast";
}

std::string decimal(double value) {
    char digits[64];
    std::snprintf(digits, sizeof digits, "%.4f", value);
    std::string text = digits;
    while (text.ends_with('0') && !text.ends_with(".0"))
        text.pop_back();
    return text;
}

std::vector<MonitorValue> monitorGauges(const NodeStatus& status) {
    std::vector<MonitorValue> values;
    const auto add = [&values](const char* name, auto value) {
        if constexpr (std::is_integral_v<decltype(value)>)
            values.push_back({name, static_cast<std::int64_t>(value)});
        else
            values.push_back({name, std::move(value)});
    };
    add("ephemerals_count", status.ephemerals);
    add("num_alive_connections", status.connections.size());
    add("avg_latency", status.avgLatencyMs);
    add("min_latency", status.minLatencyMs);
    add("max_latency", status.maxLatencyMs);
    add("outstanding_requests", status.outstanding);
    add("znode_count", status.znodes);
    add("global_sessions", status.sessions);
    add("local_sessions", status.localSessions);
    add("packets_received", status.received);
    add("packets_sent", status.sent);
    add("last_client_response_size", status.lastResponseSize);
    add("min_client_response_size", status.minResponseSize);
    add("max_client_response_size", status.maxResponseSize);
    add("watch_count", status.watches);
    add("approximate_data_size", status.dataSize);
    add("open_file_descriptor_count", status.openFiles);
    add("max_file_descriptor_count", status.maxFiles);
    add("non_mtls_remote_conn_count", status.nonTlsRemoteConnections);
    add("non_mtls_local_conn_count", status.nonTlsLocalConnections);
    add("connection_drop_probability", status.dropProbability);
    add("auth_failed_count", status.authFailures);
    add("outstanding_tls_handshake", status.outstandingHandshakes);
    add("uptime", status.uptimeMs);
    if (inEnsemble(status)) add("quorum_size", status.quorumSize);
    if (status.state == ServerState::Leading) {
        add("learners", status.learners);
        add("synced_followers", status.syncedFollowers);
        add("synced_non_voting_followers", status.syncedNonVotingFollowers);
        add("synced_observers", status.syncedObservers);
        add("pending_syncs", status.pendingSyncs);
        add("leader_uptime", status.leaderUptimeMs);
        add("last_proposal_size", status.lastProposalSize);
        add("min_proposal_size", status.minProposalSize);
        add("max_proposal_size", status.maxProposalSize);
    }
    return values;
}

std::vector<MonitorValue> monitorCounters(const NodeStatus& status) {
    std::vector<MonitorValue> values;
    for (const CounterRow& row : counterRows()) {
        const auto at = status.counters.find(std::string(row.name));
        values.push_back({std::string(row.name), at == status.counters.end() ? std::int64_t{0} : at->second});
    }
    return values;
}

std::vector<MonitorValue> monitorCounterSets(const NodeStatus& status) {
    std::vector<MonitorValue> values;
    for (const auto& [name, count] : status.quotaRefusals)
        values.push_back({name + "_quota_exceeded_error_per_namespace", count});
    return values;
}

std::vector<MonitorValue> monitorSummaries(const NodeStatus& status) {
    std::vector<MonitorValue> values;
    for (const SummaryRow& row : summaryRows()) {
        const auto at = status.summaries.find(std::string(row.name));
        addSummary(values, std::string(row.name), at == status.summaries.end() ? Distribution() : at->second, row.advanced);
    }
    for (const auto& [set, advanced] : kSets) {
        const auto at = status.summarySets.find(std::string(set));
        if (at == status.summarySets.end()) continue;
        for (const auto& [key, figures] : at->second)
            addSummary(values, key + "_" + std::string(set), figures, advanced);
    }
    return values;
}

std::string monitorText(const NodeStatus& status) {
    std::vector<MonitorValue> values{{"version", status.version}, {"server_state", std::string(modeOf(status))}};
    if (inEnsemble(status)) values.push_back({"peer_state", peerStateOf(status)});
    std::string lines;
    for (const auto& more : {values, monitorGauges(status), monitorCounters(status), monitorCounterSets(status),
                             monitorSummaries(status)})
        for (const MonitorValue& value : more)
            lines += "zk_" + value.name + '\t' + text(value) + '\n';
    return lines;
}

} // namespace zk::admin
