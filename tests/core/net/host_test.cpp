#include "fixture.h"

#include "base/assert.h"
#include "storage/memory_disk.h"

#include <unistd.h>

#include <fstream>

namespace zk::net {
namespace {

using trace::Kind;
using trace::ServerState;

config::ServerConfig standalone(const Directory& directory) {
    config::ServerConfig config;
    config.dataDir = directory / "data";
    config.client = {"127.0.0.1", 0};
    config.preallocateKilobytes = 64;
    config.tickTime = 500ms;
    return config;
}

struct Server {
    explicit Server(config::ServerConfig with) : config(std::move(with)) {}
    std::string start() {
        return outcome([&](auto done) { host.start(config, done); });
    }
    std::string stop() {
        return outcome([&](auto done) { host.stop(done); });
    }
    std::string kill() {
        return outcome([&](auto done) { host.kill(done); });
    }
    std::uint16_t port() { return host.view().clientPort; }

    config::ServerConfig config;
    Record record;
    Host host{1, record};
};

TEST(Host, ServesAClient) {
    Directory directory;
    Server server(standalone(directory));
    ASSERT_EQ(server.start(), "");
    EXPECT_EQ(server.host.view().state, ServerState::Standalone);
    EXPECT_NE(server.port(), 0);

    BlockingSession session(optionsFor({server.port()}));
    const auto made = create(session, "/a", "one");
    ASSERT_TRUE(made.has_value()) << made.error().message();
    EXPECT_EQ(made->path, "/a");
    EXPECT_EQ(get(session, "/a")->bytes, "one");
    EXPECT_EQ(client::toErrorCode(get(session, "/none").error()), jute::ErrorCode::NoNode);
    EXPECT_EQ(session.status().state, client::SessionState::Connected);
}

TEST(Host, KeepsItsDataOverStopAndStart) {
    Directory directory;
    Server server(standalone(directory));
    ASSERT_EQ(server.start(), "");
    {
        BlockingSession session(optionsFor({server.port()}));
        for (int index = 0; index < 50; ++index)
            ASSERT_TRUE(create(session, "/n" + std::to_string(index), "x").has_value());
    }
    EXPECT_EQ(server.stop(), "");
    EXPECT_EQ(server.host.view().state, ServerState::Stopped);
    EXPECT_TRUE(server.record.has([](const trace::Event& event) {
        return event.what() == Kind::StateChanged && event.serverState() == ServerState::Stopped;
    }));
    ASSERT_EQ(server.start(), "");
    BlockingSession session(optionsFor({server.port()}));
    EXPECT_EQ(get(session, "/n49")->bytes, "x");
}

TEST(Host, WhatWasAcknowledgedOutlivesAKill) {
    Directory directory;
    Server server(standalone(directory));
    for (int round = 0; round < 5; ++round) {
        ASSERT_EQ(server.start(), "");
        BlockingSession session(optionsFor({server.port()}));
        for (int index = 0; index < 20; ++index)
            ASSERT_TRUE(create(session, "/r" + std::to_string(round) + "-" + std::to_string(index), "x").has_value());
        // More, which nobody waits for, is under way when the server dies.
        session.use([&](client::Client& client) {
            for (int index = 20; index < 400; ++index)
                client.create("/r" + std::to_string(round) + "-" + std::to_string(index), "x", jute::openAcl(),
                              jute::CreateMode::Persistent, [](const auto&) {});
        });
        ASSERT_EQ(server.kill(), "");
        EXPECT_EQ(server.host.view().state, ServerState::Crashed);
    }
    ASSERT_EQ(server.start(), "");
    BlockingSession session(optionsFor({server.port()}));
    for (int round = 0; round < 5; ++round)
        for (int index = 0; index < 20; ++index)
            EXPECT_TRUE(get(session, "/r" + std::to_string(round) + "-" + std::to_string(index)).has_value());
}

TEST(Host, TheClientFindsItsServerAgain) {
    Directory directory;
    Server server(standalone(directory));
    ASSERT_EQ(server.start(), "");
    server.config.client.port = server.port();
    BlockingSession session(optionsFor({server.port()}));
    ASSERT_TRUE(create(session, "/mine", "", jute::CreateMode::Ephemeral).has_value());
    const SessionId before = session.status().session;
    ASSERT_EQ(server.stop(), "");
    ASSERT_EQ(server.start(), "");
    // A request that was under way when the connection broke has failed; the session goes on.
    EXPECT_TRUE(eventually([&] { return get(session, "/mine").has_value(); }));
    EXPECT_EQ(session.status().session, before);
}

TEST(Host, EphemeralsGoWithTheirSession) {
    Directory directory;
    Server server(standalone(directory));
    ASSERT_EQ(server.start(), "");
    BlockingSession watching(optionsFor({server.port()}));
    bool fired = false;
    {
        BlockingSession session(optionsFor({server.port()}));
        ASSERT_TRUE(create(session, "/e", "", jute::CreateMode::Ephemeral).has_value());
        ASSERT_TRUE(watching
                        .ask<std::optional<jute::Stat>>(
                            [&](client::Client& client, auto done) {
                                client.exists("/e", [&](const client::WatchEvent& event) {
                                    fired = event.type == jute::EventType::Deleted;
                                }, std::move(done));
                            },
                            10s)
                        .has_value());
    }
    EXPECT_TRUE(watching.runUntil([&] { return fired; }, 10s));
}

TEST(Host, APausedServerAnswersNobodyUntilItIsResumed) {
    Directory directory;
    Server server(standalone(directory));
    ASSERT_EQ(server.start(), "");
    BlockingSession session(optionsFor({server.port()}));
    ASSERT_TRUE(create(session, "/a", "one").has_value());
    ASSERT_EQ(outcome([&](auto done) { server.host.pause(done); }), "");
    EXPECT_EQ(server.host.view().state, ServerState::Paused);
    EXPECT_FALSE(session.ask<client::Data>([](client::Client& client, auto done) { client.getData("/a", {}, std::move(done)); }, 100ms)
                     .has_value());
    ASSERT_EQ(outcome([&](auto done) { server.host.resume(done); }), "");
    EXPECT_EQ(server.host.view().state, ServerState::Standalone);
    EXPECT_EQ(get(session, "/a")->bytes, "one");
    EXPECT_NE(outcome([&](auto done) { server.host.resume(done); }), "");
}

TEST(Host, APausedServerCanBeKilledAndStopped) {
    Directory directory;
    Server server(standalone(directory));
    for (int round = 0; round < 2; ++round) {
        ASSERT_EQ(server.start(), "");
        ASSERT_EQ(outcome([&](auto done) { server.host.pause(done); }), "");
        EXPECT_EQ(round == 0 ? server.kill() : server.stop(), "");
        EXPECT_EQ(server.host.view().state, round == 0 ? ServerState::Crashed : ServerState::Stopped);
    }
}

TEST(Host, APortInUseIsASentence) {
    Directory directory;
    Server first(standalone(directory));
    ASSERT_EQ(first.start(), "");
    Directory other;
    Server second(standalone(other));
    second.config.client.port = first.port();
    const std::string problem = second.start();
    EXPECT_NE(problem.find("client port"), std::string::npos) << problem;
    EXPECT_NE(problem.find(std::to_string(first.port())), std::string::npos) << problem;
    EXPECT_NE(problem.find("in use by net_test (process "), std::string::npos) << problem;
    EXPECT_EQ(second.host.view().problem, problem);
    EXPECT_EQ(second.host.view().state, ServerState::Stopped);
}

TEST(Host, ADirectoryThatAnotherServerHasIsASentence) {
    Directory directory;
    Server first(standalone(directory)), second(standalone(directory));
    ASSERT_EQ(first.start(), "");
    EXPECT_NE(second.start().find(directory / "data"), std::string::npos);
    ASSERT_EQ(first.stop(), "");
    EXPECT_EQ(second.start(), "");
}

TEST(Host, ADirectoryThatCannotBeWrittenIsASentence) {
    Directory directory;
    std::ofstream(directory / "data") << "a file stands in the way";
    Server server(standalone(directory));
    const std::string problem = server.start();
    EXPECT_NE(problem.find(directory / "data"), std::string::npos) << problem;
}

TEST(Host, GarbageClosesTheConnectionAndTheServerServesOn) {
    Directory directory;
    Server server(standalone(directory));
    ASSERT_EQ(server.start(), "");
    BlockingSession session(optionsFor({server.port()}));
    ASSERT_TRUE(create(session, "/a", "one").has_value());

    for (const std::string& garbage : {std::string("\x7f\xff\xff\xff", 4), std::string("\xff\xff\xff\xfe", 4),
                                       std::string("GET / HTTP/1.1\r\n\r\n"), std::string("\0\0\0\x08garbage!", 12),
                                       std::string("\0\0\0\0", 4)}) {
        Raw raw(server.port());
        raw.send(garbage);
        EXPECT_TRUE(raw.closed());
    }
    {
        Raw half(server.port()); // half a frame, and away
        half.send(std::string("\0\0\0\x2dhalf", 8));
    }
    EXPECT_EQ(get(session, "/a")->bytes, "one");
    EXPECT_TRUE(server.record.has([](const trace::Event& event) { return event.what() == Kind::Log && event.state == 1; }));
}

TEST(Host, AnswersAWordInPieces) {
    Directory directory;
    Server server(standalone(directory));
    server.config.whitelist = {"*"};
    ASSERT_EQ(server.start(), "");
    Raw raw(server.port());
    raw.send("ru");
    raw.send("ok");
    EXPECT_EQ(raw.readAll(), "imok");
}

TEST(Host, ManyPipelinedRequestsAreAnsweredInOrder) {
    Directory directory;
    Server server(standalone(directory));
    ASSERT_EQ(server.start(), "");
    BlockingSession session(optionsFor({server.port()}));
    ASSERT_TRUE(create(session, "/big", std::string(100'000, 'x')).has_value());
    int answered = 0;
    session.use([&](client::Client& client) { // 20 MB of answers: more than a connection may have waiting
        for (int index = 0; index < 200; ++index)
            client.getData("/big", {}, [&answered, index](const Result<client::Data>& data) {
                if (data && data->bytes && data->bytes->size() == 100'000 && answered == index) ++answered;
            });
    });
    EXPECT_TRUE(session.runUntil([&] { return answered == 200; }, 20s)) << answered;
}

TEST(Host, AFailingDiskTakesDownItsServerOnly) {
    Directory directory, other;
    Server healthy(standalone(other));
    ASSERT_EQ(healthy.start(), "");
    Record record;
    Host host(1, record, {}, [] {
        auto disk = std::make_unique<storage::MemoryDisk>();
        disk->failAt(100, storage::Fault::Fail);
        return disk;
    });
    ASSERT_EQ(outcome([&](auto done) { host.start(standalone(directory), done); }), "");
    {
        BlockingSession session(optionsFor({host.view().clientPort}));
        int made = 0;
        while (made < 200 && create(session, "/n" + std::to_string(made), "x").has_value()) ++made;
        EXPECT_GT(made, 0);
        EXPECT_LT(made, 200);
    }
    EXPECT_TRUE(eventually([&] { return host.view().state == ServerState::Crashed; }));
    EXPECT_NE(host.view().problem.find("disk"), std::string::npos) << host.view().problem;
    EXPECT_TRUE(record.has([](const trace::Event& event) {
        return event.what() == Kind::StateChanged && event.serverState() == ServerState::Crashed;
    }));
    BlockingSession session(optionsFor({healthy.port()}));
    EXPECT_TRUE(create(session, "/a", "").has_value());
    EXPECT_EQ(outcome([&](auto done) { host.start(standalone(directory), done); }), ""); // and it can be started again
}

// Breaks a promise inside the server when a session opens.
class Breaking : public Record {
  public:
    void event(const trace::Event& event) override {
        Record::event(event);
        if (event.what() == Kind::SessionOpened && breaks.exchange(false)) brokenPromise("the test", "here", 1);
    }
    std::atomic<bool> breaks = true;
};

TEST(Host, ABrokenPromiseTakesDownItsServerOnly) {
    Directory directory;
    Breaking record;
    Host host(1, record);
    auto config = standalone(directory);
    ASSERT_EQ(outcome([&](auto done) { host.start(config, done); }), "");
    config.client.port = host.view().clientPort;
    BlockingSession session(optionsFor({config.client.port}));
    session.runUntil([&] { return host.view().state == ServerState::Crashed; }, 10s);
    EXPECT_EQ(host.view().state, ServerState::Crashed);
    EXPECT_NE(host.view().problem.find("the test"), std::string::npos) << host.view().problem;
    ASSERT_EQ(outcome([&](auto done) { host.start(config, done); }), "");
    EXPECT_TRUE(eventually([&] { return create(session, "/a", "").has_value(); }));
}

TEST(Host, GoesOnWhenFileHandlesHaveRunOut) {
    Directory directory;
    Server server(standalone(directory));
    ASSERT_EQ(server.start(), "");
    Raw early(server.port());
    std::vector<int> handles;
    for (int handle = ::dup(0); handle >= 0; handle = ::dup(0)) handles.push_back(handle);
    const auto free = [&](std::size_t count) {
        for (; count > 0 && !handles.empty(); --count, handles.pop_back()) ::close(handles.back());
    };
    free(4); // enough for the test's own side of one connection
    Raw late(server.port());
    EXPECT_TRUE(eventually([&] { return server.record.says(Kind::Log, "could not be accepted"); }));
    free(handles.size());
    late.send("ruok");
    early.send("ruok");
    EXPECT_TRUE(late.closed());
    EXPECT_TRUE(early.closed());
}

TEST(Host, StatusComesFromTheServerItself) {
    Directory directory;
    Server server(standalone(directory));
    const auto ask = [&] {
        std::promise<std::optional<admin::NodeStatus>> promise;
        server.host.status([&](std::optional<admin::NodeStatus> status) { promise.set_value(std::move(status)); });
        return promise.get_future().get();
    };
    EXPECT_FALSE(ask().has_value());
    ASSERT_EQ(server.start(), "");
    const admin::NodeStatus status = *ask();
    EXPECT_EQ(status.state, ServerState::Standalone);
    EXPECT_GT(status.openFiles, 3);
    EXPECT_GT(status.maxFiles, status.openFiles);
}

// The lines that Apache's servers print too, but for those of its JVM (java.*) and for zookeeper.version's text.
TEST(Host, EnviTellsTheMachineAndTheUser) {
    Directory directory;
    Server server(standalone(directory));
    server.config.whitelist = {"*"};
    ASSERT_EQ(server.start(), "");
    Raw raw(server.port());
    raw.send("envi");
    const std::string told = raw.readAll();
    std::ifstream apaches(std::string(VIV_TESTS_DIR) + "/vectors/words/standalone.envi");
    ASSERT_TRUE(apaches.is_open());
    int keys = 0;
    for (std::string line; std::getline(apaches, line);) {
        const std::string key = line.substr(0, line.find('=') + 1);
        if (key.empty() || key.starts_with("java.")) continue;
        ++keys;
        EXPECT_NE(told.find("\n" + key), std::string::npos) << key;
    }
    EXPECT_GT(keys, 8);
}

} // namespace
} // namespace zk::net
