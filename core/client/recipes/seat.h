// Seat: the znode with which a contender stands in a line: ephemeral and sequential,
// PARENT/<guid><kind><number>. The name begins with a GUID of the contender's own, so that it finds its znode
// again when the answer to its creation was lost. kazoo names its contenders so: "__lock__", "__rlock__".
#pragma once

#include "client/recipes/common.h"

namespace zk::client::recipes {

class Seat {
  public:
    Seat(Client& client, std::string parent, std::string guid, std::string kind, Buffer data);
    ~Seat(); // leaves
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

    // Creates the znode, and its parents where they are missing; the callback gets its name. Not while there
    // is one.
    void take(Callback<std::string> done);
    // Deletes the znode, also one whose creation is still under way; `done` comes when it is gone, or the
    // session is over.
    void leave(std::function<void()> done = {});

  private:
    struct State;
    std::shared_ptr<State> state_;
};

// The number at the end of a name that has this kind: "ab12__lock__0000000007" has 7. Nothing for another
// name.
std::optional<std::int32_t> numberOf(std::string_view name, std::string_view kind);

} // namespace zk::client::recipes
