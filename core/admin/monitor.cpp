#include "admin/monitor.h"

#include <array>
#include <cstdio>

namespace zk::admin {

using trace::ServerState;

namespace {

// Totals that any server prints, in Apache's order; the server counts them under these names.
constexpr std::array<std::string_view, 47> kCounters{"proposal_count",
                                                     "watch_bytes",
                                                     "outstanding_changes_removed",
                                                     "throttled_ops",
                                                     "stale_requests_dropped",
                                                     "large_requests_rejected",
                                                     "insecure_admin_count",
                                                     "connection_rejected",
                                                     "cnxn_closed_without_zk_server_running",
                                                     "sessionless_connections_expired",
                                                     "looking_count",
                                                     "dead_watchers_queued",
                                                     "stale_requests",
                                                     "connection_drop_count",
                                                     "learner_proposal_received_count",
                                                     "digest_mismatches_count",
                                                     "dead_watchers_cleared",
                                                     "response_packet_cache_hits",
                                                     "bytes_received_count",
                                                     "add_dead_watcher_stall_time",
                                                     "request_throttle_wait_count",
                                                     "requests_not_forwarded_to_commit_processor",
                                                     "response_packet_cache_misses",
                                                     "ensemble_auth_success",
                                                     "prep_processor_request_queued",
                                                     "learner_commit_received_count",
                                                     "stale_replies",
                                                     "connection_request_count",
                                                     "response_bytes",
                                                     "ensemble_auth_fail",
                                                     "diff_count",
                                                     "response_packet_get_children_cache_misses",
                                                     "connection_revalidate_count",
                                                     "quit_leading_due_to_disloyal_voter",
                                                     "snap_count",
                                                     "unrecoverable_error_count",
                                                     "unsuccessful_handshake",
                                                     "commit_count",
                                                     "stale_sessions_expired",
                                                     "response_packet_get_children_cache_hits",
                                                     "sync_processor_request_queued",
                                                     "outstanding_changes_queued",
                                                     "request_commit_queued",
                                                     "ensemble_auth_skip",
                                                     "skip_learner_request_to_next_processor_count",
                                                     "tls_handshake_exceeded",
                                                     "revalidate_count"};

std::string peerState(const NodeStatus& status) {
    if (!status.peerState.empty()) return status.peerState;
    if (status.state == ServerState::Leading) return "leading - broadcast";
    if (status.state == ServerState::Observing) return "observing - broadcast";
    return "following - broadcast";
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

std::string decimal(double value) {
    char digits[64];
    std::snprintf(digits, sizeof digits, "%.4f", value);
    std::string text = digits;
    while (text.ends_with('0') && !text.ends_with(".0"))
        text.pop_back();
    return text;
}

std::string monitorText(const NodeStatus& status) {
    std::string text;
    const auto line = [&text](std::string_view key, const auto& value) {
        text += "zk_";
        text += key;
        text += '\t';
        if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(value)>>)
            text += std::to_string(value);
        else
            text += value;
        text += '\n';
    };
    const bool leads = status.state == ServerState::Leading;
    const bool inEnsemble =
        leads || status.state == ServerState::Following || status.state == ServerState::Observing;
    line("version", status.version);
    line("server_state", modeOf(status));
    if (inEnsemble) line("peer_state", peerState(status));
    line("ephemerals_count", status.ephemerals);
    line("num_alive_connections", status.connections.size());
    line("avg_latency", decimal(status.avgLatencyMs));
    line("min_latency", status.minLatencyMs);
    line("max_latency", status.maxLatencyMs);
    line("outstanding_requests", status.outstanding);
    line("znode_count", status.znodes);
    line("global_sessions", status.sessions);
    line("local_sessions", status.localSessions);
    line("packets_received", status.received);
    line("packets_sent", status.sent);
    line("last_client_response_size", status.lastResponseSize);
    line("min_client_response_size", status.minResponseSize);
    line("max_client_response_size", status.maxResponseSize);
    line("watch_count", status.watches);
    line("approximate_data_size", status.dataSize);
    line("open_file_descriptor_count", status.openFiles);
    line("max_file_descriptor_count", status.maxFiles);
    line("non_mtls_remote_conn_count", status.nonTlsRemoteConnections);
    line("non_mtls_local_conn_count", status.nonTlsLocalConnections);
    line("connection_drop_probability", "0.0");
    line("auth_failed_count", status.authFailures);
    line("outstanding_tls_handshake", 0);
    line("uptime", status.uptimeMs);
    if (inEnsemble) line("quorum_size", status.quorumSize);
    if (leads) {
        line("learners", status.learners);
        line("synced_followers", status.syncedFollowers);
        line("synced_non_voting_followers", status.syncedNonVotingFollowers);
        line("synced_observers", status.syncedObservers);
        line("pending_syncs", status.pendingSyncs);
        line("leader_uptime", status.leaderUptimeMs);
        line("last_proposal_size", status.lastProposalSize);
        line("min_proposal_size", status.minProposalSize);
        line("max_proposal_size", status.maxProposalSize);
    }
    for (const std::string_view key : kCounters) {
        const auto at = status.counters.find(std::string(key));
        line(key, at == status.counters.end() ? std::int64_t{0} : at->second);
    }
    return text;
}

} // namespace zk::admin
