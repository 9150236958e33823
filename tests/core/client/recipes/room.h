// Room: an ensemble of three in virtual time, with as many sessions as a test asks for, and trouble where it wants some.
#pragma once

#include "client/recipes/common.h"
#include "sim/session.h"

#include <gtest/gtest.h>

#include <list>

namespace zk::client::recipes {

using namespace std::chrono_literals;
using sim::SimSession;

class Room {
  public:
    explicit Room(std::uint64_t seed = 1) : rng(seed), world(options(seed)) {
        for (const Sid sid : world.servers())
            world.start(sid);
        EXPECT_TRUE(until([this] { return leader() != 0; }));
    }
    static sim::WorldOptions options(std::uint64_t seed) {
        sim::WorldOptions options;
        options.seed = seed;
        return options;
    }

    std::unique_ptr<SimSession> session(std::chrono::milliseconds timeout = 4s, bool readOnly = false) {
        auto options = sim::sessionOptions(world, timeout, rng.next());
        options.readOnly = readOnly;
        return std::make_unique<SimSession>(world, std::move(options));
    }
    std::string guid() { return makeGuid(rng); }

    Sid leader() const {
        for (const Sid sid : world.servers())
            if (const auto* node = world.node(sid); node && node->state() == trace::ServerState::Leading && node->serving())
                return sid;
        return 0;
    }
    bool until(const std::function<bool()>& condition, Duration limit = 60s) {
        const bool met = world.runUntil(condition, limit);
        for (const std::string& fault : world.faults())
            ADD_FAILURE() << fault;
        return met;
    }
    void pass(Duration time) {
        world.runFor(time);
        for (const std::string& fault : world.faults())
            ADD_FAILURE() << fault;
    }
    Instant now() { return world.scheduler().now(); }
    // The server that a session is connected to.
    static Sid serverOf(const SimSession& session) {
        const auto server = session.status().server;
        return server ? std::stoll(server->host) : 0;
    }

    // Asks once and waits for the answer.
    template <class T>
    Result<T> ask(SimSession& session, const std::function<void(Client&, Callback<T>)>& question) {
        std::optional<Result<T>> answer;
        session.use([&](Client& client) { question(client, [&](Result<T> result) { answer = std::move(result); }); });
        EXPECT_TRUE(until([&] { return answer.has_value(); }));
        return std::move(*answer);
    }
    // The names below a path, as the leader has them; none where it is missing.
    std::vector<std::string> names(SimSession& session, const std::string& path) {
        auto children = ask<Children>(session, [&](Client& client, Callback<Children> done) {
            persistSync(client, path, [&client, path, done](const Result<void>&) { persistChildren(client, path, {}, done); });
        });
        return children ? std::move(children->names) : std::vector<std::string>();
    }

    void remove(SimSession& session, const std::string& path) {
        EXPECT_TRUE(ask<void>(
            session, [&](Client& client, Callback<void> done) { client.remove(path, -1, std::move(done)); }));
    }

    // For so long: servers crash, one at a time, and come back, and connections break.
    void trouble(Duration time, const std::vector<SimSession*>& sessions) {
        const Instant end = now() + time;
        while (now() < end) {
            pass(std::chrono::milliseconds(100 + rng.below(900)));
            if (rng.chance(0.5) && !sessions.empty()) {
                SimSession& session = *sessions[rng.below(sessions.size())];
                session.cut();
                pass(std::chrono::milliseconds(rng.below(40)));
                session.mend();
            } else {
                const auto servers = world.servers();
                const Sid sid = servers[rng.below(servers.size())];
                world.crash(sid);
                pass(std::chrono::milliseconds(rng.below(700)));
                world.start(sid);
                if (rng.chance(0.7)) (void)until([this] { return leader() != 0; });
            }
        }
        EXPECT_TRUE(until([this] { return leader() != 0; }));
    }

    Rng rng;
    sim::World world;
};

} // namespace zk::client::recipes
