#include "shell_quota.h"

#include "bench.h"

#include <gtest/gtest.h>

namespace zk::viv {

namespace {

constexpr const char* kLimits = "/zookeeper/quota/a/zookeeper_limits";
constexpr const char* kStats = "/zookeeper/quota/a/zookeeper_stats";

struct QuotaBench : Bench {
    QuotaBench() { add({"/a", "/a/b", "/c"}); }
    Quota limits() { return parseQuota(client.znodes.at(kLimits).data.value_or("")); }
};

} // namespace

TEST(ShellQuota, TheTextIsTheOneThatOthersWrite) {
    EXPECT_EQ(toText({5, -1, 10, 200}), "count=5,bytes=-1=;byteHardLimit=200;countHardLimit=10");
    for (const Quota& quota : {Quota{}, Quota{1, 2, 3, 4}, Quota{0, 1LL << 40, -1, -1}})
        EXPECT_EQ(parseQuota(toText(quota)), quota);
    EXPECT_EQ(parseQuota("count=7,bytes=9"), (Quota{7, 9, -1, -1})) << "as older tools write it";
    EXPECT_EQ(parseQuota("nonsense,count=x"), Quota{});
    EXPECT_EQ(parseQuota(""), Quota{});
}

TEST(ShellQuota, IsSetListedAndTakenAway) {
    QuotaBench bench;
    EXPECT_EQ(bench.run({"setquota", "-n", "5", "/a"}).status, kStatusOk);
    EXPECT_EQ(bench.limits(), (Quota{5, -1, -1, -1}));
    EXPECT_EQ(bench.run({"setquota", "-b", "100", "-N", "7", "/a"}).status, kStatusOk);
    EXPECT_EQ(bench.limits(), (Quota{5, 100, 7, -1})) << "what was there stays";
    bench.client.znodes[kStats].data = "count=2,bytes=9";
    EXPECT_EQ(bench.run({"listquota", "/a"}).out,
              "absolute path is /zookeeper/quota/a/zookeeper_limits\n"
              "Output quota for /a count=5,bytes=100=;byteHardLimit=-1;countHardLimit=7\n"
              "Output stat for /a count=2,bytes=9\n");
    EXPECT_EQ(bench.run({"delquota", "-n", "-N", "/a"}).status, kStatusOk);
    EXPECT_EQ(bench.limits(), (Quota{-1, 100, -1, -1}));
    EXPECT_EQ(bench.run({"delquota", "/a"}).status, kStatusOk);
    EXPECT_EQ(bench.client.childrenOf("/zookeeper/quota"), Words{}) << "nothing is left of it";
    const Outcome again = bench.run({"delquota", "/a"});
    EXPECT_EQ(again.status, kStatusFailed);
    EXPECT_EQ(again.err, "Quota does not exist for /a\n");
    const Outcome none = bench.run({"listquota", "/a"});
    EXPECT_EQ(none.status, kStatusFailed);
    EXPECT_EQ(none.err, "quota for /a does not exist.\n");
}

TEST(ShellQuota, ALimitBelowWhatIsThereIsWarnedOf) {
    QuotaBench bench;
    EXPECT_EQ(bench.run({"setquota", "-n", "5", "/a"}).out, "");
    bench.client.znodes[kStats].data = "count=5,bytes=9";
    EXPECT_EQ(bench.run({"setquota", "-b", "9", "/a"}).out, "");
    EXPECT_EQ(bench.run({"setquota", "-N", "4", "/a"}).out,
              "[Warning]: the count quota you create is less than the existing count:5\n");
    EXPECT_EQ(bench.run({"setquota", "-N", "6", "-B", "8", "/a"}).out,
              "[Warning]: the bytes quota you create is less than the existing bytes:9\n");
}

TEST(ShellQuota, OneAboveAnotherIsRefused) {
    QuotaBench bench;
    EXPECT_EQ(bench.run({"setquota", "-n", "5", "/a/b"}).status, kStatusOk);
    EXPECT_EQ(bench.run({"setquota", "-n", "5", "/a"}).err, "/a has a child /a/b which has a quota\n");
    bench.add({"/a/b/c", "/a/bc"});
    EXPECT_EQ(bench.run({"setquota", "-n", "5", "/a/b/c"}).err,
              "/a/b/c has a parent /a/b which has a quota\n");
    EXPECT_EQ(bench.run({"setquota", "-n", "5", "/a/bc"}).status, kStatusOk) << "a neighbour";
    EXPECT_EQ(bench.run({"delquota", "/a/b"}).status, kStatusOk);
    EXPECT_TRUE(bench.client.znodes.contains("/zookeeper/quota/a/bc/zookeeper_limits"));
    EXPECT_FALSE(bench.client.znodes.contains("/zookeeper/quota/a/b"));
}

TEST(ShellQuota, WhatCannotHaveOne) {
    QuotaBench bench;
    EXPECT_EQ(bench.run({"setquota", "-n", "5", "/zz"}).err, "/zz does not exist.\n");
    for (const Words& words : {Words{"setquota", "/a"}, Words{"setquota", "-n", "5", "/"},
                               Words{"setquota", "-n", "5", "/zookeeper/quota"}})
        EXPECT_EQ(bench.run(words).status, kStatusUsage) << words.back();
    bench.client.refusals[kLimits] = jute::ErrorCode::NoAuth;
    EXPECT_EQ(bench.run({"setquota", "-n", "5", "/a"}).status, kStatusFailed);
}

TEST(ShellQuota, Json) {
    QuotaBench bench;
    bench.json = true;
    EXPECT_EQ(bench.run({"setquota", "-n", "5", "/a"}).out,
              "{\"path\":\"/a\",\"quota\":{\"count\":5,\"bytes\":-1,\"hardCount\":-1,\"hardBytes\":-1}}\n");
    EXPECT_EQ(bench.run({"listquota", "/a"}).out,
              "{\"path\":\"/a\",\"quota\":{\"count\":5,\"bytes\":-1,\"hardCount\":-1,\"hardBytes\":-1},"
              "\"used\":{\"count\":0,\"bytes\":0}}\n");
    EXPECT_EQ(bench.run({"delquota", "/a"}).out, "{\"path\":\"/a\",\"deleted\":true}\n");
    EXPECT_TRUE(bench.run({"listquota", "/a"}).out.starts_with("{\"error\":\"NoQuota\""));
}

} // namespace zk::viv
