#include "server/store_queue.h"

#include "base/assert.h"

#include <algorithm>

namespace zk::server {

void StoreQueue::after(Consequence consequence) {
    if (waiting_.empty() && done_ == queued_) {
        consequence();
        return;
    }
    waiting_.push_back({queued_, std::move(consequence)});
}

void StoreQueue::pushSnapshot(std::shared_ptr<tree::View> view, std::optional<std::uint64_t> digest) {
    push(BeginSnapshot{view->zxid()});
    items_.push_back({++queued_, Dump{std::move(view), digest}});
}

bool StoreQueue::holdsOnlyTransactions() const {
    return std::all_of(items_.begin(), items_.end(), [](const Item& item) {
        const auto* const duty = std::get_if<StoreDuty>(&item.work);
        return duty != nullptr && std::holds_alternative<AppendTxn>(*duty);
    });
}

std::vector<StoreDuty> StoreQueue::take(std::size_t transactions) {
    ZK_ASSERT(ready());
    std::vector<StoreDuty> duties;
    onItsWay_ = durable_;
    while (!items_.empty()) {
        Item& item = items_.front();
        if (auto* const dump = std::get_if<Dump>(&item.work)) {
            std::string piece;
            const bool more = dump->view->next(piece, kSnapshotPieceBytes);
            if (!piece.empty()) duties.push_back(SnapshotPiece{std::move(piece)});
            if (more) break;
            duties.push_back(FinishSnapshot{dump->digest});
        } else {
            duties.push_back(std::move(std::get<StoreDuty>(item.work)));
        }
        taken_ = item.number;
        items_.pop_front();
        if (const auto* const append = std::get_if<AppendTxn>(&duties.back())) {
            onItsWay_ = append->zxid;
            if (transactions > 0 && --transactions == 0) break;
        }
        if (std::holds_alternative<TruncateLog>(duties.back())) break;
    }
    busy_ = true;
    ++batch_;
    return duties;
}

void StoreQueue::stored(std::uint64_t batch) {
    ZK_ASSERT(busy_ && batch == batch_);
    busy_ = false;
    durable_ = onItsWay_;
    done_ = taken_;
    runConsequences();
}

void StoreQueue::runConsequences() {
    while (!waiting_.empty() && waiting_.front().after <= done_) {
        const Consequence consequence = std::move(waiting_.front().run);
        waiting_.pop_front();
        consequence();
    }
}

} // namespace zk::server
