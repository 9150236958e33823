// What a caller may take back or bound: requests that are given up, and replies that are too large.
#include "script.h"

namespace zk::client {

using jute::ErrorCode;
using jute::OpCode;

namespace {

const auto kCancelled = boost::system::errc::make_error_code(boost::system::errc::operation_canceled);
constexpr std::size_t kAroundData = 16 + 4 + 68; // of a getData's reply: header, length, stat

struct Told {
    std::vector<std::string> lines;
    template <class T>
    Callback<T> note(std::string name) {
        return [this, name](Result<T> result) {
            lines.push_back(name + (result                              ? " ok"
                                    : result.error().code == kCancelled ? " given up"
                                                                        : " " + result.error().message()));
        };
    }
};

} // namespace

TEST(SessionLimits, ARequestThatWasNotSentYetNeverIsOnceItIsGivenUp) {
    Script script;
    script.start();
    Told told;
    script.use([&](Client& client) {
        client.setData("/a", "1", -1, told.note<jute::Stat>("first"));
        const RequestNumber second =
            (client.remove("/b", -1, told.note<void>("second")), client.lastRequest());
        client.sync("/c", told.note<void>("third"));
        EXPECT_TRUE(client.cancel(second));
        EXPECT_FALSE(client.cancel(second)) << "once is enough";
        EXPECT_TRUE(told.lines.empty()) << "never from within the call";
    });
    EXPECT_EQ(told.lines, std::vector<std::string>{"second given up"}) << "ahead of its turn";
    script.reopen();
    const auto requests = script.requests();
    ASSERT_EQ(requests.size(), 2u);
    EXPECT_EQ(requests[0].op, OpCode::SetData);
    EXPECT_EQ(requests[1].op, OpCode::Sync);
    EXPECT_EQ(script.session->status().pending, 2u);
}

TEST(SessionLimits, TheAnswerToARequestThatWasGivenUpGoesNowhere) {
    Script script;
    script.open();
    Told told;
    int fired = 0;
    RequestNumber read = 0;
    script.use([&](Client& client) {
        client.getData(
            "/a", [&](const WatchEvent&) { ++fired; }, told.note<Data>("read"));
        read = client.lastRequest();
        client.sync("/", told.note<void>("sync"));
    });
    const auto requests = script.requests();
    script.use([&](Client& client) { EXPECT_TRUE(client.cancel(read)); });
    EXPECT_EQ(told.lines, std::vector<std::string>{"read given up"});
    script.reply(requests[0].xid, 1, dataBody("late"));
    script.reply(requests[1].xid);
    EXPECT_EQ(told.lines, (std::vector<std::string>{"read given up", "sync ok"}));
    script.receive(Script::eventBytes(jute::EventType::DataChanged, "/a"));
    EXPECT_EQ(fired, 0) << "its watch is nobody's";
    script.use([&](Client& client) {
        EXPECT_FALSE(client.cancel(read)) << "answered already";
        EXPECT_FALSE(client.cancel(0));
        EXPECT_FALSE(client.cancel(99));
    });
    EXPECT_EQ(script.hangUps, 0);
}

TEST(SessionLimits, WhatWasGivenUpIsToldOnceEvenIfTheSessionEnds) {
    Script script;
    script.open();
    Told told;
    script.use([&](Client& client) { client.sync("/", told.note<void>("sync")); });
    script.session->tick(script.now);
    EXPECT_TRUE(script.session->cancel(1));
    script.lose();
    script.connect();
    script.welcome(0ms, 0); // expired
    script.wake();
    EXPECT_EQ(told.lines, std::vector<std::string>{"sync given up"});
}

TEST(SessionLimits, AReplyThatIsTooLargeFailsItsRequestAndNothingElse) {
    Options options = testOptions("a:1/app");
    options.maxReplyBytes = 1000;
    for (const std::size_t piece : {std::size_t(7), std::size_t(100'000)}) {
        Script script(options);
        script.open();
        Told told;
        script.use([&](Client& client) {
            client.getData("/edge", {}, told.note<Data>("edge"));
            client.getData("/big", {}, told.note<Data>("big"));
            client.sync("/", told.note<void>("sync"));
        });
        const auto requests = script.requests();
        const std::string bytes =
            Script::replyBytes(requests[0].xid, 1, 0, dataBody(std::string(1000 - kAroundData, 'x'))) +
            Script::replyBytes(requests[1].xid, 1, 0, dataBody(std::string(1001 - kAroundData, 'x'))) +
            Script::replyBytes(requests[2].xid, 1, 0);
        for (std::size_t at = 0; at < bytes.size(); at += piece)
            script.receive(std::string_view(bytes).substr(at, piece));
        EXPECT_EQ(told.lines, (std::vector<std::string>{
                                  "edge ok",
                                  "big /big: the reply has 1001 bytes, and the limit is 1000: raise the "
                                  "limit, or ask for less at once",
                                  "sync ok"}));
        EXPECT_EQ(script.hangUps, 0);
        EXPECT_EQ(script.session->status().state, SessionState::Connected);

        script.use([&](Client& client) {
            client.setMaxReplyBytes(1001);
            client.getData("/big", {}, told.note<Data>("again"));
        });
        script.reply(script.requests()[0].xid, 1, dataBody(std::string(1001 - kAroundData, 'x')));
        EXPECT_EQ(told.lines.back(), "again ok");
    }
}

TEST(SessionLimits, AFrameOfThatSizeThatAnswersNothingEndsTheConnection) {
    Options options = testOptions("a:1");
    options.maxReplyBytes = 1000;
    Script script(options);
    script.open();
    script.use([](Client& client) { client.sync("/", {}); });
    script.receive(Script::replyBytes(jute::kXidNotification, -1, 0, std::string(2000, 'x')));
    EXPECT_EQ(script.hangUps, 1);
    EXPECT_NE(script.session->status().lastError.find("2016 bytes"), std::string::npos);
    script.reopen();
    script.receive(Script::frame("tiny")); // not even a header
    EXPECT_EQ(script.hangUps, 2);
}

TEST(SessionLimits, ALossInTheMiddleOfALargeReplyLeavesNothingBehind) {
    Options options = testOptions("a:1,b:2");
    options.maxReplyBytes = 1000;
    Script script(options);
    script.open();
    Told told;
    script.use([&](Client& client) { client.getData("/big", {}, told.note<Data>("big")); });
    const std::string bytes = Script::replyBytes(script.requests()[0].xid, 1, 0, std::string(5000, 'x'));
    script.receive(std::string_view(bytes).substr(0, 300));
    EXPECT_EQ(told.lines.size(), 1u) << "its header is enough to tell";
    script.lose();
    script.reopen();
    script.use([&](Client& client) { client.sync("/", told.note<void>("sync")); });
    script.reply(script.requests()[0].xid);
    EXPECT_EQ(told.lines.back(), "sync ok");
}

TEST(SessionLimits, SubscribersHearOfTheSessionAsLongAsTheyStay) {
    Script script;
    std::vector<SessionState> first, second;
    Subscription one =
        script.session->subscribe([&](const Status& status) { first.push_back(status.state); });
    Subscription other;
    other = script.session->subscribe([&](const Status& status) {
        second.push_back(status.state);
        other.reset(); // from within its own call
    });
    script.open();
    script.lose();
    EXPECT_EQ(first, (std::vector{SessionState::Connected, SessionState::Connecting}));
    EXPECT_EQ(second, std::vector{SessionState::Connected});
    one.reset();
    script.reopen();
    EXPECT_EQ(first.size(), 2u);
    const Subscription last = script.session->subscribe([&](const Status&) { script.session.reset(); });
    script.session->disconnected(script.now, "refused");
    EXPECT_EQ(script.session, nullptr);
}

} // namespace zk::client
