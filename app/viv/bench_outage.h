// Outage: writes one after the other, whatever happens to the servers, and the longest time between two that
// succeeded.
#pragma once

#include "client/client.h"

namespace zk::viv {

struct Outage {
    Duration longest{0};
    std::uint64_t writes = 0; // that succeeded
    std::uint64_t failed = 0; // nobody knows, or refused
};

// Keeps a znode of its own at `path` while it runs. Errors: no server takes the first write within ten
// seconds.
Result<Outage> measureOutage(const client::ConnectString& connect, const std::string& path, Duration time);

} // namespace zk::viv
