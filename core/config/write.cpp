// The way back: a zoo.cfg, and the quorum verifier's text, from a ServerConfig.
#include "config/config.h"
#include "config/properties.h"
#include "config/server_line.h"

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

} // namespace

std::string write(const ServerConfig& config) {
    const ServerConfig usual;
    Text out;
    out.line("tickTime", config.tickTime.count());
    out.line("initLimit", config.initLimit);
    out.line("syncLimit", config.syncLimit);
    out.line("dataDir", config.dataDir);
    if (!config.dataLogDir.empty()) out.line("dataLogDir", config.dataLogDir);
    out.line("clientPort", config.client.port);
    if (!config.client.host.empty()) out.line("clientPortAddress", config.client.host);
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
