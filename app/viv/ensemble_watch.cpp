#include "ensemble_watch.h"

namespace zk::viv {

EnsembleWatch::EnsembleWatch(std::function<void(const trace::Event&)> tell)
    : tell_(std::move(tell)), thread_([this] { work(); }) {}

EnsembleWatch::~EnsembleWatch() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    woken_.notify_all();
    thread_.join();
}

void EnsembleWatch::event(const trace::Event& event) {
    if (!events_.put(event)) return;
    {
        const std::lock_guard lock(mutex_);
        due_ = true;
    }
    woken_.notify_all();
}

void EnsembleWatch::work() {
    for (bool ending = false; !ending;) {
        {
            std::unique_lock lock(mutex_);
            woken_.wait(lock, [this] { return due_ || ending_; });
            due_ = false;
            ending = ending_;
        }
        for (const trace::Event& event : events_.take().values)
            tell_(event);
    }
}

} // namespace zk::viv
