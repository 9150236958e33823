#include "config/connect.h"

#include "config/config.h"

#include <gtest/gtest.h>

namespace zk::config {
namespace {

std::string of(std::string_view text) {
    const auto made = connectStringOf(text, "zoo.cfg");
    return made ? *made : "error: " + made.error().message();
}

TEST(ConnectStringOf, NamesEveryServer) {
    EXPECT_EQ(of("clientPort=2181\nserver.1=zk1:2888:3888\nserver.2=zk2:2888:3888:observer\n"), "zk1:2181,zk2:2181");
    EXPECT_EQ(of("server.1=zk1:2888:3888;2191\nserver.2=zk2:2888:3888;10.0.0.2:2192\nserver.3=zk3:2888:3888;0.0.0.0:2193\n"),
              "zk1:2191,10.0.0.2:2192,zk3:2193");
    EXPECT_EQ(of("clientPort=2181\nserver.1=[2001:db8::1]:2888:3888\n"), "[2001:db8::1]:2181");
}

TEST(ConnectStringOf, AFileWithoutServersIsOneOnThisMachine) {
    EXPECT_EQ(of("tickTime=2000\nclientPort=2182\nnobody=knows\n"), "127.0.0.1:2182");
    EXPECT_EQ(of("clientPort=2182\nclientPortAddress=10.1.2.3\n"), "10.1.2.3:2182");
}

TEST(ConnectStringOf, WhatIsWrongIsNamedWithItsPlace) {
    EXPECT_EQ(of("# none\nclientPort=many\n"), "error: zoo.cfg:2: clientPort is \"many\"; write a port, such as 2181");
    EXPECT_NE(of("clientPort=2181\nserver.1=zk1\n").find("zoo.cfg:2: server.1 "), std::string::npos);
    EXPECT_NE(of("server.1=zk1:2888:3888\n").find("no clientPort is named"), std::string::npos);
}

} // namespace
} // namespace zk::config
