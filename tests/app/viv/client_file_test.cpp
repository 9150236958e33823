#include "client_file.h"

#include <gtest/gtest.h>

namespace zk::viv {

TEST(ClientFile, SaysWhetherAndHowTlsIsSpoken) {
    const auto options = readClientFile("zookeeper.client.secure=TRUE\n"
                                        "zookeeper.clientCnxnSocket=org.apache.zookeeper.ClientCnxnSocketNetty\n"
                                        "zookeeper.ssl.trustStore.location=/t.p12\nzookeeper.ssl.trustStore.password=secret\n"
                                        "ssl.keyStore.location=/k.pem\nzookeeper.ssl.hostnameVerification=false\n",
                                        "client.properties");
    ASSERT_TRUE(options) << options.error().message();
    ASSERT_TRUE(options->has_value());
    EXPECT_EQ((*options)->trustStore, (KeyStore{"/t.p12", "secret", "", ""}));
    EXPECT_EQ((*options)->keyStore.location, "/k.pem");
    EXPECT_FALSE((*options)->hostnameVerification);
}

TEST(ClientFile, WithoutClientSecureTheConnectionIsPlain) {
    const auto options = readClientFile("zookeeper.ssl.trustStore.location=/t.p12\n", "client.properties");
    ASSERT_TRUE(options);
    EXPECT_FALSE(options->has_value());
}

TEST(ClientFile, WhatIsWrongIsToldWithItsLine) {
    const auto options = readClientFile("# mine\nzookeeper.ssl.enabledProtocols=SSLv3\n", "client.properties");
    ASSERT_FALSE(options);
    EXPECT_NE(options.error().message().find("client.properties:2: zookeeper.ssl.enabledProtocols names a protocol"),
              std::string::npos)
        << options.error().message();
    EXPECT_FALSE(readClientFile("zookeeper.ssl.crl=true\n", "client.properties"));
    EXPECT_FALSE(readClientFile("client.secure=maybe\n", "client.properties"));
    EXPECT_FALSE(readClientFile("zookeeper.ssl.keyStore.type=JKS\n", "client.properties"));
}

} // namespace zk::viv
