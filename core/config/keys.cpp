#include "config/keys.h"

#include <algorithm>

namespace zk::config {

namespace {

constexpr auto kHonoured = Handling::Honoured;
constexpr auto kWarned = Handling::Warned;
constexpr auto kRefused = Handling::Refused;

constexpr std::string_view kNoTls = "TLS is spoken with clients only";
constexpr std::string_view kNoQuorumTls = "TLS between servers is not built";
constexpr std::string_view kNoSasl = "SASL is not built: without it the server would be open to whom this key shuts out";
constexpr std::string_view kNoSaslHere = "SASL is not built";
constexpr std::string_view kOneThread = "a server runs on one thread, and its disk on another: there is no pool to size";
constexpr std::string_view kNoCache = "answers are encoded straight from the tree: there is no cache to bound";
constexpr std::string_view kNoReconfig = "reconfiguration is not built; write the servers into this file";
constexpr std::string_view kNoJvm = "there is no JVM";
constexpr std::string_view kNoMulti = "a server has one address here";
constexpr std::string_view kNoLocal = "local sessions are not built; every session is global";
constexpr std::string_view kNoWatchManager = "there is one table of watches, cleaned at once";
constexpr std::string_view kNoObserverMaster = "followers do not feed observers; each observer follows the leader";
constexpr std::string_view kNoAsync = "nothing that this server sends or closes blocks";

std::vector<KeyRow> serverKeys() {
    return {
        {"dataDir", ""},
        {"dataLogDir", "dataDir"},
        {"clientPort", ""},
        {"clientPortAddress", "every address"},
        {"secureClientPort", ""},
        {"secureClientPortAddress", "every address"},
        {"observerMasterPort", "0", kWarned, kNoObserverMaster},
        {"clientPortListenBacklog", "-1"},
        {"tickTime", "3000"},
        {"initLimit", ""},
        {"syncLimit", ""},
        {"connectToLearnerMasterLimit", "0"},
        {"minSessionTimeout", "-1"},
        {"maxSessionTimeout", "-1"},
        {"maxClientCnxns", "60"},
        {"maxCnxns", "0"},
        {"electionAlg", "3"},
        {"electionPortBindRetry", "3", kWarned, "ports are bound before anything else; one that is in use ends the start"},
        {"quorumListenOnAllIPs", "false"},
        {"peerType", "participant"},
        {"syncEnabled", "true"},
        {"standaloneEnabled", "true"},
        {"reconfigEnabled", "false", kWarned, kNoReconfig},
        {"dynamicConfigFile", "", kWarned, kNoReconfig},
        {"localSessionsEnabled", "false", kWarned, kNoLocal},
        {"localSessionsUpgradingEnabled", "false", kWarned, kNoLocal},
        {"autopurge.snapRetainCount", "3"},
        {"autopurge.purgeInterval", "0"},
        {"sslQuorum", "false", kRefused, kNoQuorumTls},
        {"sslQuorumReloadCertFiles", "false", kWarned, kNoQuorumTls},
        {"portUnification", "false", kWarned, kNoQuorumTls},
        {"client.portUnification", "false"},
        {"client.certReload", "false"},
        {"multiAddress.enabled", "false", kWarned, kNoMulti},
        {"multiAddress.reachabilityCheckEnabled", "true", kWarned, kNoMulti},
        {"multiAddress.reachabilityCheckTimeoutMs", "1000", kWarned, kNoMulti},
        {"quorum.auth.enableSasl", "false", kRefused, kNoSasl},
        {"quorum.auth.serverRequireSasl", "false", kRefused, kNoSasl},
        {"quorum.auth.learnerRequireSasl", "false", kRefused, kNoSasl},
        {"quorum.auth.*", "", kWarned, kNoSaslHere},
        {"quorum.cnxn.threads.size", "20", kWarned, kOneThread},
        {"jvm.pause.monitor*", "false", kWarned, kNoJvm},
        {"metricsProvider.className", "org.apache.zookeeper.metrics.impl.DefaultMetricsProvider"},
        {"metricsProvider.httpHost", "0.0.0.0"},
        {"metricsProvider.httpPort", "7000"},
        {"metricsProvider.httpsPort", "", kWarned, kNoTls},
        {"metricsProvider.ssl.*", "", kWarned, kNoTls},
        {"metricsProvider.exportJvmInfo", "true", kWarned, kNoJvm},
        {"metricsProvider.numWorkerThreads", "1", kWarned, kOneThread},
        {"metricsProvider.maxQueueSize", "1000000", kWarned, "what is measured waits in no queue"},
        {"metricsProvider.workerShutdownTimeoutMs", "1000", kWarned, kOneThread},
        {"metricsProvider.prometheusMetricsSummaryRotateIntervalSeconds", "60", kWarned,
         "quantiles are of everything since the start, or since srst"},
        {"oraclePath", "", kRefused, "the oracle of two servers is not built: a quorum of them would need both"},
        {"server.*", ""},
        {"group.*", ""},
        {"weight.*", "1"},
        {"version", "0", kWarned, kNoReconfig},
        {"4lw.commands.whitelist", "srvr"},
    };
}

std::vector<KeyRow> adminKeys() {
    return {
        {"admin.enableServer", "true; false here"},
        {"admin.serverPort", "8080"},
        {"admin.serverAddress", "0.0.0.0"},
        {"admin.commandURL", "/commands"},
        {"admin.idleTimeout", "30000"},
        {"admin.rateLimiterIntervalInMS", "300000"},
        {"admin.snapshot.enabled", "true"},
        {"admin.restore.enabled", "true", kWarned, "restore is not built"},
        {"admin.needClientAuth", "false", kRefused, kNoTls},
        {"admin.forceHttps", "false", kRefused, kNoTls},
        {"admin.portUnification", "false", kWarned, kNoTls},
        {"admin.httpVersion", "11", kWarned, "the AdminServer speaks HTTP/1.1 and 1.0"},
    };
}

std::vector<KeyRow> storageKeys() {
    return {
        {"preAllocSize", "65536"},
        {"snapCount", "100000"},
        {"snapSizeLimitInKb", "4194304"},
        {"txnLogSizeLimitInKb", "-1"},
        {"commitLogCount", "500"},
        {"snapshotSizeFactor", "0.33", kWarned, "a learner that lacks more than commitLogCount transactions gets a snapshot"},
        {"forceSync", "yes"},
        {"fsync.warningthresholdms", "1000"},
        {"snapshot.compression.method", ""},
        {"snapshot.trust.empty", "false", kWarned,
         "logs without the snapshot that they start from are never trusted; put the snapshot back"},
        {"serializeLastProcessedZxid.enabled", "true"},
        {"digest.enabled", "true"},
        {"closeSessionTxn.enabled", "true", kWarned, "closeSession always lists what it removes; 3.8 and 3.9 read that"},
        {"extendedTypesEnabled", "false"},
        {"emulate353TTLNodes", "false", kWarned, "TTL znodes have the form that 3.5.4 and later give them"},
        {"datadir.autocreate", "true"},
        {"db.autocreate", "true"},
    };
}

std::vector<KeyRow> pipelineKeys() {
    return {
        {"globalOutstandingLimit", "1000; none here"},
        {"flushDelay", "0"},
        {"maxWriteQueuePollTime", "flushDelay/3", kWarned, "the disk is given what has gathered as soon as it may be"},
        {"maxBatchSize", "1000; none here"},
        {"commitProcessor.*", "", kWarned, kOneThread},
        {"maxReadBatchSize", "-1", kWarned, kOneThread},
        {"maxCommitBatchSize", "1", kWarned, kOneThread},
        {"largeRequestMaxBytes", "104857600"},
        {"largeRequestThreshold", "-1"},
        {"maxResponseCacheSize", "400", kWarned, kNoCache},
        {"maxGetChildrenResponseCacheSize", "400", kWarned, kNoCache},
        {"request_throttle_max_requests", "0"},
        {"request_throttle_drop_stale", "true"},
        {"request_throttle_stall_time", "100", kWarned, "a request that waits is let in as soon as there is room"},
        {"request_throttle", "true", kWarned, "request_throttle_max_requests=0 turns it off"},
        {"request_throttler.shutdownTimeout", "10000", kWarned, "a server that stops lets nothing more in"},
        {"request_stale_latency_check", "false"},
        {"request_stale_connection_check", "true", kWarned, "what a closed connection sent and nobody has begun is dropped"},
        {"throttled_op_wait_time", "0", kWarned, "requests wait at the door, and fail nowhere for that"},
        {"connection_throttle_tokens", "0"},
        {"connection_throttle_fill_time", "1"},
        {"connection_throttle_fill_count", "1"},
        {"connection_throttle_freeze_time", "-1"},
        {"connection_throttle_drop_increase", "0.02"},
        {"connection_throttle_drop_decrease", "0.002"},
        {"connection_throttle_decrease_ratio", "0"},
        {"connection_throttle_weight_enabled", "false"},
        {"connection_throttle_global_session_weight", "3"},
        {"connection_throttle_local_session_weight", "1"},
        {"connection_throttle_renew_session_weight", "2"},
    };
}

std::vector<KeyRow> quorumKeys() {
    return {
        {"cnxTimeout", "5000"},
        {"quorumCnxnTimeoutMs", "-1", kWarned, "a connection of the election port is kept for as long as it stands"},
        {"leaderServes", "yes"},
        {"tcpKeepAlive", "false"},
        {"fastleader.minNotificationInterval", "200"},
        {"fastleader.maxNotificationInterval", "60000"},
        {"leader.maxTimeToWaitForEpoch", "-1", kWarned, "a leader waits initLimit ticks for its quorum"},
        {"leader.maxConcurrentSnapSyncs", "10", kWarned, "snapshots for learners are streamed piece by piece, all at once"},
        {"leader.maxConcurrentSnapshots", "10", kWarned, "snapshots for learners are streamed piece by piece, all at once"},
        {"leader.maxConcurrentDiffSyncs", "100", kWarned, "a DIFF is commitLogCount transactions at most"},
        {"leader.maxConcurrentDiffs", "100", kWarned, "a DIFF is commitLogCount transactions at most"},
        {"observer.reconnectDelayMs", "0", kWarned, "an observer dials again at once, and then more slowly"},
        {"observer.election.DelayMs", "200", kWarned, "an observer waits for nothing before it votes"},
        {"learner.asyncSending", "false", kWarned, kNoAsync},
        {"learner.closeSocketAsync", "false", kWarned, kNoAsync},
        {"leader.closeSocketAsync", "false", kWarned, kNoAsync},
    };
}

std::vector<KeyRow> networkKeys() {
    return {
        {"nio.sessionlessCnxnTimeout", "10000"},
        {"nio.*", "", kWarned, kOneThread},
        {"netty.server.outstandingHandshake.limit", "-1"},
        {"netty.*", "", kWarned, "there is no Netty"},
        {"serverCnxnFactory", "", kWarned, "there is one way to take connections"},
        {"clientTcpKeepAlive", "false"},
        {"jute.maxbuffer", "1048575"},
        {"jute.maxbuffer.extrasize", "1024", kWarned, "a transaction may be as large as its request made it"},
    };
}

std::vector<KeyRow> accessKeys() {
    return {
        {"skipACL", "no"},
        {"enableEagerACLCheck", "false", kWarned, "a request is judged where it becomes a transaction"},
        {"DigestAuthenticationProvider.superDigest", ""},
        {"DigestAuthenticationProvider.digestAlg", "SHA1"},
        {"DigestAuthenticationProvider.enabled", "true"},
        {"X509AuthenticationProvider.superUser", ""},
        {"superUser*", "", kWarned, kNoSaslHere},
        {"authProvider.x509", ""},
        {"authProvider.*", "", kWarned, "providers are Java classes; world, auth, digest, ip and x509 are built in"},
        {"sessionRequireClientSASLAuth", "false", kRefused, kNoSasl},
        {"enforce.auth.enabled", "false", kRefused, "it is not built: without it the server would be open to everybody"},
        {"enforce.auth.schemes", "", kWarned, "enforce.auth.enabled is not built"},
        {"allowSaslFailedClients", "false", kWarned, kNoSaslHere},
        {"ensembleAuthName", "", kWarned, "the ensemble authentication scheme is not built"},
        {"kerberos.*", "", kWarned, kNoSaslHere},
        {"fips-mode", "false", kWarned, kNoTls},
        {"audit.enable", "false", kWarned, "the audit log is not built"},
        {"audit.impl.class", "", kWarned, "the audit log is not built"},
        {"enforceQuota", "false"},
        {"ssl.keyStore.location", ""},
        {"ssl.keyStore.password", ""},
        {"ssl.keyStore.passwordPath", ""},
        {"ssl.keyStore.type", ""},
        {"ssl.trustStore.location", ""},
        {"ssl.trustStore.password", ""},
        {"ssl.trustStore.passwordPath", ""},
        {"ssl.trustStore.type", ""},
        {"ssl.protocol", "TLSv1.3"},
        {"ssl.enabledProtocols", "TLSv1.2,TLSv1.3"},
        {"ssl.ciphersuites", ""},
        {"ssl.clientAuth", "need"},
        {"ssl.hostnameVerification", "true"},
        {"ssl.handshakeDetectionTimeoutMillis", "5000"},
        {"ssl.authProvider", "x509"},
        {"ssl.crl", "false", kRefused, "revoked certificates are not looked up; give them an authority of their own"},
        {"ssl.ocsp", "false", kRefused, "revoked certificates are not looked up; give them an authority of their own"},
        {"ssl.context.supplier.class", "", kRefused, "a Java class cannot be loaded here"},
        {"ssl.quorum.*", "", kWarned, "TLS between servers is not built"},
        {"ssl.*", "", kWarned, "it is no key of TLS that has a meaning here"},
        {"znode.container.checkIntervalMs", "60000"},
        {"znode.container.maxPerMinute", "10000"},
        {"znode.container.maxNeverUsedIntervalMs", "0"},
        {"watchManagerName", "", kWarned, kNoWatchManager},
        {"watcherCleanThreshold", "1000", kWarned, kNoWatchManager},
        {"watcherCleanIntervalInSeconds", "600", kWarned, kNoWatchManager},
        {"watcherCleanThreadsNum", "2", kWarned, kNoWatchManager},
        {"maxInProcessingDeadWatchers", "-1", kWarned, kNoWatchManager},
        {"bitHashCacheSize", "10", kWarned, kNoWatchManager},
        {"readonlymode.enabled", "false"},
        {"messageTracker.*", "", kWarned, "the trace of a server tells the same"},
        {"pathStats.*", "", kWarned, "read_per_namespace and write_per_namespace tell of paths"},
    };
}

bool matches(const KeyRow& row, std::string_view key) {
    if (!row.name.ends_with('*')) return row.name == key;
    return key.starts_with(row.name.substr(0, row.name.size() - 1));
}

std::string_view firstWord(std::string_view text) { return text.substr(0, text.find(';')); }

} // namespace

const std::vector<KeyRow>& keyRows() {
    static const std::vector<KeyRow> rows = [] {
        std::vector<KeyRow> all;
        for (const auto& part : {serverKeys(), adminKeys(), storageKeys(), pipelineKeys(), quorumKeys(), networkKeys(), accessKeys()})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }();
    return rows;
}

const KeyRow* findKey(std::string_view key) {
    const auto& rows = keyRows();
    const auto exact = std::find_if(rows.begin(), rows.end(), [&](const KeyRow& row) { return row.name == key; });
    if (exact != rows.end()) return &*exact;
    const auto family = std::find_if(rows.begin(), rows.end(), [&](const KeyRow& row) { return matches(row, key); });
    return family == rows.end() ? nullptr : &*family;
}

bool saysTheUsual(const KeyRow& row, std::string_view value) {
    const std::string_view usual = firstWord(row.usual);
    return !usual.empty() && !row.name.ends_with('*') &&
           std::equal(usual.begin(), usual.end(), value.begin(), value.end(), [](char one, char other) {
               const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
               return lower(one) == lower(other);
           });
}

} // namespace zk::config
