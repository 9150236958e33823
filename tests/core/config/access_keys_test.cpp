// The keys that say who gets in and how much is taken: read, refused, and written again.
#include "config/config.h"

#include <gtest/gtest.h>

namespace zk::config {
namespace {

Result<Parsed> parsed(const std::string& text) {
    return parse(text, "zoo.cfg", [](const std::string&) -> std::optional<std::string> { return "1"; });
}

void refused(const std::string& text, const std::vector<std::string>& words) {
    const auto result = parsed(text);
    ASSERT_FALSE(result) << text;
    for (const std::string& word : words)
        EXPECT_NE(result.error().message().find(word), std::string::npos)
            << "\"" << word << "\" is not in \"" << result.error().message() << '"';
}

const std::string kAlone = "dataDir=/data\nclientPort=2181\n";
const std::string kTls = "secureClientPort=2281\nssl.keyStore.location=/k.pem\nssl.trustStore.location=/t.p12\n";
const std::string kEvery =
    "dataDir=/data\nclientPort=2181\nsecureClientPort=2281\nsecureClientPortAddress=[::1]\nclient.portUnification=true\n"
    "zookeeper.ssl.keyStore.location=/k.pem\nssl.keyStore.password=a\nssl.keyStore.passwordPath=/pw\nssl.keyStore.type=PEM\n"
    "ssl.trustStore.location=/t.p12\nssl.trustStore.password=b\nssl.trustStore.passwordPath=/tw\nssl.trustStore.type=pkcs12\n"
    "ssl.protocol=TLSv1.3\nssl.enabledProtocols=TLSv1.2, TLSv1.3\nssl.ciphersuites=A,B\nssl.clientAuth=want\n"
    "ssl.hostnameVerification=false\nssl.handshakeDetectionTimeoutMillis=700\nclient.certReload=true\nssl.crl=false\n"
    "netty.server.outstandingHandshake.limit=5\nX509AuthenticationProvider.superUser=CN=root\n"
    "authProvider.x509=org.apache.zookeeper.server.auth.X509AuthenticationProvider\n"
    "DigestAuthenticationProvider.digestAlg=SHA-256\nDigestAuthenticationProvider.enabled=false\n"
    "maxCnxns=100\nnio.sessionlessCnxnTimeout=500\nglobalOutstandingLimit=7\nlargeRequestMaxBytes=8\n"
    "largeRequestThreshold=9\nconnection_throttle_tokens=10\nconnection_throttle_fill_time=11\n"
    "connection_throttle_fill_count=12\nconnection_throttle_freeze_time=13\nconnection_throttle_drop_increase=0.25\n"
    "connection_throttle_drop_decrease=0.5\nconnection_throttle_decrease_ratio=0.75\n"
    "connection_throttle_weight_enabled=true\nconnection_throttle_global_session_weight=6\n"
    "connection_throttle_local_session_weight=4\nconnection_throttle_renew_session_weight=5\n"
    "request_throttle_max_requests=14\nrequest_throttle_drop_stale=false\nrequest_stale_latency_check=true\n"
    "readonlymode.enabled=true\n";

TEST(AccessKeys, EveryKeyIsActedOn) {
    const auto result = parsed(kEvery);
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_TRUE(result->warnings.empty()) << result->warnings.front();
    const ServerConfig& config = result->config;
    EXPECT_EQ(config.secureClient, (Endpoint{"::1", 2281}));
    EXPECT_TRUE(config.portUnification && config.x509Logins && config.readOnlyMode && config.tls.reload);
    EXPECT_EQ(config.tls.keyStore, (KeyStore{"/k.pem", "a", "/pw", "PEM"}));
    EXPECT_EQ(config.tls.trustStore, (KeyStore{"/t.p12", "b", "/tw", "PKCS12"}));
    EXPECT_EQ(config.tls.protocols, (std::vector<std::string>{"TLSv1.2", "TLSv1.3"}));
    EXPECT_EQ(config.tls.ciphersuites, (std::vector<std::string>{"A", "B"}));
    EXPECT_EQ(config.tls.clientAuth, ClientAuth::Want);
    EXPECT_FALSE(config.tls.hostnameVerification || config.digestScheme);
    EXPECT_EQ(config.tls.handshakeTimeout.count(), 700);
    EXPECT_EQ(config.x509SuperUser, "CN=root");
    EXPECT_EQ(config.digestAlgorithm, "SHA-256");
    const Limits& limits = config.limits;
    EXPECT_EQ(limits.outstandingHandshakes, 5);
    EXPECT_EQ(limits.maxCnxns, 100);
    EXPECT_EQ(config.sessionlessTimeout.count(), 500);
    EXPECT_EQ(config.globalOutstandingLimit, 7);
    EXPECT_EQ(limits.largeRequestMaxBytes, 8);
    EXPECT_EQ(limits.largeRequestThreshold, 9);
    EXPECT_EQ(limits.connections, (ConnectionThrottle{10, std::chrono::milliseconds(11), 12, std::chrono::milliseconds(13),
                                                      0.25, 0.5, 0.75, true, 6, 4, 5}));
    EXPECT_EQ(limits.requests, (RequestThrottle{14, false, true}));
}

TEST(AccessKeys, WhatIsWrittenReadsTheSame) {
    const auto first = parsed(kEvery);
    ASSERT_TRUE(first);
    const auto second = parsed(write(first->config));
    ASSERT_TRUE(second) << second.error().message() << "\n" << write(first->config);
    EXPECT_TRUE(second->warnings.empty());
    EXPECT_EQ(second->config.tls, first->config.tls);
    EXPECT_EQ(second->config.limits, first->config.limits);
    EXPECT_EQ(write(second->config), write(first->config));
}

TEST(AccessKeys, Defaults) {
    const auto result = parsed(kAlone + kTls);
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_EQ(result->config.tls.clientAuth, ClientAuth::Need);
    EXPECT_TRUE(result->config.tls.hostnameVerification && result->config.plainClients && result->config.x509Logins);
    EXPECT_FALSE(parsed(kAlone)->config.x509Logins);
    EXPECT_EQ(result->config.limits, Limits());
    EXPECT_EQ(parsed(kAlone + kTls + "ssl.protocol=TLSv1.2\n")->config.tls.protocols, std::vector<std::string>{"TLSv1.2"});
}

TEST(AccessKeys, TheSecurePortMayStandAlone) {
    const auto alone = parsed("dataDir=/data\n" + kTls);
    ASSERT_TRUE(alone) << alone.error().message();
    EXPECT_FALSE(alone->config.plainClients);
    const std::string three = "initLimit=10\nsyncLimit=5\nserver.1=a:2888:3888\nserver.2=b:2888:3888\nserver.3=c:2888:3888\n";
    const auto together = parsed("dataDir=/data\n" + kTls + three);
    ASSERT_TRUE(together) << together.error().message();
    EXPECT_FALSE(together->config.plainClients);
}

TEST(AccessKeys, TlsNeedsItsStores) {
    refused(kAlone + "secureClientPort=2281\n", {"zoo.cfg:3:", "ssl.keyStore.location"});
    refused(kAlone + "client.portUnification=true\n", {"zoo.cfg:3:", "ssl.keyStore.location"});
    refused(kAlone + "secureClientPort=2281\nssl.keyStore.location=/k\n", {"ssl.trustStore.location", "ssl.clientAuth=none"});
    EXPECT_TRUE(parsed(kAlone + "secureClientPort=2281\nssl.keyStore.location=/k\nssl.clientAuth=NONE\n"));
    refused(kAlone + "secureClientPortAddress=::1\n" + kTls.substr(kTls.find("ssl")), {"zoo.cfg:3:", "secureClientPort=2281"});
    refused("dataDir=/d\nclientPort=2281\n" + kTls, {"zoo.cfg:3:", "client.portUnification=true"});
}

TEST(AccessKeys, BadValues) {
    for (const std::string line :
         {"secureClientPort=65536", "ssl.keyStore.type=JKS", "ssl.keyStore.type=tar", "ssl.protocol=SSLv3",
          "ssl.enabledProtocols=TLSv1.1", "ssl.enabledProtocols=", "ssl.clientAuth=maybe", "ssl.crl=true", "ssl.ocsp=true",
          "ssl.hostnameVerification=1", "ssl.handshakeDetectionTimeoutMillis=0", "ssl.context.supplier.class=a.B",
          "ssl.authProvider=own", "authProvider.x509=own.Provider", "client.certReload=yes", "client.portUnification=1",
          "DigestAuthenticationProvider.digestAlg=MD5", "DigestAuthenticationProvider.enabled=1", "maxCnxns=-1",
          "nio.sessionlessCnxnTimeout=0", "globalOutstandingLimit=0", "largeRequestMaxBytes=0", "largeRequestThreshold=0",
          "largeRequestThreshold=-2", "connection_throttle_tokens=-1", "connection_throttle_fill_time=0",
          "connection_throttle_drop_increase=1.5", "connection_throttle_drop_decrease=x", "connection_throttle_decrease_ratio=",
          "connection_throttle_global_session_weight=0", "request_throttle_max_requests=-1", "readonlymode.enabled=on"})
        refused(kAlone + line + "\n", {"zoo.cfg:3:", line});
    refused(kAlone + "ssl.keyStore.type=JKS\n", {"keytool -importkeystore"});
}

} // namespace
} // namespace zk::config
