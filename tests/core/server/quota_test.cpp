// Hard and soft quotas, as clients meet them.
#include "driver.h"

namespace zk::server::testing {

class Quotas : public ::testing::Test {
  protected:
    Quotas() {
        EXPECT_TRUE(client.connect());
        client.create("/a", "x");
    }
    void setQuota(const std::string& limits) {
        client.create("/zookeeper/quota/a");
        EXPECT_EQ(client.create("/zookeeper/quota/a/zookeeper_limits", limits).err, ErrorCode::Ok);
        EXPECT_EQ(client.create("/zookeeper/quota/a/zookeeper_stats", "count=0,bytes=0").err, ErrorCode::Ok);
    }
    std::string stats() {
        return *jute::decode<jute::GetDataResponse>(client.get("/zookeeper/quota/a/zookeeper_stats").body)
                    ->data;
    }
    bool warned(std::string_view text) { return world.server().trace.says(trace::Kind::Log, text); }

    World world{0, [](config::ServerConfig& config) { config.enforceQuota = true; }};
    TestClient client{world, 1};
};

TEST_F(Quotas, AHardCountIsKept) {
    setQuota("count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=3");
    EXPECT_EQ(client.create("/a/1").err, ErrorCode::Ok);
    EXPECT_EQ(client.create("/a/2").err, ErrorCode::Ok);
    EXPECT_EQ(client.create("/a/3").err, ErrorCode::QuotaExceeded);
    EXPECT_EQ(client.create("/a/1/deep").err, ErrorCode::QuotaExceeded);
    EXPECT_EQ(client.create("/b").err, ErrorCode::Ok) << "it counts elsewhere";
    EXPECT_EQ(stats(), "count=3,bytes=1");
    EXPECT_EQ(client.set("/a/1", "any number of bytes").err, ErrorCode::Ok);
    EXPECT_EQ(client.remove("/a/2").err, ErrorCode::Ok);
    EXPECT_EQ(client.create("/a/3").err, ErrorCode::Ok);
    EXPECT_TRUE(warned("the quota of /a is exceeded: 4 znodes, the hard limit is 3"));
    EXPECT_EQ(world.node().status().quotaRefusals.at("a"), 2);
}

TEST_F(Quotas, HardBytesAreKept) {
    setQuota("count=-1,bytes=-1=;byteHardLimit=10;countHardLimit=-1");
    EXPECT_EQ(client.create("/a/1", "123456").err, ErrorCode::Ok);
    EXPECT_EQ(client.create("/a/2", "1234").err, ErrorCode::QuotaExceeded);
    EXPECT_EQ(client.create("/a/2", "123").err, ErrorCode::Ok);
    EXPECT_EQ(client.set("/a/2", "1234").err, ErrorCode::QuotaExceeded);
    EXPECT_EQ(client.set("/a/2", "1234", 99).err, ErrorCode::QuotaExceeded) << "looked at before the version";
    EXPECT_EQ(client.set("/a/2", "12").err, ErrorCode::Ok);
    EXPECT_EQ(client.create("/a/3", "1").err, ErrorCode::Ok);
    EXPECT_EQ(client.create("/a/4", "").err, ErrorCode::Ok) << "no byte more";
    EXPECT_EQ(stats(), "count=5,bytes=10");
}

TEST_F(Quotas, ASoftOneIsOnlyTold) {
    setQuota("count=1,bytes=1");
    EXPECT_EQ(client.create("/a/1", "").err, ErrorCode::Ok);
    EXPECT_TRUE(warned("the quota of /a is exceeded: 2 znodes, the soft limit is 1"));
    world.pass(std::chrono::seconds(2));
    EXPECT_EQ(client.set("/a/1", "xyz").err, ErrorCode::Ok);
    EXPECT_TRUE(warned("the quota of /a is exceeded: 4 bytes, the soft limit is 1"));
    EXPECT_TRUE(world.node().status().quotaRefusals.empty());
}

TEST_F(Quotas, AHardLimitStandsInForTheSoftOne) {
    setQuota("count=1,bytes=-1=;countHardLimit=5");
    EXPECT_EQ(client.create("/a/1").err, ErrorCode::Ok);
    EXPECT_FALSE(warned("exceeded"));
}

TEST_F(Quotas, AMultiThatExceedsChangesNothing) {
    setQuota("count=-1,bytes=-1=;countHardLimit=1");
    const auto op = [](const std::string& path) {
        return jute::MultiOp{OpCode::Create, jute::encode(jute::CreateRequest{path, "", jute::openAcl(), 0})};
    };
    const Frame frame = client.call(OpCode::Multi, jute::encodeMulti({op("/c"), op("/a/1")}));
    EXPECT_EQ(frame.err, ErrorCode::Ok);
    EXPECT_EQ(client.exists("/c").err, ErrorCode::NoNode);
    EXPECT_EQ(client.exists("/a/1").err, ErrorCode::NoNode);
}

TEST_F(Quotas, WhatNoServerCouldReadIsRefused) {
    client.create("/zookeeper/quota/a");
    EXPECT_EQ(client.create("/zookeeper/quota/a/zookeeper_limits", "junk").err, ErrorCode::BadArguments);
    EXPECT_EQ(client.create("/zookeeper/quota/zookeeper_limits", "count=1,bytes=1").err,
              ErrorCode::BadArguments);
    EXPECT_EQ(client.create("/zookeeper/quota/zookeeper_stats", "count=1,bytes=1").err,
              ErrorCode::BadArguments);
    EXPECT_EQ(client
                  .call(OpCode::Create, jute::CreateRequest{"/zookeeper/quota/a/zookeeper_limits",
                                                            std::nullopt, jute::openAcl(), 0})
                  .err,
              ErrorCode::BadArguments);
    setQuota("count=9,bytes=9");
    EXPECT_EQ(client.set("/zookeeper/quota/a/zookeeper_stats", "count=x").err, ErrorCode::BadArguments);
    EXPECT_EQ(client.set("/zookeeper/quota/a/zookeeper_limits", "count=8").err, ErrorCode::Ok);
}

TEST_F(Quotas, WithoutItsNumbersAQuotaLimitsNothing) {
    setQuota("count=-1,bytes=-1=;countHardLimit=1");
    EXPECT_EQ(client.create("/a/1").err, ErrorCode::QuotaExceeded);
    EXPECT_EQ(client.remove("/zookeeper/quota/a/zookeeper_stats").err, ErrorCode::Ok);
    EXPECT_EQ(client.create("/a/1").err, ErrorCode::Ok);
}

TEST_F(Quotas, TheyAreThereAgainAfterARestart) {
    setQuota("count=-1,bytes=-1=;countHardLimit=2");
    client.create("/a/1", "123");
    world.crash(1);
    world.start(1);
    TestClient again(world, 1);
    ASSERT_TRUE(again.connect());
    EXPECT_EQ(again.create("/a/2").err, ErrorCode::QuotaExceeded);
    EXPECT_EQ(jute::decode<jute::GetDataResponse>(again.get("/zookeeper/quota/a/zookeeper_stats").body)->data,
              "count=2,bytes=4");
}

TEST(QuotasOff, WithoutEnforceQuotaNothingIsRefusedAndEverythingCounted) {
    World world;
    TestClient client(world, 1);
    ASSERT_TRUE(client.connect());
    client.create("/a", "x");
    client.create("/zookeeper/quota/a");
    client.create("/zookeeper/quota/a/zookeeper_limits", "count=1,bytes=-1=;countHardLimit=1");
    client.create("/zookeeper/quota/a/zookeeper_stats", "");
    EXPECT_EQ(client.create("/a/1", "yz").err, ErrorCode::Ok);
    EXPECT_EQ(
        jute::decode<jute::GetDataResponse>(client.get("/zookeeper/quota/a/zookeeper_stats").body)->data,
        "count=2,bytes=3");
}

} // namespace zk::server::testing
