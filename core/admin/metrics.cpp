#include "admin/metrics.h"

#include <algorithm>
#include <bit>

namespace zk::admin {

namespace {

constexpr std::int64_t kExact = 32;
constexpr int kSteps = 16; // buckets a power of two above that

std::size_t bucketOf(std::int64_t value) {
    if (value < kExact) return static_cast<std::size_t>(value);
    const int shift = std::bit_width(static_cast<std::uint64_t>(value)) - 5;
    return static_cast<std::size_t>((shift + 1) * kSteps + (value >> shift) - kSteps);
}

// The middle of a bucket.
std::int64_t valueOf(std::size_t bucket) {
    const auto index = static_cast<std::int64_t>(bucket);
    if (index < kExact) return index;
    const auto shift = static_cast<int>(index / kSteps - 1);
    return ((index % kSteps + kSteps) << shift) + ((std::int64_t{1} << shift) - 1) / 2;
}

// Why nothing is counted here.
constexpr std::string_view kInPlace = "a request is carried out where it is read, on one thread: it waits in no such queue";
constexpr std::string_view kNoThrottle = "a request that is late is dropped with its connection";
constexpr std::string_view kNoDeadWatchers = "watches are removed at once, without a cleaner";
constexpr std::string_view kNoCache = "answers are encoded straight from the tree, without a cache";
constexpr std::string_view kNoTls = "the AdminServer speaks no TLS";
constexpr std::string_view kNoEnsembleName = "the ensemble authentication scheme is not built";
constexpr std::string_view kNoObserverMaster = "followers do not feed observers here";
constexpr std::string_view kJvm = "there is no JVM";

} // namespace

void Distribution::add(std::int64_t value, std::int64_t times) {
    value = std::max<std::int64_t>(value, 0);
    if (times <= 0) return;
    least_ = count_ == 0 ? value : std::min(least_, value);
    most_ = std::max(most_, value);
    count_ += times;
    sum_ += value * times;
    const std::size_t bucket = bucketOf(value);
    if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
    buckets_[bucket] += times;
}

std::int64_t Distribution::quantile(double share) const {
    const double wanted = share * static_cast<double>(count_);
    std::int64_t below = 0;
    for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
        below += buckets_[bucket];
        if (buckets_[bucket] > 0 && static_cast<double>(below) >= wanted)
            return std::clamp(valueOf(bucket), least_, most_);
    }
    return most_;
}

const std::vector<CounterRow>& counterRows() {
    static const std::vector<CounterRow> rows{
        {"proposal_count", {}},
        {"watch_bytes", {}},
        {"outstanding_changes_removed", {}},
        {"throttled_ops", kNoThrottle},
        {"stale_requests_dropped", {}},
        {"large_requests_rejected", {}},
        {"insecure_admin_count", kNoTls},
        {"connection_rejected", {}},
        {"cnxn_closed_without_zk_server_running", {}},
        {"sessionless_connections_expired", {}},
        {"looking_count", {}},
        {"dead_watchers_queued", kNoDeadWatchers},
        {"stale_requests", kNoThrottle},
        {"connection_drop_count", {}},
        {"learner_proposal_received_count", {}},
        {"digest_mismatches_count", {}},
        {"dead_watchers_cleared", kNoDeadWatchers},
        {"response_packet_cache_hits", kNoCache},
        {"bytes_received_count", {}},
        {"add_dead_watcher_stall_time", kNoDeadWatchers},
        {"request_throttle_wait_count", {}},
        {"requests_not_forwarded_to_commit_processor", kInPlace},
        {"response_packet_cache_misses", kNoCache},
        {"ensemble_auth_success", kNoEnsembleName},
        {"prep_processor_request_queued", {}},
        {"learner_commit_received_count", {}},
        {"stale_replies", {}},
        {"connection_request_count", {}},
        {"response_bytes", {}},
        {"ensemble_auth_fail", kNoEnsembleName},
        {"diff_count", {}},
        {"response_packet_get_children_cache_misses", kNoCache},
        {"connection_revalidate_count", {}},
        {"quit_leading_due_to_disloyal_voter", "a leader that loses its quorum steps down; that covers such voters"},
        {"snap_count", {}},
        {"unrecoverable_error_count", {}},
        {"unsuccessful_handshake", {}},
        {"commit_count", {}},
        {"stale_sessions_expired", {}},
        {"response_packet_get_children_cache_hits", kNoCache},
        {"sync_processor_request_queued", {}},
        {"outstanding_changes_queued", {}},
        {"request_commit_queued", {}},
        {"ensemble_auth_skip", kNoEnsembleName},
        {"skip_learner_request_to_next_processor_count", kInPlace},
        {"tls_handshake_exceeded", {}},
        {"revalidate_count", {}},
        // Of 3.9:
        {"snapshot_error_count", {}},
        {"snapshot_rate_limited_count", {}},
        {"restore_error_count", {}},
        {"restore_rate_limited_count", {}},
    };
    return rows;
}

const std::vector<SummaryRow>& summaryRows() {
    static const std::vector<SummaryRow> rows{
        {"socket_closing_time", false, {}, "closing a socket is the driver's, and waits for nothing"},
        {"proposal_process_time", false, {}, kInPlace},
        {"leader_unavailable_time", false, Summary::LeaderUnavailableTime},
        {"node_created_watch_count", false, Summary::NodeCreatedWatchCount},
        {"session_queues_drained", false, Summary::SessionQueuesDrained},
        {"write_commit_proc_req_queued", false, {}, kInPlace},
        {"connection_token_deficit", false, Summary::ConnectionTokenDeficit},
        {"read_commit_proc_req_queued", false, {}, kInPlace},
        {"node_deleted_watch_count", false, Summary::NodeDeletedWatchCount},
        {"startup_txns_load_time", false, Summary::StartupTxnsLoadTime},
        {"sync_processor_queue_size", false, Summary::SyncProcessorQueueSize},
        {"follower_sync_time", false, Summary::FollowerSyncTime},
        {"prep_processor_queue_size", false, {}, kInPlace},
        {"fsynctime", false, Summary::Fsynctime},
        {"inflight_snap_count", false, Summary::InflightSnapCount},
        {"reads_issued_from_session_queue", false, Summary::ReadsIssuedFromSessionQueue},
        {"learner_request_processor_queue_size", false, {}, kInPlace},
        {"snapshottime", false, Summary::Snapshottime},
        {"unavailable_time", false, Summary::UnavailableTime},
        {"startup_txns_loaded", false, Summary::StartupTxnsLoaded},
        {"reads_after_write_in_session_queue", false, Summary::ReadsAfterWriteInSessionQueue},
        {"requests_in_session_queue", false, Summary::RequestsInSessionQueue},
        {"write_commit_proc_issued", false, {}, kInPlace},
        {"prep_process_time", false, {}, kInPlace},
        {"pending_session_queue_size", false, {}, kInPlace},
        {"time_waiting_empty_pool_in_commit_processor_read_ms", false, {}, "there is no pool of threads"},
        {"commit_process_time", false, {}, kInPlace},
        {"dbinittime", false, Summary::Dbinittime},
        {"inflight_diff_count", false, Summary::InflightDiffCount},
        {"netty_queued_buffer_capacity", false, {}, "there is no Netty"},
        {"election_time", false, Summary::ElectionTime},
        {"commit_commit_proc_req_queued", false, {}, kInPlace},
        {"sync_processor_batch_size", false, Summary::SyncProcessorBatchSize},
        {"node_children_watch_count", false, Summary::NodeChildrenWatchCount},
        {"write_batch_time_in_commit_processor", false, {}, kInPlace},
        {"read_commit_proc_issued", false, {}, kInPlace},
        {"concurrent_request_processing_in_commit_processor", false, {}, kInPlace},
        {"observer_sync_time", false, Summary::ObserverSyncTime},
        {"node_changed_watch_count", false, Summary::NodeChangedWatchCount},
        {"sync_process_time", false, Summary::SyncProcessTime},
        {"startup_snap_load_time", false, Summary::StartupSnapLoadTime},
        {"prep_processor_queue_time_ms", true, {}, kInPlace},
        {"jvm_pause_time_ms", true, {}, kJvm},
        {"close_session_prep_time", true, {}, kInPlace},
        {"read_commitproc_time_ms", true, Summary::ReadCommitprocTime},
        {"updatelatency", true, Summary::Updatelatency},
        {"local_write_committed_time_ms", true, {}, kInPlace},
        {"request_throttle_queue_time_ms", true, Summary::RequestThrottleQueueTime},
        {"readlatency", true, Summary::Readlatency},
        {"quorum_ack_latency", true, Summary::QuorumAckLatency},
        {"om_commit_process_time_ms", true, {}, kNoObserverMaster},
        {"read_final_proc_time_ms", true, {}, kInPlace},
        {"commit_propagation_latency", true, Summary::CommitPropagationLatency},
        {"dead_watchers_cleaner_latency", true, {}, kNoDeadWatchers},
        {"write_final_proc_time_ms", true, {}, kInPlace},
        {"proposal_ack_creation_latency", true, Summary::ProposalAckCreationLatency},
        {"proposal_latency", true, Summary::ProposalLatency},
        {"om_proposal_process_time_ms", true, {}, kNoObserverMaster},
        {"sync_processor_queue_and_flush_time_ms", true, Summary::SyncProcessorQueueAndFlushTime},
        {"propagation_latency", true, Summary::PropagationLatency},
        {"server_write_committed_time_ms", true, {}, kInPlace},
        {"sync_processor_queue_time_ms", true, Summary::SyncProcessorQueueTime},
        {"sync_processor_queue_flush_time_ms", true, Summary::SyncProcessorQueueFlushTime},
        {"write_commitproc_time_ms", true, Summary::WriteCommitprocTime},
    };
    return rows;
}

std::string_view nameOf(Summary summary) {
    for (const SummaryRow& row : summaryRows())
        if (row.absent.empty() && row.summary == summary) return row.name;
    return {};
}

} // namespace zk::admin
