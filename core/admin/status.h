// NodeStatus: everything that a server tells about itself, as plain values; and the four-letter words as text
// from it. The server fills a NodeStatus, this module words it exactly as Apache 3.8 does, and parses such
// text of any server.
#pragma once

#include "admin/metrics.h"
#include "base/ids.h"
#include "trace/trace.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zk::admin {

struct ConnectionStatus {
    std::string address; // "127.0.0.1:53422"
    SessionId session = 0;
    std::int32_t timeoutMs = 0, queued = 0;
    std::int64_t received = 0, sent = 0;
    std::string lastOperation; // "PING", "GETC" as Apache abbreviates: jute op's upper-case letters
    std::int64_t establishedMs = 0, lastCxid = 0, lastResponseMs = 0;
    Zxid lastZxid;
    std::int64_t lastLatencyMs = 0, minLatencyMs = 0, maxLatencyMs = 0;
    double avgLatencyMs = 0;
    std::int64_t expiresMs = 0; // when it is closed for its silence, ms since 1970
};

// One server of the ensemble, as voting_view tells it: "host:port" each; client empty where nobody said it.
struct MemberStatus {
    Sid sid = 0;
    std::string quorum, election, client;
    bool participant = true;
};

// An observer that this leader feeds.
struct ObserverStatus {
    Sid sid = 0;
    std::string address; // "/127.0.0.1:41200", as Java words it
    Zxid lastZxid;       // acknowledged
};

struct NodeStatus {
    std::string version; // "3.9.2-vivarium..., built on ..." as srvr prints it after "Zookeeper version: "
    trace::ServerState state = trace::ServerState::Looking;
    bool serving = false;
    bool readOnly = false;
    Sid sid = 0;
    Zxid zxid; // last processed
    std::int64_t epoch = 0;
    std::optional<Sid> leader;
    std::int64_t uptimeMs = 0;
    double avgLatencyMs = 0;
    std::int64_t minLatencyMs = 0, maxLatencyMs = 0;
    std::int64_t received = 0, sent = 0, outstanding = 0;
    std::size_t znodes = 0, ephemerals = 0, watches = 0;
    // Without those of getChildren, which Apache's summary of watches leaves out.
    std::size_t dataWatches = 0, watchingConnections = 0, watchedPaths = 0;
    std::size_t dataSize = 0; // bytes, approximate
    std::size_t sessions = 0; // global sessions
    std::size_t followers = 0, syncedFollowers = 0, syncedObservers = 0, learners = 0;
    std::int64_t lastProposalSize = -1, minProposalSize = -1, maxProposalSize = -1;
    std::int64_t lastResponseSize = -1, minResponseSize = -1, maxResponseSize = -1;
    std::map<std::string, std::int64_t> counters; // metric name without "zk_" -> value
    std::vector<ConnectionStatus> connections;
    std::map<std::int64_t, std::set<SessionId>>
        sessionExpiries;            // bucket's ms since start -> sessions, for dump
    std::int64_t startedWallMs = 0; // the start as ms since 1970, so that dump can say when
    std::map<SessionId, std::int32_t>
        sessionTimeouts;        // of all global sessions, in ms; a learner's dump lists them
    std::size_t quorumSize = 0; // voters of the ensemble
    std::int64_t leaderUptimeMs = 0, openFiles = 0, maxFiles = 0, localSessions = 0, pendingSyncs = 0;
    std::int64_t outstandingHandshakes = 0; // of TLS
    double dropProbability = 0;             // of a session that is opened
    std::int64_t authFailures = 0, nonTlsLocalConnections = 0, nonTlsRemoteConnections = 0;
    std::size_t syncedNonVotingFollowers = 0;
    std::string peerState; // "leading - broadcast"; empty: derived from the state, as while serving
    std::map<SessionId, std::set<std::string>> ephemeralsBySession;
    std::vector<std::pair<std::string, std::string>>
        configuration;                              // conf's lines, key and value, in Apache's order
    std::string ensembleText;                       // the quorum verifier's text; empty: standalone
    std::map<std::string, std::string> environment; // envi's lines

    // --- What is measured, by the names in summaryRows(); and in sets, by their keys: read_per_namespace of "a" ---
    std::map<std::string, Distribution> summaries;
    std::map<std::string, std::map<std::string, Distribution>> summarySets;
    std::map<std::string, std::int64_t> quotaRefusals; // by top-level znode

    // --- For the words and commands that ask for it alone ---
    std::map<SessionId, std::set<std::string>> watchesBySession; // filled where StatusDetail says so
    std::map<std::string, std::set<SessionId>> watchesByPath;    // likewise
    std::vector<std::pair<Zxid, std::uint64_t>> digests;         // the tree's, at every 128th zxid
    std::int64_t traceMask = 0;
    std::int64_t dataDirSize = 0, logDirSize = 0; // bytes of version-2
    std::optional<Zxid> lastSnapshot;
    std::int64_t lastSnapshotSeconds = 0; // since 1970
    std::string initialConfiguration;     // the zoo.cfg as it was read
    std::map<std::string, std::string> systemProperties;
    std::int64_t slowSyncs = 0; // syncs of the log beyond fsync.warningthresholdms
    std::vector<MemberStatus> members;
    std::vector<ObserverStatus> observers; // of a leader
};

// What of a status costs as much as there is of it.
enum class StatusDetail { Usual, Watches };

// What a telnet sends when its user interrupts it, in place of a word.
inline constexpr std::string_view kTelnetClose = "\xff\xf4\xff\xfd";

// Is this one of the words that ZooKeeper knows?
bool isWord(std::string_view four);
// Every word but the telnet sequence, in the order of the alphabet.
const std::vector<std::string_view>& words();
bool isAllowed(std::string_view word, const std::vector<std::string>& whitelist);
// The answer to a four-letter word. Not on the whitelist ("*" lets all run): Apache's sentence that says so. What a word
// changes (crst, srst, stmk) the server has done before.
std::string answer(std::string_view word, const NodeStatus& status,
                   const std::vector<std::string>& whitelist);

// "key\tvalue" lines of mntr, of any server, as a map; lines of another shape are left out.
std::map<std::string, std::string> parseMntr(std::string_view text);
// "Key: value" lines of srvr, of any server.
std::map<std::string, std::string> parseSrvr(std::string_view text);

} // namespace zk::admin
