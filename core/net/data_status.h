// What only the file system knows of a server's data: sizes, and when the newest snapshot was written.
#pragma once

#include "admin/status.h"

namespace zk::net {

// Fills dataDirSize, logDirSize and lastSnapshot from version-2 of both directories (`logDir` empty: the same). What is not
// on the disk of this system, as with a lab in memory, stays as it is.
void fillDataStatus(admin::NodeStatus& status, const std::string& dataDir, const std::string& logDir);

} // namespace zk::net
