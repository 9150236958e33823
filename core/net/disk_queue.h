// DiskQueue: one server's disk thread. Batches are carried out in order; while one is under way with its one sync, the
// next ones gather and become one batch with one sync again.
#pragma once

#include "server/node.h"
#include "storage/store.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace zk::net {

class DiskQueue {
  public:
    // One gathered batch that is durable, or has failed: which batches, and what came of them.
    struct Done {
        std::vector<std::uint64_t> batches;
        server::Performed performed; // of the last of them
    };
    // `finished` is called on the disk thread, each time that takeDone() has something new.
    DiskQueue(std::unique_ptr<storage::Store> store, config::ServerConfig config, std::function<void()> finished);
    // Abandons what has not begun and waits for what is under way.
    ~DiskQueue();

    void submit(std::uint64_t batch, std::vector<server::StoreDuty> duties);
    // What was carried out since the last call, in order.
    std::vector<Done> takeDone();
    // Waits until everything submitted is durable (or has failed).
    void drain();

  private:
    struct Batch {
        std::uint64_t number = 0;
        std::vector<server::StoreDuty> duties;
    };
    void run();
    // Takes what has gathered, up to and with a batch that truncates the log. Precondition: the lock is held.
    std::vector<Batch> gather();

    std::unique_ptr<storage::Store> store_;
    const config::ServerConfig config_;
    const std::function<void()> finished_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Batch> waiting_;
    std::vector<Done> done_;
    bool busy_ = false, ending_ = false;
    std::thread thread_; // last: it uses all of the above
};

} // namespace zk::net
