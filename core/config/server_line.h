// The value of server.N: host:quorumPort:electionPort[:role][;[clientHost:]clientPort]. IPv6 hosts stand in
// brackets.
#pragma once

#include "config/config.h"

namespace zk::config {

// The error is the half of a sentence that says what is wrong and what to write: "has no election port; write
// ...".
boost::system::result<Server, std::string> parseServerLine(Sid sid, std::string_view value);

// "host:port", the host in brackets where it has colons.
std::string text(const Endpoint& endpoint);
// The value of server.N as Apache writes it, the role always there.
std::string text(const Server& server);

// A whole decimal number without anything around it.
std::optional<std::int64_t> wholeNumber(std::string_view text);

} // namespace zk::config
