#include "tests/core/tree/fixture.h"

namespace zk::tree {
namespace {

using jute::ErrorCode;
using jute::EventType;
using jute::OpCode;

using Told = std::vector<std::pair<EventType, std::string>>;
Told told(const Applied& applied) {
    Told changes;
    for (const Change& change : applied.changes)
        changes.emplace_back(change.type, change.path);
    return changes;
}

TEST(DataTree, CreateFillsTheStatsAndTellsInOrder) {
    DataTree tree;
    Maker make{tree};
    EXPECT_EQ(told(make.create("/a")), (Told{{EventType::Created, "/a"}, {EventType::ChildrenChanged, "/"}}));
    make.create("/a/b");
    make.create("/a/c", std::nullopt);
    const jute::Stat stat = tree.find("/a")->stat();
    EXPECT_EQ(stat.cversion, 2);
    EXPECT_EQ(stat.numChildren, 2);
    EXPECT_EQ(stat.pzxid, Zxid(3));
    EXPECT_EQ(stat.czxid, Zxid(1));
    EXPECT_EQ(stat.ctime, 1001);
    EXPECT_EQ(tree.find("/a/c")->data(), std::nullopt);
    EXPECT_EQ(told(make.remove("/a/b")),
              (Told{{EventType::Deleted, "/a/b"}, {EventType::ChildrenChanged, "/a"}}));
    EXPECT_EQ(tree.find("/a")->stat().cversion, 3);
    EXPECT_EQ(tree.find("/a")->persisted().cversion, 2);
    EXPECT_EQ(tree.find("/a")->stat().pzxid, Zxid(4));
    std::vector<std::string> names;
    for (const auto name : tree.find("/a")->children())
        names.emplace_back(name);
    EXPECT_EQ(names, (std::vector<std::string>{"c"}));
}

TEST(DataTree, WhatDoesNotFitGivesItsError) {
    DataTree tree;
    Maker make{tree};
    make.create("/a/b");
    EXPECT_EQ(make.create("/x/y").result.err, ErrorCode::NoNode);
    EXPECT_EQ(make.remove("/x").result.err, ErrorCode::NoNode);
    EXPECT_EQ(make.remove("/").result.err, ErrorCode::BadArguments);
    EXPECT_EQ(make.create("/").result.err, ErrorCode::NodeExists);
    EXPECT_EQ(make.create("/a/").result.err, ErrorCode::BadArguments);
    EXPECT_EQ(make.create("/a/..").result.err, ErrorCode::BadArguments);
    EXPECT_EQ(make.set("/x", "", 1).result.err, ErrorCode::NoNode);
    EXPECT_EQ(make.remove("/zookeeper").result.err, ErrorCode::NotEmpty);
    const std::uint64_t before = tree.digest();
    EXPECT_EQ(make.apply(OpCode::Error, jute::ErrorTxn{-101}).result.err, ErrorCode::NoNode);
    EXPECT_EQ(tree.digest(), before);
    EXPECT_EQ(tree.lastZxid(), Zxid(make.zxid));
}

TEST(DataTree, AReplayedCreateRaisesTheParentsCversionOnlyUp) {
    DataTree tree;
    Maker make{tree};
    make.create("/a", "x", false, 9);
    EXPECT_EQ(tree.find("/")->persisted().cversion, 9);
    make.create("/b", "x", false, 4);
    EXPECT_EQ(tree.find("/")->persisted().cversion, 9);
    EXPECT_EQ(tree.find("/")->persisted().pzxid, Zxid(1));
    EXPECT_EQ(make.create("/a", "x", false, 12).result.err, ErrorCode::NodeExists);
    EXPECT_EQ(tree.find("/")->persisted().cversion, 12);
}

TEST(DataTree, ClosingASessionTakesItsEphemerals) {
    DataTree tree;
    Maker make{tree};
    make.apply(OpCode::CreateSession, jute::CreateSessionTxn{5000});
    const std::uint64_t empty = tree.digest();
    EXPECT_EQ(tree.sessions().at(0x51), 5000);
    make.create("/e1", "", true);
    make.create("/e2", "", true);
    EXPECT_EQ(tree.ephemeralCount(), 2u);
    EXPECT_EQ(tree.ephemerals(0x51), (std::set<std::string>{"/e1", "/e2"}));
    const Applied closed =
        make.apply(OpCode::CloseSession, jute::CloseSessionTxn{std::vector<std::string>{"/e2", "/none"}});
    EXPECT_EQ(told(closed), (Told{{EventType::Deleted, "/e2"},
                                  {EventType::ChildrenChanged, "/"},
                                  {EventType::Deleted, "/e1"},
                                  {EventType::ChildrenChanged, "/"}}));
    EXPECT_TRUE(tree.sessions().empty());
    EXPECT_TRUE(tree.ephemerals(0x51).empty());
    EXPECT_NE(tree.digest(), empty); // the root's cversion went on
    make.create("/e3", "", true);
    make.apply(OpCode::CloseSession, jute::CloseSessionTxn{});
    EXPECT_EQ(tree.find("/e3"), nullptr);
}

TEST(DataTree, ContainersAndTtlNodesBelongToNoSession) {
    DataTree tree({.extendedTypes = true});
    Maker make{tree};
    make.apply(OpCode::CreateContainer, jute::CreateContainerTxn{"/c", "", jute::openAcl(), -1});
    make.apply(OpCode::CreateTtl, jute::CreateTtlTxn{"/t", "", jute::openAcl(), -1, 1234});
    EXPECT_EQ(tree.find("/c")->persisted().ephemeralOwner, kContainerOwner);
    EXPECT_EQ(tree.find("/t")->persisted().ephemeralOwner, kTtlOwnerMask | 1234);
    // Clients are told of sessions only.
    EXPECT_EQ(tree.find("/c")->stat().ephemeralOwner, 0);
    EXPECT_EQ(tree.find("/t")->stat().ephemeralOwner, 0);
    EXPECT_EQ(tree.ephemeralCount(), 0u);
}

TEST(DataTree, WithoutExtendedTypesATtlsMarkIsASession) {
    DataTree tree;
    Maker make{tree};
    make.session = kTtlOwnerMask | 77; // of server 255
    make.create("/e", "", true);
    make.apply(OpCode::CreateTtl, jute::CreateTtlTxn{"/t", "", jute::openAcl(), -1, 77});
    EXPECT_EQ(tree.find("/e")->stat().ephemeralOwner, make.session);
    EXPECT_EQ(tree.ephemeralCount(), 2u);
    make.apply(OpCode::CloseSession, jute::CloseSessionTxn{});
    EXPECT_EQ(tree.find("/e"), nullptr);
    EXPECT_EQ(tree.find("/t"), nullptr);
}

TEST(DataTree, ATtlThatNobodyMayProposeChangesNothing) {
    DataTree tree({.extendedTypes = true});
    Maker make{tree};
    for (const std::int64_t ttlMs : {std::int64_t{-1}, std::int64_t{0}, kMaxTtlMs + 1})
        EXPECT_EQ(make.apply(OpCode::CreateTtl, jute::CreateTtlTxn{"/t", "", jute::openAcl(), -1, ttlMs}).result.err,
                  ErrorCode::BadArguments);
    EXPECT_EQ(tree.find("/t"), nullptr);
    EXPECT_EQ(make.apply(OpCode::CreateTtl, jute::CreateTtlTxn{"/t", "", jute::openAcl(), -1, kMaxTtlMs}).result.err,
              ErrorCode::Ok);
}

TEST(DataTree, RemovableZnodesStandInTheOrderOfTheirCreation) {
    DataTree tree({.extendedTypes = true});
    Maker make{tree};
    const auto all = [&] {
        std::vector<std::string> paths;
        for (std::uint64_t place = 0; const Znode* znode = tree.nextRemovable(place);)
            paths.emplace_back(znode->diskPath());
        return paths;
    };
    EXPECT_TRUE(all().empty());
    make.apply(OpCode::CreateContainer, jute::CreateContainerTxn{"/z", "", jute::openAcl(), -1});
    make.create("/plain");
    make.apply(OpCode::CreateTtl, jute::CreateTtlTxn{"/t", "", jute::openAcl(), -1, 1});
    make.apply(OpCode::CreateContainer, jute::CreateContainerTxn{"/a", "", jute::openAcl(), -1});
    EXPECT_EQ(all(), (std::vector<std::string>{"/z", "/t", "/a"}));
    make.remove("/t");
    EXPECT_EQ(all(), (std::vector<std::string>{"/z", "/a"}));
    Loader loader({.extendedTypes = true});
    ASSERT_TRUE(loader.feed(bodyOf(tree)));
    const auto loaded = loader.finish(tree.lastZxid());
    std::uint64_t place = 0;
    EXPECT_EQ(loaded->nextRemovable(place)->diskPath(), "/z");
}

TEST(DataTree, MultiTellsEachPartAndAFailedOneChangesNothing) {
    DataTree tree;
    Maker make{tree};
    const auto sub = [](OpCode type, const auto& record) {
        return jute::SubTxn{static_cast<std::int32_t>(type), jute::encode(record)};
    };
    const Applied done =
        make.apply(OpCode::Multi,
                   jute::MultiTxn{{sub(OpCode::Create, jute::CreateTxn{"/m", "1", jute::openAcl(), false, 1}),
                                   sub(OpCode::SetData, jute::SetDataTxn{"/m", "2", 1}),
                                   sub(OpCode::Check, jute::CheckVersionTxn{"/m", 1})}});
    ASSERT_EQ(done.parts.size(), 3u);
    EXPECT_EQ(done.result.err, ErrorCode::Ok);
    EXPECT_EQ(done.parts[1].stat.version, 1);
    EXPECT_EQ(told(done), (Told{{EventType::Created, "/m"},
                                {EventType::ChildrenChanged, "/"},
                                {EventType::DataChanged, "/m"}}));
    const std::uint64_t before = tree.digest();
    const Applied failed =
        make.apply(OpCode::Multi, jute::MultiTxn{{sub(OpCode::Error, jute::ErrorTxn{0}),
                                                  sub(OpCode::Error, jute::ErrorTxn{-101}),
                                                  sub(OpCode::Delete, jute::DeleteTxn{"/m"})}});
    EXPECT_EQ(failed.result.err, ErrorCode::NoNode);
    EXPECT_EQ(failed.parts[0].err, ErrorCode::Ok);
    EXPECT_EQ(failed.parts[2].err, ErrorCode::RuntimeInconsistency);
    EXPECT_EQ(tree.digest(), before);
    EXPECT_TRUE(failed.changes.empty());
}

TEST(DataTree, EqualAclsShareANumberAndTheOpenOneOfATransactionHasItsOwn) {
    DataTree tree;
    Maker make{tree};
    make.create("/a");
    make.create("/b");
    EXPECT_EQ(tree.find("/")->aclId(), -1);
    EXPECT_EQ(tree.find("/zookeeper/config")->aclId(), 1);
    EXPECT_EQ(tree.find("/a")->aclId(), 2);
    EXPECT_EQ(tree.find("/b")->aclId(), 2);
    make.setAcl("/a", {{1, {"ip", "::1"}}}, 1);
    EXPECT_EQ(tree.find("/a")->aclId(), 3);
    EXPECT_EQ(tree.find("/a")->stat().aversion, 1);
    EXPECT_EQ(tree.acl(*tree.find("/a")).at(0).id.id, "::1");
    make.setAcl("/a", jute::openAcl(), 2);
    make.setAcl("/a", {{1, {"ip", "::1"}}}, 3);
    EXPECT_EQ(tree.find("/a")->aclId(), 4); // a number is never given twice
}

TEST(DataTree, TellsADigestThatIsNotOurs) {
    DataTree tree;
    jute::Txn txn{
        {1, 1, Zxid(1), 5, 1}, jute::CreateTxn{"/a", "", jute::openAcl(), false, 1}, jute::TxnDigest{2, 7}};
    EXPECT_TRUE(tree.apply(txn).digestDiffers);
    txn = {{1, 1, Zxid(2), 5, -1},
           jute::ErrorTxn{-1},
           jute::TxnDigest{2, static_cast<std::int64_t>(tree.digest())}};
    EXPECT_FALSE(tree.apply(txn).digestDiffers);
}

} // namespace
} // namespace zk::tree
