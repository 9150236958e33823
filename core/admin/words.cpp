#include "admin/monitor.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace zk::admin {

using trace::ServerState;

namespace {

constexpr std::string_view kTelnetName = "telnet close";
constexpr std::string_view kNotServing = "This ZooKeeper instance is not currently serving requests\n";

std::string latencyText(const NodeStatus& status) {
    return "Latency min/avg/max: " + std::to_string(status.minLatencyMs) + '/' +
           decimal(status.avgLatencyMs) + '/' + std::to_string(status.maxLatencyMs) + '\n';
}

std::string connectionLine(const ConnectionStatus& connection, bool brief) {
    const auto number = [](auto value) { return std::to_string(value); };
    std::string line = " /" + connection.address + (connection.session ? "[1]" : "[0]");
    line += "(queued=" + number(connection.queued) + ",recved=" + number(connection.received) +
            ",sent=" + number(connection.sent);
    if (!brief && connection.session != 0) {
        line += ",sid=" + hex(connection.session) + ",lop=" + connection.lastOperation +
                ",est=" + number(connection.establishedMs) + ",to=" + number(connection.timeoutMs) +
                ",lcxid=" + hex(connection.lastCxid) + ",lzxid=" + hex(connection.lastZxid) +
                ",lresp=" + number(connection.lastResponseMs) + ",llat=" + number(connection.lastLatencyMs) +
                ",minlat=" + number(connection.minLatencyMs) +
                ",avglat=" + number(static_cast<std::int64_t>(connection.avgLatencyMs)) +
                ",maxlat=" + number(connection.maxLatencyMs);
    }
    return line + ")\n";
}

std::string serverText(const NodeStatus& status, bool withClients) {
    std::string text = "Zookeeper version: " + status.version + '\n';
    if (status.readOnly) text += "READ-ONLY mode; serving only read-only clients\n";
    if (withClients) {
        text += "Clients:\n";
        for (const ConnectionStatus& connection : status.connections)
            text += connectionLine(connection, true);
        text += '\n';
    }
    text += latencyText(status);
    text += "Received: " + std::to_string(status.received) + "\nSent: " + std::to_string(status.sent);
    text += "\nConnections: " + std::to_string(status.connections.size());
    text += "\nOutstanding: " + std::to_string(status.outstanding) + "\nZxid: " + hex(status.zxid);
    text +=
        "\nMode: " + std::string(modeOf(status)) + "\nNode count: " + std::to_string(status.znodes) + '\n';
    if (status.state == ServerState::Leading) {
        text += "Proposal sizes last/min/max: " + std::to_string(status.lastProposalSize) + '/' +
                std::to_string(status.minProposalSize) + '/' + std::to_string(status.maxProposalSize) + '\n';
    }
    return text;
}

std::string configurationText(const NodeStatus& status) {
    std::string text;
    for (const auto& [key, value] : status.configuration)
        text += key + '=' + value + '\n';
    if (!status.ensembleText.empty()) text += "membership: \n" + status.ensembleText;
    return text;
}

// "Sat Nov 21 03:32:37 UTC 2026", as Java prints a date.
std::string dateText(std::int64_t wallMs) {
    using namespace std::chrono;
    constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const sys_time<milliseconds> time{milliseconds(wallMs)};
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(floor<seconds>(time - day));
    char text[64];
    std::snprintf(text, sizeof text, "%s %s %02u %02d:%02d:%02d UTC %d", kDays[weekday(day).c_encoding()],
                  kMonths[unsigned(date.month()) - 1], unsigned(date.day()), int(clock.hours().count()),
                  int(clock.minutes().count()), int(clock.seconds().count()), int(date.year()));
    return text;
}

std::string sessionsText(const NodeStatus& status) {
    std::string text = "SessionTracker dump:\n";
    if (status.state == ServerState::Following || status.state == ServerState::Observing) {
        text += "Global Sessions(" + std::to_string(status.sessionTimeouts.size()) + "):\n";
        for (const auto& [session, timeoutMs] : status.sessionTimeouts)
            text += hex(session) + '\t' + std::to_string(timeoutMs) + "ms\n";
        return text;
    }
    std::size_t sessions = 0;
    for (const auto& [at, ids] : status.sessionExpiries)
        sessions += ids.size();
    text += "Session Sets (" + std::to_string(status.sessionExpiries.size()) + ")/(" +
            std::to_string(sessions) + "):\n";
    for (const auto& [at, ids] : status.sessionExpiries) {
        text += std::to_string(ids.size()) + " expire at " + dateText(status.startedWallMs + at) + ":\n";
        for (const SessionId id : ids)
            text += '\t' + hex(id) + '\n';
    }
    return text;
}

std::string dumpText(const NodeStatus& status) {
    std::string text = sessionsText(status) + "ephemeral nodes dump:\nSessions with Ephemerals (" +
                       std::to_string(status.ephemeralsBySession.size()) + "):\n";
    for (const auto& [session, paths] : status.ephemeralsBySession) {
        text += hex(session) + ":\n";
        for (const std::string& path : paths)
            text += '\t' + path + '\n';
    }
    std::map<std::int64_t, std::vector<const ConnectionStatus*>> sets;
    for (const ConnectionStatus& connection : status.connections)
        sets[connection.expiresMs].push_back(&connection);
    text += "Connections dump:\nConnections Sets (" + std::to_string(sets.size()) + ")/(" +
            std::to_string(status.connections.size()) + "):\n";
    for (const auto& [at, connections] : sets) {
        text += std::to_string(connections.size()) + " expire at " + dateText(at) + ":\n";
        for (const ConnectionStatus* connection : connections)
            text += "\tip: /" + connection->address + " sessionId: " + hex(connection->session) + '\n';
    }
    return text;
}

std::string environmentText(const NodeStatus& status) {
    std::string text = "Environment:\n";
    for (const auto& [key, value] : status.environment)
        text += key + '=' + value + '\n';
    return text;
}

std::string connectionsText(const NodeStatus& status) {
    std::string text;
    for (const ConnectionStatus& connection : status.connections)
        text += connectionLine(connection, false);
    return text + '\n';
}

std::string watchesText(const NodeStatus& status) {
    return std::to_string(status.watchingConnections) + " connections watching " +
           std::to_string(status.watchedPaths) + " paths\nTotal watches:" + std::to_string(status.dataWatches) +
           '\n';
}

std::string watchesBySessionText(const NodeStatus& status) {
    std::string text;
    for (const auto& [session, paths] : status.watchesBySession) {
        text += hex(session) + '\n';
        for (const std::string& path : paths)
            text += '\t' + path + '\n';
    }
    return text + '\n';
}

std::string watchesByPathText(const NodeStatus& status) {
    std::string text;
    for (const auto& [path, sessions] : status.watchesByPath) {
        text += path + '\n';
        for (const SessionId session : sessions)
            text += '\t' + hex(session) + '\n';
    }
    return text + '\n';
}

std::string directoriesText(const NodeStatus& status) {
    return "datadir_size: " + std::to_string(status.dataDirSize) +
           "\nlogdir_size: " + std::to_string(status.logDirSize) + '\n';
}

std::string digestsText(const NodeStatus& status) {
    std::string text;
    for (const auto& [zxid, digest] : status.digests)
        text += hex(zxid).substr(2) + ": " + std::to_string(static_cast<std::int64_t>(digest)) + '\n';
    return text;
}

} // namespace

const std::vector<std::string_view>& words() {
    static const std::vector<std::string_view> all{"conf", "cons", "crst", "dirs", "dump", "envi", "gtmk", "hash", "isro",
                                                   "mntr", "ruok", "srst", "srvr", "stat", "stmk", "wchc", "wchp", "wchs"};
    return all;
}

bool isWord(std::string_view four) {
    return four == kTelnetClose || std::find(words().begin(), words().end(), four) != words().end();
}

bool isAllowed(std::string_view word, const std::vector<std::string>& whitelist) {
    return std::any_of(whitelist.begin(), whitelist.end(),
                       [&](const std::string& entry) { return entry == "*" || entry == word; });
}

std::string answer(std::string_view word, const NodeStatus& status, const std::vector<std::string>& whitelist) {
    if (word == kTelnetClose) word = kTelnetName;
    if (!isAllowed(word, whitelist))
        return std::string(word) + " is not executed because it is not in the whitelist.\n";
    if (word == kTelnetName) return {};
    if (word == "ruok") return "imok";
    if (word == "envi") return environmentText(status);
    if (word == "isro") return !status.serving ? "null" : status.readOnly ? "ro" : "rw";
    if (word == "gtmk" || word == "stmk") return std::to_string(status.traceMask);
    if (!status.serving) return std::string(kNotServing);
    if (word == "srvr") return serverText(status, false);
    if (word == "stat") return serverText(status, true);
    if (word == "mntr") return monitorText(status);
    if (word == "conf") return configurationText(status);
    if (word == "cons") return connectionsText(status);
    if (word == "wchs") return watchesText(status);
    if (word == "wchc") return watchesBySessionText(status);
    if (word == "wchp") return watchesByPathText(status);
    if (word == "dirs") return directoriesText(status);
    if (word == "hash") return digestsText(status);
    if (word == "crst") return "Connection stats reset.\n";
    if (word == "srst") return "Server stats reset.\n";
    return dumpText(status);
}

} // namespace zk::admin
