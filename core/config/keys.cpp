#include "config/keys.h"

#include <algorithm>
#include <array>

namespace zk::config {

namespace {

// Whole families: every key that begins so.
constexpr std::array<std::string_view, 16> kFamilies = {"ssl.",
                                                        "quorum.auth.",
                                                        "jvm.pause.monitor",
                                                        "metricsProvider.",
                                                        "multiAddress.",
                                                        "admin.",
                                                        "nio.",
                                                        "pathStats.",
                                                        "request_throttl",
                                                        "request_stale_",
                                                        "connection_",
                                                        "commitProcessor.",
                                                        "fastleader.",
                                                        "messageTracker.",
                                                        "authProvider.",
                                                        "superUser"};

constexpr std::array kKeys = std::to_array<std::string_view>({
    "secureClientPort",
    "secureClientPortAddress",
    "observerMasterPort",
    "connectToLearnerMasterLimit",
    "maxCnxns",
    "electionPortBindRetry",
    "reconfigEnabled",
    "dynamicConfigFile",
    "localSessionsEnabled",
    "localSessionsUpgradingEnabled",
    "sslQuorum",
    "portUnification",
    "sslQuorumReloadCertFiles",
    "client.portUnification",
    "client.certReload",
    "quorum.cnxn.threads.size",
    "oraclePath",
    "version",
    // Log and snapshot
    "snapSizeLimitInKb",
    "txnLogSizeLimitInKb",
    "commitLogCount",
    "snapshotSizeFactor",
    "fsync.warningthresholdms",
    "snapshot.compression.method",
    "snapshot.trust.empty",
    "serializeLastProcessedZxid.enabled",
    "closeSessionTxn.enabled",
    "datadir.autocreate",
    "db.autocreate",
    "snapshot.enabled",
    "restore.enabled",
    // Pipeline
    "globalOutstandingLimit",
    "flushDelay",
    "maxWriteQueuePollTime",
    "maxBatchSize",
    "maxReadBatchSize",
    "maxCommitBatchSize",
    "largeRequestMaxBytes",
    "largeRequestThreshold",
    "maxResponseCacheSize",
    "maxGetChildrenResponseCacheSize",
    "throttled_op_wait_time",
    // Quorum
    "cnxTimeout",
    "quorumCnxnTimeoutMs",
    "leaderServes",
    "tcpKeepAlive",
    "leader.maxTimeToWaitForEpoch",
    "leader.maxConcurrentSnapSyncs",
    "leader.maxConcurrentSnapshots",
    "leader.maxConcurrentDiffSyncs",
    "leader.maxConcurrentDiffs",
    "observer.reconnectDelayMs",
    "observer.election.DelayMs",
    "learner.asyncSending",
    "learner.closeSocketAsync",
    "leader.closeSocketAsync",
    // Network
    "clientTcpKeepAlive",
    "jute.maxbuffer.extrasize",
    "serverCnxnFactory",
    // Authentication and access
    "skipACL",
    "enableEagerACLCheck",
    "DigestAuthenticationProvider.digestAlg",
    "DigestAuthenticationProvider.enabled",
    "X509AuthenticationProvider.superUser",
    "sessionRequireClientSASLAuth",
    "enforce.auth.enabled",
    "enforce.auth.schemes",
    "allowSaslFailedClients",
    "ensembleAuthName",
    "fips-mode",
    "audit.enable",
    "kerberos.removeHostFromPrincipal",
    "kerberos.removeRealmFromPrincipal",
    // Watches and the rest
    "watchManagerName",
    "watcherCleanThreshold",
    "watcherCleanIntervalInSeconds",
    "watcherCleanThreadsNum",
    "bitHashCacheSize",
    "maxInProcessingDeadWatchers",
    "readonlymode.enabled",
});

} // namespace

bool knownButNotActedOn(std::string_view key) {
    return std::any_of(kFamilies.begin(), kFamilies.end(),
                       [&](std::string_view family) { return key.starts_with(family); }) ||
           std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

} // namespace zk::config
