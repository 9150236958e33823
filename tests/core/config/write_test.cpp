#include "config/config.h"

#include <gtest/gtest.h>

namespace zk::config {
namespace {

ServerConfig parsed(const std::string& text, const std::string& myid = "1") {
    const auto result = parse(text, "zoo.cfg", [&](const std::string&) { return std::optional(myid); });
    EXPECT_TRUE(result) << result.error().message();
    return result ? result->config : ServerConfig{};
}

TEST(Write, StandaloneAsTheTutorialsDo) {
    ServerConfig config;
    config.dataDir = "/var/lib/zookeeper";
    config.tickTime = std::chrono::milliseconds(2000);
    config.client = {"127.0.0.1", 2181};
    EXPECT_EQ(write(config),
              "tickTime=2000\ninitLimit=10\nsyncLimit=5\ndataDir=/var/lib/zookeeper\nclientPort=2181\n"
              "clientPortAddress=127.0.0.1\n");
}

TEST(Write, EverythingComesBack) {
    const std::string text =
        "tickTime=500\ninitLimit=20\nsyncLimit=7\ndataDir=C:\\\\zk data\ndataLogDir=/logs\n"
        "clientPort=2181\nclientPortAddress=::1\nclientPortListenBacklog=9\nmaxClientCnxns=0\n"
        "minSessionTimeout=10\nmaxSessionTimeout=20\n4lw.commands.whitelist=stat, *\n"
        "autopurge.snapRetainCount=4\nautopurge.purgeInterval=1\npreAllocSize=64\nsnapCount=10\n"
        "jute.maxbuffer=2000000\nforceSync=no\ndigest.enabled=false\n"
        "extendedTypesEnabled=true\nenforceQuota=true\nznode.container.checkIntervalMs=5\n"
        "znode.container.maxPerMinute=6\nznode.container.maxNeverUsedIntervalMs=7\n"
        "DigestAuthenticationProvider.superDigest=super:x=\nquorumListenOnAllIPs=true\n"
        "syncEnabled=false\npeerType=observer\n"
        "server.0=a:1:2:participant\nserver.1=[::1]:1:2:observer;[::1]:2181\n"
        "server.2=c:1:2:participant;0.0.0.0:2181\nserver.3=d:1:2:participant\n"
        "group.1=0:2\ngroup.2=3\nweight.0=5\n";
    const ServerConfig config = parsed(text);
    EXPECT_EQ(write(config), text);
    EXPECT_EQ(config.dataDir, "C:\\zk data");
}

TEST(Write, EveryLimitAndSwitchComesBack) {
    const std::string text =
        "tickTime=3000\ninitLimit=10\nsyncLimit=5\ndataDir=/data\nclientPort=2181\n"
        "snapSizeLimitInKb=9\ntxnLogSizeLimitInKb=8\nfsync.warningthresholdms=7\ncommitLogCount=6\n"
        "globalOutstandingLimit=5\nmaxBatchSize=4\nflushDelay=3\nfastleader.minNotificationInterval=100\n"
        "fastleader.maxNotificationInterval=1000\nconnectToLearnerMasterLimit=2\ncnxTimeout=900\n"
        "nio.sessionlessCnxnTimeout=800\nsnapshot.compression.method=snappy\n"
        "serializeLastProcessedZxid.enabled=false\ndatadir.autocreate=false\ndb.autocreate=false\n"
        "DigestAuthenticationProvider.enabled=false\nskipACL=yes\nleaderServes=no\ntcpKeepAlive=true\n"
        "clientTcpKeepAlive=true\nadmin.enableServer=true\nadmin.serverAddress=::1\nadmin.serverPort=0\n"
        "admin.commandURL=/c\nadmin.idleTimeout=600\nadmin.rateLimiterIntervalInMS=500\n"
        "admin.snapshot.enabled=false\n"
        "metricsProvider.className=org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider\n"
        "metricsProvider.httpHost=localhost\nmetricsProvider.httpPort=7001\n";
    EXPECT_EQ(write(parsed(text)), text);
}

TEST(Write, EnsembleOfOneStaysOne) {
    const std::string text =
        "dataDir=/data\ninitLimit=1\nsyncLimit=1\nclientPort=2181\nstandaloneEnabled=false\n"
        "server.1=a:1:2\n";
    EXPECT_EQ(parsed(write(parsed(text))).servers.size(), 1u);
}

TEST(Write, QuorumText) {
    const std::string limits = "dataDir=/data\ninitLimit=1\nsyncLimit=1\nclientPort=2181\n";
    EXPECT_EQ(
        quorumText(parsed(limits + "server.3=127.0.0.1:24283:24383\nserver.1=127.0.0.1:24281:24381\n"
                                   "server.2=127.0.0.1:24282:24382:observer\nserver.10=[::1]:1:2;2181\n")),
        "server.1=127.0.0.1:24281:24381:participant\nserver.2=127.0.0.1:24282:24382:observer\n"
        "server.3=127.0.0.1:24283:24383:participant\nserver.10=[::1]:1:2:participant;0.0.0.0:2181\nversion="
        "0");
    EXPECT_EQ(quorumText(parsed(limits + "server.1=a:1:2\nserver.2=b:1:2\nserver.3=c:1:2\n"
                                         "group.7=1:2\ngroup.8=3\nweight.3=4\n")),
              "server.1=a:1:2:participant\nserver.2=b:1:2:participant\nserver.3=c:1:2:participant\n"
              "group.7=1:2\ngroup.8=3\nweight.1=1\nweight.2=1\nweight.3=4\nversion=0");
}

} // namespace
} // namespace zk::config
