#include "election/connection.h"

#include <gtest/gtest.h>

namespace zk::election {
namespace {

TEST(Connection, IsTheOneThatTheLargerIdDialled) {
    for (Sid one = 0; one < 4; ++one)
        for (Sid other = 0; other < 4; ++other) {
            if (one == other) continue;
            const bool kept = afterDialling(one, other) == Connection::Keep;
            EXPECT_EQ(kept, one > other);
            EXPECT_EQ(afterAccepting(other, one), kept ? Connection::Keep : Connection::DialBack);
        }
}

TEST(Connection, ToOneselfIsDropped) {
    EXPECT_EQ(afterDialling(2, 2), Connection::HangUp);
    EXPECT_EQ(afterAccepting(2, 2), Connection::HangUp);
}

TEST(Connection, OfAnAnonymousPeerIsKept) {
    EXPECT_EQ(afterAccepting(9, kAnonymous), Connection::Keep);
}

TEST(Connection, DialsNoWildcards) {
    const Handshake handshake{1, {"0.0.0.0:3888", "[::]:3888", "10.0.0.1:3888", "[::1]:3888"}};
    EXPECT_EQ(dialable(handshake), (std::vector<std::string>{"10.0.0.1:3888", "[::1]:3888"}));
    EXPECT_TRUE(dialable(Handshake{5, {}}).empty());
}

} // namespace
} // namespace zk::election
