// EnsembleWatch: what the servers of an ensemble do, handed from their threads to one of its own, which
// prints or logs it.
#pragma once

#include "ensemble/ensemble.h"
#include "ensemble/mailbox.h"

#include <condition_variable>
#include <thread>

namespace zk::viv {

class EnsembleWatch : public ensemble::Observer {
  public:
    // `tell` is called on the watch's own thread.
    explicit EnsembleWatch(std::function<void(const trace::Event&)> tell);
    // What has happened until here is still told.
    ~EnsembleWatch() override;

    void event(const trace::Event& event) override;
    void changed() override {}

  private:
    void work();

    static constexpr std::size_t kEventsMax = 10'000;
    const std::function<void(const trace::Event&)> tell_;
    ensemble::Mailbox<trace::Event> events_{kEventsMax};
    std::mutex mutex_;
    std::condition_variable woken_;
    bool due_ = false, ending_ = false;
    std::thread thread_;
};

} // namespace zk::viv
