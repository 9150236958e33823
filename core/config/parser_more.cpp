// The keys that are one field each: limits, switches, the AdminServer and the metrics.
#include "config/parser.h"

namespace zk::config {

void Parser::takeHost(const Property& property, std::string& host) {
    host = property.value;
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
}

Parser::Done Parser::takeLimits(const Property& property, std::string_view key, bool& taken) {
    ServerConfig& config = parsed_.config;
    taken = true;
    if (key == "snapSizeLimitInKb")
        return number(property, config.snapSizeLimitKilobytes, 0, INT_MAX, "kilobytes, 0 for no limit,");
    if (key == "txnLogSizeLimitInKb")
        return number(property, config.txnLogSizeLimitKilobytes, -1, INT_MAX, "kilobytes, -1 for no limit,");
    if (key == "fsync.warningthresholdms") return milliseconds(property, config.fsyncWarning, 0);
    if (key == "commitLogCount")
        return number(property, config.commitLogCount, 1, 1'000'000, "a number of transactions");
    if (key == "globalOutstandingLimit")
        return number(property, config.globalOutstandingLimit, 1, INT_MAX, "a number of requests");
    if (key == "maxBatchSize") return number(property, config.maxBatchSize, 1, INT_MAX, "a number of transactions");
    if (key == "flushDelay") return milliseconds(property, config.flushDelay, 0);
    if (key == "fastleader.minNotificationInterval") return milliseconds(property, config.minNotificationInterval, 1);
    if (key == "fastleader.maxNotificationInterval") return milliseconds(property, config.maxNotificationInterval, 1);
    if (key == "connectToLearnerMasterLimit")
        return number(property, config.connectToLearnerMasterLimit, 0, INT_MAX, "ticks");
    if (key == "cnxTimeout") return milliseconds(property, config.cnxTimeout, 1);
    if (key == "nio.sessionlessCnxnTimeout") return milliseconds(property, config.sessionlessTimeout, 1);
    taken = false;
    return {};
}

Parser::Done Parser::takeSwitches(const Property& property, std::string_view key, bool& taken) {
    ServerConfig& config = parsed_.config;
    taken = true;
    if (key == "serializeLastProcessedZxid.enabled") return boolean(property, config.serializeLastProcessedZxid);
    if (key == "datadir.autocreate") return boolean(property, config.dataDirAutocreate);
    if (key == "db.autocreate") return boolean(property, config.dbAutocreate);
    if (key == "skipACL") return boolean(property, config.skipAcl, "yes", "no");
    if (key == "leaderServes") return boolean(property, config.leaderServes, "yes", "no");
    if (key == "tcpKeepAlive") return boolean(property, config.tcpKeepAlive);
    if (key == "clientTcpKeepAlive") return boolean(property, config.clientTcpKeepAlive);
    if (key == "DigestAuthenticationProvider.enabled") return boolean(property, config.digestScheme);
    if (key == "snapshot.compression.method") return takeCompression(property);
    taken = false;
    return {};
}

Parser::Done Parser::takeCompression(const Property& property) {
    const std::string method = lowered(property.value);
    Compression& to = parsed_.config.snapshotCompression;
    if (method.empty()) to = Compression::None;
    else if (method == "gz") to = Compression::Gz;
    else if (method == "snappy") to = Compression::Snappy;
    else return bad(property, "is no method; write gz or snappy, or nothing for snapshots as they are");
    return {};
}

Parser::Done Parser::takeAdmin(const Property& property, std::string_view key, bool& taken) {
    AdminServer& admin = parsed_.config.admin;
    taken = true;
    if (key == "admin.enableServer") return boolean(property, admin.enabled);
    if (key == "admin.serverPort") return number(property, admin.at.port, 0, 65535, "a port");
    if (key == "admin.serverAddress") return takeHost(property, admin.at.host), Done();
    if (key == "admin.idleTimeout") return milliseconds(property, admin.idleTimeout, 1);
    if (key == "admin.rateLimiterIntervalInMS") return milliseconds(property, admin.rateLimit, 0);
    if (key == "admin.snapshot.enabled") return boolean(property, admin.snapshotEnabled);
    if (key == "admin.commandURL") {
        if (!property.value.starts_with('/') || property.value.size() < 2 || property.value.ends_with('/'))
            return bad(property, "is no path; write one such as /commands");
        admin.commandUrl = property.value;
        return {};
    }
    taken = false;
    return {};
}

Parser::Done Parser::takeMetrics(const Property& property, std::string_view key, bool& taken) {
    PrometheusServer& prometheus = parsed_.config.prometheus;
    taken = true;
    if (key == "metricsProvider.httpHost") return takeHost(property, prometheus.at.host), Done();
    if (key == "metricsProvider.httpPort") return number(property, prometheus.at.port, 0, 65535, "a port");
    if (key == "metricsProvider.className") {
        const std::string& name = property.value;
        const std::string last = name.substr(name.rfind('.') + 1);
        if (last == "NullMetricsProvider")
            warn(std::string(key), property.key + " cannot be none: mntr and the AdminServer tell the metrics all the same");
        else if (last != "PrometheusMetricsProvider" && last != "DefaultMetricsProvider")
            return bad(property, "is not built in; write org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider, "
                                 "or remove the line");
        prometheus.enabled = last == "PrometheusMetricsProvider";
        return {};
    }
    taken = false;
    return {};
}

} // namespace zk::config
