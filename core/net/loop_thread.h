// LoopThread: a Loop with a thread that runs it, for work that is to happen off the caller's thread.
#pragma once

#include "net/sockets.h"

#include <thread>

namespace zk::net {

class LoopThread {
  public:
    LoopThread() : thread_([this] { loop_.run([] {}); }) {}
    ~LoopThread() { finish(); }

    Loop& loop() { return loop_; }
    void post(std::function<void()> work) { loop_.post(std::move(work)); }
    // Runs what was posted so far, then ends the thread. For owners whose work must not outlive something of theirs.
    void finish() {
        if (!thread_.joinable()) return;
        loop_.post([this] { loop_.stop(); });
        thread_.join();
    }

  private:
    Loop loop_;
    std::thread thread_;
};

} // namespace zk::net
