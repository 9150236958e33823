// What only the process knows of a server's status: the machine, the user and the open files, for envi and mntr.
#pragma once

#include "admin/status.h"

namespace zk::net {

// Fills environment (host.name, os.*, user.*; memory as "83MB"), openFiles and maxFiles. What the system does not tell stays as
// it is. The java.* lines of an Apache server are a JVM's own, and have no counterpart here.
void fillProcessStatus(admin::NodeStatus& status);

} // namespace zk::net
