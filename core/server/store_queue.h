// StoreQueue: what the disk is to do, in order, and what may happen once it has been done.
//
// One batch is on its way at a time; what comes meanwhile gathers in the next one, so one sync makes many transactions
// durable. A consequence runs when every duty that was queued before it is durable; at once where nothing waits.
// A whole tree can be queued as one item: it is cut into pieces of a bounded size as the disk takes them.
#pragma once

#include "server/node.h"

#include <deque>
#include <functional>
#include <memory>

namespace zk::server {

class StoreQueue {
  public:
    using Consequence = std::function<void()>;

    void push(StoreDuty duty) { items_.push_back({++queued_, std::move(duty)}); }
    // Runs `consequence` from stored(), or now where nothing is queued or on its way.
    void after(Consequence consequence);
    // A whole snapshot, ahead of whatever is queued later. The view's tree must live until it is on the disk.
    void pushSnapshot(std::shared_ptr<tree::View> view, std::optional<std::uint64_t> digest);

    // Is there a batch to hand out? Not while one is on its way.
    bool ready() const { return !busy_ && !items_.empty(); }
    // The next batch; its number is batch(). It ends behind so many transactions; 0: no limit.
    std::vector<StoreDuty> take(std::size_t transactions = 0);
    std::size_t size() const { return items_.size(); }
    bool holdsOnlyTransactions() const;
    std::uint64_t batch() const { return batch_; }
    // The batch is durable: runs the consequences that stand next in line.
    void stored(std::uint64_t batch);
    // The last transaction that is durable.
    Zxid durable() const { return durable_; }
    void setDurable(Zxid zxid) { durable_ = zxid; }

  private:
    struct Dump {
        std::shared_ptr<tree::View> view;
        std::optional<std::uint64_t> digest;
    };
    struct Item {
        std::uint64_t number = 0;
        std::variant<StoreDuty, Dump> work;
    };
    struct Waiting {
        std::uint64_t after = 0; // the item that must be done
        Consequence run;
    };
    void runConsequences();

    std::deque<Item> items_;
    std::deque<Waiting> waiting_;
    bool busy_ = false;
    std::uint64_t queued_ = 0, taken_ = 0, done_ = 0; // numbers of items
    std::uint64_t batch_ = 0;
    Zxid durable_, onItsWay_;
};

// Bytes of a snapshot that one duty carries.
inline constexpr std::size_t kSnapshotPieceBytes = 256 * 1024;

} // namespace zk::server
