#include "config/config.h"
#include "config/keys.h"

#include <gtest/gtest.h>

namespace zk::config {
namespace {

// parse() with a myid of `myid`; null: there is no such file.
Result<Parsed> parsed(const std::string& text, std::optional<std::string> myid = "1") {
    return parse(text, "zoo.cfg", [myid](const std::string& path) {
        EXPECT_EQ(path, "/data/myid");
        return myid;
    });
}

Parsed good(const std::string& text, std::optional<std::string> myid = "1") {
    const auto result = parsed(text, std::move(myid));
    EXPECT_TRUE(result) << result.error().message();
    return result ? *result : Parsed{};
}

// `text` must be refused with this code, and the sentence must hold every one of `words`.
void refused(const std::string& text, Errc code, const std::vector<std::string>& words,
             std::optional<std::string> myid = "1") {
    const auto result = parsed(text, std::move(myid));
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().code, make_error_code(code)) << result.error().message();
    for (const std::string& word : words)
        EXPECT_NE(result.error().message().find(word), std::string::npos)
            << "\"" << word << "\" is not in \"" << result.error().message() << '"';
}

const std::string kAlone = "dataDir=/data\nclientPort=2181\n";
const std::string kThree = kAlone + "tickTime=2000\ninitLimit=10\nsyncLimit=5\n"
                                    "server.1=a:2888:3888\nserver.2=b:2888:3888\nserver.3=c:2888:3888\n";

TEST(Parse, TutorialStandalone) {
    const Parsed result =
        good("# The number of milliseconds of each tick\ntickTime=2000\ndataDir=/data\nclientPort=2181\n");
    EXPECT_TRUE(result.warnings.empty());
    EXPECT_TRUE(result.config.standalone());
    EXPECT_EQ(result.config.file, "zoo.cfg");
    EXPECT_EQ(result.config.tickTime, std::chrono::milliseconds(2000));
    EXPECT_EQ(result.config.client, (Endpoint{"", 2181}));
    EXPECT_EQ(result.config.minTimeout(), std::chrono::milliseconds(4000));
    EXPECT_EQ(result.config.maxTimeout(), std::chrono::milliseconds(40000));
    EXPECT_EQ(result.config.whitelist, std::vector<std::string>{"srvr"});
    EXPECT_EQ(result.config.role(), Role::Participant);
    EXPECT_FALSE(result.config.self);
}

TEST(Parse, Defaults) {
    const ServerConfig config = good(kAlone).config;
    EXPECT_EQ(config.tickTime, std::chrono::milliseconds(3000));
    EXPECT_EQ(config.maxClientCnxns, 60);
    EXPECT_EQ(config.clientPortListenBacklog, -1);
    EXPECT_EQ(config.snapRetainCount, 3);
    EXPECT_EQ(config.purgeInterval.count(), 0);
    EXPECT_EQ(config.preallocateKilobytes, 65536u);
    EXPECT_EQ(config.snapCount, 100000u);
    EXPECT_EQ(config.jutemaxbuffer, 1048575u);
    EXPECT_TRUE(config.forceSync && config.digestEnabled && config.syncEnabled);
    EXPECT_FALSE(config.quorumListenOnAllIPs);
}

TEST(Parse, TutorialEnsemble) {
    const Parsed result = good(kThree, " 2\n");
    EXPECT_TRUE(result.warnings.empty());
    EXPECT_EQ(result.config.servers.size(), 3u);
    EXPECT_EQ(result.config.self, 2);
    EXPECT_EQ(result.config.servers.at(3).quorum, (Endpoint{"c", 2888}));
    EXPECT_EQ(result.config.servers.at(3).election, (Endpoint{"c", 3888}));
    EXPECT_EQ(result.config.quorum().voters(), (std::set<Sid>{1, 2, 3}));
}

TEST(Parse, EveryKeyIsActedOn) {
    const Parsed result =
        good("dataDir=/data\ndataLogDir=/logs\nclientPort=0\nclientPortAddress=[::1]\n"
             "minSessionTimeout=100\nmaxSessionTimeout=200\nmaxClientCnxns=0\n"
             "clientPortListenBacklog=7\n4lw.commands.whitelist=stat, ruok,*\n"
             "autopurge.snapRetainCount=5\nautopurge.purgeInterval=24\n"
             "preAllocSize=64\nzookeeper.snapCount=500\nforceSync=no\ndigest.enabled=false\n"
             "jute.maxbuffer=4194304\nDigestAuthenticationProvider.superDigest=super:abc=\n"
             "syncEnabled=false\nquorumListenOnAllIPs=TRUE\nelectionAlg=3\nstandaloneEnabled=true\n"
             "peerType=participant\n");
    EXPECT_TRUE(result.warnings.empty()) << result.warnings.front();
    const ServerConfig& config = result.config;
    EXPECT_EQ(config.dataLogDir, "/logs");
    EXPECT_EQ(config.client, (Endpoint{"::1", 0}));
    EXPECT_EQ(config.minTimeout().count(), 100);
    EXPECT_EQ(config.maxTimeout().count(), 200);
    EXPECT_EQ(config.maxClientCnxns, 0);
    EXPECT_EQ(config.clientPortListenBacklog, 7);
    EXPECT_EQ(config.whitelist, (std::vector<std::string>{"stat", "ruok", "*"}));
    EXPECT_EQ(config.snapRetainCount, 5);
    EXPECT_EQ(config.purgeInterval, std::chrono::hours(24));
    EXPECT_EQ(config.preallocateKilobytes, 64u);
    EXPECT_EQ(config.snapCount, 500u);
    EXPECT_EQ(config.jutemaxbuffer, 4194304u);
    EXPECT_EQ(config.superDigest, "super:abc=");
    EXPECT_FALSE(config.forceSync || config.digestEnabled || config.syncEnabled);
    EXPECT_TRUE(config.quorumListenOnAllIPs);
}

TEST(Parse, ServerLines) {
    const ServerConfig config = good("dataDir=/data\ninitLimit=10\nsyncLimit=5\n"
                                     "server.0=[::1]:1:2;[fe80::2]:3\nserver.1=h:4:5:participant;2181\n"
                                     "server.5=h:6:7:OBSERVER\nserver.7=i:6:7;0.0.0.0:9\n",
                                     "0")
                                    .config;
    EXPECT_EQ(config.servers.at(0).quorum, (Endpoint{"::1", 1}));
    EXPECT_EQ(config.servers.at(0).client, (Endpoint{"fe80::2", 3}));
    EXPECT_EQ(config.servers.at(1).client, (Endpoint{"", 2181}));
    EXPECT_EQ(config.servers.at(5).role, Role::Observer);
    EXPECT_EQ(config.servers.at(7).client, (Endpoint{"0.0.0.0", 9}));
    EXPECT_EQ(config.self, 0);
    EXPECT_EQ(config.client, (Endpoint{"fe80::2", 3})); // from its own line
    EXPECT_EQ(config.quorum().voters(), (std::set<Sid>{0, 1, 7}));
}

TEST(Parse, BadServerLines) {
    for (const std::string value :
         {"a", "a:1", "a:1:x", "a:0:2", "a:1:65536", ":1:2", "a:1:2:leader", "a:1:2:observer:3", "a:1:2;",
          "a:1:2;x", "a:1:2;h:0", "a:1:2;h:1:2", "[::1:1:2", "x[::1]:1:2", "::1:2:3", "a:1:2|b:1:2"})
        refused(kAlone + "server.1=" + value + "\n", Errc::BadValue, {"zoo.cfg:3:", "server.1=" + value});
    for (const std::string key : {"server.x", "server.-1", "server."})
        refused(kAlone + key + "=a:1:2\n", Errc::BadValue, {"zoo.cfg:3:", "server.N"});
}

TEST(Parse, BadValues) {
    for (const std::string line : {"tickTime=0",
                                   "tickTime=2s",
                                   "tickTime=",
                                   "tickTime=99999999999999999999",
                                   "initLimit=0",
                                   "syncLimit=-1",
                                   "minSessionTimeout=-2",
                                   "maxClientCnxns=-1",
                                   "clientPortListenBacklog=-2",
                                   "autopurge.purgeInterval=-1",
                                   "autopurge.snapRetainCount=many",
                                   "preAllocSize=-1",
                                   "snapCount=1",
                                   "forceSync=true",
                                   "digest.enabled=yes",
                                   "syncEnabled=1",
                                   "quorumListenOnAllIPs=",
                                   "peerType=leader",
                                   "electionAlg=1",
                                   "jute.maxbuffer=0",
                                   "dataLogDir=",
                                   "standaloneEnabled=maybe",
                                   "weight.1=-1",
                                   "weight.x=1",
                                   "group.1=1:x",
                                   "group.1=",
                                   "group.x=1"})
        refused(kAlone + line + "\n", Errc::BadValue, {"zoo.cfg:3:", line});
    refused("dataDir=/data\nclientPort=65536\n", Errc::BadValue, {"zoo.cfg:2:", "65535"});
    refused("dataDir=\n", Errc::BadValue, {"zoo.cfg:1:"});
}

TEST(Parse, BadSuperDigestIsNotPrinted) {
    for (const std::string value : {"secret", ":secret", "secret:"}) {
        const auto result = parsed(kAlone + "DigestAuthenticationProvider.superDigest=" + value + "\n");
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().message().find("secret"), std::string::npos);
    }
}

TEST(Parse, MissingKeys) {
    refused("clientPort=2181\n", Errc::Missing, {"zoo.cfg", "dataDir"});
    refused("", Errc::Missing, {"dataDir"});
    refused("dataDir=/data\n", Errc::Missing, {"clientPort=2181"});
    const std::string servers = "server.1=a:1:2\nserver.2=b:1:2\nserver.3=c:1:2\n";
    refused(kAlone + "syncLimit=5\n" + servers, Errc::Missing, {"initLimit"});
    refused(kAlone + "initLimit=5\n" + servers, Errc::Missing, {"syncLimit"});
    refused("dataDir=/data\ninitLimit=10\nsyncLimit=5\n" + servers, Errc::Missing,
            {"clientPort", "server 1"});
    refused("dataDir=/data\nclientPortAddress=::1\n", Errc::Contradiction, {"zoo.cfg:2:", "clientPort"});
}

TEST(Parse, MyId) {
    refused(kThree, Errc::Missing, {"/data/myid"}, std::nullopt);
    for (const std::string text : {"", "one", "1 2", "-1", "1x"})
        refused(kThree, Errc::BadValue, {"/data/myid"}, text);
    refused(kThree, Errc::Contradiction, {"/data/myid", "server 4", "server.4"}, "4");
}

TEST(Parse, MyIdIsNotAskedForAlone) {
    const auto result = parse(kAlone, "zoo.cfg", [](const std::string&) -> std::optional<std::string> {
        ADD_FAILURE() << "a server that stands alone needs no myid";
        return {};
    });
    EXPECT_TRUE(result);
}

TEST(Parse, PeerTypeMustAgree) {
    refused(kThree + "peerType=observer\n", Errc::Contradiction, {"zoo.cfg:9:", "participant", "server 1"});
    refused(kAlone + "peerType=observer\n", Errc::Contradiction, {"zoo.cfg:3:", "observer"});
    const std::string observed = kThree + "server.4=d:2888:3888:observer\n";
    refused(observed + "peerType=participant\n", Errc::Contradiction, {"zoo.cfg:10:", "observer"}, "4");
    EXPECT_EQ(good(observed + "peerType=observer\n", "4").config.role(), Role::Observer);
    EXPECT_EQ(good(observed, "4").config.role(), Role::Observer);
}

TEST(Parse, TimeoutsMustLeaveRoom) {
    refused(kAlone + "minSessionTimeout=5000\nmaxSessionTimeout=4000\n", Errc::Contradiction,
            {"zoo.cfg:3:", "5000", "4000"});
    refused(kAlone + "maxSessionTimeout=100\n", Errc::Contradiction, {"zoo.cfg:3:", "6000"});
    EXPECT_EQ(good(kAlone + "minSessionTimeout=60000\nmaxSessionTimeout=60000\n").config.minTimeout().count(),
              60000);
}

TEST(Parse, PortsMustDiffer) {
    const std::string limits = kAlone + "initLimit=1\nsyncLimit=1\n";
    refused(limits + "server.1=h:1:2\nserver.2=h:2:3\nserver.3=h:4:5\n", Errc::Contradiction,
            {"zoo.cfg:6:", "port 2 of h", "election port of server 1", "quorum port of server 2"});
    refused(limits + "server.1=h:1:1\nserver.2=i:1:2\nserver.3=j:1:2\n", Errc::Contradiction,
            {"zoo.cfg:5:", "server 1"});
    refused(limits + "server.1=localhost:1:2\nserver.2=127.0.0.1:1:3\nserver.3=j:1:2\n", Errc::Contradiction,
            {"zoo.cfg:6:"});
    refused(limits + "server.1=h:2181:2\nserver.2=i:1:2\nserver.3=j:1:2\n", Errc::Contradiction,
            {"zoo.cfg:5:", "client port of server 1"});
    EXPECT_EQ(good(limits + "server.1=h:1:2\nserver.2=h:3:4\nserver.3=i:1:2\n").config.servers.size(), 3u);
}

TEST(Parse, OwnClientPortMustAgree) {
    const std::string text =
        "dataDir=/data\ninitLimit=1\nsyncLimit=1\nserver.1=a:1:2;2181\nserver.2=b:1:2;2181\n"
        "server.3=c:1:2;2181\n";
    EXPECT_EQ(good(text + "clientPort=2181\n").config.client, (Endpoint{"", 2181}));
    EXPECT_EQ(good(text + "clientPort=2181\nclientPortAddress=0.0.0.0\n").config.client.port, 2181);
    refused(text + "clientPort=2182\n", Errc::Contradiction, {"zoo.cfg:7:", "server 1"});
    refused(text + "clientPort=2181\nclientPortAddress=10.0.0.1\n", Errc::Contradiction, {"zoo.cfg:7:"});
}

TEST(Parse, GroupsAndWeights) {
    const std::string groups = kThree + "group.1=1:2\ngroup.2=3\nweight.1=3\nweight.3=0\n";
    const ServerConfig config = good(groups).config;
    EXPECT_EQ(config.groups, (std::map<Sid, std::int64_t>{{1, 1}, {2, 1}, {3, 2}}));
    EXPECT_EQ(config.quorum().weight(1), 3);
    EXPECT_EQ(config.quorum().weight(2), 1);
    EXPECT_TRUE(config.quorum().contains({1}));
    EXPECT_FALSE(config.quorum().contains({2, 3}));
    refused(kThree + "group.1=1:2\ngroup.2=2:3\n", Errc::Contradiction, {"zoo.cfg:10:", "server 2"});
    refused(kThree + "group.1=1:2\n", Errc::Contradiction, {"zoo.cfg:8:", "server 3"});
    refused(kThree + "group.1=1:2:3:4\n", Errc::Contradiction, {"zoo.cfg:9:", "server 4"});
    refused(kThree + "group.1=1:2:3\nweight.4=1\n", Errc::Contradiction, {"zoo.cfg:10:", "server 4"});
    refused(kThree + "weight.1=2\n", Errc::Contradiction, {"zoo.cfg:9:", "group"});
}

TEST(Parse, OneServerRunsAlone) {
    const std::string one = "dataDir=/data\nserver.1=a:1:2;2181\n";
    const Parsed alone = good(one);
    EXPECT_TRUE(alone.config.standalone());
    EXPECT_EQ(alone.config.client.port, 2181);
    ASSERT_EQ(alone.warnings.size(), 1u);
    EXPECT_EQ(alone.warnings[0].substr(0, 10), "zoo.cfg:2:");
    const std::string ensemble = "standaloneEnabled=false\ninitLimit=1\nsyncLimit=1\n";
    EXPECT_EQ(good(one + ensemble).config.servers.size(), 1u);
    refused(one + "server.2=b:1:2:observer\n", Errc::Contradiction, {"standaloneEnabled=false"});
    EXPECT_EQ(good(one + "server.2=b:1:2:observer\n" + ensemble).config.servers.size(), 2u);
    refused(kAlone + "server.1=a:1:2:observer\n", Errc::Contradiction, {"zoo.cfg:3:", "participant"});
}

TEST(Parse, EvenEnsemblesAreWarnedOf) {
    const Parsed result = good(kThree + "server.4=d:2888:3888\n");
    ASSERT_EQ(result.warnings.size(), 1u);
    EXPECT_NE(result.warnings[0].find("odd"), std::string::npos);
}

TEST(Parse, SameKeyTwice) {
    EXPECT_TRUE(good(kAlone + "tickTime=2000\nzookeeper.tickTime=2000\n").warnings.empty());
    refused(kAlone + "tickTime=2000\ntickTime=3000\n", Errc::Contradiction,
            {"zoo.cfg:4:", "tickTime", "line 3"});
    refused(kThree + "server.01=z:1:2\n", Errc::Contradiction, {"zoo.cfg:9:", "server 1"});
}

TEST(Parse, KeysWithoutEffectAreWarnedOfOnceWithTheReason) {
    for (const KeyRow& row : keyRows()) {
        if (row.handling != Handling::Warned || row.name == "dynamicConfigFile") continue;
        std::string key(row.name);
        if (key.ends_with('*')) key.replace(key.size() - 1, 1, "x");
        const Parsed result = good(kAlone + key + "=17\n");
        ASSERT_EQ(result.warnings.size(), 1u) << key;
        EXPECT_EQ(result.warnings[0], "zoo.cfg:3: " + key + " has no effect: " + std::string(row.reason));
    }
}

TEST(Parse, KeysThatWouldBeUnsafeToPassOverAreRefused) {
    for (const KeyRow& row : keyRows()) {
        if (row.handling != Handling::Refused) continue;
        const std::string key(row.name);
        refused(kAlone + "zookeeper." + key + "=17\n", Errc::BadValue, {"zoo.cfg:3:", key, std::string(row.reason)});
        if (!row.usual.empty()) EXPECT_TRUE(good(kAlone + key + "=" + std::string(row.usual) + "\n").warnings.empty()) << key;
    }
}

// Every key that is said to be honoured is taken by the parser: a value that no key can have is refused by name.
TEST(Parse, EveryHonouredKeyIsRead) {
    const std::set<std::string_view> anyText{"dataDir", "dataLogDir", "clientPortAddress", "4lw.commands.whitelist",
                                             "admin.serverAddress", "metricsProvider.httpHost",
                                             "X509AuthenticationProvider.superUser", "secureClientPortAddress", "ssl.keyStore.location",
                                             "ssl.keyStore.password", "ssl.keyStore.passwordPath", "ssl.trustStore.location",
                                             "ssl.trustStore.password", "ssl.trustStore.passwordPath", "ssl.ciphersuites"};
    std::size_t read = 0;
    for (const KeyRow& row : keyRows()) {
        if (row.handling != Handling::Honoured) continue;
        std::string key(row.name);
        if (key.ends_with('*')) key.replace(key.size() - 1, 1, "1");
        if (anyText.contains(key)) continue;
        const auto result = parsed("dataDir=/data\n" + key + "=:nothing\n");
        ASSERT_FALSE(result) << key;
        EXPECT_NE(result.error().message().find(key), std::string::npos) << key << ": " << result.error().message();
        ++read;
    }
    EXPECT_GT(read, 50u);
    std::set<std::string_view> names;
    for (const KeyRow& row : keyRows()) EXPECT_TRUE(names.insert(row.name).second) << row.name << " stands there twice";
}

TEST(Parse, PropertiesOfTheCommandLine) {
    const auto with = [](const std::string& text, std::vector<std::string> definitions) {
        return parse(text, "zoo.cfg", [](const std::string&) { return std::optional<std::string>("1"); }, definitions);
    };
    auto result = with(kAlone, {"zookeeper.snapCount=500", "jute.maxbuffer=77", "zookeeper.4lw.commands.whitelist=*"});
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->warnings.empty());
    EXPECT_EQ(result->config.snapCount, 500u);
    EXPECT_EQ(result->config.jutemaxbuffer, 77u);
    EXPECT_EQ(result->config.whitelist, std::vector<std::string>{"*"});
    EXPECT_EQ(result->config.properties.at("snapCount"), "500");
    result = with(kAlone + "snapCount=600\n", {"zookeeper.snapCount=500", "user.name=me"});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->config.snapCount, 600u);
    ASSERT_EQ(result->warnings.size(), 2u);
    EXPECT_EQ(result->warnings[0], "-Dzookeeper.snapCount=500 does not count: zoo.cfg:3 says 600");
    EXPECT_NE(result->warnings[1].find("user.name"), std::string::npos);
    result = with(kAlone, {"zookeeper.snapCount=none"});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().message().substr(0, 29), "-D: zookeeper.snapCount=none ");
}

TEST(Parse, UnknownKeysAreWarnedOfWithTheirLine) {
    const Parsed result = good(kAlone + "\ntickTme=2000\n");
    ASSERT_EQ(result.warnings.size(), 1u);
    EXPECT_EQ(result.warnings[0].substr(0, 18), "zoo.cfg:4: tickTme");
}

TEST(Parse, WordsThatAreNoneAreWarnedOf) {
    const Parsed result = good(kAlone + "4lw.commands.whitelist=stat,rook\n");
    ASSERT_EQ(result.warnings.size(), 1u);
    EXPECT_NE(result.warnings[0].find("rook"), std::string::npos);
    EXPECT_TRUE(good(kAlone + "4lw.commands.whitelist=\n").config.whitelist.empty());
}

TEST(Parse, FewSnapshotsBecomeThree) {
    const Parsed result = good(kAlone + "autopurge.snapRetainCount=1\n");
    EXPECT_EQ(result.config.snapRetainCount, 3);
    EXPECT_EQ(result.warnings.size(), 1u);
}

TEST(Parse, ServersInADynamicFileAreNotPassedOver) {
    refused(kAlone + "dynamicConfigFile=/etc/zoo.cfg.dynamic\n", Errc::Contradiction,
            {"zoo.cfg:3:", "server lines"});
}

TEST(Parse, KindsOfZnodes) {
    const ServerConfig usual = good(kAlone).config;
    EXPECT_FALSE(usual.extendedTypes);
    EXPECT_EQ(usual.containerCheckInterval, std::chrono::minutes(1));
    EXPECT_EQ(usual.containersPerMinute, 10000);
    EXPECT_EQ(usual.containerNeverUsed.count(), 0);
    const Parsed result = good(kAlone + "extendedTypesEnabled=true\nenforceQuota=true\nznode.container.checkIntervalMs=500\n"
                                        "zookeeper.znode.container.maxPerMinute=60\n"
                                        "znode.container.maxNeverUsedIntervalMs=7000\n");
    EXPECT_TRUE(result.warnings.empty());
    EXPECT_TRUE(result.config.extendedTypes);
    EXPECT_TRUE(result.config.enforceQuota);
    EXPECT_EQ(result.config.containerCheckInterval, std::chrono::milliseconds(500));
    EXPECT_EQ(result.config.containersPerMinute, 60);
    EXPECT_EQ(result.config.containerNeverUsed, std::chrono::seconds(7));
    refused(kAlone + "znode.container.maxPerMinute=0\n", Errc::BadValue, {"zoo.cfg:3", "maxPerMinute", "from 1"});
    refused(kAlone + "znode.container.checkIntervalMs=0\n", Errc::BadValue, {"zoo.cfg:3", "checkIntervalMs"});
}

TEST(Parse, ExtendedTypesLeaveNoRoomForServer255) {
    const std::string many = kAlone + "initLimit=10\nsyncLimit=5\nserver.1=a:2888:3888\nserver.2=b:2888:3888\n";
    const std::string extended = "extendedTypesEnabled=true\n";
    EXPECT_TRUE(parsed(many + "server.255=c:2888:3888\n", "255"));
    EXPECT_TRUE(parsed(many + "server.254=c:2888:3888\n" + extended, "254"));
    refused(many + "server.255=c:2888:3888\n" + extended, Errc::Contradiction,
            {"zoo.cfg:8", "up to 254", "server 255"}, "255");
}

} // namespace
} // namespace zk::config
