// Recovery: from what a store holds to the tree and the epochs that a server starts with.
#pragma once

#include "config/config.h"
#include "storage/store.h"
#include "tree/data_tree.h"
#include "zab/ready.h"

#include <deque>
#include <functional>
#include <memory>

namespace zk::server {

struct Recovered {
    std::unique_ptr<tree::DataTree> tree; // with every logged transaction applied
    Zxid lastLogged;
    std::int64_t currentEpoch = 0, acceptedEpoch = 0;
    std::deque<zab::LogEntry> committedLog; // the last of them, as many as commitLogCount says
    std::uint64_t replayed = 0;             // transactions since the snapshot
    Duration snapshotTime{}, replayTime{};  // what reading them took; 0 without a clock
    std::vector<std::string> warnings;
};

inline tree::TreeOptions treeOptions(const config::ServerConfig& config) {
    return {config.extendedTypes};
}

// Reads the newest whole snapshot and the transactions after it. An empty directory gives the tree of a server that never
// ran, and gets its snapshot.0 (Apache refuses a log without one). The start rules for the epochs are Apache's
// QuorumPeer.loadDataBase. Errors: the store's; storage::Errc::Corrupt for epochs that contradict the log.
// `clock`: the driver's, where it has one.
Result<Recovered> recover(storage::Store& store, const config::ServerConfig& config,
                          const std::function<Instant()>& clock = {});

} // namespace zk::server
