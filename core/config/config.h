// zoo.cfg: what a server is told at its start. Parsing gives a ServerConfig and warnings, or an error with file, line
// and what to do. Facts: the keys and defaults of Apache's QuorumPeerConfig.
#pragma once

#include "base/ids.h"
#include "base/quorum.h"
#include "base/result.h"
#include "base/tls_options.h"
#include "config/limits.h"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zk::config {

enum class Errc { BadValue = 1, Missing = 2, Contradiction = 3, Unreadable = 4 };
const boost::system::error_category& configCategory();
inline boost::system::error_code make_error_code(Errc code) { return {static_cast<int>(code), configCategory()}; }

enum class Role { Participant, Observer };

// A host and a port; an IPv6 host stands in brackets in text, never here.
struct Endpoint {
    std::string host;
    std::uint16_t port = 0;
    bool operator==(const Endpoint&) const = default;
};

// server.N=host:quorumPort:electionPort[:role][;[clientHost:]clientPort]
struct Server {
    Sid sid = 0;
    Endpoint quorum, election;
    Role role = Role::Participant;
    std::optional<Endpoint> client;
    bool operator==(const Server&) const = default;
};

// The AdminServer: commands over HTTP.
struct AdminServer {
    bool enabled = false;
    Endpoint at{"", 8080}; // host empty: every address. Port 0: any free one
    std::string commandUrl = "/commands";
    std::chrono::milliseconds idleTimeout{30000};
    std::chrono::milliseconds rateLimit{300000}; // between two snapshots that it takes
    bool snapshotEnabled = true;
    bool operator==(const AdminServer&) const = default;
};

// Metrics for Prometheus, over HTTP at /metrics.
struct PrometheusServer {
    bool enabled = false;
    Endpoint at{"", 7000};
    bool operator==(const PrometheusServer&) const = default;
};

enum class Compression { None, Gz, Snappy };

struct ServerConfig {
    std::string file; // where it was read from; empty: made by a program
    std::string text; // what it was read from
    std::map<std::string, std::string> properties; // what stands for a Java system property, without "zookeeper."
    std::string dataDir, dataLogDir; // dataLogDir empty: dataDir
    Endpoint client;                 // host empty: every address. Port 0: any free one
    bool plainClients = true;        // false: no clientPort, only the secure one
    std::optional<Endpoint> secureClient; // where TLS is spoken; host and port as above
    bool portUnification = false;    // TLS may be spoken on the client port too
    TlsOptions tls;                  // of both
    std::chrono::milliseconds tickTime{3000};
    int initLimit = 10, syncLimit = 5; // ticks
    std::chrono::milliseconds minSessionTimeout{-1}, maxSessionTimeout{-1}; // -1: 2 and 20 ticks
    int maxClientCnxns = 60; // per address; 0: no limit
    int clientPortListenBacklog = -1;
    std::vector<std::string> whitelist{"srvr"}; // four-letter words that may run; "*": all
    int snapRetainCount = 3;
    std::chrono::hours purgeInterval{0}; // 0: never
    std::map<Sid, Server> servers; // empty: standalone
    std::map<Sid, std::int64_t> weights, groups;
    std::optional<Sid> self; // from myid; set where servers is not empty
    bool quorumListenOnAllIPs = false;
    bool syncEnabled = true;
    std::uint64_t preallocateKilobytes = 65536;
    std::uint64_t snapCount = 100000;
    std::uint64_t snapSizeLimitKilobytes = 4194304; // of logged transactions between two snapshots; 0: no limit
    std::int64_t txnLogSizeLimitKilobytes = -1;     // of one log file; -1: no limit
    std::chrono::milliseconds fsyncWarning{1000};   // a sync of the log that takes longer is warned of
    std::size_t commitLogCount = 500;               // committed transactions kept for learners
    Compression snapshotCompression = Compression::None;
    bool serializeLastProcessedZxid = true;
    bool dataDirAutocreate = true, dbAutocreate = true;
    bool forceSync = true;
    bool keepsHistory = true; // false: what a snapshot makes needless goes with it (files in memory); no key of zoo.cfg
    bool digestEnabled = true;
    std::size_t jutemaxbuffer = 1048575; // bytes
    Limits limits;
    bool readOnlyMode = false; // without a quorum, serve those who only read
    std::string superDigest;             // "user:base64" or empty
    bool extendedTypes = false;          // extendedTypesEnabled: znodes with a TTL
    bool enforceQuota = false;           // hard quotas refuse what exceeds them
    // Removal of containers and TTL znodes: how often it looks, how many it deletes in a minute, and after which time a
    // container goes that never had a child (0: never).
    std::chrono::milliseconds containerCheckInterval{60000}, containerNeverUsed{0};
    int containersPerMinute = 10000;
    bool digestScheme = true;            // DigestAuthenticationProvider.enabled
    bool skipAcl = false;
    int globalOutstandingLimit = 0; // requests of all clients that wait; 0: no limit
    int maxBatchSize = 0;           // transactions that one sync makes durable; 0: no limit
    std::chrono::milliseconds flushDelay{0};
    bool leaderServes = true;
    bool tcpKeepAlive = false, clientTcpKeepAlive = false;
    std::chrono::milliseconds minNotificationInterval{200}, maxNotificationInterval{60000};
    int connectToLearnerMasterLimit = 0;         // ticks; 0: initLimit
    std::chrono::milliseconds cnxTimeout{5000};  // to connect to a peer's election port
    std::chrono::milliseconds sessionlessTimeout{10000}; // for a connection without a session
    AdminServer admin;
    PrometheusServer prometheus;
    std::string digestAlgorithm = "SHA1"; // of the digest scheme
    bool x509Logins = false;              // an x509 scheme; wherever TLS is spoken
    std::string x509SuperUser;            // the distinguished name of one; empty: none

    bool standalone() const { return servers.empty(); }
    std::chrono::milliseconds minTimeout() const { return minSessionTimeout.count() < 0 ? tickTime * 2 : minSessionTimeout; }
    std::chrono::milliseconds maxTimeout() const { return maxSessionTimeout.count() < 0 ? tickTime * 20 : maxSessionTimeout; }
    Role role() const;
    Quorum quorum() const; // of the participants
};

struct Parsed {
    ServerConfig config;
    std::vector<std::string> warnings; // a sentence each, with file and line
};

// Parses the text of a zoo.cfg; `file` is its name in messages. `myid` is the text of <dataDir>/myid, asked for only
// where servers are listed; null where it does not exist.
// `definitions`: what was given as -Dname=value, each "name=value"; the file goes before them, as Apache has it.
Result<Parsed> parse(std::string_view text, const std::string& file,
                     const std::function<std::optional<std::string>(const std::string& path)>& myid,
                     const std::vector<std::string>& definitions = {});

// The text of a zoo.cfg that says the same, laid out as the tutorials do.
std::string write(const ServerConfig& config);

// The quorum verifier's text (protocol notes 4.4): what /zookeeper/config holds and what NEWLEADER and votes carry.
std::string quorumText(const ServerConfig& config);

} // namespace zk::config

template <>
struct boost::system::is_error_code_enum<zk::config::Errc> : std::true_type {};
