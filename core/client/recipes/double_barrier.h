// DoubleBarrier: so many participants begin together and end together. Each has an ephemeral znode below the
// path; the last to come creates "ready"; at the end the first by name waits for the last and everybody else
// for the first, so that nobody is woken who cannot go on. kazoo's DoubleBarrier takes part when it is given
// the same path.
#pragma once

#include "client/recipes/common.h"

namespace zk::client::recipes {

class DoubleBarrier {
  public:
    // The guid is this participant's own; `data` is for people.
    DoubleBarrier(Client& client, std::string path, std::string guid, std::size_t participants,
                  Buffer data = "");
    ~DoubleBarrier(); // takes our znode away: others will wait for one more, or for one less at the end
    DoubleBarrier(const DoubleBarrier&) = delete;
    DoubleBarrier& operator=(const DoubleBarrier&) = delete;

    // `done` comes once, when all are there. Errors: the operations' own, or the session is over.
    void enter(Callback<void> done);
    // `done` comes once, when all have left; one whose session ends has left too. Not before enter() is
    // answered.
    void leave(Callback<void> done);

  private:
    void create();
    void awaitReady();
    void count();
    void open();
    void departNext();
    void depart(const std::vector<std::string>& there);
    void await(const std::string& name);
    void finish(Result<void> outcome);

    Client& client_;
    const std::string path_, guid_;
    const std::size_t participants_;
    const Buffer data_;
    Callback<void> done_;
    bool there_ = false; // our znode may be
    Life life_;          // of one enter or leave
    Subscription subscription_;
};

} // namespace zk::client::recipes
