// The metrics as Prometheus reads them: its text format 0.0.4, with the names and types that Apache's provider gives.
#pragma once

#include "admin/status.h"

namespace zk::admin {

std::string prometheusText(const NodeStatus& status);

} // namespace zk::admin
