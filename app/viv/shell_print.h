// How the shell prints: as zkCli does, and as JSON.
#pragma once

#include "client/client.h"

#include <boost/json/object.hpp>

namespace zk::viv {

// cZxid = 0x2 ... numChildren = 0, a line each.
std::string statText(const jute::Stat& stat);
// "'world,'anyone\n: cdrwa\n" for each entry.
std::string aclText(const std::vector<jute::Acl>& acl);
// "[a, b]", sorted.
std::string childrenText(std::vector<std::string> names);
// "Sat Nov 21 03:37:59 UTC 2026", in the zone of this machine.
std::string timeText(std::int64_t ms);
// What zkCli says of an error: "Node does not exist: /a".
std::string errorText(const Error& error, const std::string& path);
// "\nWATCHER::\n\nWatchedEvent state:SyncConnected type:NodeDataChanged path:/a\n"
std::string eventText(const client::WatchEvent& event);

boost::json::object statJson(const jute::Stat& stat);
boost::json::array aclJson(const std::vector<jute::Acl>& acl);
// {"data": text}, null for no data, {"dataBase64": ...} for bytes that are no UTF-8 text.
void addDataJson(boost::json::object& out, const Buffer& data);
boost::json::object errorJson(const Error& error, const std::string& path);

// "world:anyone:cdrwa,digest:user:hash:r". Errors: Errc::Malformed with the entry that is wrong.
Result<std::vector<jute::Acl>> parseAcl(std::string_view text);
// "cdrwa" and back: the letters of the permissions that are given.
std::string permsText(std::int32_t perms);

} // namespace zk::viv
