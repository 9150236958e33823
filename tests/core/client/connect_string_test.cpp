#include "client/client.h"

#include <gtest/gtest.h>

namespace zk::client {

TEST(ConnectString, HostsPortsAndChroot) {
    const auto parsed = parseConnectString("one:2181, two:2182,[::1]:2183,[fe80::1],three/app/a").value();
    ASSERT_EQ(parsed.servers.size(), 5u);
    EXPECT_EQ(parsed.servers[0], (Address{"one", 2181}));
    EXPECT_EQ(parsed.servers[1], (Address{"two", 2182}));
    EXPECT_EQ(parsed.servers[2], (Address{"::1", 2183}));
    EXPECT_EQ(parsed.servers[3], (Address{"fe80::1", 2181}));
    EXPECT_EQ(parsed.servers[4], (Address{"three", 2181}));
    EXPECT_EQ(parsed.chroot, "/app/a");
    EXPECT_EQ(toString(parsed.servers[2]), "[::1]:2183");
    EXPECT_EQ(toString(parsed.servers[0]), "one:2181");
}

TEST(ConnectString, TheRootAsChrootIsNone) {
    EXPECT_EQ(parseConnectString("one/").value().chroot, "");
}

TEST(ConnectString, PortsAtTheEdge) {
    EXPECT_EQ(parseConnectString("h:1").value().servers[0].port, 1);
    EXPECT_EQ(parseConnectString("h:65535").value().servers[0].port, 65535);
    for (const char* text : {"h:0", "h:65536", "h:", "h:21x", "h:-1"})
        EXPECT_TRUE(parseConnectString(text).has_error()) << text;
}

TEST(ConnectString, WhatIsNoneSaysSo) {
    for (const char* text : {"", "  ", ",", "h:1,[[19]", "one two", "h:1,", ":2181", "h:1,,i:2", "::1:2181", "[::1", "[::1]x", "/app",
                             "h//a", "h/a/", "h/a/../b", "h/."}) {
        const auto parsed = parseConnectString(text);
        ASSERT_TRUE(parsed.has_error()) << text;
        EXPECT_EQ(parsed.error().code, make_error_code(Errc::Malformed));
        EXPECT_NE(parsed.error().detail.find("127.0.0.1:2181"), std::string::npos) << "no example";
    }
}

} // namespace zk::client
