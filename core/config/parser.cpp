#include "config/parser.h"

#include "config/keys.h"

#include <algorithm>
#include <array>

namespace zk::config {

namespace {

constexpr int kFewestSnapshots = 3;
constexpr std::array<std::string_view, 18> kWords = {"conf", "cons", "crst", "dirs", "dump", "envi",
                                                     "gtmk", "hash", "isro", "mntr", "ruok", "srst",
                                                     "srvr", "stat", "stmk", "wchc", "wchp", "wchs"};

std::string_view withoutPrefix(std::string_view key) {
    constexpr std::string_view kPrefix = "zookeeper.";
    return key.starts_with(kPrefix) ? key.substr(kPrefix.size()) : key;
}

} // namespace

std::string lowered(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return text;
}

Parser::Done Parser::boolean(const Property& property, bool& to, const char* yes, const char* no) {
    const std::string value = lowered(property.value);
    if (value != yes && value != no)
        return bad(property, "is neither " + std::string(yes) + " nor " + no + "; write one of them");
    to = value == yes;
    return {};
}

Parser::Done Parser::milliseconds(const Property& property, std::chrono::milliseconds& to,
                                  std::int64_t least) {
    std::int64_t count = 0;
    auto done = number(property, count, least, INT_MAX, "milliseconds");
    if (done) to = std::chrono::milliseconds(count);
    return done;
}

Result<void> Parser::take(const std::vector<Property>& properties) {
    for (const Property& property : properties) {
        const std::string key(withoutPrefix(property.key));
        const auto [before, isNew] = lines_.emplace(key, property);
        if (!isNew && before->second.value != property.value)
            return Error{Errc::Contradiction, where(property) + ": " + key + " stands in line " + std::to_string(before->second.line) +
                                                  " already with another value; remove one of the two"};
        if (!isNew) continue;
        if (auto done = takeOne(property, key); !done) return done;
    }
    return {};
}

Result<void> Parser::define(const std::vector<std::string>& definitions) {
    for (const std::string& definition : definitions) {
        const auto equals = definition.find('=');
        const Property property{definition.substr(0, equals),
                                equals == std::string::npos ? "" : definition.substr(equals + 1), 0};
        const std::string key(withoutPrefix(property.key));
        // Of the properties that Apache reads only this one has no prefix.
        if (key == property.key && !key.starts_with("jute.maxbuffer")) {
            parsed_.warnings.push_back("-D" + property.key + " is no property of ZooKeeper's; it has been passed over");
            continue;
        }
        const auto [before, isNew] = lines_.emplace(key, property);
        if (!isNew) {
            if (before->second.value != property.value)
                parsed_.warnings.push_back("-D" + property.key + "=" + property.value + " does not count: " +
                                           where(before->second) + " says " + before->second.value);
            continue;
        }
        if (auto done = takeOne(property, key); !done) return done;
    }
    return {};
}

Parser::Done Parser::takeOne(const Property& property, std::string_view key) {
    if (property.key.starts_with("zookeeper.") || property.line == 0)
        parsed_.config.properties[std::string(key)] = property.value;
    bool taken = false;
    for (const auto take :
         {&Parser::takeTimes, &Parser::takeClients, &Parser::takeZnodes, &Parser::takeStorage, &Parser::takeQuorum,
          &Parser::takeLimits, &Parser::takeSwitches, &Parser::takeAdmin, &Parser::takeMetrics, &Parser::takeAccess,
          &Parser::takeTls, &Parser::takeClientLimits, &Parser::takeThrottles})
        if (auto done = (this->*take)(property, key, taken); !done || taken) return done;
    return takeUnknown(property, key);
}

// What none of the others takes: it is warned of or refused, with the reason.
Parser::Done Parser::takeUnknown(const Property& property, std::string_view key) {
    const KeyRow* const row = findKey(key);
    if (row == nullptr) {
        parsed_.config.properties[std::string(key)] = property.value;
        warn(std::string(key), property.key + " is not a key of a zoo.cfg; it has been passed over");
        return {};
    }
    if (saysTheUsual(*row, property.value)) return {};
    if (row->handling == Handling::Refused) return bad(property, "cannot be: " + std::string(row->reason));
    warn(std::string(key), property.key + " has no effect: " + std::string(row->reason));
    return {};
}

Parser::Done Parser::takeTimes(const Property& property, std::string_view key, bool& taken) {
    ServerConfig& config = parsed_.config;
    taken = true;
    if (key == "tickTime") return milliseconds(property, config.tickTime, 1);
    if (key == "initLimit") return number(property, config.initLimit, 1, INT_MAX, "ticks");
    if (key == "syncLimit") return number(property, config.syncLimit, 1, INT_MAX, "ticks");
    if (key == "minSessionTimeout") return milliseconds(property, config.minSessionTimeout, -1);
    if (key == "maxSessionTimeout") return milliseconds(property, config.maxSessionTimeout, -1);
    taken = false;
    return {};
}

Parser::Done Parser::takeClients(const Property& property, std::string_view key, bool& taken) {
    ServerConfig& config = parsed_.config;
    taken = true;
    if (key == "clientPort") return number(property, config.client.port, 0, 65535, "a port");
    if (key == "clientPortAddress") return takeHost(property, config.client.host), Done();
    if (key == "clientPortListenBacklog")
        return number(property, config.clientPortListenBacklog, -1, INT_MAX, "a number of connections");
    if (key == "maxClientCnxns")
        return number(property, config.maxClientCnxns, 0, INT_MAX,
                      "a number of connections, 0 for no limit,");
    if (key == "4lw.commands.whitelist") return takeWords(property), Done();
    if (key == "jute.maxbuffer") return number(property, config.jutemaxbuffer, 1, INT_MAX, "bytes");
    taken = false;
    return {};
}

void Parser::takeWords(const Property& property) {
    std::vector<std::string>& words = parsed_.config.whitelist;
    words.clear();
    std::string_view rest = property.value;
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        std::string_view word = rest.substr(0, comma);
        rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
        while (word.starts_with(' '))
            word.remove_prefix(1);
        while (word.ends_with(' '))
            word.remove_suffix(1);
        if (word.empty()) continue;
        words.emplace_back(word);
        if (word != "*" && std::find(kWords.begin(), kWords.end(), word) == kWords.end())
            warn(property.key,
                 "\"" + std::string(word) + "\" in " + property.key + " is no four-letter word");
    }
}

Parser::Done Parser::takeZnodes(const Property& property, std::string_view key, bool& taken) {
    ServerConfig& config = parsed_.config;
    taken = true;
    if (key == "extendedTypesEnabled") return boolean(property, config.extendedTypes);
    if (key == "enforceQuota") return boolean(property, config.enforceQuota);
    if (key == "znode.container.checkIntervalMs")
        return milliseconds(property, config.containerCheckInterval, 1);
    if (key == "znode.container.maxPerMinute")
        return number(property, config.containersPerMinute, 1, INT_MAX, "a number of znodes");
    if (key == "znode.container.maxNeverUsedIntervalMs")
        return milliseconds(property, config.containerNeverUsed, 0);
    taken = false;
    return {};
}

Parser::Done Parser::takeStorage(const Property& property, std::string_view key, bool& taken) {
    ServerConfig& config = parsed_.config;
    taken = true;
    if (key == "dataDir" || key == "dataLogDir") {
        if (property.value.empty()) return bad(property, "names no directory; write its path");
        (key == "dataDir" ? config.dataDir : config.dataLogDir) = property.value;
        return {};
    }
    if (key == "autopurge.snapRetainCount") {
        auto done = number(property, config.snapRetainCount, 0, INT_MAX, "a number of snapshots");
        if (done && config.snapRetainCount < kFewestSnapshots) {
            config.snapRetainCount = kFewestSnapshots;
            warn(property.key, property.key + " is below " + std::to_string(kFewestSnapshots) + "; " +
                                   std::to_string(kFewestSnapshots) + " snapshots are kept");
        }
        return done;
    }
    if (key == "autopurge.purgeInterval") {
        int hours = 0;
        auto done = number(property, hours, 0, INT_MAX / 3600, "hours");
        config.purgeInterval = std::chrono::hours(hours);
        return done;
    }
    if (key == "preAllocSize") return number(property, config.preallocateKilobytes, 0, INT_MAX, "kilobytes");
    if (key == "snapCount") return number(property, config.snapCount, 2, INT_MAX, "a number of transactions");
    if (key == "forceSync") return boolean(property, config.forceSync, "yes", "no");
    if (key == "digest.enabled") return boolean(property, config.digestEnabled);
    taken = false;
    return {};
}

Parser::Done Parser::takeQuorum(const Property& property, std::string_view key, bool& taken) {
    ServerConfig& config = parsed_.config;
    taken = true;
    if (key.starts_with("server.")) return takeServer(property, key.substr(7));
    if (key.starts_with("group.")) return takeGroup(property, key.substr(6));
    if (key.starts_with("weight.")) return takeWeight(property, key.substr(7));
    if (key == "quorumListenOnAllIPs") return boolean(property, config.quorumListenOnAllIPs);
    if (key == "syncEnabled") return boolean(property, config.syncEnabled);
    if (key == "standaloneEnabled") return boolean(property, standaloneEnabled_);
    if (key == "electionAlg") {
        if (property.value != "3") return bad(property, "is not possible; 3 is the only one left");
        return {};
    }
    if (key == "peerType") {
        bool observer = false;
        auto done = boolean(property, observer, "observer", "participant");
        peerType_ = observer ? Role::Observer : Role::Participant;
        return done;
    }
    taken = false;
    return {};
}

Parser::Done Parser::takeServer(const Property& property, std::string_view number) {
    const auto sid = wholeNumber(number);
    if (!sid || *sid < 0) return bad(property, "has no id; write server.N with a number from 0 up");
    const auto server = parseServerLine(*sid, property.value);
    if (!server) return bad(property, server.error());
    // "server.01" is another key for the same server.
    if (!parsed_.config.servers.emplace(*sid, *server).second)
        return Error{Errc::Contradiction, where(property) + ": server " +
                                              std::to_string(*sid) +
                                              " is listed twice; remove one of the lines"};
    return {};
}

Parser::Done Parser::takeGroup(const Property& property, std::string_view number) {
    const auto group = wholeNumber(number);
    if (!group || *group < 0) return bad(property, "has no id; write group.N with a number from 0 up");
    for (std::string_view rest = property.value;;) {
        const auto colon = rest.find(':');
        const auto sid = wholeNumber(rest.substr(0, colon));
        if (!sid)
            return bad(property,
                       "is not a list of servers; write their ids with colons between, such as 1:2:3");
        const auto [before, isNew] = parsed_.config.groups.emplace(*sid, *group);
        if (!isNew && before->second != *group)
            return Error{Errc::Contradiction, where(property) + ": server " +
                                                  std::to_string(*sid) + " stands in group " +
                                                  std::to_string(before->second) +
                                                  " already; a server has one group"};
        if (colon == std::string_view::npos) return {};
        rest.remove_prefix(colon + 1);
    }
}

Parser::Done Parser::takeWeight(const Property& property, std::string_view number) {
    const auto sid = wholeNumber(number);
    if (!sid || *sid < 0) return bad(property, "has no id; write weight.N with the id of a server");
    return this->number(property, parsed_.config.weights[*sid], 0, INT_MAX, "a weight");
}

} // namespace zk::config
