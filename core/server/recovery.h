// Recovery: from what a store holds to the tree and the epochs that a server starts with.
#pragma once

#include "config/config.h"
#include "storage/store.h"
#include "tree/data_tree.h"
#include "zab/ready.h"

#include <deque>
#include <memory>

namespace zk::server {

// Committed transactions that are kept in memory, for learners that lack only these.
inline constexpr std::size_t kCommittedLog = 500;

struct Recovered {
    std::unique_ptr<tree::DataTree> tree; // with every logged transaction applied
    Zxid lastLogged;
    std::int64_t currentEpoch = 0, acceptedEpoch = 0;
    std::deque<zab::LogEntry> committedLog; // the last kCommittedLog transactions
    std::uint64_t replayed = 0;             // transactions since the snapshot
    std::vector<std::string> warnings;
};

inline tree::TreeOptions treeOptions(const config::ServerConfig& config) {
    return {config.extendedTypes};
}

// Reads the newest whole snapshot and the transactions after it. An empty directory gives the tree of a server that never
// ran, and gets its snapshot.0 (Apache refuses a log without one). The start rules for the epochs are Apache's
// QuorumPeer.loadDataBase. Errors: the store's; storage::Errc::Corrupt for epochs that contradict the log.
Result<Recovered> recover(storage::Store& store, const config::ServerConfig& config);

} // namespace zk::server
