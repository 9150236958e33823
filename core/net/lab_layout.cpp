#include "net/lab_layout.h"

#include "net/config_file.h"
#include "net/sockets.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <set>

namespace zk::net {

namespace {

constexpr std::string_view kPrefix = "server"; // of a server's directory: server1, server2
constexpr const char* kLocal = "127.0.0.1";
constexpr std::uint16_t kQuorumPort = 2888, kElectionPort = 3888; // of the first server
constexpr int kLastPort = 65535;
// Free ports are looked for below those that systems give to outgoing connections.
constexpr int kFreeFrom = 10000, kFreeTo = 32000;
constexpr std::uint64_t kPreallocateKilobytes = 1024;
constexpr std::size_t kServerLimit = 99;

// Gives out ports, each once.
class Ports {
  public:
    // This one if nobody has it, otherwise a free one.
    std::uint16_t take(std::uint16_t wanted) {
        if (wanted != 0 && !given_.contains(wanted) && portIsFree(kLocal, wanted)) return keep(wanted);
        std::random_device chance;
        const int start = static_cast<int>(chance() % (kFreeTo - kFreeFrom));
        for (int step = 0; step < kFreeTo - kFreeFrom; ++step) {
            const auto port = static_cast<std::uint16_t>(kFreeFrom + (start + step) % (kFreeTo - kFreeFrom));
            if (!given_.contains(port) && portIsFree(kLocal, port)) return keep(port);
        }
        return wanted;
    }
    std::uint16_t keep(std::uint16_t port) {
        given_.insert(port);
        return port;
    }

  private:
    std::set<std::uint16_t> given_;
};

std::string directoryOf(const std::string& lab, Sid sid) {
    return lab + "/" + std::string(kPrefix) + std::to_string(sid);
}

std::optional<Sid> sidOf(std::string_view name) {
    if (!name.starts_with(kPrefix)) return std::nullopt;
    const std::string_view digits = name.substr(kPrefix.size());
    Sid sid = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), sid);
    if (error != std::errc() || end != digits.data() + digits.size() || sid < 0) return std::nullopt;
    return sid;
}

LabServer blank(const std::string& lab, Sid sid, int tickTimeMs) {
    LabServer server;
    server.directory = directoryOf(lab, sid);
    server.configFile = server.directory + "/zoo.cfg";
    config::ServerConfig& config = server.config;
    config.file = server.configFile;
    config.self = sid;
    config.dataDir = server.directory + "/data";
    config.client.host = kLocal;
    config.tickTime = std::chrono::milliseconds(tickTimeMs);
    config.whitelist = {"srvr", "stat", "ruok", "mntr", "conf", "cons", "isro", "wchs", "dump", "envi"};
    config.preallocateKilobytes = kPreallocateKilobytes;
    config.purgeInterval = std::chrono::hours(1);
    return server;
}

Result<void> save(storage::Disk& disk, const LabServer& server) {
    if (auto made = disk.makeDirectories(server.config.dataDir); !made) return made;
    const std::string myid = server.config.dataDir + "/myid";
    const std::string id = std::to_string(server.sid()) + "\n";
    if (const auto now = storage::readFile(disk, myid); !now || *now != id)
        if (auto written = storage::replaceFile(disk, myid, id); !written) return written;
    return storage::replaceFile(disk, server.configFile, config::write(server.config));
}

Result<std::vector<LabServer>> existing(storage::Disk& disk, const std::string& lab) {
    const auto names = disk.list(lab);
    if (!names) return names.error();
    std::vector<LabServer> servers;
    for (const std::string& name : *names) {
        const auto sid = sidOf(name);
        const std::string directory = lab + "/" + name, file = directory + "/zoo.cfg";
        const auto there = disk.exists(file);
        if (!sid || !there || !*there) continue;
        auto parsed = loadConfig(disk, file);
        if (!parsed) return parsed.error();
        parsed->config.self = parsed->config.self.value_or(*sid);
        servers.push_back({directory, file, std::move(parsed->config)});
    }
    std::sort(servers.begin(), servers.end(), [](const auto& a, const auto& b) { return a.sid() < b.sid(); });
    return servers;
}

std::vector<LabServer> made(const std::string& lab, const ensemble::LabOptions& options) {
    std::vector<LabServer> servers;
    const int count = std::max(1, options.servers) + options.observers;
    for (Sid sid = 1; sid <= count; ++sid) servers.push_back(blank(lab, sid, options.tickTimeMs));
    if (count == 1) return servers;
    std::map<Sid, config::Server> all;
    for (const LabServer& server : servers) {
        config::Server& one = all[server.sid()];
        one.sid = server.sid();
        one.quorum.host = one.election.host = kLocal;
        if (server.sid() > options.servers) one.role = config::Role::Observer;
    }
    for (LabServer& server : servers) server.config.servers = all;
    return servers;
}

// Does some process use this server's data now? Then its configuration is not to be touched.
bool isUsed(storage::Disk& disk, const LabServer& server) {
    const auto lock = disk.lock(server.config.dataDir);
    return !lock && lock.error().code == storage::Errc::Locked;
}

// What this lab's configurations should say of their ports.
void choosePorts(std::vector<LabServer>& servers, std::uint16_t clientPort) {
    Ports ports;
    if (clientPort != 0)
        for (std::size_t index = 0; index < servers.size(); ++index)
            servers[index].config.client.port = ports.keep(static_cast<std::uint16_t>(clientPort + index));
    else
        for (LabServer& server : servers) server.config.client.port = ports.take(server.config.client.port);
    std::map<Sid, config::Server> all = servers.front().config.servers;
    std::uint16_t step = 0;
    for (auto& [sid, server] : all) {
        const auto usual = [&](std::uint16_t port, std::uint16_t first) {
            if (port != 0) return port;
            return clientPort == 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(first + step);
        };
        server.quorum.port = ports.take(usual(server.quorum.port, kQuorumPort));
        server.election.port = ports.take(usual(server.election.port, kElectionPort));
        ++step;
    }
    for (LabServer& server : servers) server.config.servers = all;
}

Error contradiction(std::string text) { return {config::Errc::Contradiction, std::move(text)}; }

} // namespace

std::string defaultLabDirectory() {
    const auto variable = [](const char* name) { return std::string(std::getenv(name) ? std::getenv(name) : ""); };
    if (const std::string data = variable("XDG_DATA_HOME"); !data.empty()) return data + "/vivarium/lab";
    if (const std::string data = variable("LOCALAPPDATA"); !data.empty()) return data + "/vivarium/lab";
    return variable("HOME") + "/.local/share/vivarium/lab";
}

Result<std::vector<LabServer>> openLayout(storage::Disk& disk, const std::string& directory,
                                          const ensemble::LabOptions& options) {
    auto found = existing(disk, directory);
    if (!found) return found.error();
    const bool isNew = found->empty();
    std::vector<LabServer> servers = isNew ? made(directory, options) : std::move(*found);
    if (servers.size() > kServerLimit)
        return contradiction("A lab has at most " + std::to_string(kServerLimit) + " servers; ask for fewer.");
    if (options.clientPort + servers.size() - 1 > kLastPort)
        return contradiction("The client ports would go beyond " + std::to_string(kLastPort) + "; choose a smaller first one.");
    if (!isNew && std::any_of(servers.begin(), servers.end(), [&](const auto& one) { return isUsed(disk, one); }))
        return servers;
    std::vector<std::string> before;
    for (const LabServer& server : servers) before.push_back(config::write(server.config));
    choosePorts(servers, options.clientPort);
    for (std::size_t index = 0; index < servers.size(); ++index) {
        if (!isNew && before[index] == config::write(servers[index].config)) continue;
        if (auto saved = save(disk, servers[index]); !saved) return saved.error();
    }
    return servers;
}

Result<void> addToLayout(storage::Disk& disk, const std::string& directory, std::vector<LabServer>& servers, bool observer) {
    for (const LabServer& server : servers) {
        const auto files = disk.list(server.config.dataDir + "/version-2");
        if (files && !files->empty())
            return contradiction("Servers can be added before the first start only: the others' configuration must name them. "
                                 "Make a new ensemble for a larger one.");
    }
    if (servers.size() >= kServerLimit)
        return contradiction("A lab has at most " + std::to_string(kServerLimit) + " servers.");
    // Ids stay with their servers, so the new one is the last, whatever its role.
    const Sid sid = servers.back().sid() + 1;
    LabServer added = blank(directory, sid, static_cast<int>(servers.front().config.tickTime.count()));
    std::map<Sid, config::Server> all = servers.front().config.servers;
    if (all.empty()) {
        const Sid first = servers.front().sid();
        all[first] = {first, {kLocal, 0}, {kLocal, 0}, config::Role::Participant, std::nullopt};
    }
    all[sid] = {sid, {kLocal, 0}, {kLocal, 0}, observer ? config::Role::Observer : config::Role::Participant, std::nullopt};
    Ports ports;
    for (const auto& [each, server] : all) ports.keep(server.quorum.port), ports.keep(server.election.port);
    for (const LabServer& server : servers) ports.keep(server.config.client.port);
    added.config.client.port = ports.take(static_cast<std::uint16_t>(servers.back().config.client.port + 1));
    for (auto& [each, server] : all) {
        const auto step = static_cast<std::uint16_t>(each - servers.front().sid());
        if (server.quorum.port == 0) server.quorum.port = ports.take(static_cast<std::uint16_t>(kQuorumPort + step));
        if (server.election.port == 0) server.election.port = ports.take(static_cast<std::uint16_t>(kElectionPort + step));
    }
    std::vector<LabServer> next = servers;
    next.push_back(std::move(added));
    for (LabServer& server : next) {
        server.config.self = server.sid();
        server.config.servers = all;
        if (auto saved = save(disk, server); !saved) return saved;
    }
    servers = std::move(next);
    return {};
}

} // namespace zk::net
