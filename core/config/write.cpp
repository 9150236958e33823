// The way back: a zoo.cfg, and the quorum verifier's text, from a ServerConfig.
#include "config/config.h"
#include "config/properties.h"
#include "config/server_line.h"

#include <charconv>
#include <tuple>

namespace zk::config {

namespace {

// group.N=1:2:3 of every group.
std::string groupLines(const ServerConfig& config) {
    std::map<std::int64_t, std::string> members;
    for (const auto& [sid, group] : config.groups) {
        std::string& list = members[group];
        if (!list.empty()) list += ':';
        list += std::to_string(sid);
    }
    std::string lines;
    for (const auto& [group, list] : members)
        lines += "group." + std::to_string(group) + "=" + list + "\n";
    return lines;
}

class Text {
  public:
    void line(std::string_view key, std::string_view value) {
        lines_ += std::string(key) + "=" + escapeValue(value) + "\n";
    }
    void line(std::string_view key, std::int64_t value) { line(key, std::to_string(value)); }
    // Only where it differs from what the server does anyway.
    template <class Value>
    void unless(const Value& usual, std::string_view key, const Value& value) {
        if (value != usual) line(key, static_cast<std::int64_t>(value));
    }
    void text(const char* key, const std::string& value) {
        if (!value.empty()) line(key, value);
    }
    void yesOrNo(bool usual, const char* key, bool value) {
        if (value != usual) line(key, value ? "true" : "false");
    }
    void raw(const std::string& lines) { lines_ += lines; }
    std::string take() { return std::move(lines_); }

  private:
    std::string lines_;
};

// The keys of one field each that differ from what the server does anyway.
void writeMore(Text& out, const ServerConfig& config) {
    const ServerConfig usual;
    out.unless(usual.snapSizeLimitKilobytes, "snapSizeLimitInKb", config.snapSizeLimitKilobytes);
    out.unless(usual.txnLogSizeLimitKilobytes, "txnLogSizeLimitInKb", config.txnLogSizeLimitKilobytes);
    out.unless(usual.fsyncWarning.count(), "fsync.warningthresholdms", config.fsyncWarning.count());
    out.unless(usual.commitLogCount, "commitLogCount", config.commitLogCount);
    out.unless(usual.globalOutstandingLimit, "globalOutstandingLimit", config.globalOutstandingLimit);
    out.unless(usual.maxBatchSize, "maxBatchSize", config.maxBatchSize);
    out.unless(usual.flushDelay.count(), "flushDelay", config.flushDelay.count());
    out.unless(usual.minNotificationInterval.count(), "fastleader.minNotificationInterval",
               config.minNotificationInterval.count());
    out.unless(usual.maxNotificationInterval.count(), "fastleader.maxNotificationInterval",
               config.maxNotificationInterval.count());
    out.unless(usual.connectToLearnerMasterLimit, "connectToLearnerMasterLimit", config.connectToLearnerMasterLimit);
    out.unless(usual.cnxTimeout.count(), "cnxTimeout", config.cnxTimeout.count());
    out.unless(usual.sessionlessTimeout.count(), "nio.sessionlessCnxnTimeout", config.sessionlessTimeout.count());
    if (config.snapshotCompression != Compression::None)
        out.line("snapshot.compression.method", config.snapshotCompression == Compression::Gz ? "gz" : "snappy");
    if (!config.serializeLastProcessedZxid) out.line("serializeLastProcessedZxid.enabled", "false");
    if (!config.dataDirAutocreate) out.line("datadir.autocreate", "false");
    if (!config.dbAutocreate) out.line("db.autocreate", "false");
    if (!config.digestScheme) out.line("DigestAuthenticationProvider.enabled", "false");
    if (config.skipAcl) out.line("skipACL", "yes");
    if (!config.leaderServes) out.line("leaderServes", "no");
    if (config.tcpKeepAlive) out.line("tcpKeepAlive", "true");
    if (config.clientTcpKeepAlive) out.line("clientTcpKeepAlive", "true");
    const AdminServer& admin = config.admin;
    if (admin.enabled) out.line("admin.enableServer", "true");
    if (!admin.at.host.empty()) out.line("admin.serverAddress", admin.at.host);
    out.unless(usual.admin.at.port, "admin.serverPort", admin.at.port);
    if (admin.commandUrl != usual.admin.commandUrl) out.line("admin.commandURL", admin.commandUrl);
    out.unless(usual.admin.idleTimeout.count(), "admin.idleTimeout", admin.idleTimeout.count());
    out.unless(usual.admin.rateLimit.count(), "admin.rateLimiterIntervalInMS", admin.rateLimit.count());
    if (!admin.snapshotEnabled) out.line("admin.snapshot.enabled", "false");
    if (config.prometheus.enabled)
        out.line("metricsProvider.className", "org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider");
    if (!config.prometheus.at.host.empty()) out.line("metricsProvider.httpHost", config.prometheus.at.host);
    out.unless(usual.prometheus.at.port, "metricsProvider.httpPort", config.prometheus.at.port);
}

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : ",") + part;
    return text;
}

void writeStore(Text& out, const std::string& prefix, const KeyStore& store) {
    out.text((prefix + "location").c_str(), store.location);
    out.text((prefix + "password").c_str(), store.password);
    out.text((prefix + "passwordPath").c_str(), store.passwordPath);
    out.text((prefix + "type").c_str(), store.type);
}

void writeTls(Text& out, const ServerConfig& config, const ServerConfig& usual) {
    const TlsOptions& tls = config.tls;
    if (config.secureClient) {
        out.line("secureClientPort", config.secureClient->port);
        out.text("secureClientPortAddress", config.secureClient->host);
    }
    out.yesOrNo(usual.portUnification, "client.portUnification", config.portUnification);
    writeStore(out, "ssl.keyStore.", tls.keyStore);
    writeStore(out, "ssl.trustStore.", tls.trustStore);
    out.text("ssl.enabledProtocols", joined(tls.protocols));
    out.text("ssl.ciphersuites", joined(tls.ciphersuites));
    if (tls.clientAuth != ClientAuth::Need) out.line("ssl.clientAuth", tls.clientAuth == ClientAuth::Want ? "want" : "none");
    out.yesOrNo(usual.tls.hostnameVerification, "ssl.hostnameVerification", tls.hostnameVerification);
    out.unless(usual.tls.handshakeTimeout.count(), "ssl.handshakeDetectionTimeoutMillis", tls.handshakeTimeout.count());
    out.yesOrNo(usual.tls.reload, "client.certReload", tls.reload);
}

// Shares are written as Java writes them, short.
std::string number(double value) {
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

void writeLimits(Text& out, const Limits& limits, const Limits& usual) {
    const ConnectionThrottle &connections = limits.connections, &usually = usual.connections;
    out.unless(usual.maxCnxns, "maxCnxns", limits.maxCnxns);
    out.unless(usual.outstandingHandshakes, "netty.server.outstandingHandshake.limit", limits.outstandingHandshakes);
    out.unless(usual.largeRequestMaxBytes, "largeRequestMaxBytes", limits.largeRequestMaxBytes);
    out.unless(usual.largeRequestThreshold, "largeRequestThreshold", limits.largeRequestThreshold);
    out.unless(usually.tokens, "connection_throttle_tokens", connections.tokens);
    out.unless(usually.fillTime.count(), "connection_throttle_fill_time", connections.fillTime.count());
    out.unless(usually.fillCount, "connection_throttle_fill_count", connections.fillCount);
    out.unless(usually.freezeTime.count(), "connection_throttle_freeze_time", connections.freezeTime.count());
    for (const auto& [key, was, is] :
         {std::tuple("connection_throttle_drop_increase", usually.dropIncrease, connections.dropIncrease),
          std::tuple("connection_throttle_drop_decrease", usually.dropDecrease, connections.dropDecrease),
          std::tuple("connection_throttle_decrease_ratio", usually.decreaseRatio, connections.decreaseRatio)})
        if (is != was) out.line(key, number(is));
    out.yesOrNo(usually.weighted, "connection_throttle_weight_enabled", connections.weighted);
    out.unless(usually.globalWeight, "connection_throttle_global_session_weight", connections.globalWeight);
    out.unless(usually.localWeight, "connection_throttle_local_session_weight", connections.localWeight);
    out.unless(usually.renewWeight, "connection_throttle_renew_session_weight", connections.renewWeight);
    out.unless(usual.requests.maxRequests, "request_throttle_max_requests", limits.requests.maxRequests);
    out.yesOrNo(usual.requests.dropStale, "request_throttle_drop_stale", limits.requests.dropStale);
    out.yesOrNo(usual.requests.staleLatencyCheck, "request_stale_latency_check", limits.requests.staleLatencyCheck);
}

} // namespace

std::string write(const ServerConfig& config) {
    const ServerConfig usual;
    Text out;
    out.line("tickTime", config.tickTime.count());
    out.line("initLimit", config.initLimit);
    out.line("syncLimit", config.syncLimit);
    out.line("dataDir", config.dataDir);
    if (!config.dataLogDir.empty()) out.line("dataLogDir", config.dataLogDir);
    if (config.plainClients) {
        out.line("clientPort", config.client.port);
        if (!config.client.host.empty()) out.line("clientPortAddress", config.client.host);
    }
    writeTls(out, config, usual);
    writeLimits(out, config.limits, usual.limits);
    out.unless(usual.clientPortListenBacklog, "clientPortListenBacklog", config.clientPortListenBacklog);
    out.unless(usual.maxClientCnxns, "maxClientCnxns", config.maxClientCnxns);
    out.unless(usual.minSessionTimeout.count(), "minSessionTimeout", config.minSessionTimeout.count());
    out.unless(usual.maxSessionTimeout.count(), "maxSessionTimeout", config.maxSessionTimeout.count());
    if (config.whitelist != usual.whitelist) {
        std::string words;
        for (const std::string& word : config.whitelist)
            words += (words.empty() ? "" : ", ") + word;
        out.line("4lw.commands.whitelist", words);
    }
    out.unless(usual.snapRetainCount, "autopurge.snapRetainCount", config.snapRetainCount);
    out.unless(usual.purgeInterval.count(), "autopurge.purgeInterval", config.purgeInterval.count());
    out.unless(usual.preallocateKilobytes, "preAllocSize", config.preallocateKilobytes);
    out.unless(usual.snapCount, "snapCount", config.snapCount);
    out.unless(usual.jutemaxbuffer, "jute.maxbuffer", config.jutemaxbuffer);
    if (!config.forceSync) out.line("forceSync", "no");
    if (!config.digestEnabled) out.line("digest.enabled", "false");
    if (config.extendedTypes) out.line("extendedTypesEnabled", "true");
    if (config.enforceQuota) out.line("enforceQuota", "true");
    out.unless(usual.containerCheckInterval.count(), "znode.container.checkIntervalMs",
               config.containerCheckInterval.count());
    out.unless(usual.containersPerMinute, "znode.container.maxPerMinute", config.containersPerMinute);
    out.unless(usual.containerNeverUsed.count(), "znode.container.maxNeverUsedIntervalMs",
               config.containerNeverUsed.count());
    if (!config.superDigest.empty()) out.line("DigestAuthenticationProvider.superDigest", config.superDigest);
    if (config.digestAlgorithm != usual.digestAlgorithm)
        out.line("DigestAuthenticationProvider.digestAlg", config.digestAlgorithm);
    if (!config.x509SuperUser.empty()) out.line("X509AuthenticationProvider.superUser", config.x509SuperUser);
    if (config.x509Logins && !config.secureClient && !config.portUnification)
        out.line("authProvider.x509", "org.apache.zookeeper.server.auth.X509AuthenticationProvider");
    if (config.readOnlyMode) out.line("readonlymode.enabled", "true");
    if (config.quorumListenOnAllIPs) out.line("quorumListenOnAllIPs", "true");
    if (!config.syncEnabled) out.line("syncEnabled", "false");
    writeMore(out, config);
    if (config.standalone()) return out.take();
    if (config.role() == Role::Observer) out.line("peerType", "observer");
    if (config.quorum().voters().size() == 1) out.line("standaloneEnabled", "false");
    for (const auto& [sid, server] : config.servers)
        out.line("server." + std::to_string(sid), text(server));
    out.raw(groupLines(config));
    for (const auto& [sid, weight] : config.weights)
        out.line("weight." + std::to_string(sid), weight);
    return out.take();
}

std::string quorumText(const ServerConfig& config) {
    std::string lines;
    for (const auto& [sid, server] : config.servers)
        lines += "server." + std::to_string(sid) + "=" + text(server) + "\n";
    if (!config.groups.empty()) {
        lines += groupLines(config);
        const Quorum quorum = config.quorum();
        for (const Sid sid : quorum.voters())
            lines += "weight." + std::to_string(sid) + "=" + std::to_string(quorum.weight(sid)) + "\n";
    }
    return lines + "version=0";
}

} // namespace zk::config
