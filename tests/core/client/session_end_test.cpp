// How a session ends: expired, refused, closed, destroyed.
#include "client/session_machine.h"
#include "script.h"

namespace zk::client {

using jute::ErrorCode;
using jute::OpCode;

namespace {

template <class T>
Callback<T> noteCode(std::vector<ErrorCode>& codes) {
    return
        [&codes](Result<T> result) { codes.push_back(result ? ErrorCode::Ok : toErrorCode(result.error())); };
}

} // namespace

TEST(SessionEnd, AnExpiredSessionFailsWhatWaitsAndWhatComes) {
    Script script;
    script.open();
    script.lose();
    std::vector<ErrorCode> codes;
    script.use([&](Client& client) { client.sync("/", noteCode<void>(codes)); });
    script.connect();
    script.welcome(0ms, 0);
    EXPECT_EQ(script.session->status().state, SessionState::Expired);
    EXPECT_EQ(codes, std::vector{ErrorCode::SessionExpired});
    EXPECT_EQ(script.hangUps, 2);
    EXPECT_EQ(script.wakeAt, kNever);
    script.use([&](Client& client) { client.getData("/", {}, noteCode<Data>(codes)); });
    EXPECT_EQ(codes.size(), 2u);
    EXPECT_EQ(codes.back(), ErrorCode::SessionExpired);
    EXPECT_TRUE(script.sent.empty());
    bool closed = false;
    script.use([&](Client& client) { client.close([&] { closed = true; }); });
    EXPECT_TRUE(closed);
}

TEST(SessionEnd, ARefusedIdentityIsFinal) {
    Script script;
    script.open();
    std::vector<ErrorCode> codes;
    script.use([&](Client& client) {
        client.sync("/", noteCode<void>(codes));
        client.addAuth({"nonsense", "x"}, noteCode<void>(codes));
    });
    const auto requests = script.requests();
    ASSERT_EQ(requests.size(), 2u);
    EXPECT_EQ(requests[0].op, OpCode::Sync);
    EXPECT_EQ(requests[1].op, OpCode::Auth);
    script.refuse(jute::kXidAuth, ErrorCode::AuthFailed);
    EXPECT_EQ(codes, (std::vector{ErrorCode::AuthFailed, ErrorCode::AuthFailed}));
    EXPECT_EQ(script.session->status().state, SessionState::AuthFailed);
    EXPECT_EQ(script.hangUps, 1);
    EXPECT_NE(script.session->status().lastError.find("nonsense"), std::string::npos);
    script.use([&](Client& client) { client.addAuth({"digest", "a:b"}, noteCode<void>(codes)); });
    EXPECT_EQ(codes.back(), ErrorCode::AuthFailed);
}

TEST(SessionEnd, CloseWaitsForTheRequestsBeforeItAndForTheAnswer) {
    Script script;
    script.open();
    std::vector<std::string> told;
    script.use([&](Client& client) {
        client.sync("/", [&](Result<void> result) { told.push_back(result ? "synced" : "lost"); });
        client.close([&] { told.push_back("closed"); });
        client.close([&] { told.push_back("closed too"); });
        client.sync("/", [&](Result<void> result) { told.push_back(result ? "?" : "refused"); });
    });
    const auto requests = script.requests();
    ASSERT_EQ(requests.size(), 2u);
    EXPECT_EQ(requests[1].op, OpCode::CloseSession);
    script.reply(requests[0].xid);
    EXPECT_EQ(told, std::vector<std::string>{"synced"});
    script.reply(requests[1].xid);
    EXPECT_EQ(told, (std::vector<std::string>{"synced", "refused", "closed", "closed too"}));
    EXPECT_EQ(script.session->status().state, SessionState::Closed);
    EXPECT_EQ(script.hangUps, 1);
    EXPECT_EQ(script.dialled.size(), 1u);
}

TEST(SessionEnd, CloseDoesNotWaitForAServerForEver) {
    Script script;
    script.open();
    bool closed = false;
    script.use([&](Client& client) { client.close([&] { closed = true; }); });
    EXPECT_EQ(script.wakeAt, script.now + kCloseWait);
    script.sleep();
    EXPECT_TRUE(closed);
    EXPECT_EQ(script.session->status().state, SessionState::Closed);
}

TEST(SessionEnd, CloseEndsWithTheConnection) {
    Script script;
    script.open();
    bool closed = false;
    script.use([&](Client& client) { client.close([&] { closed = true; }); });
    script.lose();
    EXPECT_TRUE(closed);
    EXPECT_EQ(script.dialled.size(), 1u);
}

TEST(SessionEnd, CloseWithoutAConnectionIsAnsweredAtOnceButNotWithinTheCall) {
    Script script;
    script.start();
    bool closed = false;
    std::vector<ErrorCode> codes;
    script.session->tick(script.now);
    script.session->sync("/", noteCode<void>(codes));
    script.session->close([&] { closed = true; });
    EXPECT_FALSE(closed);
    script.take();
    EXPECT_LE(script.wakeAt, script.now);
    script.wake();
    EXPECT_TRUE(closed);
    EXPECT_EQ(codes, std::vector{ErrorCode::ConnectionLoss});
    EXPECT_EQ(script.hangUps, 1);
}

TEST(SessionEnd, DestroyingCallsNothingBack) {
    bool called = false;
    Script script;
    script.open();
    script.use([&](Client& client) { client.sync("/", [&](Result<void>) { called = true; }); });
    script.session.reset();
    EXPECT_FALSE(called);
}

TEST(SessionEnd, AnyCallbackMayDestroyTheClient) {
    { // of a reply, with another behind it in the same bytes
        Script script;
        script.open();
        int calls = 0;
        script.use([&](Client& client) {
            client.sync("/", [&](Result<void>) {
                ++calls;
                script.session.reset();
            });
            client.sync("/", [&](Result<void>) { ++calls; });
        });
        const auto requests = script.requests();
        script.session->received(script.now, Script::replyBytes(requests[0].xid, 1, 0) +
                                                 Script::replyBytes(requests[1].xid, 1, 0));
        EXPECT_EQ(calls, 1);
    }
    { // of a lost request
        Script script;
        script.open();
        int calls = 0;
        script.use([&](Client& client) {
            for (int turn = 0; turn < 2; ++turn) {
                client.sync("/", [&](Result<void>) {
                    ++calls;
                    script.session.reset();
                });
            }
        });
        script.session->disconnected(script.now, "reset");
        EXPECT_EQ(calls, 1);
    }
    { // of a watch
        Script script;
        script.open();
        int calls = 0;
        const Watcher watcher = [&](const WatchEvent&) {
            ++calls;
            script.session.reset();
        };
        script.use([&](Client& client) {
            client.getData("/a", watcher, {});
            client.getData("/a", watcher, {});
        });
        for (const Request& request : script.requests())
            script.reply(request.xid, 1, dataBody(""));
        script.session->received(script.now, Script::eventBytes(jute::EventType::DataChanged, "/a"));
        EXPECT_EQ(calls, 1);
    }
    { // of the status
        Script script;
        script.start();
        script.session->onStatus([&](const Status&) { script.session.reset(); });
        script.session->disconnected(script.now, "refused");
        EXPECT_EQ(script.session, nullptr);
    }
}

TEST(SessionEnd, ACallbackMayCallAgain) {
    Script script;
    script.open();
    int answers = 0;
    script.use([&](Client& client) {
        client.sync("/", [&](Result<void>) { client.sync("/", [&](Result<void>) { ++answers; }); });
    });
    script.reply(script.requests()[0].xid);
    const auto second = script.requests();
    ASSERT_EQ(second.size(), 1u);
    script.reply(second[0].xid);
    EXPECT_EQ(answers, 1);
}

TEST(SessionEnd, WhatTheSessionSaysItselfIsNoRawRequest) {
    Script script;
    script.open();
    std::vector<ErrorCode> codes;
    script.use([&](Client& client) {
        for (const OpCode op :
             {OpCode::Ping, OpCode::Auth, OpCode::SetWatches, OpCode::SetWatches2, OpCode::CloseSession,
              OpCode::CreateSession, OpCode::Notification, OpCode::Error})
            client.request(op, "", noteCode<std::string>(codes));
    });
    EXPECT_EQ(codes, std::vector(8, ErrorCode::BadArguments));
    EXPECT_TRUE(script.sent.empty());
}

} // namespace zk::client
