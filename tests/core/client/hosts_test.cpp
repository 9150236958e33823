#include "client/hosts.h"

#include <gtest/gtest.h>

#include <set>

namespace zk::client {

using namespace std::chrono_literals;

namespace {

const std::vector<Address> kThree = {{"a", 1}, {"b", 2}, {"c", 3}};

std::string round(Hosts& hosts) {
    std::string order;
    for (std::size_t index = 0; index < hosts.size(); ++index)
        order += hosts.next().server.host;
    return order;
}

} // namespace

TEST(Hosts, EveryRoundVisitsEveryServerInTheSameOrder) {
    Hosts hosts(kThree, 5s, 7);
    const std::string first = round(hosts);
    EXPECT_EQ(std::set<char>(first.begin(), first.end()).size(), 3u);
    EXPECT_EQ(round(hosts), first);
}

TEST(Hosts, TheOrderDependsOnTheSeed) {
    std::set<std::string> orders;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        Hosts hosts(kThree, 5s, seed);
        orders.insert(round(hosts));
    }
    EXPECT_EQ(orders.size(), 6u);
}

TEST(Hosts, PausesGrowByRoundsUpToTheLimit) {
    Hosts hosts(kThree, 2s, 1);
    Duration whole = kFirstPause;
    for (int turn = 0; turn < 20; ++turn) {
        const Duration pause = hosts.next().pause;
        if (turn == 0) {
            EXPECT_EQ(pause, 0ns);
        } else {
            EXPECT_LE(pause, whole);
            EXPECT_GE(pause, whole / 2);
            whole = std::min<Duration>(whole * 3 / 2, 2s);
        }
        EXPECT_EQ(hosts.next().pause, 0ns);
        EXPECT_EQ(hosts.next().pause, 0ns);
    }
    EXPECT_EQ(whole, 2s);
}

TEST(Hosts, SuccessStartsThePausesAnewAndGoesOnWithTheNextServer) {
    Hosts hosts({{"a", 1}, {"b", 2}}, 5s, 1);
    const std::string first = hosts.next().server.host;
    for (int turn = 0; turn < 8; ++turn)
        hosts.next();
    hosts.worked();
    const auto attempt = hosts.next();
    EXPECT_EQ(attempt.pause, 0ns);
    EXPECT_NE(attempt.server.host, first);
}

} // namespace zk::client
