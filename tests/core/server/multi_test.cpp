// multi: all or nothing, and later operations see what earlier ones did.
#include "driver.h"

namespace zk::server::testing {

class Multi : public ::testing::Test {
  protected:
    Multi() { EXPECT_TRUE(client.connect()); }

    static jute::MultiOp create(const std::string& path, std::int32_t flags = 0, OpCode op = OpCode::Create) {
        return {op, jute::encode(jute::CreateRequest{path, "x", jute::openAcl(), flags})};
    }
    static jute::MultiOp remove(const std::string& path) {
        return {OpCode::Delete, jute::encode(jute::DeleteRequest{path, -1})};
    }
    static jute::MultiOp set(const std::string& path, std::int32_t version) {
        return {OpCode::SetData, jute::encode(jute::SetDataRequest{path, "y", version})};
    }
    static jute::MultiOp check(const std::string& path, std::int32_t version) {
        return {OpCode::Check, jute::encode(jute::CheckVersionRequest{path, version})};
    }
    Frame multi(const std::vector<jute::MultiOp>& ops) { return client.call(OpCode::Multi, jute::encodeMulti(ops)); }

    World world;
    TestClient client{world, 1};
};

TEST_F(Multi, AnswersEachOperation) {
    client.create("/old");
    const Frame frame = multi({create("/a"), create("/b", 0, OpCode::Create2), set("/a", 0), check("/a", 1),
                               remove("/old")});
    ASSERT_EQ(frame.err, ErrorCode::Ok);
    jute::Reader in(frame.body);
    const auto header = [&](OpCode type) {
        jute::MultiHeader one;
        jute::read(in, one);
        EXPECT_EQ(one.type, static_cast<std::int32_t>(type));
        EXPECT_EQ(one.err, 0);
        EXPECT_FALSE(one.done);
    };
    jute::Stat stat;
    header(OpCode::Create);
    EXPECT_EQ(in.ustring(), "/a");
    header(OpCode::Create); // as Apache answers a create2 in a multi
    EXPECT_EQ(in.ustring(), "/b");
    header(OpCode::SetData);
    jute::read(in, stat);
    EXPECT_EQ(stat.version, 1);
    header(OpCode::Check);
    header(OpCode::Delete);
    jute::MultiHeader last;
    jute::read(in, last);
    EXPECT_EQ(last, (jute::MultiHeader{-1, true, -1}));
    EXPECT_TRUE(in.ok());
    EXPECT_EQ(in.left(), 0U);
    EXPECT_EQ(client.exists("/old").err, ErrorCode::NoNode);
}

TEST_F(Multi, AFailedOneChangesNothingAndTellsWhich) {
    const std::uint64_t digest = world.node().tree().digest();
    const Frame frame = multi({create("/a"), create("/a/n-", 2), check("/none", 0), remove("/a")});
    EXPECT_EQ(frame.err, ErrorCode::Ok);
    jute::Reader in(frame.body);
    for (const ErrorCode expected :
         {ErrorCode::Ok, ErrorCode::Ok, ErrorCode::NoNode, ErrorCode::RuntimeInconsistency}) {
        jute::MultiHeader header;
        jute::read(in, header);
        EXPECT_EQ(header, (jute::MultiHeader{-1, false, static_cast<std::int32_t>(expected)}));
        EXPECT_EQ(in.i32(), static_cast<std::int32_t>(expected));
    }
    EXPECT_EQ(client.exists("/a").err, ErrorCode::NoNode);
    EXPECT_EQ(world.node().tree().digest(), digest);
    EXPECT_EQ(client.create("/a").zxid, frame.zxid.next());
    EXPECT_EQ(world.server().trace.count(trace::Kind::DigestMismatch), 0U);
}

TEST_F(Multi, SequenceNumbersSeeEarlierOperations) {
    client.create("/p");
    EXPECT_EQ(multi({create("/p/n", 2), create("/p/n", 3), create("/p/n", 2)}).err, ErrorCode::Ok);
    for (const char* name : {"/p/n0000000000", "/p/n0000000001", "/p/n0000000002"})
        EXPECT_EQ(client.exists(name).err, ErrorCode::Ok) << name;
}

TEST_F(Multi, AnEmptyOneIsFine) {
    const Frame frame = multi({});
    EXPECT_EQ(frame.err, ErrorCode::Ok);
    EXPECT_EQ(jute::decode<jute::MultiHeader>(frame.body)->done, true);
}

TEST_F(Multi, ABrokenOneIsAMarshallingErrorAndConsumesAZxid) {
    const Zxid before = world.node().lastZxid();
    const Frame frame = client.call(OpCode::Multi, "nonsense");
    EXPECT_EQ(frame.err, ErrorCode::MarshallingError);
    EXPECT_EQ(frame.zxid, before.next());
}

TEST_F(Multi, WhatFollowsSeesTheRolledBackState) {
    world.server().diskHeld = true;
    client.send(OpCode::Create, jute::CreateRequest{"/a", "", jute::openAcl(), 0});
    client.send(OpCode::Multi, jute::encodeMulti({set("/a", 0), remove("/a"), create("/a/b")}));
    const auto set = client.send(OpCode::SetData, jute::SetDataRequest{"/a", "", 0});
    world.settle();
    world.releaseDisk(1);
    EXPECT_EQ(client.take(set)->err, ErrorCode::Ok);
    EXPECT_EQ(world.server().trace.count(trace::Kind::DigestMismatch), 0U);
}

TEST_F(Multi, ItsWatchesFire) {
    client.exists("/a", true);
    client.children("/", true);
    multi({create("/a"), set("/a", 0)});
    EXPECT_EQ(client.events().size(), 2U);
}

} // namespace zk::server::testing
