#include "admin/commands.h"

#include "admin/json.h"
#include "admin/monitor.h"

#include <algorithm>
#include <charconv>

namespace zk::admin {

namespace {

constexpr const char* kNotServing = "This ZooKeeper instance is not currently serving requests";

using Write = void (*)(Json& json, const NodeStatus& status);

void nothing(Json&, const NodeStatus&) {}

void configuration(Json& json, const NodeStatus& status) {
    constexpr std::pair<const char*, const char*> kKeys[] = {
        {"client_port", "clientPort"},
        {"data_dir", "dataDir"},
        {"data_log_dir", "dataLogDir"},
        {"tick_time", "tickTime"},
        {"max_client_cnxns", "maxClientCnxns"},
        {"min_session_timeout", "minSessionTimeout"},
        {"max_session_timeout", "maxSessionTimeout"},
        {"server_id", "serverId"},
        {"client_port_listen_backlog", "clientPortListenBacklog"},
    };
    const std::map<std::string, std::string> lines(status.configuration.begin(), status.configuration.end());
    for (const auto& [key, line] : kKeys) {
        const auto at = lines.find(line);
        if (at == lines.end()) continue;
        std::int64_t number = 0;
        const char* const end = at->second.data() + at->second.size();
        if (std::from_chars(at->second.data(), end, number).ptr == end) json.add(key, number);
        else json.add(key, at->second);
    }
}

void connections(Json& json, const NodeStatus& status, bool brief) {
    json.name("connections").list();
    for (const ConnectionStatus& one : status.connections) {
        json.object();
        json.add("remote_socket_address", one.address);
        json.add("interest_ops", 1);
        json.add("outstanding_requests", one.queued);
        json.add("packets_received", one.received);
        json.add("packets_sent", one.sent);
        if (!brief) {
            json.add("session_id", one.session);
            json.add("last_operation", one.lastOperation);
            json.add("established", one.establishedMs);
            json.add("session_timeout", one.timeoutMs);
            json.add("last_cxid", one.lastCxid);
            json.add("last_zxid", one.lastZxid.value);
            json.add("last_response_time", one.lastResponseMs);
            json.add("last_latency", one.lastLatencyMs);
            json.add("min_latency", one.minLatencyMs);
            json.add("avg_latency", static_cast<std::int64_t>(one.avgLatencyMs));
            json.add("max_latency", one.maxLatencyMs);
        }
        json.end();
    }
    json.end();
    json.name("secure_connections").list();
    json.end();
}

void allConnections(Json& json, const NodeStatus& status) { connections(json, status, false); }

void directories(Json& json, const NodeStatus& status) {
    json.add("datadir_size", status.dataDirSize);
    json.add("logdir_size", status.logDirSize);
}

void dump(Json& json, const NodeStatus& status) {
    json.name("expiry_time_to_session_ids").object();
    for (const auto& [at, sessions] : status.sessionExpiries) {
        json.name(std::to_string(at)).list();
        for (const SessionId session : sessions) json.value(session);
        json.end();
    }
    json.end();
    json.name("session_id_to_ephemeral_paths").object();
    for (const auto& [session, paths] : status.ephemeralsBySession) {
        json.name(std::to_string(session)).list();
        for (const std::string& path : paths) json.value(path);
        json.end();
    }
    json.end();
}

void environment(Json& json, const NodeStatus& status) {
    for (const auto& [key, value] : status.environment) json.add(key, value);
}

void traceMask(Json& json, const NodeStatus& status) { json.add("tracemask", status.traceMask); }

void digests(Json& json, const NodeStatus& status) {
    json.name("digests").list();
    for (const auto& [zxid, digest] : status.digests) {
        json.object();
        json.add("zxid", zxid.value);
        json.add("digest", static_cast<std::int64_t>(digest));
        json.add("digest_version", 2);
        json.end();
    }
    json.end();
}

void initialConfiguration(Json& json, const NodeStatus& status) {
    json.name("initial_configuration");
    if (status.initialConfiguration.empty()) json.null();
    else json.value(status.initialConfiguration);
}

void readOnly(Json& json, const NodeStatus& status) { json.add("read_only", status.readOnly); }

void lastSnapshot(Json& json, const NodeStatus& status) {
    json.add("zxid", hex(status.lastSnapshot.value_or(Zxid(-1))).substr(2));
    json.add("timestamp", status.lastSnapshot ? status.lastSnapshotSeconds : std::int64_t{-1});
}

std::string hostOf(const std::string& endpoint) { return endpoint.substr(0, endpoint.rfind(':')); }

const MemberStatus* member(const NodeStatus& status, std::optional<Sid> sid) {
    const auto at = std::find_if(status.members.begin(), status.members.end(),
                                 [&](const MemberStatus& one) { return sid && one.sid == *sid; });
    return at == status.members.end() ? nullptr : &*at;
}

void leader(Json& json, const NodeStatus& status) {
    const MemberStatus* const leads = member(status, status.leader);
    json.add("is_leader", status.state == trace::ServerState::Leading);
    json.add("leader_id", status.leader.value_or(-1));
    json.add("leader_ip", leads ? hostOf(leads->quorum) : std::string());
}

void monitor(Json& json, const NodeStatus& status) {
    json.add("version", status.version);
    json.add("server_state", modeOf(status));
    if (const std::string state = peerStateOf(status); !state.empty()) json.add("peer_state", state);
    for (const auto& values : {monitorGauges(status), monitorCounters(status), monitorCounterSets(status), monitorSummaries(status)})
        for (const MonitorValue& value : values)
            std::visit([&](const auto& one) { json.add(value.name, one); }, value.value);
}

void observers(Json& json, const NodeStatus& status) {
    json.add("synced_observers", status.syncedObservers);
    json.name("observers").list();
    for (const ObserverStatus& one : status.observers) {
        json.object();
        json.add("remote_socket_address", one.address);
        json.add("sid", one.sid);
        json.add("last_zxid", hex(one.lastZxid));
        json.end();
    }
    json.end();
}

void sizes(Json& json, const char* name, std::int64_t last, std::int64_t least, std::int64_t most) {
    json.name(name).object();
    json.add("last_buffer_size", last);
    json.add("min_buffer_size", least);
    json.add("max_buffer_size", most);
    json.end();
}

void serverStats(Json& json, const NodeStatus& status) {
    json.add("version", status.version);
    json.add("read_only", status.readOnly);
    json.name("server_stats").object();
    json.add("packets_sent", status.sent);
    json.add("packets_received", status.received);
    json.add("fsync_threshold_exceed_count", status.slowSyncs);
    sizes(json, "client_response_stats", status.lastResponseSize, status.minResponseSize, status.maxResponseSize);
    json.add("data_dir_size", status.dataDirSize);
    json.add("log_dir_size", status.logDirSize);
    json.add("provider_null", false);
    json.add("server_state", modeOf(status));
    json.add("last_processed_zxid", status.zxid.value);
    json.add("outstanding_requests", status.outstanding);
    json.add("avg_latency", status.avgLatencyMs);
    json.add("max_latency", status.maxLatencyMs);
    json.add("min_latency", status.minLatencyMs);
    json.add("num_alive_client_connections", status.connections.size());
    json.add("uptime", status.uptimeMs);
    json.add("auth_failed_count", status.authFailures);
    json.add("non_mtlsremote_conn_count", status.nonTlsRemoteConnections);
    json.add("non_mtlslocal_conn_count", status.nonTlsLocalConnections);
    json.end();
    sizes(json, "client_response", status.lastResponseSize, status.minResponseSize, status.maxResponseSize);
    if (status.state == trace::ServerState::Leading)
        sizes(json, "proposal_stats", status.lastProposalSize, status.minProposalSize, status.maxProposalSize);
    json.add("node_count", status.znodes);
}

void stats(Json& json, const NodeStatus& status) {
    serverStats(json, status);
    connections(json, status, true);
}

void systemProperties(Json& json, const NodeStatus& status) {
    for (const auto& [key, value] : status.systemProperties) json.add(key, value);
}

void votingView(Json& json, const NodeStatus& status) {
    json.name("current_config").object();
    for (const MemberStatus& one : status.members) {
        if (!one.participant) continue;
        json.name(std::to_string(one.sid)).object();
        json.name("server_addresses").list();
        json.value(one.quorum);
        json.end();
        json.name("election_addresses").list();
        json.value(one.election);
        json.end();
        json.add("client_address", one.client);
        json.add("learner_type", "participant");
        json.end();
    }
    json.end();
}

void watches(Json& json, const NodeStatus& status) {
    json.name("session_id_to_watched_paths").object();
    for (const auto& [session, paths] : status.watchesBySession) {
        json.name(std::to_string(session)).list();
        for (const std::string& path : paths) json.value(path);
        json.end();
    }
    json.end();
}

void watchesByPath(Json& json, const NodeStatus& status) {
    json.name("path_to_session_ids").object();
    for (const auto& [path, sessions] : status.watchesByPath) {
        json.name(path).list();
        for (const SessionId session : sessions) json.value(session);
        json.end();
    }
    json.end();
}

void watchSummary(Json& json, const NodeStatus& status) {
    json.add("num_connections", status.watchingConnections);
    json.add("num_paths", status.watchedPaths);
    json.add("num_total_watches", status.dataWatches);
}

// A multi-address as Apache's bean of it is printed; ours has one address, which is always reachable.
void address(Json& json, const char* name, const std::string& endpoint) {
    const std::string host = hostOf(endpoint), port = endpoint.substr(endpoint.rfind(':') + 1);
    const auto one = [&json](const char* key, const std::string& value) {
        json.name(key).list();
        json.value(value);
        json.end();
    };
    json.name(name).object();
    json.add("empty", false);
    one("all_addresses", endpoint);
    one("all_reachable_addresses", endpoint);
    json.add("one", endpoint);
    json.add("reachable_address", endpoint);
    one("wildcard_addresses", "0.0.0.0:" + port);
    json.name("all_ports").list();
    json.value(std::int64_t{std::atoi(port.c_str())});
    json.end();
    one("all_host_strings", host);
    one("all_reachable_addresses_or_all", endpoint);
    json.add("reachable_or_one", endpoint);
    json.end();
}

void zabState(Json& json, const NodeStatus& status) {
    const MemberStatus* const self = member(status, status.sid);
    if (self == nullptr) {
        json.add("voting", false);
        json.add("zabstate", "");
        return;
    }
    const std::string state = peerStateOf(status);
    const auto dash = state.find(" - ");
    json.add("myid", status.sid);
    json.add("is_leader", status.state == trace::ServerState::Leading);
    address(json, "quorum_address", self->quorum);
    address(json, "election_address", self->election);
    json.add("client_address", self->client);
    json.add("voting", self->participant);
    json.add("last_zxid", hex(status.zxid));
    json.add("zab_epoch", status.zxid.epoch());
    json.add("zab_counter", std::int64_t{status.zxid.counter()});
    json.add("zabstate", dash == std::string::npos ? std::string("election") : state.substr(dash + 3));
}

struct Answer {
    CommandRow row;
    Write write;
};

constexpr std::string_view kRestoreAbsent =
    "restore is not built in this server: stop it, put the snapshot into dataDir/version-2 and start it again";

const std::vector<Answer>& answers() {
    static const std::vector<Answer> all{
        {{{"configuration", "conf", "config"}}, configuration},
        {{{"connection_stat_reset", "crst"}, true, Effect::ResetConnections}, nothing},
        {{{"connections", "cons"}}, allConnections},
        {{{"dirs"}}, directories},
        {{{"dump"}}, dump},
        {{{"environment", "env", "envi"}, false}, environment},
        {{{"get_trace_mask", "gtmk"}, false}, traceMask},
        {{{"hash"}}, digests},
        {{{"initial_configuration", "icfg"}}, initialConfiguration},
        {{{"is_read_only", "isro"}}, readOnly},
        {{{"last_snapshot", "lsnp"}}, lastSnapshot},
        {{{"leader", "lead"}}, leader},
        {{{"monitor", "mntr"}, false}, monitor},
        {{{"observer_connection_stat_reset", "orst"}}, nothing},
        {{{"observers", "obsr"}}, observers},
        {{{"restore", "rest"}, true, Effect::Restore, true, true, kRestoreAbsent}, nothing},
        {{{"ruok"}}, nothing},
        {{{"server_stats", "srvr"}}, serverStats},
        {{{"set_trace_mask", "stmk"}, false, Effect::SetTraceMask}, traceMask},
        {{{"snapshot", "snap"}, true, Effect::Snapshot, false, true}, nothing},
        {{{"stat_reset", "srst"}, true, Effect::ResetServer}, nothing},
        {{{"stats", "stat"}}, stats},
        {{{"system_properties", "sysp"}, false}, systemProperties},
        {{{"voting_view"}}, votingView},
        {{{"watch_summary", "wchs"}}, watchSummary},
        {{{"watches", "wchc"}}, watches},
        {{{"watches_by_path", "wchp"}}, watchesByPath},
        {{{"zabstate"}, false}, zabState},
    };
    return all;
}

const Answer* find(std::string_view name) {
    for (const Answer& one : answers())
        if (std::find(one.row.names.begin(), one.row.names.end(), name) != one.row.names.end()) return &one;
    return nullptr;
}

// An error that the command itself puts first, before its name.
CommandResponse refusedArgument(std::string_view name, const std::string& why) {
    Json json;
    json.add("error", why);
    json.add("command", name);
    return {200, json.take()};
}

} // namespace

const std::vector<CommandRow>& commandRows() {
    static const std::vector<CommandRow> rows = [] {
        std::vector<CommandRow> all;
        for (const Answer& one : answers()) all.push_back(one.row);
        return all;
    }();
    return rows;
}

const CommandRow* findCommand(std::string_view name) {
    const Answer* const found = find(name);
    return found ? &found->row : nullptr;
}

std::optional<std::int64_t> traceMaskOf(const CommandRequest& request) {
    const auto at = request.arguments.find("traceMask");
    if (at == request.arguments.end()) return {};
    std::int64_t mask = 0;
    const char* const end = at->second.data() + at->second.size();
    const auto [stop, failure] = std::from_chars(at->second.data(), end, mask);
    if (failure != std::errc() || stop != end) return {};
    return mask;
}

CommandResponse failed(std::string_view name, int status, std::string_view error) {
    Json json;
    json.add("command", name);
    json.add("error", error);
    return {status, json.take()};
}

CommandResponse plain(std::string_view name, int status) {
    Json json;
    json.add("command", name);
    json.name("error").null();
    return {status, json.take()};
}

CommandResponse answer(const CommandRequest& request, const NodeStatus& status) {
    const Answer* const command = find(request.name);
    if (command == nullptr) return failed(request.name, 200, "Unknown command: " + request.name);
    if (command->row.needsServer && !status.serving) return failed(request.name, 200, kNotServing);
    const std::string_view name = command->row.names.front();
    if (!command->row.absent.empty()) return failed(name, 501, command->row.absent);
    if (command->row.effect == Effect::SetTraceMask && !traceMaskOf(request)) {
        const auto given = request.arguments.find("traceMask");
        return refusedArgument(name, "setTraceMask requires long traceMask argument" +
                                         (given == request.arguments.end() ? "" : ", got " + given->second));
    }
    if (command->write == leader && status.members.empty())
        return refusedArgument(name, "server is not initialized");
    Json json;
    command->write(json, status);
    json.add("command", name);
    json.name("error").null();
    return {200, json.take()};
}

std::string indexPage(std::string_view commandUrl) {
    std::string page;
    for (const CommandRow& row : commandRows()) {
        const std::string name(row.names.front());
        page += "<a href=\"" + std::string(commandUrl) + "/" + name + "\">" + name + "</a>\n<br/>\n";
    }
    return page;
}

} // namespace zk::admin
