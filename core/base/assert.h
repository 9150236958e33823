// ZK_ASSERT(condition): a promise that this program makes to itself. Always on. A broken one throws BrokenPromise,
// which takes down the one server that broke it: its Host reports it as crashed, and the rest of the process goes on.
// Never for what a peer, a disk or a user can cause.
#pragma once

#include <stdexcept>

namespace zk {

class BrokenPromise : public std::logic_error {
  public:
    using std::logic_error::logic_error;
};

[[noreturn]] void brokenPromise(const char* condition, const char* file, int line);

} // namespace zk

#define ZK_ASSERT(condition) ((condition) ? void(0) : ::zk::brokenPromise(#condition, __FILE__, __LINE__))
