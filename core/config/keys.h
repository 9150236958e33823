// The keys of Apache's 3.8 and 3.9 that a zoo.cfg may hold and that this server does not act on yet.
#pragma once

#include <string_view>

namespace zk::config {

// `key` without "zookeeper." in front of it.
bool knownButNotActedOn(std::string_view key);

} // namespace zk::config
