#include "net/disk_queue.h"

#include <algorithm>
#include <iterator>

namespace zk::net {

namespace {

bool truncates(const std::vector<server::StoreDuty>& duties) {
    return std::any_of(duties.begin(), duties.end(), [](const server::StoreDuty& duty) {
        return std::holds_alternative<server::TruncateLog>(duty);
    });
}

} // namespace

DiskQueue::DiskQueue(std::unique_ptr<storage::Store> store, config::ServerConfig config, std::function<void()> finished)
    : store_(std::move(store)), config_(std::move(config)), finished_(std::move(finished)), thread_([this] { run(); }) {}

DiskQueue::~DiskQueue() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
        waiting_.clear();
    }
    changed_.notify_all();
    thread_.join();
}

void DiskQueue::submit(std::uint64_t batch, std::vector<server::StoreDuty> duties) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back({batch, std::move(duties)});
    }
    changed_.notify_all();
}

void DiskQueue::drain() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_.empty() && !busy_; });
}

std::vector<DiskQueue::Done> DiskQueue::takeDone() {
    const std::lock_guard lock(mutex_);
    return std::exchange(done_, {});
}

std::vector<DiskQueue::Batch> DiskQueue::gather() {
    const auto last = std::find_if(waiting_.begin(), waiting_.end(),
                                   [](const Batch& batch) { return truncates(batch.duties); });
    const auto end = last == waiting_.end() ? last : std::next(last);
    std::vector<Batch> taken(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    return taken;
}

void DiskQueue::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
        if (ending_) return;
        std::vector<Batch> taken = gather();
        busy_ = true;
        lock.unlock();

        Done done;
        std::vector<server::StoreDuty> duties;
        for (Batch& batch : taken) {
            done.batches.push_back(batch.number);
            std::move(batch.duties.begin(), batch.duties.end(), std::back_inserter(duties));
        }
        done.performed = server::perform(*store_, config_, duties);
        const bool failed = done.performed.result.has_error();

        lock.lock();
        done_.push_back(std::move(done));
        busy_ = false;
        if (failed) { // nothing that follows may be written after what is missing
            ending_ = true;
            waiting_.clear();
        }
        changed_.notify_all();
        lock.unlock();
        finished_();
        lock.lock();
    }
}

} // namespace zk::net
