// Presence: one ephemeral znode under a name of our choice, that says "here I am" for as long as the session
// lives: a member of a group, a service's address, the progress of a task. Its data may be written anew at
// any time.
#pragma once

#include "client/recipes/common.h"

namespace zk::client::recipes {

class Presence {
  public:
    Presence(Client& client, std::string path, Buffer data);
    ~Presence(); // withdraws it
    Presence(const Presence&) = delete;
    Presence& operator=(const Presence&) = delete;

    // Creates the znode, and its parents where they are missing. Where another session has the name, waits
    // until that one is gone. `done` comes once, when the znode is there. Where somebody deletes it, it is
    // created again. Errors: the operations' own; errc::operation_canceled where withdraw() comes first.
    void announce(Callback<void> done);
    // Writes other data. One write is under way at a time, and of those that wait only the newest is done.
    void update(Buffer data);
    // Deletes the znode; `done` comes when it is gone, or the session is over.
    void withdraw(std::function<void()> done = {});
    // Called once where the znode is lost for good, after it was there: the session is over, or an operation
    // is refused.
    void onLost(std::function<void(const Error&)> callback);
    const std::string& path() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace zk::client::recipes
