#include "sim/network.h"

#include <gtest/gtest.h>

namespace zk::sim {

namespace {

using std::chrono::milliseconds;

// Writes down what the network tells.
struct Ends : NetworkEnds {
    std::set<Sid> up{1, 2, 3};
    std::uint64_t links = 100;
    std::string told;

    bool isUp(Sid sid) const override { return up.contains(sid); }
    std::uint64_t accepted(Sid at) override {
        told += "accepted at " + std::to_string(at) + "; ";
        return ++links;
    }
    void connected(Sid at, std::uint64_t) override { told += "connected at " + std::to_string(at) + "; "; }
    void received(Sid at, std::uint64_t, std::string bytes) override { told += std::to_string(at) + " hears " + bytes + "; "; }
    void writable(Sid, std::uint64_t) override {}
    void closed(Sid at, std::uint64_t, std::string_view) override { told += "closed at " + std::to_string(at) + "; "; }
    void electionMessage(Sid at, Sid from, std::string payload) override {
        told += std::to_string(at) + " hears " + payload + " of " + std::to_string(from) + "; ";
    }
    void electionUndelivered(Sid, Sid to) override { told += "undelivered to " + std::to_string(to) + "; "; }
};

class NetworkTest : public testing::Test {
  protected:
    std::string happens(Duration span = milliseconds(600)) {
        const Instant limit = scheduler.now() + span;
        while (scheduler.step(limit)) {}
        return std::exchange(ends.told, {});
    }

    Ends ends;
    Scheduler scheduler;
    Network network{{.electionLoss = 0}, scheduler, Rng(1), ends};
};

TEST_F(NetworkTest, AStreamKeepsItsOrderAndItsEndComesLast) {
    network.dial(1, 7, 2);
    EXPECT_EQ(happens(), "accepted at 2; connected at 1; ");
    for (const char* word : {"a", "b", "c"}) network.send(1, 7, word);
    network.hangUp(1, 7);
    EXPECT_EQ(happens(), "2 hears a; 2 hears b; 2 hears c; closed at 2; ");
}

TEST_F(NetworkTest, APartitionHoldsAStreamUntilItHeals) {
    network.dial(1, 7, 2);
    happens();
    network.partition({1});
    network.send(1, 7, "late");
    EXPECT_EQ(happens(), "");
    network.heal();
    EXPECT_EQ(happens(), "2 hears late; ");
}

TEST_F(NetworkTest, ADialAcrossAPartitionFailsAfterItsTries) {
    network.partition({2});
    network.dial(1, 7, 2);
    EXPECT_EQ(happens(milliseconds(1000)), "closed at 1; ");
}

TEST_F(NetworkTest, ACrashBreaksItsConnections) {
    network.dial(1, 7, 2);
    happens();
    ends.up.erase(2);
    network.crashed(2);
    EXPECT_EQ(happens(), "closed at 1; ");
}

TEST_F(NetworkTest, ElectionMessagesToNobodyAreUndelivered) {
    network.sendElection(1, 2, "vote");
    EXPECT_EQ(happens(), "2 hears vote of 1; ");
    ends.up.erase(2);
    network.sendElection(1, 2, "vote");
    EXPECT_EQ(happens(), "undelivered to 2; ");
    ends.up.insert(2);
    network.started(2);
    EXPECT_EQ(happens(), "2 hears vote of 1; ") << "the last message is said again on a new connection";
}

} // namespace

} // namespace zk::sim
