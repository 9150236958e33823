// NodeLoad: fills one parent with very many znodes, and sees what listing them all costs the other sessions
// of the same server. Works on the caller's thread, within the calls.
#pragma once

#include "base/time.h"
#include "client/client.h"

namespace zk::net {

struct NodeLoadOptions {
    std::vector<client::Address> servers; // the sessions go to them in turn
    int sessions = 8, inFlight = 1000;
    std::size_t valueBytes = 100;
    int count = 1000000; // znodes
    std::string root = "/viv-nodes";
};

struct NodeLoadResult {
    double createSeconds = 0;
    std::uint64_t refused = 0; // creates that were answered with an error
    double listSeconds = 0;    // of one getChildren of all of them
    std::size_t listBytes = 0; // of its answer
    // The longest that another session waited for the answer to a small read, one after the other: in the
    // second before the getChildren, and while it was under way.
    Duration quietWait{0}, listWait{0};
};

// Creates the root and the znodes, then lists them. Errors: a sentence that names the server.
Result<NodeLoadResult> loadNodes(const NodeLoadOptions& options);
// Deletes all of it.
Result<void> removeNodes(const NodeLoadOptions& options);

} // namespace zk::net
