// Queue: entries that any number of producers put and any number of consumers take, by priority, and in the
// order of their coming within one. Entries are znodes entry-<priority>-<number>, as kazoo's Queue has them,
// so both may use one path.
#pragma once

#include "client/recipes/common.h"

#include <deque>

namespace zk::client::recipes {

inline constexpr int kUsualPriority = 100, kLastPriority = 999; // 0 comes first

// What a consumer has taken.
struct Taken {
    std::string name, data;
    // False: the connection was lost while the entry was being removed, and it is gone. Either this consumer
    // has it alone or another has it too; of two who have it, only one is told that it is certain.
    bool certain = true;
};

class Queue {
  public:
    Queue(Client& client, std::string path);

    // Gives the entry's name. Errors: ConnectionLoss where nobody knows whether it was put: putting it again
    // may put it twice. errc::invalid_argument for a priority beyond 0 to 999.
    void put(std::string data, Callback<std::string> done) {
        put(std::move(data), kUsualPriority, std::move(done));
    }
    void put(std::string data, int priority, Callback<std::string> done);
    // Takes the first entry, and waits for one where there is none; waiting takes are served in order.
    // Errors: the operations' own, or the session is over.
    void take(Callback<Taken> done);
    // Gives the waiting takes up: each ends with errc::operation_canceled.
    void stopTaking();
    // How many entries there are.
    void size(Callback<std::size_t> done);

  private:
    void list();
    void takeFirst(std::vector<std::string> names);
    void remove(Taken taken);
    void doubt(Taken taken);
    void give(Result<Taken> taken);
    void fail(const Error& error);

    Client& client_;
    const std::string path_;
    std::deque<Callback<Taken>> takes_;
    bool busy_ = false;     // with the first of them
    bool watching_ = false; // a watch of the entries has not fired yet
    bool empty_ = false;    // there was none to take
    Life life_;
    Subscription subscription_;
};

} // namespace zk::client::recipes
