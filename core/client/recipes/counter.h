// Counter: a number that many change together, each over the version that it has read. The znode holds it as
// decimal text, as kazoo's Counter does; Curator's counters hold it in binary and are not for this class.
#pragma once

#include "client/recipes/common.h"

namespace zk::client::recipes {

class Counter {
  public:
    struct Value {
        std::int64_t number = 0;
        std::int32_t version = 0; // of the znode
    };
    Counter(Client& client, std::string path);

    // The present value; creates the znode with 0 where it is missing. Errors: Errc::Malformed where it holds
    // no number.
    void get(Callback<Value> done);
    // Adds, and gives the new value; tries again as long as others are first. Errors: as get();
    // Errc::Malformed where the sum is no 64-bit number; ConnectionLoss where the connection was lost during
    // the write and the number has moved since, by this or by another: nobody knows.
    void add(std::int64_t delta, Callback<Value> done);
    // Sets it over this version. Errors: BadVersion where somebody else was first; ConnectionLoss as for
    // add().
    void set(std::int64_t number, std::int32_t version, Callback<Value> done);

  private:
    Client& client_;
    const std::string path_;
};

} // namespace zk::client::recipes
