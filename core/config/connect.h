// Where the clients of the ensemble connect to that a zoo.cfg describes.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace zk::config {

// "host:port,host:port", of the lines of servers and client ports alone: it need not be this machine's file, so nothing
// else in it is looked at. A server that listens on every address is named by its quorum address; a file without servers
// stands for one on 127.0.0.1. Errors: Unreadable and BadValue with file and line; Missing where no client port is named.
Result<std::string> connectStringOf(std::string_view text, const std::string& file);

} // namespace zk::config
