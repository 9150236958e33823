// Quotas: the text of their znodes, and the numbers that every change below a path brings up to date.
#include "fixture.h"

namespace zk::tree {

using jute::OpCode;

namespace {

std::string numbers(const DataTree& tree, std::string_view of = "/a") {
    const Znode* const node = tree.find(quotaStatsPath(of));
    return node ? std::string(node->data().value_or("null")) : "none";
}

// As a client sets a quota: the limits, then the numbers.
void setQuota(Maker& make, const std::string& of = "/a", const std::string& limits = "count=10,bytes=-1") {
    make.create("/zookeeper/quota" + of, std::nullopt);
    make.create(quotaLimitsPath(of), limits);
    make.create(quotaStatsPath(of), "count=0,bytes=0");
}

} // namespace

TEST(QuotaNumbers, AreReadAsEveryVersionWroteThem) {
    const auto old = QuotaNumbers::parse("count=5,bytes=-1");
    ASSERT_TRUE(old);
    EXPECT_EQ(old->count(), 5);
    EXPECT_EQ(old->bytes(), -1);
    EXPECT_EQ(old->countHardLimit(), -1);
    const auto recent = QuotaNumbers::parse("count=4,bytes=5=;byteHardLimit=10;countHardLimit=+7");
    ASSERT_TRUE(recent);
    EXPECT_EQ(recent->count(), 4);
    EXPECT_EQ(recent->bytes(), 5);
    EXPECT_EQ(recent->byteHardLimit(), 10);
    EXPECT_EQ(recent->countHardLimit(), 7);
    EXPECT_EQ(recent->text(), "count=4,bytes=5=;byteHardLimit=10;countHardLimit=7");
    EXPECT_EQ(QuotaNumbers::parse("")->text(), "count=-1,bytes=-1");
    EXPECT_EQ(QuotaNumbers::parse("bytes=9;other=1,,count=2")->text(), "count=2,bytes=9=;other=1");
}

TEST(QuotaNumbers, WhatApacheCannotReadIsNothing) {
    for (const char* text : {"x", "count", "count=", "count=x", "count=1,bytes", "count=99999999999999999999",
                             "count=1 ", "=", ",count=1"})
        EXPECT_FALSE(QuotaNumbers::parse(text)) << text;
}

TEST(QuotaPaths, SayWhoseQuotaItIs) {
    EXPECT_EQ(quotaLimitsPath("/a/b"), "/zookeeper/quota/a/b/zookeeper_limits");
    EXPECT_EQ(quotaSubject("/zookeeper/quota/a/b/zookeeper_limits"), "/a/b");
    EXPECT_EQ(quotaSubject("/zookeeper/quota/a/zookeeper_stats"), "/a");
    EXPECT_EQ(quotaSubject("/zookeeper/quota/zookeeper_stats"), "");
    EXPECT_EQ(quotaSubject("/zookeeper/quota/a"), std::nullopt);
    EXPECT_EQ(quotaSubject("/zookeeper/quotas/zookeeper_stats"), std::nullopt);
    EXPECT_EQ(quotaSubject("/a/zookeeper_stats"), std::nullopt);
}

TEST(Quota, CountsWhatStandsBelowAndWhatComesAndGoes) {
    DataTree tree;
    Maker make{tree};
    make.create("/a", "12345");
    make.create("/a/b", "678");
    make.create("/ab", "other");
    EXPECT_EQ(tree.quotaOf("/a/b"), "");
    setQuota(make);
    EXPECT_EQ(tree.quotaOf("/a/b/c"), "/a");
    EXPECT_EQ(tree.quotaOf("/a"), "/a");
    EXPECT_EQ(tree.quotaOf("/ab"), "");
    EXPECT_EQ(tree.quotaOf("/"), "");
    EXPECT_EQ(numbers(tree), "count=2,bytes=8");
    make.create("/a/b/c", "12");
    EXPECT_EQ(numbers(tree), "count=3,bytes=10");
    make.set("/a", "1", 1);
    EXPECT_EQ(numbers(tree), "count=3,bytes=6");
    make.set("/a", std::nullopt, 2);
    make.create("/a/e", "xyz", true);
    EXPECT_EQ(numbers(tree), "count=4,bytes=8");
    make.apply(OpCode::CloseSession, jute::CloseSessionTxn{{{"/a/e"}}});
    EXPECT_EQ(numbers(tree), "count=3,bytes=5");
    make.remove("/a/b/c");
    EXPECT_EQ(numbers(tree), "count=2,bytes=3");
    make.create("/ab/c", "other");
    EXPECT_EQ(numbers(tree), "count=2,bytes=3");
    EXPECT_EQ(tree.find(quotaStatsPath("/a"))->stat().version, 0) << "the numbers change nothing of the stat";
    make.remove(quotaLimitsPath("/a"));
    make.create("/a/late", "x");
    EXPECT_EQ(numbers(tree), "count=2,bytes=3") << "without limits nobody counts";
}

TEST(Quota, ANearerOneCountsAlone) {
    DataTree tree;
    Maker make{tree};
    for (const char* path : {"/a", "/a/b", "/a/b/c"})
        make.create(path, "x");
    setQuota(make, "/a");
    make.create("/zookeeper/quota/a/b", std::nullopt);
    make.create(quotaLimitsPath("/a/b"), "count=1,bytes=1");
    make.create(quotaStatsPath("/a/b"), "");
    make.create("/a/b/c/d", "x");
    EXPECT_EQ(numbers(tree, "/a"), "count=3,bytes=3");
    EXPECT_EQ(numbers(tree, "/a/b"), "count=3,bytes=3");
}

TEST(Quota, ASnapshotBringsThemBackAndTheirNumbersAreCountedAnew) {
    DataTree tree;
    Maker make{tree};
    make.create("/a", "12345");
    setQuota(make);
    make.set(quotaStatsPath("/a"), "count=77,bytes=88", 1); // somebody wrote into it
    Loader loader;
    ASSERT_TRUE(loader.feed(bodyOf(tree)));
    const auto loaded = loader.finish(tree.lastZxid());
    EXPECT_EQ(numbers(*loaded), "count=1,bytes=5");
    EXPECT_EQ(loaded->digest(), tree.digest());
    Maker more{*loaded, make.zxid};
    more.create("/a/b", "6");
    EXPECT_EQ(numbers(*loaded), "count=2,bytes=6");
}

TEST(Quota, AViewHasTheNumbersOfItsMoment) {
    DataTree tree;
    Maker make{tree};
    make.create("/a", "12345");
    setQuota(make);
    const std::string before = bodyOf(tree);
    View view(tree);
    make.create("/a/b", "6");
    EXPECT_EQ(bodyOf(view), before);
}

// What no server proposes today may stand in an old log.
TEST(Quota, WhatCannotBeReadOrStandsNowhereDoesNoHarm) {
    DataTree tree;
    Maker make{tree};
    make.create("/zookeeper/quota/zookeeper_limits", "count=1,bytes=1");
    make.create("/zookeeper/quota/zookeeper_stats", "");
    make.create("/a", "x");
    setQuota(make, "/a", "junk");
    make.set(quotaStatsPath("/a"), "junk", 1);
    make.create("/a/b", "xy");
    EXPECT_EQ(numbers(tree), "count=0,bytes=1") << "counted on from nothing";
    make.remove("/zookeeper/quota/zookeeper_limits");
}

} // namespace zk::tree
