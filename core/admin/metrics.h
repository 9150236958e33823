// Metrics: what a server counts and measures, under the names that Apache's mntr and Prometheus print.
//
// Every metric of a 3.8 server has a row here, in the order of its mntr. A row with a reason is one that this server has
// nothing to count for; it is printed all the same, at 0, so that no dashboard breaks.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace zk::admin {

struct CounterRow {
    std::string_view name;   // in NodeStatus::counters
    std::string_view absent; // why it stays 0; empty: it is counted
};
const std::vector<CounterRow>& counterRows();

// Whole numbers that were measured: how many, their sum, and how they lie. Exact below 32, above that each quantile is
// within a sixteenth of what it should be. Costs a few additions a number, and no memory before the first.
class Distribution {
  public:
    void add(std::int64_t value, std::int64_t times = 1);

    std::int64_t count() const { return count_; }
    std::int64_t sum() const { return sum_; }
    std::int64_t least() const { return least_; } // 0 before the first
    std::int64_t most() const { return most_; }
    double average() const { return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_); }
    // The value that this share of them (0 to 1) does not exceed; 0 before the first.
    std::int64_t quantile(double share) const;

  private:
    std::int64_t count_ = 0, sum_ = 0, least_ = 0, most_ = 0;
    std::vector<std::int64_t> buckets_;
};

// The summaries that this server measures. Times are milliseconds.
enum class Summary {
    LeaderUnavailableTime,       // a server that comes to lead: since it began to look for a leader
    NodeCreatedWatchCount,       // watches that one creation fired
    SessionQueuesDrained,        // sessions whose waiting requests were all answered by one commit
    NodeDeletedWatchCount,
    StartupTxnsLoadTime,
    SyncProcessorQueueSize,      // transactions that wait for the disk, as one more comes
    FollowerSyncTime,            // since the leader was dialled, until it said UPTODATE
    Fsynctime,                   // one sync of the log
    InflightSnapCount,           // SNAP syncs under way as a leader begins one
    ReadsIssuedFromSessionQueue, // reads that one commit let go
    Snapshottime,
    UnavailableTime,             // from the end of serving, or the start, until it serves again
    StartupTxnsLoaded,
    ReadsAfterWriteInSessionQueue, // reads that waited right behind a write
    RequestsInSessionQueue,      // requests of a session that wait, as one more comes
    Dbinittime,                  // the newest snapshot and the log after it
    InflightDiffCount,
    ElectionTime,
    SyncProcessorBatchSize,      // transactions that one sync made durable
    NodeChildrenWatchCount,
    ObserverSyncTime,
    NodeChangedWatchCount,
    SyncProcessTime,             // a batch's writing and sync
    StartupSnapLoadTime,
    ReadCommitprocTime,          // a read's wait behind a write of its session
    Updatelatency,               // of our clients' writes and syncs
    Readlatency,                 // of their other requests
    QuorumAckLatency,            // a leader: from the transaction's time to its commit
    CommitPropagationLatency,    // a learner: the same, to the COMMIT's arrival
    ProposalAckCreationLatency,  // to its being durable here
    ProposalLatency,             // a learner: to its arrival
    SyncProcessorQueueAndFlushTime,
    PropagationLatency,          // to its being applied
    SyncProcessorQueueTime,
    SyncProcessorQueueFlushTime,
    WriteCommitprocTime,         // a write's wait for its commit
    ConnectionTokenDeficit,      // tokens that are gone from the bucket, as a session is opened
    RequestThrottleQueueTime,    // of a request that waited to be let into the pipeline
    Count_,
};
inline constexpr std::size_t kSummaries = static_cast<std::size_t>(Summary::Count_);

struct SummaryRow {
    std::string_view name;
    bool advanced = false;       // prints quantiles too
    Summary summary{};           // where it is measured
    std::string_view absent = {}; // why it is not; empty: it is
};
const std::vector<SummaryRow>& summaryRows();
std::string_view nameOf(Summary summary);

// A server's summaries.
class Summaries {
  public:
    Distribution& operator[](Summary summary) { return all_[static_cast<std::size_t>(summary)]; }
    const Distribution& operator[](Summary summary) const { return all_[static_cast<std::size_t>(summary)]; }
    void reset() { all_ = {}; }

  private:
    std::array<Distribution, kSummaries> all_;
};

} // namespace zk::admin
