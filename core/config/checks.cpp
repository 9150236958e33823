// Do the lines of a zoo.cfg agree with one another and with myid?
#include "config/parser.h"
#include "config/server_line.h"

#include <algorithm>

namespace zk::config {

Parser::Done Parser::checkRequired() {
    if (!has("dataDir")) return missing("dataDir is missing; add a line such as dataDir=/var/lib/zookeeper");
    if (has("clientPortAddress") && !has("clientPort"))
        return contradiction("clientPortAddress",
                             "clientPortAddress is given without a port; add clientPort=2181");
    if (parsed_.config.standalone()) {
        if (has("dynamicConfigFile"))
            return contradiction("dynamicConfigFile",
                                 "the servers of a dynamicConfigFile are not read yet; write "
                                 "its server lines into this file");
        if (has("clientPort")) return {};
        if (!has("secureClientPort"))
            return missing("clientPort is missing; add a line such as clientPort=2181");
        parsed_.config.plainClients = false;
        return {};
    }
    for (const char* key : {"initLimit", "syncLimit"})
        if (!has(key))
            return missing(std::string(key) +
                           " is missing, which servers that stand together need; add a line such as " + key +
                           (key[0] == 'i' ? "=10" : "=5"));
    return {};
}

Parser::Done Parser::checkTimeouts() {
    const ServerConfig& config = parsed_.config;
    if (config.minTimeout() <= config.maxTimeout()) return {};
    return contradiction(
        has("minSessionTimeout") ? "minSessionTimeout" : "maxSessionTimeout",
        "the least session timeout, " + std::to_string(config.minTimeout().count()) +
            " ms, is above the greatest, " + std::to_string(config.maxTimeout().count()) +
            " ms; change minSessionTimeout or maxSessionTimeout (unset: 2 and 20 times tickTime)");
}

Parser::Done Parser::checkServers() {
    ServerConfig& config = parsed_.config;
    if (peerType_ == Role::Observer && config.standalone())
        return contradiction("peerType",
                             "an observer needs servers to observe; add server lines, or remove peerType");
    if (config.standalone()) return {};
    const auto participants =
        std::count_if(config.servers.begin(), config.servers.end(),
                      [](const auto& entry) { return entry.second.role == Role::Participant; });
    const Sid first = config.servers.begin()->first;
    if (participants == 0)
        return contradiction(serverKey(first),
                             "every server listed is an observer; make at least one a participant");
    if (participants == 1 && standaloneEnabled_) {
        if (config.servers.size() > 1)
            return contradiction(serverKey(first),
                                 "observers need a participant that does not run alone; add "
                                 "standaloneEnabled=false, or more participants");
        warn(serverKey(first),
             "only one server is listed; it runs alone (standaloneEnabled=false makes an ensemble of it)");
        if (!has("clientPort") && config.servers.begin()->second.client) {
            config.client = *config.servers.begin()->second.client;
            lines_["clientPort"] = lines_[serverKey(first)];
        }
        config.servers.clear();
        config.weights.clear();
        config.groups.clear();
        return {};
    }
    if (participants % 2 == 0)
        warn(serverKey(first), std::to_string(participants) + " participants bear no more failures than " +
                                   std::to_string(participants - 1) + "; an odd number is better");
    return {};
}

Parser::Done Parser::checkGroups() {
    const ServerConfig& config = parsed_.config;
    for (const auto& [sid, weight] : config.weights) {
        const std::string key = "weight." + std::to_string(sid);
        if (!config.servers.contains(sid))
            return contradiction(key, "there is no server " + std::to_string(sid) +
                                          " to weigh; add its line, or remove this one");
        if (config.groups.empty())
            return contradiction(key, "weights count only in groups; add group lines, or remove the weights");
    }
    for (const auto& [sid, group] : config.groups)
        if (!config.servers.contains(sid))
            return contradiction("group." + std::to_string(group),
                                 "there is no server " + std::to_string(sid) +
                                     " for this group; add its line, or remove it here");
    if (config.groups.empty()) return {};
    for (const auto& [sid, server] : config.servers)
        if (server.role == Role::Participant && !config.groups.contains(sid))
            return contradiction(serverKey(sid),
                                 "server " + std::to_string(sid) +
                                     " stands in no group although there are groups; add it to one");
    return {};
}

Parser::Done Parser::checkPorts() {
    const ServerConfig& config = parsed_.config;
    std::map<std::pair<std::string, std::uint16_t>, std::string> owners;
    for (const auto& [sid, server] : config.servers) {
        const std::string host =
            lowered(server.quorum.host == "localhost" ? "127.0.0.1" : server.quorum.host);
        const std::string name = "server " + std::to_string(sid);
        std::vector<std::pair<std::uint16_t, std::string>> ports = {
            {server.quorum.port, "the quorum port of " + name},
            {server.election.port, "the election port of " + name}};
        if (server.client)
            ports.emplace_back(server.client->port, "the client port of " + name);
        else if (config.self == sid && has("clientPort") && config.client.port != 0)
            ports.emplace_back(config.client.port, "the client port of " + name);
        if (config.self == sid && config.secureClient && config.secureClient->port != 0)
            ports.emplace_back(config.secureClient->port, "the secure client port of " + name);
        for (const auto& [port, owner] : ports) {
            const auto [before, isNew] = owners.emplace(std::pair(host, port), owner);
            if (!isNew)
                return contradiction(serverKey(sid), "port " + std::to_string(port) + " of " +
                                                         server.quorum.host + " is both " + before->second +
                                                         " and " + owner + "; give one of them another");
        }
    }
    return {};
}

Parser::Done Parser::findSelf(const std::function<std::optional<std::string>(const std::string&)>& myid) {
    ServerConfig& config = parsed_.config;
    const std::string path = config.dataDir + (config.dataDir.ends_with('/') ? "myid" : "/myid");
    const auto text = myid(path);
    if (!text)
        return Error{Errc::Missing, path + " is missing; write into it which of the servers in " + file_ +
                                        " this one is, such as " +
                                        std::to_string(config.servers.begin()->first)};
    const auto first = text->find_first_not_of(" \t\r\n");
    const auto last = text->find_last_not_of(" \t\r\n");
    const auto sid = first == std::string::npos
                         ? std::nullopt
                         : wholeNumber(std::string_view(*text).substr(first, last - first + 1));
    if (!sid || *sid < 0)
        return Error{Errc::BadValue, path + " must hold nothing but the number of this server, from 0 up"};
    if (!config.servers.contains(*sid))
        return Error{Errc::Contradiction, path + " says that this is server " + std::to_string(*sid) +
                                              ", but " + file_ + " has no line server." +
                                              std::to_string(*sid) + "; correct one of the two"};
    config.self = *sid;
    return {};
}

Parser::Done Parser::checkSelf() {
    ServerConfig& config = parsed_.config;
    const Server& self = config.servers.at(*config.self);
    constexpr Sid kMostWithExtendedTypes = 254;
    if (config.extendedTypes && self.sid > kMostWithExtendedTypes)
        return contradiction("extendedTypesEnabled",
                             "extendedTypesEnabled needs server ids up to " +
                                 std::to_string(kMostWithExtendedTypes) + ", and this is server " +
                                 std::to_string(self.sid) +
                                 ", whose session ids would look like TTLs; give it another id, or remove the key");
    if (peerType_ && *peerType_ != self.role)
        return contradiction("peerType", "peerType contradicts the line of server " +
                                             std::to_string(self.sid) + ", which makes it " +
                                             (self.role == Role::Observer ? "an observer" : "a participant") +
                                             "; correct one of the two");
    if (!has("clientPort")) {
        if (!self.client && has("secureClientPort")) {
            config.plainClients = false;
            return {};
        }
        if (!self.client)
            return missing(
                "clientPort is missing; add a line such as clientPort=2181, or ;2181 to the line of server " +
                std::to_string(self.sid));
        config.client = *self.client;
        return {};
    }
    const auto plain = [](const Endpoint& endpoint) {
        return Endpoint{endpoint.host == "0.0.0.0" ? "" : endpoint.host, endpoint.port};
    };
    if (self.client && plain(*self.client) != plain(config.client))
        return contradiction("clientPort", "the client port here is not the one in the line of server " +
                                               std::to_string(self.sid) +
                                               "; remove clientPort and clientPortAddress");
    return {};
}

Result<Parsed> Parser::finish(const std::function<std::optional<std::string>(const std::string&)>& myid) {
    for (const auto check :
         {&Parser::checkServers, &Parser::checkRequired, &Parser::checkTimeouts, &Parser::checkGroups})
        if (auto done = (this->*check)(); !done) return done.error();
    if (!parsed_.config.standalone()) {
        if (auto done = findSelf(myid); !done) return done.error();
        if (auto done = checkSelf(); !done) return done.error();
    }
    for (const auto check : {&Parser::checkTls, &Parser::checkPorts})
        if (auto done = (this->*check)(); !done) return done.error();
    return std::move(parsed_);
}

} // namespace zk::config
