// Reading a server's configuration from the file that a person names.
#pragma once

#include "config/config.h"
#include "storage/disk.h"

namespace zk::net {

// The zoo.cfg, with the myid file that it points to. Errors: config's own; Unreadable where there is no such file.
// `definitions`: of the command line, as config::parse() takes them.
Result<config::Parsed> loadConfig(storage::Disk& disk, const std::string& file,
                                  const std::vector<std::string>& definitions = {});
// From the disk of this system.
Result<config::Parsed> loadConfig(const std::string& file, const std::vector<std::string>& definitions = {});

} // namespace zk::net
