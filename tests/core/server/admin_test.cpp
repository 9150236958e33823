// What operators ask of a server and what it measures.
#include "driver.h"
#include "server/measures.h"

namespace zk::server::testing {

namespace {

std::string word(World& world, std::string_view bytes, Sid server = 1) {
    TestClient client{world, server};
    client.raw(bytes);
    client.pump();
    EXPECT_FALSE(client.open) << bytes;
    return client.text;
}

admin::CommandResponse command(World& world, const std::string& name, std::map<std::string, std::string> arguments = {}) {
    return world.node().command({name, false, std::move(arguments), {}, "127.0.0.1"}).response;
}

std::int64_t figure(World& world, const std::string& key, Sid server = 1) {
    const auto values = admin::parseMntr(word(world, "mntr", server));
    const auto at = values.find("zk_" + key);
    return at == values.end() ? -1 : std::stoll(at->second);
}

} // namespace

TEST(Admin, WatchesAreToldBySessionAndByPath) {
    World world;
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    client.create("/a");
    client.get("/a", true);
    client.exists("/b", true);
    const std::string session = hex(client.session);
    EXPECT_EQ(word(world, "wchc"), session + "\n\t/a\n\t/b\n\n");
    EXPECT_EQ(word(world, "wchp"), "/a\n\t" + session + "\n/b\n\t" + session + "\n\n");
    EXPECT_NE(command(world, "wchp").json.find("\"/b\" : [ " + std::to_string(client.session) + " ]"), std::string::npos);
}

TEST(Admin, CrstForgetsWhatConnectionsDid) {
    World world;
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    client.create("/a");
    EXPECT_EQ(word(world, "crst"), "Connection stats reset.\n");
    const admin::NodeStatus status = world.node().status();
    ASSERT_EQ(status.connections.size(), 1U);
    EXPECT_EQ(status.connections[0].received, 0);
    EXPECT_EQ(status.connections[0].lastOperation, "NA");
    EXPECT_EQ(status.connections[0].lastCxid, -1);
    EXPECT_GT(status.received, 0) << "the server's own go on";
}

TEST(Admin, SrstForgetsWhatTheServerDid) {
    World world;
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    client.create("/a");
    client.auth("nothing", "x");
    EXPECT_GT(figure(world, "cnt_updatelatency"), 0);
    EXPECT_EQ(word(world, "srst"), "Server stats reset.\n");
    EXPECT_EQ(figure(world, "packets_received"), 0);
    EXPECT_EQ(figure(world, "cnt_updatelatency"), 0);
    EXPECT_EQ(figure(world, "cnt_a_write_per_namespace"), -1);
    EXPECT_EQ(figure(world, "connection_request_count"), 0);
    EXPECT_EQ(figure(world, "auth_failed_count"), 1) << "Apache keeps it too";
}

TEST(Admin, NoWordChangesAnythingOutsideTheWhitelist) {
    World world{0, [](config::ServerConfig& config) { config.whitelist = {"gtmk", "mntr"}; }};
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    EXPECT_NE(word(world, std::string("stmk") + std::string(8, '\0')).find("not in the whitelist"), std::string::npos);
    EXPECT_NE(word(world, "srst").find("not in the whitelist"), std::string::npos);
    EXPECT_EQ(word(world, "gtmk"), "306");
    EXPECT_GT(figure(world, "packets_received"), 0);
}

TEST(Admin, StmkTakesTheEightBytesThatFollow) {
    World world;
    TestClient slow{world, 1};
    slow.raw("stmk");
    slow.raw(std::string("\0\0\0\0\0\0\1", 7));
    EXPECT_TRUE(slow.open);
    slow.raw(std::string(1, '\2'));
    slow.pump();
    EXPECT_EQ(slow.text, "258");
    EXPECT_EQ(word(world, "gtmk"), "258");
    EXPECT_NE(command(world, "stmk", {{"traceMask", "9"}}).json.find("\"tracemask\" : 9"), std::string::npos);
    EXPECT_EQ(word(world, "gtmk"), "9");
}

TEST(Admin, ATelnetThatIsInterruptedIsClosedInSilence) {
    World world;
    EXPECT_EQ(word(world, "\xff\xf4\xff\xfd\x06"), "");
}

TEST(Admin, HashTellsTheDigestOfEachHundredTwentyEighthTransaction) {
    World world;
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    client.create("/a");
    while (world.node().lastZxid().value < 128) client.set("/a", "x");
    const std::uint64_t digest = world.node().tree().digest();
    client.set("/a", "y");
    EXPECT_EQ(word(world, "hash"), "80: " + std::to_string(digest) + "\n");
}

TEST(Admin, OnlySoManyDigestsAreKept) {
    Measures measures;
    for (std::size_t index = 1; index <= kDigestsKept + 5; ++index)
        measures.digest(Zxid(static_cast<std::int64_t>(index) * kDigestEvery), index);
    EXPECT_EQ(measures.digests().size(), kDigestsKept);
    EXPECT_EQ(measures.digests().front().second, 6U);
}

TEST(Admin, NamespacesHaveABound) {
    Measures measures;
    measures.beginTurn(Instant(), WallTime());
    jute::Txn txn;
    for (std::size_t index = 0; index < kNamespaces + 5; ++index) {
        txn.body = jute::DeleteTxn{"/n" + std::to_string(index)};
        measures.applied(txn, false, false);
    }
    EXPECT_EQ(measures.writes().size(), kNamespaces);
}

TEST(Admin, ReadsAreCountedInFullAndInBusyTurnsByTheirWeight) {
    Measures measures;
    std::string body;
    jute::Writer(body).bytes("/app/x");
    for (int turn = 0; turn < 2; ++turn) {
        measures.beginTurn(Instant(), WallTime());
        for (int read = 0; read < 160; ++read) measures.readOf(body, 10);
    }
    EXPECT_EQ(measures.reads().at("app").count(), 320);
    EXPECT_EQ(measures.reads().at("app").most(), 6 + 10 + 68) << "path, data and stat, as Apache counts";
}

TEST(Admin, AServerMeasuresItsClientsAndItsDisk) {
    World world;
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    client.create("/a", "12345");
    client.get("/a", true);
    client.set("/a", "1");
    EXPECT_EQ(figure(world, "cnt_readlatency"), 1);
    EXPECT_EQ(figure(world, "cnt_updatelatency"), 2);
    EXPECT_EQ(figure(world, "cnt_a_write_per_namespace"), 2);
    EXPECT_EQ(figure(world, "sum_a_write_per_namespace"), 2 + 5 + 2 + 1);
    EXPECT_EQ(figure(world, "sum_a_read_per_namespace"), 2 + 5 + 68);
    EXPECT_EQ(figure(world, "sum_node_changed_watch_count"), 1);
    EXPECT_EQ(figure(world, "sync_processor_request_queued"), 3);
    EXPECT_EQ(figure(world, "sum_sync_processor_batch_size"), 3);
    EXPECT_EQ(figure(world, "cnt_proposal_ack_creation_latency"), 3);
    EXPECT_EQ(figure(world, "cnt_propagation_latency"), 3);
    EXPECT_EQ(figure(world, "cnt_requests_in_session_queue"), 2);
    EXPECT_EQ(figure(world, "cnt_startup_snap_load_time"), 1);
    EXPECT_EQ(figure(world, "outstanding_changes_queued"), figure(world, "outstanding_changes_removed"));
    const std::int32_t write = client.send(OpCode::SetData, jute::SetDataRequest{"/a", "2", -1});
    const std::int32_t read = client.send(OpCode::GetData, jute::ReadRequest{"/a", false});
    world.settle();
    EXPECT_TRUE(client.take(write) && client.take(read));
    EXPECT_EQ(figure(world, "sum_reads_issued_from_session_queue"), 1);
    EXPECT_EQ(figure(world, "cnt_read_commitproc_time_ms"), 1);
    EXPECT_EQ(figure(world, "cnt_session_queues_drained"), 3) << "each commit that leaves nothing waiting";
}

TEST(Admin, AnEnsembleMeasuresItsElectionAndItsQuorum) {
    World world{3};
    const Sid leads = world.awaitLeader(), follows = leads == 1 ? 2 : 1;
    TestClient client{world, follows};
    EXPECT_TRUE(client.connect());
    client.create("/a");
    EXPECT_GE(figure(world, "cnt_election_time", leads), 1);
    EXPECT_EQ(figure(world, "cnt_leader_unavailable_time", leads), 1);
    EXPECT_EQ(figure(world, "cnt_quorum_ack_latency", leads), 2);
    EXPECT_GE(figure(world, "diff_count", leads) + figure(world, "snap_count", leads), 2);
    EXPECT_GE(figure(world, "cnt_inflight_diff_count", leads) + figure(world, "cnt_inflight_snap_count", leads), 2);
    EXPECT_GE(figure(world, "cnt_follower_sync_time", follows), 1);
    EXPECT_GE(figure(world, "cnt_unavailable_time", follows), 1);
    EXPECT_EQ(figure(world, "cnt_proposal_latency", follows), 2);
    EXPECT_EQ(figure(world, "cnt_commit_propagation_latency", follows), 2);
    EXPECT_EQ(figure(world, "learner_proposal_received_count", follows), 2);
    EXPECT_EQ(figure(world, "request_commit_queued", follows), 2);
}

TEST(Admin, SnapshotAsksForAuthorityAndComesSeldom) {
    World world;
    const auto ask = [&](std::optional<std::string> authorization) {
        return world.node().command({"snap", false, {}, std::move(authorization), "127.0.0.1"});
    };
    EXPECT_EQ(ask({}).response.status, 401);
    EXPECT_EQ(ask("digest").response.status, 401);
    EXPECT_EQ(ask("kerberos x").response.status, 401);
    EXPECT_TRUE(ask("digest root:secret").snapshot) << "everybody may do everything on / as it is made";
    EXPECT_EQ(ask("digest root:secret").response.status, 429);
    EXPECT_EQ(figure(world, "snapshot_rate_limited_count"), 1);
    world.pass(std::chrono::minutes(5));
    EXPECT_TRUE(ask("ip").snapshot);
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    EXPECT_EQ(client.call(OpCode::SetAcl, jute::SetAclRequest{"/", {{jute::kPermRead, {"world", "anyone"}}}, -1}).err,
              ErrorCode::Ok);
    world.pass(std::chrono::minutes(5));
    EXPECT_EQ(ask("digest root:secret").response.status, 403);
}

TEST(Admin, ASnapshotThatWasAskedForIsDurableAndOfThatMoment) {
    World world;
    TestClient client{world, 1};
    EXPECT_TRUE(client.connect());
    client.create("/a");
    std::vector<std::optional<Zxid>> told;
    world.node().takeSnapshot([&](std::optional<Zxid> zxid) { told.push_back(zxid); });
    world.node().takeSnapshot([&](std::optional<Zxid> zxid) { told.push_back(zxid); });
    world.settle();
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0], Zxid(2));
    EXPECT_EQ(told[1], Zxid(2));
    EXPECT_TRUE(*world.server().disk->exists(world.server().config.dataDir + "/version-2/snapshot.2"));
    EXPECT_EQ(figure(world, "cnt_snapshottime"), 2);
}

} // namespace zk::server::testing
