// A session on real sockets that is given up before a server has answered it.
#include "fixture.h"

#include "net/transport.h"

namespace zk::net {

namespace {

Instant instant() { return Instant(std::chrono::steady_clock::now().time_since_epoch()); }

// A port that takes connections and says nothing, and a session that waits for it.
struct Waiting {
    Waiting() {
        auto opened = Listener::open(loop, "127.0.0.1", 0, 10, "a silent port");
        EXPECT_TRUE(opened);
        listener = std::move(*opened);
        listener->accept([this](std::unique_ptr<Stream> stream) { accepted.push_back(std::move(stream)); }, {});
        transport = std::make_unique<Transport>(
            loop, optionsFor({listener->port()}), [this](const client::Status& status) { states.push_back(status.state); });
    }
    bool until(const std::function<bool()>& isSo) {
        const Instant end = instant() + 10s;
        while (!isSo() && instant() < end) loop.turn(end);
        return isSo();
    }

    Loop loop;
    std::unique_ptr<Listener> listener;
    std::vector<std::unique_ptr<Stream>> accepted;
    std::vector<client::SessionState> states;
    std::unique_ptr<Transport> transport;
};

} // namespace

TEST(Transport, ClosingASessionThatHasNoServerYetWaitsForNobody) {
    for (const bool connected : {false, true}) {
        Waiting room;
        if (connected) ASSERT_TRUE(room.until([&] { return !room.accepted.empty(); }));
        std::vector<jute::ErrorCode> told;
        room.transport->use([&](client::Client& client) {
            client.sync("/", [&](const Result<void>& done) { told.push_back(client::toErrorCode(done.error())); });
        });
        bool closed = false;
        const Instant began = instant();
        room.transport->close(30s, [&] { closed = true; });
        EXPECT_TRUE(room.until([&] { return closed; }));
        EXPECT_LT(instant() - began, Duration(5s));
        EXPECT_EQ(told, std::vector{jute::ErrorCode::ConnectionLoss}) << "what waited for a server is told";
        EXPECT_EQ(room.states, std::vector{client::SessionState::Closed});
    }
}

TEST(Transport, DestroyingItWhileItDialsCallsNothingBack) {
    Waiting room;
    bool told = false;
    room.transport->use([&](client::Client& client) { client.sync("/", [&](const Result<void>&) { told = true; }); });
    room.transport.reset();
    for (int turn = 0; turn < 5; ++turn) room.loop.turn(instant() + 1ms);
    EXPECT_FALSE(told);
    EXPECT_TRUE(room.states.empty());
}

TEST(Transport, ARequestIsGivenUpWhileThereIsNoServer) {
    Waiting room;
    std::optional<Error> error;
    room.transport->use([&](client::Client& client) {
        client.sync("/", [&](const Result<void>& done) { error = done.error(); });
        EXPECT_TRUE(client.cancel(client.lastRequest()));
    });
    EXPECT_TRUE(room.until([&] { return error.has_value(); }));
    EXPECT_EQ(error->code, boost::system::errc::make_error_code(boost::system::errc::operation_canceled));
    EXPECT_TRUE(room.states.empty());
}

TEST(Transport, ADialerLeavesAConnectionThatIsBeingMadeAtOnce) {
    Waiting room;
    const auto began = std::chrono::steady_clock::now();
    {
        const auto dialer = makeDialer();
        auto connection = dialer->dial(optionsFor({room.listener->port()}), {});
        connection.reset();
    }
    EXPECT_LT(std::chrono::steady_clock::now() - began, 900ms) << "no patience is spent on it";
}

} // namespace zk::net
