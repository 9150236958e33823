// Each operation of a server that stands alone: what it answers, and which errors.
#include "driver.h"

namespace zk::server::testing {

class Operations : public ::testing::Test {
  protected:
    Operations() { EXPECT_TRUE(client.connect()); }

    jute::Stat stat(const std::string& path) {
        const Frame frame = client.exists(path);
        EXPECT_EQ(frame.err, ErrorCode::Ok) << path;
        return jute::decode<jute::StatResponse>(frame.body)->stat;
    }
    std::string created(const Frame& frame) {
        EXPECT_EQ(frame.err, ErrorCode::Ok);
        return jute::decode<jute::PathRecord>(frame.body)->path;
    }

    World world;
    TestClient client{world, 1};
};

TEST_F(Operations, CreateAnswersThePathAndGetDataTheBytes) {
    EXPECT_EQ(created(client.create("/a", "hello")), "/a");
    const auto data = jute::decode<jute::GetDataResponse>(client.get("/a").body);
    EXPECT_EQ(data->data, "hello");
    EXPECT_EQ(data->stat.dataLength, 5);
    EXPECT_EQ(data->stat.version, 0);
}

TEST_F(Operations, Create2AnswersTheStatToo) {
    const Frame frame = client.call(OpCode::Create2, jute::CreateRequest{"/a", "hello", jute::openAcl(), 0});
    const auto answer = jute::decode<jute::Create2Response>(frame.body);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->path, "/a");
    EXPECT_EQ(answer->stat, stat("/a"));
    EXPECT_EQ(answer->stat.czxid, frame.zxid);
}

TEST_F(Operations, CreateKeepsNullDataApartFromNone) {
    client.call(OpCode::Create, jute::CreateRequest{"/null", std::nullopt, jute::openAcl(), 0});
    client.create("/empty", "");
    EXPECT_EQ(jute::decode<jute::GetDataResponse>(client.get("/null").body)->data, std::nullopt);
    EXPECT_EQ(jute::decode<jute::GetDataResponse>(client.get("/empty").body)->data, "");
}

TEST_F(Operations, CreateErrors) {
    client.create("/a");
    EXPECT_EQ(client.create("/a").err, ErrorCode::NodeExists);
    EXPECT_EQ(client.create("/").err, ErrorCode::NodeExists);
    EXPECT_EQ(client.create("/missing/b").err, ErrorCode::NoNode);
    EXPECT_EQ(client.create("/a/").err, ErrorCode::BadArguments);
    EXPECT_EQ(client.create("a").err, ErrorCode::BadArguments);
    EXPECT_EQ(client.create("").err, ErrorCode::BadArguments);
    EXPECT_EQ(client.create("/a/..").err, ErrorCode::BadArguments);
    EXPECT_EQ(client.create(std::string("/a/\0", 4)).err, ErrorCode::BadArguments);
    EXPECT_EQ(client.create("/b", "", 7).err, ErrorCode::BadArguments);
    EXPECT_EQ(client.create("/b", "", -1).err, ErrorCode::BadArguments);
    // What Apache finds first: an ACL before the parent, the parent before the name.
    EXPECT_EQ(client.create("/a/../b").err, ErrorCode::NoNode);
    EXPECT_EQ(client.create("x/y").err, ErrorCode::NoNode);
    EXPECT_EQ(client.create("/missing/b", "", 0, {}).err, ErrorCode::InvalidAcl);
    EXPECT_EQ(client.create("/a/.", "", 0, {}).err, ErrorCode::InvalidAcl);
    client.create("/closed", "", 0, {{jute::kPermRead, {"world", "anyone"}}});
    EXPECT_EQ(client.create("/closed/.").err, ErrorCode::NoAuth);
    client.create("/ephemeral", "", 1);
    EXPECT_EQ(client.create("/ephemeral/child").err, ErrorCode::NoChildrenForEphemerals);
}

TEST_F(Operations, PathsThatCannotExistDoNot) {
    client.create("/a");
    const std::string withNul("/a\0", 3);
    EXPECT_EQ(client.exists(withNul).err, ErrorCode::BadArguments);
    EXPECT_EQ(client.get(withNul).err, ErrorCode::NoNode);
    EXPECT_EQ(client.children(withNul).err, ErrorCode::NoNode);
    EXPECT_EQ(client.get("/a/").err, ErrorCode::NoNode);
    EXPECT_EQ(client.remove("/a/").err, ErrorCode::NoNode);
    EXPECT_EQ(client.remove("x/y").err, ErrorCode::NoNode);
    EXPECT_EQ(client.remove("x").err, ErrorCode::BadArguments);
    EXPECT_EQ(client.remove(withNul).err, ErrorCode::BadArguments);
    EXPECT_EQ(client.remove("/zookeeper/quota").err, ErrorCode::BadArguments);
    EXPECT_EQ(client.set("/a/", "x").err, ErrorCode::BadArguments);
}

TEST_F(Operations, SequentialNamesCountTheParentsCreates) {
    client.create("/p");
    EXPECT_EQ(created(client.create("/p/x-", "", 2)), "/p/x-0000000000");
    EXPECT_EQ(created(client.create("/p/y-", "", 3)), "/p/y-0000000001");
    client.remove("/p/x-0000000000");
    EXPECT_EQ(created(client.create("/p/x-", "", 2)), "/p/x-0000000002");
    EXPECT_EQ(created(client.create("/p/", "", 2)), "/p/0000000003");
    EXPECT_EQ(created(client.create("/", "", 2)).substr(0, 9), "/00000000");
    EXPECT_EQ(stat("/p/y-0000000001").ephemeralOwner, client.session);
    EXPECT_EQ(client.create("/none/x-", "", 2).err, ErrorCode::NoNode);
}

TEST_F(Operations, PipelinedSequentialCreatesSeeEachOther) {
    client.create("/p");
    std::vector<std::int32_t> xids;
    for (int index = 0; index < 5; ++index)
        xids.push_back(client.send(OpCode::Create, jute::CreateRequest{"/p/n", "", jute::openAcl(), 2}));
    world.settle();
    for (int index = 0; index < 5; ++index)
        EXPECT_EQ(created(*client.take(xids[static_cast<std::size_t>(index)])),
                  "/p/n000000000" + std::to_string(index));
}

TEST_F(Operations, DeleteErrorsAndVersions) {
    client.create("/a");
    client.create("/a/b");
    EXPECT_EQ(client.remove("/a").err, ErrorCode::NotEmpty);
    EXPECT_EQ(client.remove("/a/c").err, ErrorCode::NoNode);
    EXPECT_EQ(client.remove("/x/y").err, ErrorCode::NoNode);
    EXPECT_EQ(client.remove("/a/b", 1).err, ErrorCode::BadVersion);
    EXPECT_EQ(client.remove("/").err, ErrorCode::BadArguments);
    EXPECT_EQ(client.remove("/zookeeper").err, ErrorCode::BadArguments);
    EXPECT_EQ(client.remove("/zookeeper/quota").err, ErrorCode::BadArguments);
    EXPECT_EQ(client.remove("/a/b", 0).err, ErrorCode::Ok);
    EXPECT_EQ(client.remove("/a").err, ErrorCode::Ok);
    EXPECT_EQ(client.exists("/a").err, ErrorCode::NoNode);
}

TEST_F(Operations, SetDataCountsVersions) {
    client.create("/a", "one");
    const Frame frame = client.set("/a", "second", 0);
    const auto answer = jute::decode<jute::StatResponse>(frame.body);
    EXPECT_EQ(answer->stat.version, 1);
    EXPECT_EQ(answer->stat.mzxid, frame.zxid);
    EXPECT_EQ(answer->stat.dataLength, 6);
    EXPECT_EQ(client.set("/a", "third", 0).err, ErrorCode::BadVersion);
    EXPECT_EQ(client.set("/a", "third").err, ErrorCode::Ok);
    EXPECT_EQ(client.set("/b", "").err, ErrorCode::NoNode);
    EXPECT_EQ(client.set("b", "").err, ErrorCode::BadArguments);
}

TEST_F(Operations, ACheckOutsideAMultiIsNoOperation) {
    client.create("/a");
    const Zxid before = world.node().lastZxid();
    const Frame frame = client.call(OpCode::Check, jute::CheckVersionRequest{"/a", 0});
    EXPECT_EQ(frame.err, ErrorCode::Unimplemented);
    EXPECT_EQ(frame.zxid, Zxid(-1));
    EXPECT_FALSE(client.open);
    EXPECT_EQ(world.node().lastZxid(), before);
}

TEST_F(Operations, ANullPathCannotBeRead) {
    const std::string null(4, '\xFF');
    for (const OpCode op : {OpCode::Create, OpCode::Delete, OpCode::SetData, OpCode::SetAcl, OpCode::Exists, OpCode::GetData,
                            OpCode::GetAcl, OpCode::GetChildren, OpCode::GetChildren2, OpCode::GetAllChildrenNumber,
                            OpCode::AddWatch, OpCode::CheckWatches, OpCode::RemoveWatches})
        EXPECT_EQ(client.call(op, null + std::string(16, '\0')).err, ErrorCode::MarshallingError) << jute::name(op);
    EXPECT_EQ(client.call(OpCode::Sync, null).body, null);
    const std::string multi = jute::encodeMulti({{OpCode::Delete, null + std::string(4, '\xFF')}});
    EXPECT_EQ(client.call(OpCode::Multi, multi).err, ErrorCode::MarshallingError);
}

TEST_F(Operations, ChildrenWithAndWithoutStat) {
    client.create("/p");
    client.create("/p/b");
    client.create("/p/a");
    auto names = jute::decode<jute::GetChildrenResponse>(client.children("/p").body)->children;
    std::sort(names.begin(), names.end());
    EXPECT_EQ(names, (std::vector<std::string>{"a", "b"}));
    const auto answer = jute::decode<jute::GetChildren2Response>(
        client.call(OpCode::GetChildren2, jute::ReadRequest{"/p", false}).body);
    EXPECT_EQ(answer->children.size(), 2U);
    EXPECT_EQ(answer->stat, stat("/p"));
    EXPECT_EQ(answer->stat.cversion, 2);
    EXPECT_EQ(client.children("/q").err, ErrorCode::NoNode);
}

TEST_F(Operations, SyncAnswersThePath) {
    const Frame frame = client.call(OpCode::Sync, jute::PathRecord{"/zookeeper"});
    EXPECT_EQ(created(frame), "/zookeeper");
    EXPECT_EQ(client.call(OpCode::Sync, "xy").err, ErrorCode::MarshallingError);
}

TEST_F(Operations, PingIsAnsweredWithTheLastZxid) {
    client.create("/a");
    const Frame frame = client.call(OpCode::Ping, "", jute::kXidPing);
    EXPECT_EQ(frame.zxid, world.node().lastZxid());
    EXPECT_TRUE(frame.body.empty());
}

TEST_F(Operations, EveryWriteConsumesAZxidAFailedOneToo) {
    const Zxid before = client.create("/a").zxid;
    const Frame failed = client.create("/a");
    EXPECT_EQ(failed.zxid, before.next());
    EXPECT_TRUE(failed.body.empty());
    EXPECT_EQ(client.remove("/nothing").zxid, before.next().next());
    EXPECT_EQ(client.get("/a").zxid, before.next().next());
    EXPECT_EQ(client.call(OpCode::Create, "broken").err, ErrorCode::MarshallingError);
    EXPECT_EQ(world.node().lastZxid(), Zxid(before.value + 3));
}

TEST_F(Operations, BrokenReadsAreMarshallingErrors) {
    for (const OpCode op : {OpCode::Exists, OpCode::GetData, OpCode::GetAcl, OpCode::GetChildren, OpCode::GetChildren2,
                            OpCode::GetAllChildrenNumber, OpCode::GetEphemerals, OpCode::MultiRead, OpCode::AddWatch,
                            OpCode::CheckWatches, OpCode::RemoveWatches, OpCode::SetWatches, OpCode::SetWatches2}) {
        const Frame frame = client.call(op, "\1\2");
        EXPECT_EQ(frame.err, ErrorCode::MarshallingError) << jute::name(op);
        EXPECT_EQ(frame.body, "") << jute::name(op);
    }
    EXPECT_EQ(client.exists(std::string("/a\0b", 4)).err, ErrorCode::BadArguments);
}

TEST_F(Operations, ReconfigurationIsDisabledAndTakesAZxid) {
    const Zxid before = world.node().lastZxid();
    const Frame frame = client.call(OpCode::Reconfig, std::string(20, '\0'));
    EXPECT_EQ(frame.err, ErrorCode::ReconfigDisabled);
    EXPECT_EQ(frame.zxid, before.next());
}

TEST_F(Operations, SaslWithoutALoginAnswersNullAtOnce) {
    const std::string token("\0\0\0\1x", 5);
    const Frame frame = client.call(OpCode::Sasl, token);
    EXPECT_EQ(frame.err, ErrorCode::Ok);
    EXPECT_EQ(frame.zxid, Zxid());
    EXPECT_EQ(frame.body, std::string(4, '\xFF'));
    client.send(OpCode::Sasl, std::string(4, '\xFF'));
    world.settle();
    EXPECT_FALSE(client.open);
}

TEST_F(Operations, AnUnknownOperationEndsTheConnection) {
    const Frame frame = client.call(static_cast<OpCode>(999));
    EXPECT_EQ(frame.err, ErrorCode::Unimplemented);
    EXPECT_EQ(frame.zxid, Zxid(-1));
    EXPECT_FALSE(client.open);
}

TEST_F(Operations, CreateSessionIsNoClientsOperation) {
    EXPECT_EQ(client.call(OpCode::CreateSession, std::string(4, '\0')).err, ErrorCode::Unimplemented);
    EXPECT_FALSE(client.open);
}

TEST_F(Operations, TheLogCarriesTheTreesDigest) {
    client.create("/a", "x", 1);
    client.create("/a2", "x");
    client.set("/a2", "yy");
    client.create("/a2/n", "", 3);
    client.remove("/a");
    client.call(OpCode::SetAcl, jute::SetAclRequest{"/a2", jute::openAcl(), 0});
    client.create("/a2/e", "", 1);
    client.call(OpCode::CloseSession);
    const auto disk = world.server().disk->survivors();
    const auto store = storage::Store::open(*disk, {"/data1", "", 65536, true, true});
    ASSERT_TRUE(store);
    tree::DataTree tree;
    std::size_t digests = 0;
    const auto replayed = (*store)->replay(Zxid(), [&](Zxid, std::string_view bytes) -> Result<void> {
        const auto txn = jute::decodeTxn(bytes);
        EXPECT_FALSE(tree.apply(*txn).digestDiffers) << jute::describe(*txn);
        if (txn->digest) {
            ++digests;
            EXPECT_EQ(static_cast<std::uint64_t>(txn->digest->digest), tree.digest()) << jute::describe(*txn);
        }
        return {};
    });
    EXPECT_TRUE(replayed);
    EXPECT_EQ(digests, 9U);
    EXPECT_EQ(tree.digest(), world.node().tree().digest());
}

} // namespace zk::server::testing
