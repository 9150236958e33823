// A client that accepts a server without a quorum: served there, and on to a server that takes writes once there is one.
#include "fixture.h"

#include <unistd.h>

namespace zk::net {
namespace {

std::vector<std::uint16_t> freePorts(std::size_t count) {
    std::vector<std::uint16_t> found;
    for (auto port = static_cast<std::uint16_t>(20000 + ::getpid() % 4000); found.size() < count; ++port)
        if (portIsFree("127.0.0.1", port)) found.push_back(port);
    return found;
}

TEST(ReadOnly, TheClientGoesOnToAServerThatTakesWrites) {
    Directory directory;
    const auto ports = freePorts(9);
    Record record;
    std::vector<std::unique_ptr<Host>> hosts;
    std::vector<config::ServerConfig> configs;
    for (Sid sid = 1; sid <= 3; ++sid) {
        config::ServerConfig config;
        config.dataDir = directory / std::to_string(sid);
        config.client = {"127.0.0.1", ports[static_cast<std::size_t>(sid) - 1]};
        config.preallocateKilobytes = 64;
        config.tickTime = 100ms;
        config.readOnlyMode = true;
        config.self = sid;
        for (Sid other = 1; other <= 3; ++other)
            config.servers[other] = {other,
                                     {"127.0.0.1", ports[static_cast<std::size_t>(other) + 2]},
                                     {"127.0.0.1", ports[static_cast<std::size_t>(other) + 5]},
                                     config::Role::Participant,
                                     std::nullopt};
        configs.push_back(config);
        hosts.push_back(std::make_unique<Host>(sid, record));
    }
    const auto start = [&](std::size_t index) { return outcome([&](auto done) { hosts[index]->start(configs[index], done); }); };
    ASSERT_EQ(start(0), "");
    client::Options options = optionsFor({configs[0].client.port, configs[1].client.port, configs[2].client.port});
    options.acceptReadOnly = true;
    BlockingSession session(options);
    ASSERT_TRUE(session.runUntil([&] { return session.status().state == client::SessionState::Connected; }, 20s))
        << session.status().lastError << record.text();
    EXPECT_TRUE(session.status().readOnlyServer);
    const auto refused = create(session, "/a", "");
    ASSERT_FALSE(refused);
    EXPECT_EQ(client::toErrorCode(refused.error()), jute::ErrorCode::NotReadOnly) << refused.error().message();
    ASSERT_EQ(start(1), "");
    ASSERT_EQ(start(2), "");
    EXPECT_TRUE(session.runUntil(
        [&] {
            const client::Status status = session.status();
            return status.state == client::SessionState::Connected && !status.readOnlyServer;
        },
        20s))
        << session.status().lastError;
    EXPECT_TRUE(eventually([&] { return create(session, "/a", "").has_value(); }));
}

} // namespace
} // namespace zk::net
