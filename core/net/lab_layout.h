// The directory of a lab: a local ensemble of which each server has a directory with zoo.cfg, data and data/myid, laid
// out as the tutorials do, so that `viv server run` or an Apache server can be started on it by hand.
//
//     DIR/server1/zoo.cfg  DIR/server1/data/myid  DIR/server1/data/version-2/...  DIR/server2/...
#pragma once

#include "config/config.h"
#include "ensemble/ensemble.h"
#include "storage/disk.h"

namespace zk::net {

struct LabServer {
    std::string directory, configFile;
    config::ServerConfig config;
    Sid sid() const { return config.self.value_or(1); }
    bool observer() const { return !config.standalone() && config.role() == config::Role::Observer; }
};

// Where a lab stands when nobody says where.
std::string defaultLabDirectory();

// Reads the servers that the directory holds, or makes those that the options ask for. What it holds wins over
// `servers` and `observers`. Quorum and election ports that another program holds are replaced by free ones;
// client ports are those asked for, free ones where that is 0.
Result<std::vector<LabServer>> openLayout(storage::Disk& disk, const std::string& directory,
                                          const ensemble::LabOptions& options);

// Adds one server to all the configurations. Errors: Contradiction once a server has data.
Result<void> addToLayout(storage::Disk& disk, const std::string& directory, std::vector<LabServer>& servers,
                         bool observer);

} // namespace zk::net
