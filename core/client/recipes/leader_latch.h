// LeaderLatch: one of its contenders leads, until it stops or its session is over; then the next in line
// does. A Lock whose znode carries the contender's id, so that everybody can ask who leads. kazoo's Election
// stands in the same line.
#pragma once

#include "client/recipes/lock.h"

namespace zk::client::recipes {

class LeaderLatch {
  public:
    LeaderLatch(Client& client, std::string path, std::string guid, std::string id);

    // Contends from here on. `changed` is told each change: true from when we lead; false from when we do
    // not, or cannot be sure (the connection is lost: stop what only a leader may do); an error once the
    // session is over or an operation is refused, and nothing after that. Once only, until stop().
    void start(Callback<bool> changed);
    // Leaves the line; `done` comes when our znode is gone. `changed` is not called any more.
    void stop(std::function<void()> done = {});
    bool leads() const { return lock_.state() == LockState::Held; }
    // The ids of those in line, the leader's first.
    void contenders(Callback<std::vector<std::string>> done) { lock_.contenders(std::move(done)); }

  private:
    void contend();
    void heard(LockState state);
    void tell(Result<bool> leads);

    Client& client_;
    Lock lock_;
    Callback<bool> changed_;
    bool told_ = false; // what was told last
    Life life_;
};

} // namespace zk::client::recipes
