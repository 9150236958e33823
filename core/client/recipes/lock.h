// Lock: at most one session holds it, in the order in which they asked. The algorithm is the one of
// ZooKeeper's recipes page: each contender has a sequential ephemeral znode below the lock's path, the first
// in line holds the lock, and everybody else watches only the one before, so that a release wakes one
// contender and not all.
//
// kazoo's Lock, ReadLock and WriteLock stand in the same line when they are given the same path. Curator's do
// not: its contenders sort the names of znodes in another way.
#pragma once

#include "client/recipes/seat.h"

namespace zk::client::recipes {

enum class LockKind {
    Exclusive,
    Read,  // any number of these hold it together
    Write, // Exclusive, and none of Read
};

enum class LockState {
    Free,    // not asked for
    Waiting, // in line, or about to be
    Held,
    Doubtful, // held when the connection was lost: from the session's timeout on another may hold it. Stop,
              // or be careful
    Lost,     // it was held, and is not any more: the session is over, or the znode was deleted
};
std::string_view name(LockState state);

class Lock {
  public:
    // `data` is for people and for contenders(). The guid is this contender's own.
    Lock(Client& client, std::string path, std::string guid, LockKind kind = LockKind::Exclusive,
         Buffer data = "");
    ~Lock(); // releases it
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    // `done` comes once, when the lock is held or cannot be. Errors: the operations' own (NoAuth,
    // NotReadOnly, SessionExpired); errc::operation_canceled where release() comes first. Not while it waits
    // or holds already.
    void acquire(Callback<void> done);
    // Gives the lock, or the place in line, up; `done` comes when the znode is gone or the session is over.
    void release(std::function<void()> done = {});
    LockState state() const { return state_; }
    // Called on every change of the state, after `done`.
    void onChange(std::function<void(LockState)> callback) { changed_ = std::move(callback); }
    // The data of those in line, the holder's first.
    void contenders(Callback<std::vector<std::string>> done);

  private:
    void look();
    void decide(const std::vector<std::string>& names);
    void await(const std::string& predecessor);
    void verify();
    void session(const Status& status);
    void become(LockState state, Result<void> outcome = {});

    Client& client_;
    const std::string path_;
    const LockKind kind_;
    LockState state_ = LockState::Free;
    Callback<void> done_; // while it waits
    std::function<void(LockState)> changed_;
    std::string own_;      // our znode's name
    bool watched_ = false; // our own znode is
    Life whole_, life_;    // of this, and of one time in line
    Seat seat_;
    Subscription subscription_;
};

} // namespace zk::client::recipes
