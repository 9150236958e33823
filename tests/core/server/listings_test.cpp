// A getChildren of very many goes out piece by piece: whole, in its turn, and as of one moment, whatever
// happens meanwhile.
#include "driver.h"
#include "server/connection.h"
#include "server/reads.h"

namespace zk::server::testing {

class Listings : public ::testing::Test {
  protected:
    Listings() {
        EXPECT_TRUE(client.connect());
        EXPECT_TRUE(other.connect());
        client.create("/p");
    }
    void fill(int count) {
        for (int index = 0; index < count; ++index)
            client.send(OpCode::Create, jute::CreateRequest{name(index), "", jute::openAcl(), 0});
        world.settle();
        client.frames.clear();
        ASSERT_EQ(world.node().tree().find("/p")->childCount(), static_cast<std::size_t>(count));
    }
    static std::string name(int index) { return "/p/n" + std::to_string(index); }
    std::vector<std::int32_t> xids(const TestClient& of) const {
        std::vector<std::int32_t> all;
        for (const Frame& frame : of.frames)
            all.push_back(frame.xid);
        return all;
    }

    static constexpr int kMany = 3 * static_cast<int>(kListedInATurn) + 7;
    World world;
    TestClient client{world, 1}, other{world, 1};
};

TEST_F(Listings, TheLastThatIsListedAtOnceAndTheFirstThatIsNotAreAnsweredAlike) {
    for (const int count : {static_cast<int>(kListedAtOnce), static_cast<int>(kListedAtOnce) + 1}) {
        fill(count);
        for (const OpCode op : {OpCode::GetChildren, OpCode::GetChildren2}) {
            const Frame frame = client.call(op, jute::ReadRequest{"/p", false});
            const auto list = jute::decode<jute::GetChildrenResponse>(frame.body);
            ASSERT_TRUE(list);
            EXPECT_EQ(std::set<std::string>(list->children.begin(), list->children.end()).size(),
                      static_cast<std::size_t>(count));
            if (op == OpCode::GetChildren) continue;
            const auto withStat = jute::decode<jute::GetChildren2Response>(frame.body);
            ASSERT_TRUE(withStat);
            EXPECT_EQ(withStat->stat, world.node().tree().find("/p")->stat());
            EXPECT_EQ(jute::encode(*withStat).size(), frame.body.size()) << "nothing stands behind it";
        }
        for (int index = 0; index < count; ++index)
            client.send(OpCode::Delete, jute::DeleteRequest{name(index), -1});
        world.settle();
        client.frames.clear();
    }
}

TEST_F(Listings, WhatIsAskedBehindItIsAnsweredBehindItAndEventsStandBehindItToo) {
    fill(kMany);
    const auto stat = world.node().tree().find("/p")->stat();
    const std::int32_t list = client.send(OpCode::GetChildren2, jute::ReadRequest{"/p", true});
    const std::int32_t ping = client.send(OpCode::Ping, {}, jute::kXidPing);
    const std::int32_t write = client.send(OpCode::SetData, jute::SetDataRequest{"/p", "x", -1});
    const std::int32_t again = client.send(OpCode::GetChildren, jute::ReadRequest{"/p", false});
    const std::int32_t last = client.send(OpCode::Exists, jute::ReadRequest{"/p", false});
    for (const int gone : {0, kMany / 2, kMany - 1}) // the oldest is listed last
        other.send(OpCode::Delete, jute::DeleteRequest{name(gone), -1});
    other.send(OpCode::Create, jute::CreateRequest{"/p/late", "", jute::openAcl(), 0});
    world.settle();
    EXPECT_EQ(xids(client),
              (std::vector<std::int32_t>{list, jute::kXidNotification, ping, write, again, last}));
    const auto first = jute::decode<jute::GetChildren2Response>(client.frames[0].body);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->stat, stat);
    const std::set<std::string> names(first->children.begin(), first->children.end());
    EXPECT_EQ(names.size(), static_cast<std::size_t>(kMany));
    EXPECT_FALSE(names.contains("late"));
    const auto second = jute::decode<jute::GetChildrenResponse>(client.frames[4].body);
    EXPECT_EQ(second->children.size(), static_cast<std::size_t>(kMany - 2));
}

TEST_F(Listings, OtherSessionsAreAnsweredInBetween) {
    fill(kMany);
    client.send(OpCode::GetChildren, jute::ReadRequest{"/p", false});
    std::size_t wholeAfter = 0;
    for (std::size_t turns = 1; client.frames.empty() && turns < 100; ++turns) {
        other.send(OpCode::Exists, jute::ReadRequest{"/p", false});
        ASSERT_TRUE(world.turnOf(1));
        EXPECT_EQ(other.frames.size(), turns) << "a turn writes one piece, and answers whoever asks";
        wholeAfter = turns;
    }
    EXPECT_EQ(wholeAfter, 4u);
}

TEST_F(Listings, ASessionMayEndInTheMiddleOfIt) {
    fill(kMany);
    client.send(OpCode::GetChildren, jute::ReadRequest{"/p", false});
    const std::int32_t close = client.send(OpCode::CloseSession);
    world.settle();
    EXPECT_EQ(xids(client).back(), close);
    EXPECT_FALSE(client.open);
    {
        TestClient gone(world, 1);
        ASSERT_TRUE(gone.connect());
        gone.send(OpCode::GetChildren, jute::ReadRequest{"/p", false});
        ASSERT_TRUE(world.turnOf(1));
        EXPECT_TRUE(gone.frames.empty()) << "it is under way";
    }
    EXPECT_EQ(other.exists("/p").err, ErrorCode::Ok);
}

// A client that takes nothing gets no more than a piece or two written for it.
TEST_F(Listings, WhoDoesNotReadIsNotWrittenTo) {
    constexpr int kManyMore = 40000;
    fill(kManyMore);
    client.reads = false;
    client.send(OpCode::GetChildren, jute::ReadRequest{"/p", true});
    world.settle();
    const std::size_t most = kListingOutput + kListedInATurn * 12;
    EXPECT_LT(client.link.out.size(), most);
    other.create("/p/late");
    client.reads = true;
    client.pump(); // what was written is taken: the rest follows
    world.settle();
    ASSERT_EQ(client.frames.size(), 2u);
    EXPECT_EQ(jute::decode<jute::GetChildrenResponse>(client.frames[0].body)->children.size(),
              static_cast<std::size_t>(kManyMore));
    EXPECT_EQ(client.frames[1].xid, jute::kXidNotification);
}

} // namespace zk::server::testing
