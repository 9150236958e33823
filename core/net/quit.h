// How a program that runs until it is told to end learns of it: Quit, where it waits, and EndSignals, which tells it of Ctrl-C.
#pragma once

#include <functional>
#include <memory>

namespace zk::net {

// Where a program waits until it is to end.
class Quit {
  public:
    Quit();
    ~Quit();
    void request(); // any thread, any number of times
    void wait();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// While it lives, the first of SIGINT and SIGTERM calls `arrived` with its number, on a thread of its own; neither ends the
// process by itself. Destroying it waits for a call that is under way.
class EndSignals {
  public:
    explicit EndSignals(std::function<void(int number)> arrived);
    ~EndSignals();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace zk::net
