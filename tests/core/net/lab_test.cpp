#include "fixture.h"

#include "net/lab.h"
#include "net/quit.h"
#include "net/lab_layout.h"
#include "net/config_file.h"

#include <fstream>
#include <random>

namespace zk::net {
namespace {

using ensemble::Verb;
using trace::ServerState;

ensemble::LabOptions options(const Directory& directory, int servers = 3, int observers = 0) {
    ensemble::LabOptions options;
    options.servers = servers;
    options.observers = observers;
    options.clientPort = 0;
    options.directory = directory / "lab";
    options.tickTimeMs = 500;
    return options;
}

std::string all(ensemble::Ensemble& ensemble, Verb verb) {
    return outcome([&](auto done) { ensemble.actOnAll(verb, done); });
}

std::string one(ensemble::Ensemble& ensemble, Verb verb, Sid sid) {
    return outcome([&](auto done) { ensemble.act(verb, sid, done); });
}

int count(const ensemble::Ensemble& ensemble, ServerState state) {
    int found = 0;
    for (const auto& server : ensemble.view().servers) found += server.state == state && (server.serving || state > ServerState::Observing);
    return found;
}

bool isUp(const ensemble::Ensemble& ensemble, int followers, int observers = 0) {
    return eventually(
        [&] {
            return count(ensemble, ServerState::Leading) == 1 && count(ensemble, ServerState::Following) == followers &&
                   count(ensemble, ServerState::Observing) == observers;
        },
        20s);
}

Sid leader(const ensemble::Ensemble& ensemble) {
    for (const auto& server : ensemble.view().servers)
        if (server.state == ServerState::Leading) return server.sid;
    return -1;
}

client::Options clientOf(const ensemble::Ensemble& ensemble, Sid only = -1) {
    client::Options options;
    for (const auto& server : ensemble.view().servers)
        if (only < 0 || server.sid == only) options.connect.servers.push_back({server.host, server.clientPort});
    options.sessionTimeout = 10s;
    return options;
}

// Writes until it succeeds: what is under way when a leader dies fails, as with any ZooKeeper.
bool createSoon(BlockingSession& session, const std::string& path, const std::string& data) {
    return eventually(
        [&] {
            const auto made = create(session, path, data);
            return made.has_value() || client::toErrorCode(made.error()) == jute::ErrorCode::NodeExists;
        },
        20s);
}

class Watching : public ensemble::Observer {
  public:
    void event(const trace::Event& event) override { record.event(event); }
    void changed() override { ++changes; }
    Record record;
    std::atomic<int> changes = 0;
};

TEST(Lab, ThreeServersElectALeaderAndReplicate) {
    Directory directory;
    auto lab = openLab(options(directory));
    ASSERT_TRUE(lab.has_value()) << lab.error().message();
    ensemble::Ensemble& ensemble = *lab->ensemble;
    Watching watching;
    ensemble.observe(&watching);
    ASSERT_EQ(all(ensemble, Verb::Start), "");
    ASSERT_TRUE(isUp(ensemble, 2)) << watching.record.text();
    EXPECT_GT(watching.changes, 0);

    for (const auto& server : ensemble.view().servers) {
        BlockingSession session(clientOf(ensemble, server.sid));
        const auto made = create(session, "/by" + std::to_string(server.sid), "x");
        ASSERT_TRUE(made.has_value()) << made.error().message();
    }
    for (const auto& server : ensemble.view().servers) {
        BlockingSession session(clientOf(ensemble, server.sid));
        ASSERT_TRUE(session
                        .ask<void>([](client::Client& client, auto done) { client.sync("/", std::move(done)); }, 10s)
                        .has_value());
        for (const auto& other : ensemble.view().servers)
            EXPECT_TRUE(get(session, "/by" + std::to_string(other.sid)).has_value());
    }
    ensemble.observe(nullptr);
}

TEST(Lab, ServesOnAfterItsLeaderCrashesAndTakesItBack) {
    Directory directory;
    auto lab = openLab(options(directory));
    ensemble::Ensemble& ensemble = *lab->ensemble;
    Watching watching;
    ensemble.observe(&watching);
    ASSERT_EQ(all(ensemble, Verb::Start), "");
    ASSERT_TRUE(isUp(ensemble, 2)) << watching.record.text();
    BlockingSession session(clientOf(ensemble));
    ASSERT_TRUE(createSoon(session, "/before", "1"));
    const Sid first = leader(ensemble);
    ASSERT_EQ(one(ensemble, Verb::Crash, first), "");
    EXPECT_EQ(count(ensemble, ServerState::Crashed), 1);
    ASSERT_TRUE(isUp(ensemble, 1)) << watching.record.text();
    EXPECT_NE(leader(ensemble), first);
    ASSERT_TRUE(createSoon(session, "/after", "2"));
    ASSERT_EQ(one(ensemble, Verb::Start, first), "");
    ASSERT_TRUE(isUp(ensemble, 2)) << watching.record.text();
    BlockingSession back(clientOf(ensemble, first));
    EXPECT_TRUE(eventually([&] { return get(back, "/after").has_value(); }));
    EXPECT_EQ(get(back, "/before")->bytes, "1");
    ensemble.observe(nullptr);
}

TEST(Lab, APausedLeaderIsReplacedAndFollowsWhenItWakes) {
    Directory directory;
    auto lab = openLab(options(directory));
    ensemble::Ensemble& ensemble = *lab->ensemble;
    Watching watching;
    ensemble.observe(&watching);
    ASSERT_EQ(all(ensemble, Verb::Start), "");
    ASSERT_TRUE(isUp(ensemble, 2)) << watching.record.text();
    const Sid first = leader(ensemble);
    ASSERT_EQ(one(ensemble, Verb::Pause, first), "");
    ASSERT_TRUE(isUp(ensemble, 1)) << watching.record.text();
    ASSERT_EQ(one(ensemble, Verb::Resume, first), "");
    ASSERT_TRUE(isUp(ensemble, 2)) << watching.record.text();
    EXPECT_NE(leader(ensemble), first);
    ensemble.observe(nullptr);
}

TEST(Lab, KeepsItsDataAndItsPortsWhenItIsOpenedAgain) {
    Directory directory;
    std::string connect;
    {
        auto lab = openLab(options(directory));
        ASSERT_EQ(all(*lab->ensemble, Verb::Start), "");
        ASSERT_TRUE(isUp(*lab->ensemble, 2));
        connect = lab->ensemble->view().connectString;
        BlockingSession session(clientOf(*lab->ensemble));
        ASSERT_TRUE(createSoon(session, "/kept", "yes"));
        EXPECT_TRUE(std::filesystem::exists(directory / "lab/ensemble.json"));
    }
    EXPECT_FALSE(std::filesystem::exists(directory / "lab/ensemble.json"));
    auto lab = openLab(options(directory, 5)); // what is there wins
    EXPECT_EQ(lab->ensemble->view().connectString, connect);
    ASSERT_EQ(all(*lab->ensemble, Verb::Start), "");
    ASSERT_TRUE(isUp(*lab->ensemble, 2));
    BlockingSession session(clientOf(*lab->ensemble));
    EXPECT_TRUE(eventually([&] { return get(session, "/kept").has_value(); }));
}

TEST(Lab, InMemoryItKeepsWhatWasWrittenForAsLongAsItIsOpen) {
    ensemble::LabOptions with;
    with.data = ensemble::LabOptions::Data::Memory;
    with.clientPort = 0;
    with.tickTimeMs = 500;
    {
        auto lab = openLab(with);
        ASSERT_TRUE(lab.has_value()) << lab.error().message();
        ensemble::Ensemble& ensemble = *lab->ensemble;
        EXPECT_EQ(all(ensemble, Verb::Start), "");
        ASSERT_TRUE(isUp(ensemble, 2));
        EXPECT_EQ(ensemble.view().directory, "");
        EXPECT_EQ(ensemble.view().servers.front().directory, "");
        {
            BlockingSession session(clientOf(ensemble));
            ASSERT_TRUE(createSoon(session, "/a", "one"));
        }
        EXPECT_EQ(all(ensemble, Verb::Crash), "");
        EXPECT_EQ(all(ensemble, Verb::Start), "");
        ASSERT_TRUE(isUp(ensemble, 2));
        BlockingSession session(clientOf(ensemble));
        EXPECT_TRUE(eventually([&] { return get(session, "/a").has_value(); }));
    }
    auto another = openLab(with);
    EXPECT_EQ(all(*another->ensemble, Verb::Start), "");
    ASSERT_TRUE(isUp(*another->ensemble, 2));
    BlockingSession session(clientOf(*another->ensemble));
    EXPECT_TRUE(eventually([&] {
        const auto read = get(session, "/a");
        return !read && client::toErrorCode(read.error()) == jute::ErrorCode::NoNode;
    }));
}

TEST(Lab, ATemporaryOneTakesItsDirectoryWithIt) {
    ensemble::LabOptions with;
    with.data = ensemble::LabOptions::Data::Temporary;
    with.clientPort = 0;
    with.servers = 1;
    std::string directory;
    {
        auto lab = openLab(with);
        ASSERT_TRUE(lab.has_value()) << lab.error().message();
        EXPECT_EQ(all(*lab->ensemble, Verb::Start), "");
        directory = lab->ensemble->view().directory;
        EXPECT_TRUE(std::filesystem::exists(directory + "/server1/zoo.cfg"));
        EXPECT_EQ(std::filesystem::status(directory).permissions(), std::filesystem::perms::owner_all);
        auto another = openLab(with); // leaves alone what is in use
        ASSERT_TRUE(another.has_value()) << another.error().message();
        EXPECT_TRUE(std::filesystem::exists(directory));
    }
    EXPECT_FALSE(std::filesystem::exists(directory));
}

TEST(Lab, WhatAKilledProcessLeftBehindGoesWithTheNextTemporaryLab) {
    const auto left = std::filesystem::temp_directory_path() / ("vivarium-lab-test" + std::to_string(std::random_device()()));
    const auto foreign = std::filesystem::temp_directory_path() / ("vivarium-lab-new" + std::to_string(std::random_device()()));
    std::filesystem::create_directories(left / "server1");
    std::filesystem::create_directories(foreign); // on its way up: no ensemble.json yet
    std::ofstream(left / "ensemble.json") << "{}";
    ensemble::LabOptions with;
    with.data = ensemble::LabOptions::Data::Temporary;
    with.clientPort = 0;
    with.servers = 1;
    const auto lab = openLab(with);
    ASSERT_TRUE(lab.has_value()) << lab.error().message();
    EXPECT_FALSE(std::filesystem::exists(left));
    EXPECT_TRUE(std::filesystem::exists(foreign));
    std::filesystem::remove_all(foreign);
}

TEST(Lab, WhatKeepsNothingTakesNoDirectory) {
    Directory directory;
    auto with = options(directory);
    with.data = ensemble::LabOptions::Data::Memory;
    const auto lab = openLab(with);
    ASSERT_FALSE(lab.has_value());
    EXPECT_NE(lab.error().message().find(with.directory), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(with.directory));
}

TEST(Lab, AServerCanBeAddedBeforeTheFirstStartOnly) {
    Directory directory;
    auto lab = openLab(options(directory));
    ensemble::Ensemble& ensemble = *lab->ensemble;
    ASSERT_EQ(outcome([&](auto done) { ensemble.addServer(true, done); }), "");
    ASSERT_EQ(ensemble.view().servers.size(), 4U);
    EXPECT_TRUE(ensemble.view().servers.back().observer);
    ASSERT_EQ(all(ensemble, Verb::Start), "");
    ASSERT_TRUE(isUp(ensemble, 2, 1));
    EXPECT_NE(outcome([&](auto done) { ensemble.addServer(false, done); }), "");
    ASSERT_EQ(all(ensemble, Verb::Stop), "");
    EXPECT_NE(outcome([&](auto done) { ensemble.addServer(false, done); }), "");
    EXPECT_EQ(ensemble.view().servers.size(), 4U);
}

TEST(Lab, OneServerStandsAlone) {
    Directory directory;
    auto lab = openLab(options(directory, 1));
    ASSERT_EQ(all(*lab->ensemble, Verb::Start), "");
    EXPECT_EQ(lab->ensemble->view().servers.front().state, ServerState::Standalone);
    EXPECT_EQ(lab->ensemble->view().servers.front().quorumPort, 0);
}

TEST(Lab, IsLaidOutAsTheTutorialsDo) {
    Directory directory;
    auto with = options(directory);
    with.clientPort = 21381;
    auto lab = openLab(with);
    ASSERT_TRUE(lab.has_value()) << lab.error().message();
    EXPECT_EQ(lab->ensemble->view().connectString, "127.0.0.1:21381,127.0.0.1:21382,127.0.0.1:21383");
    for (Sid sid = 1; sid <= 3; ++sid) {
        const std::string server = directory / ("lab/server" + std::to_string(sid));
        std::ifstream myid(server + "/data/myid");
        Sid written = 0;
        EXPECT_TRUE(myid >> written);
        EXPECT_EQ(written, sid);
        const auto config = loadConfig(server + "/zoo.cfg");
        ASSERT_TRUE(config.has_value()) << config.error().message();
        EXPECT_TRUE(config->warnings.empty()) << config->warnings.front();
        EXPECT_EQ(config->config.client.host, "127.0.0.1");
        EXPECT_EQ(config->config.servers.size(), 3U);
        EXPECT_EQ(config->config.servers.at(sid).quorum.host, "127.0.0.1");
    }
}

TEST(Lab, ATakenClientPortIsTheProblemOfItsServer) {
    Directory directory;
    Loop loop;
    auto taken = Listener::open(loop, "127.0.0.1", 21391, 0, "port");
    ASSERT_TRUE(taken.has_value()) << taken.error().message();
    auto with = options(directory);
    with.clientPort = 21390;
    auto lab = openLab(with);
    const std::string problem = all(*lab->ensemble, Verb::Start);
    EXPECT_NE(problem.find("21391"), std::string::npos) << problem;
    EXPECT_EQ(problem.find("21390"), std::string::npos) << problem;
    EXPECT_EQ(lab->ensemble->view().servers[1].problem, problem);
    EXPECT_EQ(lab->ensemble->view().servers[1].state, ServerState::Stopped);
    EXPECT_TRUE(isUp(*lab->ensemble, 1)); // the other two do without it
}

TEST(Lab, AnUnknownServerIsASentence) {
    Directory directory;
    auto lab = openLab(options(directory));
    EXPECT_NE(one(*lab->ensemble, Verb::Start, 99).find("99"), std::string::npos);
}

TEST(Lab, AnotherOpenerAttachesAndSeesTheSame) {
    Directory directory;
    auto lab = openLab(options(directory));
    ASSERT_TRUE(lab.has_value());
    auto second = openLab(options(directory));
    ASSERT_TRUE(second.has_value()) << second.error().message();
    ASSERT_NE(second->attached, nullptr);
    ensemble::Ensemble& remote = *second->ensemble;
    EXPECT_EQ(remote.view().connectString, lab->ensemble->view().connectString);

    Watching watching;
    remote.observe(&watching);
    ASSERT_EQ(all(remote, Verb::Start), "");
    ASSERT_TRUE(isUp(remote, 2)) << watching.record.text();
    EXPECT_TRUE(watching.record.has([](const trace::Event& event) {
        return event.what() == trace::Kind::StateChanged && event.serverState() == ServerState::Leading;
    }));
    std::promise<std::optional<admin::NodeStatus>> status;
    const Sid asked = leader(remote);
    remote.status(asked, [&](std::optional<admin::NodeStatus> answer) { status.set_value(std::move(answer)); });
    const auto answer = status.get_future().get();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->state, ServerState::Leading);
    EXPECT_EQ(answer->sid, asked);
    EXPECT_FALSE(answer->environment.empty() && answer->configuration.empty());

    remote.listenToTransactions(true);
    BlockingSession session(clientOf(remote));
    ASSERT_TRUE(createSoon(session, "/seen", ""));
    EXPECT_TRUE(eventually([&] {
        return watching.record.has([](const trace::Event& event) { return event.what() == trace::Kind::Committed; });
    }));
    EXPECT_NE(one(remote, Verb::Resume, 1), "");
    EXPECT_NE(outcome([&](auto done) { second->attached->shutDown(done); }), ""); // the host did not offer that

    lab->ensemble.reset(); // the host goes
    EXPECT_TRUE(eventually([&] { return remote.view().servers.front().inferred; }));
    EXPECT_NE(all(remote, Verb::Start), "");
    remote.observe(nullptr);
}

TEST(Lab, AFileThatADeadProcessLeftIsReplaced) {
    Directory directory;
    std::filesystem::create_directories(directory / "lab");
    std::ofstream(directory / "lab/ensemble.json") << R"({"pid": "1", "port": "1", "token": "00"})";
    EXPECT_FALSE(attachLab(directory / "lab").has_value());
    auto lab = openLab(options(directory));
    ASSERT_TRUE(lab.has_value()) << lab.error().message();
    EXPECT_EQ(lab->attached, nullptr);
    EXPECT_EQ(std::filesystem::status(directory / "lab/ensemble.json").permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    EXPECT_TRUE(attachLab(directory / "lab").has_value());
}

TEST(Lab, TheControlPortWantsItsToken) {
    Directory directory;
    auto lab = openLab(options(directory));
    std::ifstream file(directory / "lab/ensemble.json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto at = text.find("\"port\": \"");
    ASSERT_NE(at, std::string::npos) << text;
    const auto port = static_cast<std::uint16_t>(std::stoi(text.substr(at + 9)));
    const auto refused = attach(port, "0123456789abcdef", 2s);
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(refused.error().message().find("token"), std::string::npos);
    EXPECT_TRUE(attachLab(directory / "lab").has_value());
}

TEST(Lab, IsHostedUntilSomebodyAsksForTheEnd) {
    Directory directory;
    Quit quit;
    std::promise<std::string> up;
    std::thread host([&] {
        const auto hosted = hostLab(options(directory), quit, [&](ensemble::Ensemble&, const std::string& problem) { up.set_value(problem); });
        EXPECT_TRUE(hosted.has_value());
    });
    ASSERT_EQ(up.get_future().get(), "");
    auto attached = attachLab(directory / "lab");
    ASSERT_TRUE(attached.has_value()) << attached.error().message();
    EXPECT_TRUE(isUp(**attached, 2));
    EXPECT_EQ(outcome([&](auto done) { (*attached)->shutDown(done); }), "");
    host.join();
    EXPECT_FALSE(attachLab(directory / "lab").has_value());
}

TEST(Lab, ADirectoryThatCannotBeMadeIsASentence) {
    Directory directory;
    std::ofstream(directory / "lab") << "a file";
    const auto lab = openLab(options(directory));
    ASSERT_FALSE(lab.has_value());
    EXPECT_NE(lab.error().message().find(directory / "lab"), std::string::npos) << lab.error().message();
}

TEST(Lab, TheStageOpensOnAThreadOfItsOwn) {
    Directory directory;
    const auto stage = makeStage();
    std::promise<Result<ensemble::Stage::Opened>> opened;
    stage->openLab(options(directory), [&](Result<ensemble::Stage::Opened> result) { opened.set_value(std::move(result)); });
    auto result = opened.get_future().get();
    ASSERT_TRUE(result.has_value());
    EXPECT_FALSE(result->attached);
    EXPECT_EQ(result->ensemble->view().servers.size(), 3U);
}

TEST(Dialer, WorksOnItsOwnThreadAndClosesItsSessions) {
    Directory directory;
    auto lab = openLab(options(directory, 1));
    ASSERT_EQ(all(*lab->ensemble, Verb::Start), "");
    const auto dialer = makeDialer();
    std::promise<void> connected;
    std::atomic<bool> told = false;
    auto connection = dialer->dial(clientOf(*lab->ensemble), [&](const client::Status& status) {
        if (status.state == client::SessionState::Connected && !told.exchange(true)) connected.set_value();
    });
    ASSERT_EQ(connected.get_future().wait_for(10s), std::future_status::ready);
    std::promise<Result<client::Created>> made;
    connection->use([&](client::Client& client) {
        client.create("/mine", Buffer(""), jute::openAcl(), jute::CreateMode::Ephemeral,
                      [&](Result<client::Created> result) { made.set_value(std::move(result)); });
    });
    EXPECT_TRUE(made.get_future().get().has_value());
    connection.reset();
    BlockingSession session(clientOf(*lab->ensemble));
    EXPECT_TRUE(eventually([&] { return !get(session, "/mine").has_value(); }));
}

} // namespace
} // namespace zk::net
