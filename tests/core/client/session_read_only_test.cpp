// Servers without a quorum: who accepts one, and how it gets to a server that takes writes.
#include "client/session_machine.h"
#include "script.h"

namespace zk::client {

Options reader() {
    Options options = testOptions();
    options.acceptReadOnly = true;
    return options;
}

TEST(SessionReadOnly, TheHandshakeSaysWhetherSuchAServerWillDo) {
    Script script(reader());
    script.start();
    script.connect();
    EXPECT_EQ(script.hello().readOnly, true);
    script.welcome(30s, 0x77, true);
    EXPECT_TRUE(script.session->status().readOnlyServer);
    EXPECT_EQ(script.session->status().state, SessionState::Connected);
}

TEST(SessionReadOnly, ItAsksTheOthersLessAndLessOftenWhetherTheyTakeWrites) {
    Script script(reader());
    script.start();
    script.connect();
    script.welcome(30s, 0x77, true);
    std::vector<Duration> pauses;
    Instant last = script.now;
    while (pauses.size() < 12) {
        const std::size_t before = script.sounded.size();
        script.sleep();
        script.receive(Script::replyBytes(jute::kXidPing, 1, 0)); // it lives
        if (script.sounded.size() == before) continue;
        pauses.push_back(script.now - last);
        last = script.now;
        script.session->sounded(script.now, script.sounded.back(), false);
        script.take();
    }
    EXPECT_EQ(pauses[0], kFirstSounding);
    EXPECT_EQ(pauses[1], 2 * kFirstSounding);
    EXPECT_EQ(pauses[2], 4 * kFirstSounding);
    EXPECT_EQ(pauses[11], kLongestSounding);
    EXPECT_EQ(script.sounded[0], script.sounded[3]) << "in turn";
    EXPECT_NE(script.sounded[0], script.sounded[1]);
    EXPECT_EQ(script.hangUps, 0);
}

TEST(SessionReadOnly, ItGoesToTheOneThatDoesWithANewSession) {
    Script script(reader());
    script.start();
    script.connect();
    script.hello();
    script.welcome(30s, 0x77, true);
    script.sleep();
    ASSERT_EQ(script.sounded.size(), 1u);
    script.session->sounded(script.now, script.sounded[0], true);
    script.take();
    EXPECT_EQ(script.hangUps, 1);
    EXPECT_EQ(script.dialled.back(), script.sounded[0]);
    EXPECT_EQ(script.dialAt, script.now);
    script.connect();
    const auto hello = script.hello();
    EXPECT_EQ(hello.sessionId, 0) << "the other server's session is known to nobody else";
    EXPECT_EQ(hello.password, std::string(16, '\0'));
    script.welcome(30s, 0x99);
    EXPECT_FALSE(script.session->status().readOnlyServer);
    EXPECT_EQ(script.session->status().session, 0x99);
    const std::size_t asked = script.sounded.size();
    script.sleep();
    EXPECT_EQ(script.sounded.size(), asked) << "no more searching";
}

TEST(SessionReadOnly, ASessionOfTheEnsembleIsNotGivenUp) {
    Script script(reader());
    script.open();
    script.lose();
    script.connect();
    EXPECT_EQ(script.hello().sessionId, 0x77);
    script.welcome(30s, 0x77, true);
    script.sleep();
    script.session->sounded(script.now, script.sounded[0], true);
    script.take();
    script.connect();
    EXPECT_EQ(script.hello().sessionId, 0x77);
}

TEST(SessionReadOnly, AWriteIsRefusedByTheServerAndSaysSo) {
    Script script(reader());
    script.start();
    script.connect();
    script.hello();
    script.welcome(30s, 0x77, true);
    std::string error;
    script.use([&](Client& client) {
        client.setData("/a", "x", -1, [&](Result<jute::Stat> stat) { error = stat.error().message(); });
    });
    script.refuse(script.requests().at(0).xid, jute::ErrorCode::NotReadOnly);
    EXPECT_NE(error.find("/a: "), std::string::npos) << error;
    EXPECT_EQ(script.session->status().state, SessionState::Connected);
}

} // namespace zk::client
