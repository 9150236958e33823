// Connecting, pinging, losing the connection and coming back.
#include "client/hosts.h"
#include "script.h"

#include <set>

namespace zk::client {

using jute::ErrorCode;
using jute::OpCode;

TEST(SessionConnect, TheHandshakeAsksForANewSession) {
    Script script;
    script.start();
    ASSERT_EQ(script.dialled.size(), 1u);
    EXPECT_EQ(script.dialAt, script.now);
    script.connect();
    EXPECT_EQ(script.sent.size(), 4u + 45u);
    const auto hello = script.hello();
    EXPECT_EQ(hello.sessionId, 0);
    EXPECT_EQ(hello.timeoutMs, 30000);
    EXPECT_EQ(hello.password, std::string(16, '\0'));
    EXPECT_EQ(hello.readOnly, false);
    script.welcome(20s);
    const Status status = script.session->status();
    EXPECT_EQ(status.state, SessionState::Connected);
    EXPECT_EQ(status.session, 0x77);
    EXPECT_EQ(status.timeout, 20s);
    EXPECT_EQ(status.server, script.dialled[0]);
    EXPECT_EQ(script.states, std::vector{SessionState::Connected});
}

TEST(SessionConnect, TheHandshakeMayArriveByteByByte) {
    Script script;
    script.start();
    script.connect();
    jute::ConnectResponse response{0, 10000, 5, std::string(16, 'p'), std::nullopt};
    for (const char byte : Script::frame(encode(response))) {
        EXPECT_EQ(script.session->status().state, SessionState::Connecting);
        script.receive(std::string_view(&byte, 1));
    }
    EXPECT_EQ(script.session->status().state, SessionState::Connected);
}

TEST(SessionConnect, RequestsMadeBeforeTheConnectionWaitForIt) {
    Script script;
    script.start();
    bool answered = false;
    script.use([&](Client& client) { client.getData("/a", {}, [&](Result<Data>) { answered = true; }); });
    EXPECT_TRUE(script.sent.empty());
    script.connect();
    script.hello();
    script.welcome();
    const auto requests = script.requests();
    ASSERT_EQ(requests.size(), 1u);
    EXPECT_EQ(requests[0].op, OpCode::GetData);
    EXPECT_FALSE(answered);
    script.reply(requests[0].xid, 5, dataBody("x"));
    EXPECT_TRUE(answered);
}

TEST(SessionConnect, PingsAfterAThirdOfTheTimeout) {
    Script script;
    script.open();
    EXPECT_EQ(script.wakeAt, script.now + 10s);
    script.sleep();
    auto requests = script.requests();
    ASSERT_EQ(requests.size(), 1u);
    EXPECT_EQ(requests[0].xid, jute::kXidPing);
    EXPECT_EQ(requests[0].op, OpCode::Ping);
    script.now += 3ms;
    script.reply(jute::kXidPing, 42);
    EXPECT_EQ(script.session->status().roundTrip, Duration(3ms));
    EXPECT_EQ(script.session->status().lastZxid, Zxid(42));
    // A request is as good as a ping.
    script.now += 9s;
    script.use([](Client& client) { client.sync("/", {}); });
    EXPECT_EQ(script.wakeAt, script.now + 10s);
}

TEST(SessionConnect, SilenceForTwoThirdsOfTheTimeoutEndsTheConnection) {
    Script script;
    script.open();
    const Instant opened = script.now;
    script.sleep();
    EXPECT_EQ(script.session->status().state, SessionState::Connected);
    script.sleep();
    EXPECT_EQ(script.now, opened + 20s);
    EXPECT_EQ(script.session->status().state, SessionState::Connecting);
    EXPECT_EQ(script.hangUps, 1);
    EXPECT_EQ(script.dialled.size(), 2u);
    EXPECT_NE(script.session->status().lastError.find("silent for 20000 ms"), std::string::npos);
}

TEST(SessionConnect, AServerThatDoesNotAnswerIsGivenUp) {
    Script script;
    script.start();
    script.sleep(); // does not even take the connection
    EXPECT_EQ(script.now, Instant(1000s) + 10s);
    EXPECT_EQ(script.dialled.size(), 2u);
    script.connect();
    script.sleep(); // takes it and says nothing
    EXPECT_EQ(script.dialled.size(), 3u);
    EXPECT_EQ(script.hangUps, 2);
}

TEST(SessionConnect, ReconnectsToTheNextServerWithItsSession) {
    Script script;
    script.open();
    script.use([](Client& client) { client.sync("/", {}); });
    script.reply(script.requests()[0].xid, 0x900);
    script.now += 5s;
    script.lose();
    EXPECT_EQ(script.session->status().state, SessionState::Connecting);
    EXPECT_EQ(script.session->status().server, std::nullopt);
    ASSERT_EQ(script.dialled.size(), 2u);
    EXPECT_NE(script.dialled[0], script.dialled[1]);
    EXPECT_EQ(script.dialAt, script.now);
    script.connect();
    const auto hello = script.hello();
    EXPECT_EQ(hello.sessionId, 0x77);
    EXPECT_EQ(hello.password, std::string(16, 'p'));
    EXPECT_EQ(hello.lastZxidSeen, Zxid(0x900));
    script.welcome();
    EXPECT_EQ(script.states,
              (std::vector{SessionState::Connected, SessionState::Connecting, SessionState::Connected}));
}

TEST(SessionConnect, AWholeRoundOfRefusalsIsFollowedByAPauseThatGrows) {
    Script script;
    script.start();
    std::set<std::string> round;
    Duration longest{0};
    for (int attempt = 0; attempt < 60; ++attempt) {
        if (attempt < 3) round.insert(script.dialled.back().host);
        const Instant before = script.now;
        script.now = std::max(script.now, script.dialAt);
        longest = std::max<Duration>(longest, script.now - before);
        script.lose("connection refused");
    }
    EXPECT_EQ(round.size(), 3u);
    EXPECT_GE(longest, 2500ms);
    EXPECT_LE(longest, 5s);
    EXPECT_NE(script.session->status().lastError.find("connection refused"), std::string::npos);
}

TEST(SessionConnect, AServerThatHangsUpAtOnceIsNotHammered) {
    Script script(testOptions("only:1"));
    script.open();
    for (int turn = 0; turn < 6; ++turn) {
        script.lose();
        script.reopen();
    }
    script.lose();
    EXPECT_GE(script.dialAt - script.now, Duration(kFirstPause) / 2);
}

TEST(SessionConnect, RequestsInFlightFailAndThoseNotSentWait) {
    Script script;
    script.open();
    std::vector<std::string> told;
    const auto note = [&](const char* name) {
        return [&told, name](Result<jute::Stat> stat) {
            told.push_back(
                name + std::string(stat ? " ok" : " " + std::string(jute::name(toErrorCode(stat.error())))));
        };
    };
    script.use([&](Client& client) {
        client.setData("/a", "1", -1, note("first"));
        client.setData("/a", "2", -1, note("second"));
    });
    EXPECT_EQ(script.requests().size(), 2u);
    script.session->setData("/a", "3", -1, note("third")); // asked for, but not taken by the driver
    script.lose();
    EXPECT_EQ(told, (std::vector<std::string>{"first ConnectionLoss", "second ConnectionLoss"}));
    script.reopen();
    const auto requests = script.requests();
    ASSERT_EQ(requests.size(), 1u);
    script.reply(requests[0].xid, 9, jute::encode(jute::StatResponse{}));
    EXPECT_EQ(told.back(), "third ok");
}

TEST(SessionConnect, WhatIsNotTheProtocolEndsTheConnection) {
    const std::string garbage[] = {
        std::string("\xff\xff\xff\xff", 4),                         // a negative length
        Script::frame("short"),                                     // no reply header
        Script::replyBytes(99, 1, 0),                               // an answer that nobody asked for
        Script::replyBytes(jute::kXidAuth, 1, 0),                   // likewise
        Script::replyBytes(jute::kXidNotification, -1, 0, "event"), // no event
    };
    for (const std::string& bytes : garbage) {
        Script script;
        script.open();
        script.receive(bytes);
        EXPECT_EQ(script.hangUps, 1);
        EXPECT_EQ(script.session->status().state, SessionState::Connecting);
        EXPECT_FALSE(script.session->status().lastError.empty());
    }
    Script script;
    script.start();
    script.connect();
    script.receive(Script::frame("HTTP/1.1 400"));
    EXPECT_EQ(script.hangUps, 1);
}

TEST(SessionConnect, BytesThatComeAfterHangingUpAreNotRead) {
    Script script;
    script.open();
    int answers = 0;
    script.use([&](Client& client) { client.sync("/", [&](Result<void>) { ++answers; }); });
    const std::int32_t xid = script.requests()[0].xid;
    script.receive(Script::frame("short") + Script::replyBytes(xid, 1, 0));
    EXPECT_EQ(answers, 1); // the loss, and not the reply too
    EXPECT_EQ(script.session->status().lastZxid, Zxid(0));
}

TEST(SessionConnect, IdentitiesAreSentBeforeAnythingElseAndAgainAfterReconnecting) {
    Options options = testOptions();
    options.identities = {{"digest", "ann:secret"}};
    Script script(options);
    script.start();
    script.use([](Client& client) { client.sync("/", {}); });
    script.connect();
    script.hello();
    script.welcome();
    auto requests = script.requests();
    ASSERT_EQ(requests.size(), 2u);
    EXPECT_EQ(requests[0].xid, jute::kXidAuth);
    const auto packet = jute::decode<jute::AuthPacket>(requests[0].body).value();
    EXPECT_EQ(packet.scheme, "digest");
    EXPECT_EQ(packet.auth, "ann:secret");
    EXPECT_EQ(requests[1].op, OpCode::Sync);
    bool added = false;
    script.use([&](Client& client) {
        client.addAuth({"digest", "bob:b"}, [&](Result<void> result) { added = result.has_value(); });
    });
    ASSERT_EQ(script.requests().size(), 1u);
    script.lose(); // before the answer
    script.reopen();
    requests = script.requests();
    ASSERT_EQ(requests.size(), 2u);
    EXPECT_FALSE(added);
    script.reply(jute::kXidAuth, 0);
    EXPECT_FALSE(added);
    script.reply(jute::kXidAuth, 0);
    EXPECT_TRUE(added);
}

} // namespace zk::client
