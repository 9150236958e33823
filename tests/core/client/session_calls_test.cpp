// The calls of Client: their requests on the wire, their answers, their order, the chroot.
#include "client/session_machine.h"
#include "script.h"

namespace zk::client {

using jute::CreateMode;
using jute::ErrorCode;
using jute::OpCode;

namespace {

jute::Stat someStat() {
    jute::Stat stat;
    stat.czxid = Zxid(5);
    stat.version = 3;
    return stat;
}

} // namespace

TEST(SessionCalls, CreateAsksForThePathAndTheStat) {
    Script script;
    script.open();
    std::optional<Created> created;
    script.use([&](Client& client) {
        client.create("/a-", "data", jute::openAcl(), CreateMode::EphemeralSequential,
                      [&](Result<Created> result) { created = *result; });
    });
    const auto requests = script.requests();
    ASSERT_EQ(requests.size(), 1u);
    EXPECT_EQ(requests[0].op, OpCode::Create2);
    EXPECT_EQ(jute::decode<jute::CreateRequest>(requests[0].body).value(),
              (jute::CreateRequest{"/a-", "data", jute::openAcl(), 3}));
    script.reply(requests[0].xid, 7, jute::encode(jute::Create2Response{"/a-0000000001", someStat()}));
    ASSERT_TRUE(created);
    EXPECT_EQ(created->path, "/a-0000000001");
    EXPECT_EQ(created->stat, someStat());
    EXPECT_EQ(script.session->status().lastZxid, Zxid(7));
}

TEST(SessionCalls, AContainerHasItsOwnRequest) {
    Script script;
    script.open();
    std::vector<std::string> created;
    const auto note = [&](Result<Created> result) { created.push_back(result->path); };
    script.use([&](Client& client) {
        client.createContainer("/c", "data", jute::openAcl(), note);
        client.create("/d", {}, jute::openAcl(), CreateMode::Container, note);
    });
    const auto requests = script.requests();
    ASSERT_EQ(requests.size(), 2u);
    EXPECT_EQ(requests[0].op, OpCode::CreateContainer);
    EXPECT_EQ(jute::decode<jute::CreateRequest>(requests[0].body).value(),
              (jute::CreateRequest{"/c", "data", jute::openAcl(), 4}));
    EXPECT_EQ(requests[1].op, OpCode::CreateContainer);
    script.reply(requests[0].xid, 7, jute::encode(jute::Create2Response{"/c", someStat()}));
    script.reply(requests[1].xid, 8, jute::encode(jute::Create2Response{"/d", someStat()}));
    EXPECT_EQ(created, (std::vector<std::string>{"/c", "/d"}));
}

TEST(SessionCalls, ALifetimeHasItsOwnRequest) {
    Script script(testOptions("a:1/app"));
    script.open();
    std::optional<Created> created;
    script.use([&](Client& client) {
        client.createTtl("/t-", "data", jute::openAcl(), CreateMode::TtlSequential, 1500ms,
                         [&](Result<Created> result) { created = *result; });
    });
    const auto requests = script.requests();
    ASSERT_EQ(requests.size(), 1u);
    EXPECT_EQ(requests[0].op, OpCode::CreateTtl);
    EXPECT_EQ(jute::decode<jute::CreateTtlRequest>(requests[0].body).value(),
              (jute::CreateTtlRequest{"/app/t-", "data", jute::openAcl(), 6, 1500}));
    script.reply(requests[0].xid, 7, jute::encode(jute::Create2Response{"/app/t-0000000003", someStat()}));
    ASSERT_TRUE(created);
    EXPECT_EQ(created->path, "/t-0000000003");
    EXPECT_EQ(created->stat, someStat());
}

TEST(SessionCalls, ALifetimeWithoutItsModeIsRefusedInItsTurn) {
    Script script;
    script.open();
    std::vector<ErrorCode> codes;
    const auto note = [&](Result<Created> result) {
        codes.push_back(result ? ErrorCode::Ok : toErrorCode(result.error()));
    };
    script.use([&](Client& client) {
        client.create("/c", {}, jute::openAcl(), CreateMode::Persistent, note);
        client.create("/t", {}, jute::openAcl(), CreateMode::Ttl, note);
        client.createTtl("/t", {}, jute::openAcl(), CreateMode::Persistent, 5ms, note);
    });
    const auto requests = script.requests();
    ASSERT_EQ(requests.size(), 1u);
    EXPECT_TRUE(codes.empty()) << "a refusal comes in its turn";
    script.reply(requests[0].xid, 7, jute::encode(jute::Create2Response{"/c", someStat()}));
    EXPECT_EQ(codes, (std::vector<ErrorCode>{ErrorCode::Ok, ErrorCode::BadArguments, ErrorCode::BadArguments}));
}

TEST(SessionCalls, AMultiCreatesContainersAndLifetimes) {
    Script script;
    script.open();
    std::vector<OpOutcome> outcomes;
    script.use([&](Client& client) {
        client.multi({CreateOp{"/c", {}, jute::openAcl(), CreateMode::Container},
                      CreateOp{"/t", "x", jute::openAcl(), CreateMode::Ttl, 70ms}},
                     [&](Result<std::vector<OpOutcome>> result) { outcomes = *result; });
    });
    const auto requests = script.requests();
    ASSERT_EQ(requests.size(), 1u);
    const auto ops = jute::decodeMulti(requests[0].body).value();
    ASSERT_EQ(ops.size(), 2u);
    EXPECT_EQ(ops[0].type, OpCode::CreateContainer);
    EXPECT_EQ(ops[1].type, OpCode::CreateTtl);
    EXPECT_EQ(jute::decode<jute::CreateTtlRequest>(ops[1].body).value(),
              (jute::CreateTtlRequest{"/t", "x", jute::openAcl(), 5, 70}));
    std::string answer; // both are answered as create2
    jute::Writer out(answer);
    for (const char* path : {"/c", "/t"}) {
        jute::write(out, jute::MultiHeader{15, false, 0});
        jute::write(out, jute::Create2Response{path, someStat()});
    }
    jute::write(out, jute::MultiHeader{-1, true, -1});
    script.reply(requests[0].xid, 7, answer);
    ASSERT_EQ(outcomes.size(), 2u);
    EXPECT_EQ(outcomes[1].path, "/t");
    EXPECT_EQ(outcomes[1].stat, someStat());
}

TEST(SessionCalls, PipelinedRequestsAreAnsweredInTheirOrder) {
    Script script;
    script.open();
    std::vector<std::string> told;
    script.use([&](Client& client) {
        client.getData("/a", {}, [&](Result<Data> data) { told.push_back(*data->bytes); });
        client.getChildren("/a", {},
                           [&](Result<Children> children) { told.push_back(children->names.at(0)); });
        client.exists("/a", {}, [&](Result<std::optional<jute::Stat>> stat) {
            told.push_back(*stat ? "there" : "none");
        });
        client.remove("/a", 2, [&](Result<void> done) { told.push_back(done.error().message()); });
    });
    const auto requests = script.requests();
    ASSERT_EQ(requests.size(), 4u);
    EXPECT_EQ(requests[1].op, OpCode::GetChildren2);
    EXPECT_EQ(jute::decode<jute::DeleteRequest>(requests[3].body).value(), (jute::DeleteRequest{"/a", 2}));
    EXPECT_EQ(script.session->status().pending, 4u);
    std::string bytes = Script::replyBytes(requests[0].xid, 1, 0, dataBody("value"));
    bytes += Script::replyBytes(requests[1].xid, 1, 0, jute::encode(jute::GetChildren2Response{{"kid"}, {}}));
    bytes += Script::replyBytes(requests[2].xid, 1, -101);
    bytes += Script::replyBytes(requests[3].xid, 1, -103);
    script.receive(bytes.substr(0, 50));
    script.receive(bytes.substr(50));
    EXPECT_EQ(told, (std::vector<std::string>{"value", "kid", "none", "/a: the znode has another version"}));
    EXPECT_EQ(script.session->status().pending, 0u);
}

TEST(SessionCalls, AReplyOutOfItsTurnEndsTheConnection) {
    Script script;
    script.open();
    script.use([](Client& client) {
        client.sync("/", {});
        client.sync("/", {});
    });
    script.reply(script.requests()[1].xid);
    EXPECT_EQ(script.hangUps, 1);
}

TEST(SessionCalls, ABodyThatIsCutShortIsAnError) {
    Script script;
    script.open();
    std::optional<Error> error;
    script.use(
        [&](Client& client) { client.getData("/a", {}, [&](Result<Data> data) { error = data.error(); }); });
    script.reply(script.requests()[0].xid, 1, "12");
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, make_error_code(Errc::Malformed));
    EXPECT_EQ(toErrorCode(*error), ErrorCode::SystemError);
}

TEST(SessionCalls, AclsAndSync) {
    Script script;
    script.open();
    std::optional<AclAndStat> got;
    std::optional<jute::Stat> set;
    bool synced = false;
    script.use([&](Client& client) {
        client.getAcl("/a", [&](Result<AclAndStat> result) { got = *result; });
        client.setAcl("/a", jute::openAcl(), 1, [&](Result<jute::Stat> result) { set = *result; });
        client.sync("/a", [&](Result<void> result) { synced = result.has_value(); });
    });
    const auto requests = script.requests();
    ASSERT_EQ(requests.size(), 3u);
    script.reply(requests[0].xid, 1, jute::encode(jute::GetAclResponse{jute::openAcl(), someStat()}));
    script.reply(requests[1].xid, 1, jute::encode(jute::StatResponse{someStat()}));
    script.reply(requests[2].xid, 1, jute::encode(jute::PathRecord{"/a"}));
    EXPECT_EQ(got->acl, jute::openAcl());
    EXPECT_EQ(set, someStat());
    EXPECT_TRUE(synced);
}

TEST(SessionCalls, MultiThatSucceeds) {
    Script script(testOptions("a:1/app"));
    script.open();
    std::vector<OpOutcome> outcomes;
    script.use([&](Client& client) {
        client.multi({CreateOp{"/a", "x", jute::openAcl(), CreateMode::Persistent}, SetDataOp{"/b", "y", 4},
                      CheckOp{"/c", 5}, DeleteOp{"/d", 6}},
                     [&](Result<std::vector<OpOutcome>> result) { outcomes = *result; });
    });
    const auto requests = script.requests();
    ASSERT_EQ(requests.size(), 1u);
    const auto ops = jute::decodeMulti(requests[0].body).value();
    ASSERT_EQ(ops.size(), 4u);
    EXPECT_EQ(jute::decode<jute::CreateRequest>(ops[0].body)->path, "/app/a");
    EXPECT_EQ(jute::decode<jute::SetDataRequest>(ops[1].body).value(),
              (jute::SetDataRequest{"/app/b", "y", 4}));
    EXPECT_EQ(jute::decode<jute::CheckVersionRequest>(ops[2].body).value(),
              (jute::CheckVersionRequest{"/app/c", 5}));
    EXPECT_EQ(jute::decode<jute::DeleteRequest>(ops[3].body).value(), (jute::DeleteRequest{"/app/d", 6}));
    std::string body =
        jute::encode(jute::MultiHeader{15, false, 0}) +
        jute::encode(jute::Create2Response{"/app/a", someStat()}) +
        jute::encode(jute::MultiHeader{5, false, 0}) + jute::encode(jute::StatResponse{someStat()}) +
        jute::encode(jute::MultiHeader{13, false, 0}) + jute::encode(jute::MultiHeader{2, false, 0}) +
        jute::encode(jute::MultiHeader{-1, true, -1});
    script.reply(requests[0].xid, 9, body);
    ASSERT_EQ(outcomes.size(), 4u);
    EXPECT_EQ(outcomes[0].path, "/a");
    EXPECT_EQ(outcomes[0].stat, someStat());
    EXPECT_EQ(outcomes[1].stat, someStat());
    for (const auto& outcome : outcomes)
        EXPECT_EQ(outcome.err, ErrorCode::Ok);
}

TEST(SessionCalls, MultiThatFailsTellsWhichOperationStoppedIt) {
    Script script;
    script.open();
    std::vector<OpOutcome> outcomes;
    std::optional<Error> broken;
    const std::vector<Op> ops = {DeleteOp{"/a"}, DeleteOp{"/b"}, DeleteOp{"/c"}};
    script.use([&](Client& client) {
        client.multi(ops, [&](Result<std::vector<OpOutcome>> result) { outcomes = *result; });
        client.multi(ops, [&](Result<std::vector<OpOutcome>> result) { broken = result.error(); });
    });
    const auto requests = script.requests();
    std::string body;
    for (const std::int32_t err : {0, -101, -2})
        body += jute::encode(jute::MultiHeader{-1, false, err}) + jute::encode(jute::ErrorResponse{err});
    const std::string end = jute::encode(jute::MultiHeader{-1, true, -1});
    script.reply(requests[0].xid, 9, body + end);
    ASSERT_EQ(outcomes.size(), 3u);
    EXPECT_EQ(outcomes[0].err, ErrorCode::Ok);
    EXPECT_EQ(outcomes[1].err, ErrorCode::NoNode);
    EXPECT_EQ(outcomes[2].err, ErrorCode::RuntimeInconsistency);
    script.reply(requests[1].xid, 9, end); // three were asked for, none is answered
    ASSERT_TRUE(broken);
    EXPECT_EQ(broken->code, make_error_code(Errc::Malformed));
}

TEST(SessionCalls, TheChrootGoesOnTheWireAndNotToTheUser) {
    Script script(testOptions("a:1/app"));
    script.open();
    std::vector<std::string> told;
    const auto create = [&](Client& client, std::string path) {
        client.create(std::move(path), {}, jute::openAcl(), CreateMode::Persistent,
                      [&](Result<Created> result) { told.push_back(result->path); });
    };
    script.use([&](Client& client) {
        create(client, "/x");
        create(client, "/");
        client.getData("/", {}, {});
        client.request(OpCode::GetEphemerals, jute::encode(jute::PathRecord{"/raw"}), {});
    });
    const auto requests = script.requests();
    ASSERT_EQ(requests.size(), 4u);
    EXPECT_EQ(jute::decode<jute::CreateRequest>(requests[0].body)->path, "/app/x");
    EXPECT_EQ(jute::decode<jute::CreateRequest>(requests[1].body)->path, "/app");
    EXPECT_EQ(jute::decode<jute::ReadRequest>(requests[2].body)->path, "/app");
    EXPECT_EQ(jute::decode<jute::PathRecord>(requests[3].body)->path, "/raw");
    script.reply(requests[0].xid, 1, jute::encode(jute::Create2Response{"/app/x", {}}));
    script.reply(requests[1].xid, 1, jute::encode(jute::Create2Response{"/app", {}}));
    EXPECT_EQ(told, (std::vector<std::string>{"/x", "/"}));
}

TEST(SessionCalls, ARawRequestGivesTheBodyOfTheAnswer) {
    Script script;
    script.open();
    std::string answer;
    script.use([&](Client& client) {
        client.request(OpCode::GetAllChildrenNumber, "body",
                       [&](Result<std::string> result) { answer = *result; });
    });
    const auto requests = script.requests();
    EXPECT_EQ(requests[0].op, OpCode::GetAllChildrenNumber);
    EXPECT_EQ(requests[0].body, "body");
    script.reply(requests[0].xid, 1, "1234");
    EXPECT_EQ(answer, "1234");
}

TEST(SessionCalls, MoreRequestsThanTheLimitAreRefused) {
    Script script;
    script.open();
    std::size_t throttled = 0;
    script.use([&](Client& client) {
        for (std::size_t turn = 0; turn < kPendingMax + 1; ++turn) {
            client.sync("/", [&](Result<void> result) {
                if (result.has_error() && toErrorCode(result.error()) == ErrorCode::ThrottledOp) ++throttled;
            });
        }
    });
    EXPECT_EQ(script.requests().size(), kPendingMax);
    script.lose();
    script.wake();
    EXPECT_EQ(throttled, 1u);
}

} // namespace zk::client
