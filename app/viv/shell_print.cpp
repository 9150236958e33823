#include "shell_print.h"

#include "text.h"

#include <boost/json/array.hpp>
#include <fmt/chrono.h>

#include <algorithm>
#include <ctime>

namespace zk::viv {

using jute::ErrorCode;

namespace {

struct Perm {
    char letter;
    std::int32_t bit;
};
// In the order in which zkCli prints them.
constexpr Perm kPerms[] = {{'c', jute::kPermCreate},
                           {'d', jute::kPermDelete},
                           {'r', jute::kPermRead},
                           {'w', jute::kPermWrite},
                           {'a', jute::kPermAdmin}};

void line(std::string& out, std::string_view key, const std::string& value) {
    out.append(key).append(" = ").append(value).append("\n");
}

} // namespace

std::string timeText(std::int64_t ms) {
    const auto seconds = static_cast<std::time_t>(ms >= 0 ? ms / 1000 : (ms - 999) / 1000);
    return fmt::format("{:%a %b %d %H:%M:%S %Z %Y}", fmt::localtime(seconds));
}

std::string statText(const jute::Stat& stat) {
    std::string out;
    line(out, "cZxid", hex(stat.czxid));
    line(out, "ctime", timeText(stat.ctime));
    line(out, "mZxid", hex(stat.mzxid));
    line(out, "mtime", timeText(stat.mtime));
    line(out, "pZxid", hex(stat.pzxid));
    line(out, "cversion", std::to_string(stat.cversion));
    line(out, "dataVersion", std::to_string(stat.version));
    line(out, "aclVersion", std::to_string(stat.aversion));
    line(out, "ephemeralOwner", hex(stat.ephemeralOwner));
    line(out, "dataLength", std::to_string(stat.dataLength));
    line(out, "numChildren", std::to_string(stat.numChildren));
    return out;
}

std::string permsText(std::int32_t perms) {
    std::string text;
    for (const Perm& perm : kPerms)
        if (perms & perm.bit) text += perm.letter;
    return text;
}

std::string aclText(const std::vector<jute::Acl>& acl) {
    std::string out;
    for (const jute::Acl& entry : acl)
        out += "'" + entry.id.scheme + ",'" + entry.id.id + "\n: " + permsText(entry.perms) + "\n";
    return out;
}

std::string childrenText(std::vector<std::string> names) {
    std::ranges::sort(names);
    std::string out = "[";
    for (const std::string& name : names)
        out += (out.size() > 1 ? ", " : "") + name;
    return out + "]\n";
}

std::string errorText(const Error& error, const std::string& path) {
    if (error.code.category() != client::clientCategory()) return error.message() + "\n";
    const ErrorCode code = client::toErrorCode(error);
    switch (code) {
    case ErrorCode::NoNode: return "Node does not exist: " + path + "\n";
    case ErrorCode::NodeExists: return "Node already exists: " + path + "\n";
    case ErrorCode::NotEmpty: return "Node not empty: " + path + "\n";
    case ErrorCode::BadVersion: return "version No is not valid : " + path + "\n";
    case ErrorCode::NoAuth: return "Insufficient permission : " + path + "\n";
    case ErrorCode::InvalidAcl: return "Acl is not valid : " + path + "\n";
    case ErrorCode::NoChildrenForEphemerals: return "Ephemerals cannot have children: " + path + "\n";
    case ErrorCode::BadArguments: return "Arguments are not valid : " + path + "\n";
    case ErrorCode::QuotaExceeded: return "Quota has exceeded : " + path + "\n";
    case ErrorCode::NoWatcher: return "KeeperErrorCode = No such watcher for " + path + "\n";
    case ErrorCode::ReconfigDisabled: return "KeeperErrorCode = Reconfig is disabled\n";
    case ErrorCode::NewConfigNoQuorum:
        return "No quorum of new config is connected and up-to-date with the leader of last committed config - try "
               "invoking reconfiguration after new servers are connected and synced\n";
    default: break;
    }
    // What this side of the connection says of itself is worth a sentence; a server's number says it all.
    const bool own = code == ErrorCode::ConnectionLoss || code == ErrorCode::SessionExpired ||
                     code == ErrorCode::AuthFailed || code == ErrorCode::NotReadOnly ||
                     code == ErrorCode::MarshallingError || code == ErrorCode::ThrottledOp;
    return "KeeperErrorCode = " + std::string(jute::name(code)) + (path.empty() ? "" : " for " + path) +
           (own ? ": " + error.message() : "") + "\n";
}

std::string eventText(const client::WatchEvent& event) {
    return "\nWATCHER::\n\nWatchedEvent state:SyncConnected type:" + std::string(jute::name(event.type)) +
           " path:" + event.path + "\n";
}

boost::json::object statJson(const jute::Stat& stat) {
    return {{"czxid", hex(stat.czxid)},      {"mzxid", hex(stat.mzxid)},
            {"ctime", stat.ctime},           {"mtime", stat.mtime},
            {"version", stat.version},       {"cversion", stat.cversion},
            {"aversion", stat.aversion},     {"ephemeralOwner", hex(stat.ephemeralOwner)},
            {"dataLength", stat.dataLength}, {"numChildren", stat.numChildren},
            {"pzxid", hex(stat.pzxid)}};
}

boost::json::array aclJson(const std::vector<jute::Acl>& acl) {
    boost::json::array out;
    for (const jute::Acl& entry : acl)
        out.push_back(boost::json::object{
            {"scheme", entry.id.scheme}, {"id", entry.id.id}, {"perms", permsText(entry.perms)}});
    return out;
}

void addDataJson(boost::json::object& out, const Buffer& data) {
    if (!data)
        out["data"] = nullptr;
    else if (isText(*data))
        out["data"] = *data;
    else
        out["dataBase64"] = base64(*data);
}

boost::json::object errorJson(const Error& error, const std::string& path) {
    boost::json::object out;
    const bool ours = error.code.category() == client::clientCategory();
    out["error"] = ours ? jute::name(client::toErrorCode(error)) : "Refused";
    out["message"] = error.message();
    if (!path.empty()) out["path"] = path;
    return out;
}

Result<std::vector<jute::Acl>> parseAcl(std::string_view text) {
    std::vector<jute::Acl> acl;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find(',', start), text.size());
        const std::string_view entry = text.substr(start, end - start);
        const std::size_t first = entry.find(':'), last = entry.rfind(':');
        if (first == std::string_view::npos || first == last || first == 0)
            return Error{Errc::Malformed, std::string(entry) + " does not have the form scheme:id:perm"};
        jute::Acl parsed;
        parsed.id = {std::string(entry.substr(0, first)),
                     std::string(entry.substr(first + 1, last - first - 1))};
        for (const char letter : entry.substr(last + 1)) {
            const auto* const perm = std::ranges::find(kPerms, letter, &Perm::letter);
            if (perm == std::end(kPerms))
                return Error{Errc::Malformed, std::string("Unknown perm type: ") + letter +
                                                  ". There are c create, d delete, r read, w write, a admin"};
            parsed.perms |= perm->bit;
        }
        acl.push_back(std::move(parsed));
        start = end + 1;
    }
    return acl;
}

} // namespace zk::viv
