#include "server/measures.h"

#include "base/bytes.h"

#include <algorithm>

namespace zk::server {

using jute::OpCode;

namespace {

constexpr std::size_t kStatBytes = 68;  // of the wire's Stat, which Apache counts with each read
constexpr std::size_t kTimeInTxn = 20;  // behind session, cxid and zxid

std::int64_t timeOf(std::string_view txn) {
    return txn.size() < kTimeInTxn + 8 ? 0 : loadBigEndian<std::int64_t>(txn.data() + kTimeInTxn);
}

// "a" of "/a/b"; empty: the root, or no path.
std::string_view namespaceOf(std::string_view path) {
    if (path.size() < 2 || path.front() != '/') return {};
    path.remove_prefix(1);
    return path.substr(0, path.find('/'));
}

void addTo(Measures::ByName& table, std::string_view path, std::size_t bytes, std::size_t times) {
    const std::string_view name = namespaceOf(path);
    if (name.empty()) return;
    auto place = table.find(name);
    if (place == table.end()) {
        if (table.size() >= kNamespaces) return;
        place = table.emplace(name, admin::Distribution()).first;
    }
    place->second.add(static_cast<std::int64_t>(bytes), static_cast<std::int64_t>(times));
}

} // namespace

void Measures::add(Summary summary, Duration time) {
    all_[summary].add(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

// Clocks of several machines differ: what seems to come before it was made is not counted.
void Measures::sinceWall(Summary summary, std::int64_t madeMs, std::int64_t times) {
    if (wallMs_ >= madeMs) all_[summary].add(wallMs_ - madeMs, times);
}

void Measures::readSample(std::string_view body, std::size_t answerBytes, std::size_t weight) {
    jute::Reader in(body);
    const std::string_view path = in.ustring();
    if (in.ok()) addTo(reads_, path, path.size() + answerBytes + kStatBytes, weight);
}

void Measures::appendQueued(std::string_view txn) {
    ++appends_;
    all_[Summary::SyncProcessorQueueSize].add(waiting_++);
    const std::int64_t madeMs = timeOf(txn);
    if (!queued_.empty() && queued_.back().since == now_ && queued_.back().madeMs == madeMs) ++queued_.back().count;
    else queued_.push_back({now_, madeMs, 1});
}

void Measures::batchTaken(std::size_t transactions) {
    auto left = static_cast<std::int64_t>(transactions);
    batchSince_ = now_;
    waiting_ -= std::min(left, waiting_);
    while (left > 0 && !queued_.empty()) {
        Queued& first = queued_.front();
        Queued part = first;
        part.count = std::min(left, first.count);
        left -= part.count;
        first.count -= part.count;
        if (first.count == 0) queued_.pop_front();
        atDisk_.push_back(part);
    }
    const auto milliseconds = [](Duration time) {
        return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
    };
    for (const Queued& one : atDisk_)
        all_[Summary::SyncProcessorQueueTime].add(milliseconds(now_ - one.since), one.count);
}

void Measures::batchStored() {
    std::int64_t transactions = 0;
    const auto milliseconds = [](Duration time) {
        return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
    };
    for (const Queued& one : atDisk_) {
        transactions += one.count;
        all_[Summary::SyncProcessorQueueAndFlushTime].add(milliseconds(now_ - one.since), one.count);
        sinceWall(Summary::ProposalAckCreationLatency, one.madeMs, one.count);
    }
    atDisk_.clear();
    if (transactions == 0) return;
    all_[Summary::SyncProcessorBatchSize].add(transactions);
    add(Summary::SyncProcessorQueueFlushTime, now_ - batchSince_);
    add(Summary::SyncProcessTime, now_ - batchSince_);
}

void Measures::proposalReceived(std::string_view txn) {
    ++proposalsReceived_;
    sinceWall(Summary::ProposalLatency, timeOf(txn));
}

void Measures::applied(const jute::Txn& txn, bool leads, bool follows) {
    sinceWall(Summary::PropagationLatency, txn.header.timeMs);
    if (leads) sinceWall(Summary::QuorumAckLatency, txn.header.timeMs);
    if (follows) sinceWall(Summary::CommitPropagationLatency, txn.header.timeMs);
    written(txn.body);
}

void Measures::written(const std::string& path, std::size_t dataBytes) {
    addTo(writes_, path, path.size() + dataBytes, 1);
}

void Measures::written(const jute::TxnBody& body) {
    const auto withData = [this](const auto& txn) { written(txn.path, txn.data ? txn.data->size() : 0); };
    if (const auto* const create = std::get_if<jute::CreateTxn>(&body)) return withData(*create);
    if (const auto* const container = std::get_if<jute::CreateContainerTxn>(&body)) return withData(*container);
    if (const auto* const ttl = std::get_if<jute::CreateTtlTxn>(&body)) return withData(*ttl);
    if (const auto* const set = std::get_if<jute::SetDataTxn>(&body)) return withData(*set);
    if (const auto* const gone = std::get_if<jute::DeleteTxn>(&body)) return written(gone->path, 0);
    const auto* const multi = std::get_if<jute::MultiTxn>(&body);
    if (multi == nullptr) return;
    for (const jute::SubTxn& part : multi->txns) {
        if (!part.body) continue;
        jute::Reader in(*part.body);
        if (const auto sub = jute::decodeTxnBody(static_cast<OpCode>(part.type), in);
            sub && !std::holds_alternative<jute::MultiTxn>(*sub))
            written(*sub);
    }
}

void Measures::digest(Zxid zxid, std::uint64_t digest) {
    if (zxid.value % kDigestEvery != 0) return;
    digests_.emplace_back(zxid, digest);
    if (digests_.size() > kDigestsKept) digests_.pop_front();
}

void Measures::watchesFired(jute::EventType type, std::size_t count) {
    if (count == 0) return;
    const auto fired = static_cast<std::int64_t>(count);
    switch (type) {
    case jute::EventType::Created: all_[Summary::NodeCreatedWatchCount].add(fired); break;
    case jute::EventType::Deleted: all_[Summary::NodeDeletedWatchCount].add(fired); break;
    case jute::EventType::DataChanged: all_[Summary::NodeChangedWatchCount].add(fired); break;
    case jute::EventType::ChildrenChanged: all_[Summary::NodeChildrenWatchCount].add(fired); break;
    default: break;
    }
}

void Measures::reset() {
    all_.reset();
    reads_.clear();
    writes_.clear();
    appends_ = proposalsReceived_ = readAtOnce_ = 0;
}

std::map<std::string, admin::Distribution> Measures::summaries() const {
    std::map<std::string, admin::Distribution> named;
    for (const admin::SummaryRow& row : admin::summaryRows())
        if (row.absent.empty()) named.emplace(row.name, all_[row.summary]);
    named[std::string(admin::nameOf(Summary::Readlatency))].add(0, readAtOnce_);
    return named;
}

} // namespace zk::server
