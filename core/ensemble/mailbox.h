// Mailbox: values from one thread to another, bounded. The writer never waits; where the box is full the newest value is
// dropped and the reader is told that something is missing, so that it re-reads a whole status.
#pragma once

#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace zk::ensemble {

template <class T>
class Mailbox {
  public:
    explicit Mailbox(std::size_t limit) : limit_(limit) {}

    // Any thread. True if the box was empty before: the reader may need to be woken.
    bool put(T value) {
        const std::lock_guard lock(mutex_);
        if (values_.size() >= limit_) {
            overflowed_ = true;
            return false;
        }
        values_.push_back(std::move(value));
        return values_.size() == 1;
    }

    struct Taken {
        std::vector<T> values;
        bool overflowed = false; // values were dropped since the last take
    };
    // The reader's thread.
    Taken take() {
        const std::lock_guard lock(mutex_);
        return {std::exchange(values_, {}), std::exchange(overflowed_, false)};
    }

  private:
    const std::size_t limit_;
    std::mutex mutex_;
    std::vector<T> values_;
    bool overflowed_ = false;
};

} // namespace zk::ensemble
