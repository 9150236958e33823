// The reads beyond a znode's own: counts of descendants, a session's ephemerals, multiRead, whoAmI, and who may read.
#include "driver.h"

#include "server/reads.h"
#include "tree/acl.h"

namespace zk::server::testing {

class Reads : public ::testing::Test {
  protected:
    Reads() { EXPECT_TRUE(client.connect()); }

    std::vector<std::string> ephemerals(const std::string& prefix) {
        const Frame frame = client.call(OpCode::GetEphemerals, jute::PathRecord{prefix});
        EXPECT_EQ(frame.err, ErrorCode::Ok);
        return jute::decode<jute::GetEphemeralsResponse>(frame.body)->ephemerals;
    }
    std::int32_t below(const std::string& path) {
        const Frame frame = client.call(OpCode::GetAllChildrenNumber, jute::PathRecord{path});
        EXPECT_EQ(frame.err, ErrorCode::Ok);
        return jute::decode<jute::GetAllChildrenNumberResponse>(frame.body)->totalNumber;
    }
    std::vector<jute::ClientInfo> whoAmI() {
        return jute::decode<jute::WhoAmIResponse>(client.call(OpCode::WhoAmI).body)->clientInfo;
    }
    Frame multiRead(const std::vector<jute::MultiOp>& ops) {
        return client.call(OpCode::MultiRead, jute::encodeMulti(ops));
    }
    static jute::MultiOp part(OpCode op, const std::string& path) {
        return {op, jute::encode(jute::ReadRequest{path, false})};
    }

    World world{0, [](config::ServerConfig& config) { config.superDigest = tree::digestId("super:x"); }};
    TestClient client{world, 1};
};

const std::vector<jute::Acl> kNobodyReads{{jute::kPermAll & ~jute::kPermRead, {"world", "anyone"}}};
const std::string kEnd = jute::encode(jute::MultiHeader{-1, true, -1});

TEST_F(Reads, EphemeralsOfTheOwnSessionByTheLettersOfTheirPaths) {
    client.create("/a");
    client.create("/a/x", "", 1);
    client.create("/ab", "", 1);
    client.create("/plain");
    TestClient other(world, 1);
    ASSERT_TRUE(other.connect());
    other.create("/a/other", "", 1);
    const std::vector<std::string> all{"/a/x", "/ab"};
    for (const char* prefix : {"", "/", "  ", "\t/ ", "/a"}) EXPECT_EQ(ephemerals(prefix), all) << prefix;
    EXPECT_EQ(ephemerals("/a/"), (std::vector<std::string>{"/a/x"}));
    EXPECT_EQ(ephemerals("a"), std::vector<std::string>());
    client.remove("/ab");
    EXPECT_EQ(ephemerals("/"), (std::vector<std::string>{"/a/x"}));
}

TEST_F(Reads, AllChildrenNumberCountsEveryDepth) {
    client.create("/a");
    client.create("/a/b");
    client.create("/a/b/c");
    client.create("/ab");
    EXPECT_EQ(below("/a"), 2);
    EXPECT_EQ(below("/ab"), 0);
    EXPECT_EQ(below("/"), 7); // with /zookeeper, quota and config
    EXPECT_EQ(below(""), 8);  // the root has two names, and one is below the other
    EXPECT_EQ(client.call(OpCode::GetAllChildrenNumber, jute::PathRecord{"/c"}).err, ErrorCode::NoNode);
    client.create("/closed", "", 0, kNobodyReads);
    EXPECT_EQ(client.call(OpCode::GetAllChildrenNumber, jute::PathRecord{"/closed"}).err, ErrorCode::NoAuth);
}

TEST_F(Reads, ExistsNeedsReadAndSetsNoWatchWithoutIt) {
    client.create("/closed", "", 0, kNobodyReads);
    EXPECT_EQ(client.exists("/closed", true).err, ErrorCode::NoAuth);
    EXPECT_EQ(world.node().status().watches, 0U);
}

TEST_F(Reads, MultiReadAnswersEachPartByItself) {
    client.create("/a", "one");
    client.create("/a/b");
    client.create("/closed", "", 0, kNobodyReads);
    const Frame frame = multiRead({part(OpCode::GetData, "/a"), part(OpCode::GetChildren, "/a"), part(OpCode::GetData, "/no"),
                                   part(OpCode::GetChildren, "/closed")});
    EXPECT_EQ(frame.err, ErrorCode::Ok);
    EXPECT_EQ(frame.zxid, world.node().lastZxid());
    const auto failed = [](ErrorCode err) {
        const auto number = static_cast<std::int32_t>(err);
        return jute::encode(jute::MultiHeader{-1, false, number}) + jute::encode(jute::ErrorResponse{number});
    };
    EXPECT_EQ(frame.body, jute::encode(jute::MultiHeader{4, false, 0}) + client.get("/a").body +
                              jute::encode(jute::MultiHeader{8, false, 0}) + client.children("/a").body +
                              failed(ErrorCode::NoNode) + failed(ErrorCode::NoAuth) + kEnd);
    EXPECT_EQ(multiRead({}).body, kEnd);
}

TEST_F(Reads, MultiReadSetsNoWatch) {
    client.create("/a");
    EXPECT_EQ(multiRead({{OpCode::GetData, jute::encode(jute::ReadRequest{"/a", true})}}).err, ErrorCode::Ok);
    EXPECT_EQ(world.node().status().watches, 0U);
}

TEST_F(Reads, MultiReadHoldsReadsOnly) {
    client.create("/a");
    const jute::MultiOp remove{OpCode::Delete, jute::encode(jute::DeleteRequest{"/a", -1})};
    const Frame onlyChanges = multiRead({remove});
    EXPECT_EQ(onlyChanges.err, ErrorCode::MarshallingError);
    EXPECT_EQ(onlyChanges.body, kEnd);
    const Frame mixed = multiRead({part(OpCode::GetData, "/a"), remove});
    EXPECT_EQ(mixed.err, ErrorCode::MarshallingError);
    EXPECT_EQ(mixed.body, "");
    EXPECT_EQ(multiRead({part(OpCode::Exists, "/a")}).err, ErrorCode::MarshallingError);
    EXPECT_EQ(client.exists("/a").err, ErrorCode::Ok);
}

TEST_F(Reads, AMultiHoldsNoRead) {
    const Zxid before = world.node().lastZxid();
    const Frame frame = client.call(OpCode::Multi, jute::encodeMulti({part(OpCode::GetData, "/")}));
    EXPECT_EQ(frame.err, ErrorCode::MarshallingError);
    EXPECT_EQ(frame.zxid, before.next());
}

TEST_F(Reads, AMultiReadsAnswerHasALimit) {
    client.create("/big", std::string(1'000'000, 'x'));
    const std::size_t fits = kMultiReadMax / 1'000'000;
    EXPECT_EQ(multiRead(std::vector(fits, part(OpCode::GetData, "/big"))).err, ErrorCode::Ok);
    const Frame frame = multiRead(std::vector(fits + 2, part(OpCode::GetData, "/big")));
    EXPECT_EQ(frame.err, ErrorCode::MarshallingError);
    EXPECT_EQ(frame.body, "");
}

TEST_F(Reads, WhoAmITellsEveryIdentityByItsName) {
    EXPECT_EQ(whoAmI(), (std::vector<jute::ClientInfo>{{"ip", "127.0.0.1"}}));
    client.auth("digest", "bob:secret");
    client.auth("digest", "");
    client.auth("digest", "super:x");
    EXPECT_EQ(whoAmI(), (std::vector<jute::ClientInfo>{
                            {"ip", "127.0.0.1"}, {"digest", "bob"}, {"digest", ""}, {"super", ""}, {"digest", "super"}}));
}

} // namespace zk::server::testing
