// Measures: the times and sizes that a server keeps for its operators. A request adds a few numbers to it; what would cost
// more is counted in full while little happens and sampled, with its weight, in busy turns.
#pragma once

#include "admin/metrics.h"
#include "base/ids.h"
#include "base/time.h"
#include "jute/txn.h"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace zk::server {

using admin::Summary;

// Top-level znodes whose traffic is kept apart; of more than these nothing is said.
inline constexpr std::size_t kNamespaces = 1000;
// Digests of the tree that are kept, one of each kDigestEvery transactions.
inline constexpr std::size_t kDigestsKept = 1024;
inline constexpr std::int64_t kDigestEvery = 128;
inline constexpr std::int64_t kUsualTraceMask = 306; // Apache's: 0x132

class Measures {
  public:
    void beginTurn(Instant now, WallTime wall) {
        now_ = now, wallMs_ = wall.ms;
        readsInTurn_ = 0;
    }
    admin::Distribution& operator[](Summary summary) { return all_[summary]; }
    void add(Summary summary, Duration time);

    // --- Reads: on the hot path ---
    // An answer that is no write's; `since`: when the request came.
    void readAnswered(Instant since) {
        if (since == now_) ++readAtOnce_;
        else add(Summary::Readlatency, now_ - since);
    }
    // A read whose body begins with its path, and the size of its answer's data.
    void readOf(std::string_view body, std::size_t answerBytes) {
        const std::size_t number = readsInTurn_++;
        if (number < kReadsInFull) readSample(body, answerBytes, 1);
        else if (number % kReadsInFull == 0) readSample(body, answerBytes, kReadsInFull);
    }

    // --- Transactions ---
    void appendQueued(std::string_view txn); // for the log
    void batchTaken(std::size_t transactions); // the first of those queued are on their way to the disk
    Instant firstQueued() const { return queued_.empty() ? now_ : queued_.front().since; }
    void batchStored();                      // and durable
    void proposalReceived(std::string_view txn);
    void applied(const jute::Txn& txn, bool leads, bool follows);
    void digest(Zxid zxid, std::uint64_t digest);
    // Watches that one event has fired.
    void watchesFired(jute::EventType type, std::size_t count);

    void reset();

    std::map<std::string, admin::Distribution> summaries() const;
    using ByName = std::map<std::string, admin::Distribution, std::less<>>;
    const ByName& reads() const { return reads_; }
    const ByName& writes() const { return writes_; }
    const std::deque<std::pair<Zxid, std::uint64_t>>& digests() const { return digests_; }
    std::int64_t appends() const { return appends_; }
    std::int64_t proposalsReceived() const { return proposalsReceived_; }

    // When it last began: to look for a leader, not to serve, to follow, to write a snapshot.
    Instant lookingSince{}, unavailableSince{}, followingSince{}, snapshotSince{};

  private:
    static constexpr std::size_t kReadsInFull = 16; // of each turn; of the rest one in so many
    struct Queued {
        Instant since{};
        std::int64_t madeMs = 0; // the transaction's own time
        std::int64_t count = 0;
    };
    void readSample(std::string_view body, std::size_t answerBytes, std::size_t weight);
    void written(const std::string& path, std::size_t dataBytes);
    void written(const jute::TxnBody& body);
    void sinceWall(Summary summary, std::int64_t madeMs, std::int64_t times = 1);

    admin::Summaries all_;
    ByName reads_, writes_; // by the first name of the path
    std::deque<std::pair<Zxid, std::uint64_t>> digests_;
    std::deque<Queued> queued_, atDisk_;
    std::int64_t appends_ = 0, proposalsReceived_ = 0, waiting_ = 0;
    Instant now_{}, batchSince_{};
    std::int64_t wallMs_ = 0, readAtOnce_ = 0;
    std::size_t readsInTurn_ = 0;
};

} // namespace zk::server
