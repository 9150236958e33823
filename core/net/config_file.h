// Reading a server's configuration from the file that a person names.
#pragma once

#include "config/config.h"
#include "storage/disk.h"

namespace zk::net {

// The zoo.cfg, with the myid file that it points to. Errors: config's own; Unreadable where there is no such file.
Result<config::Parsed> loadConfig(storage::Disk& disk, const std::string& file);
// From the disk of this system.
Result<config::Parsed> loadConfig(const std::string& file);

} // namespace zk::net
