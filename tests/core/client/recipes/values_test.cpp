// Counter and ConfigNode: values that several change.
#include "client/recipes/config_node.h"
#include "client/recipes/counter.h"

#include "room.h"

namespace zk::client::recipes {

using jute::ErrorCode;

namespace {

Result<Counter::Value> add(Room& room, SimSession& session, Counter& counter, std::int64_t delta) {
    return room.ask<Counter::Value>(
        session, [&](Client&, Callback<Counter::Value> done) { counter.add(delta, std::move(done)); });
}
Result<Counter::Value> get(Room& room, SimSession& session, Counter& counter) {
    return room.ask<Counter::Value>(session,
                                    [&](Client&, Callback<Counter::Value> done) { counter.get(std::move(done)); });
}

} // namespace

TEST(Counter, BeginsWithNothingAndCounts) {
    Room room;
    const auto session = room.session();
    Counter counter(session->client(), "/counters/one");
    EXPECT_EQ(get(room, *session, counter)->number, 0);
    EXPECT_EQ(add(room, *session, counter, 5)->number, 5);
    EXPECT_EQ(add(room, *session, counter, -7)->number, -2);
    const auto now = get(room, *session, counter);
    EXPECT_EQ(now->number, -2);
    const auto set = [&](std::int64_t number, std::int32_t version) {
        return room.ask<Counter::Value>(*session, [&](Client&, Callback<Counter::Value> done) {
            counter.set(number, version, std::move(done));
        });
    };
    EXPECT_EQ(set(40, now->version)->number, 40);
    EXPECT_EQ(toErrorCode(set(50, now->version).error()), ErrorCode::BadVersion);
    const auto text = room.ask<Data>(*session, [](Client& client, Callback<Data> done) {
        client.getData("/counters/one", {}, std::move(done));
    });
    EXPECT_EQ(text->bytes, "40");
}

TEST(Counter, WhatIsNoNumberAndWhatDoesNotFitIsSaid) {
    Room room;
    const auto session = room.session();
    Counter counter(session->client(), "/n");
    ASSERT_TRUE(add(room, *session, counter, std::numeric_limits<std::int64_t>::max()));
    EXPECT_EQ(add(room, *session, counter, 1).error().code, make_error_code(Errc::Malformed));
    EXPECT_EQ(add(room, *session, counter, 0)->number, std::numeric_limits<std::int64_t>::max());
    (void)room.ask<jute::Stat>(*session, [](Client& client, Callback<jute::Stat> done) {
        client.setData("/n", "1.5", -1, std::move(done));
    });
    EXPECT_NE(add(room, *session, counter, 1).error().message().find("\"1.5\""), std::string::npos);
}

TEST(Counter, NothingIsLostAmongMany) {
    Room room;
    std::vector<std::unique_ptr<SimSession>> sessions;
    std::list<Counter> counters;
    std::size_t answered = 0;
    for (int index = 0; index < 5; ++index) {
        sessions.push_back(room.session());
        Counter& counter = counters.emplace_back(sessions.back()->client(), "/n");
        sessions.back()->use([&](Client&) {
            for (int turn = 0; turn < 10; ++turn)
                counter.add(1, [&](const Result<Counter::Value>& value) { answered += value.has_value(); });
        });
    }
    ASSERT_TRUE(room.until([&] { return answered == 50; }));
    EXPECT_EQ(get(room, *sessions[0], counters.front())->number, 50);
}

TEST(Counter, ThroughAllTroubleWhatIsKnownIsRight) {
    std::size_t sure = 0, unknown = 0;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        Room room(seed);
        std::vector<std::unique_ptr<SimSession>> sessions;
        std::list<Counter> counters;
        std::vector<SimSession*> all;
        std::int64_t added = 0, doubtful = 0;
        std::size_t underWay = 0;
        bool enough = false;
        std::function<void(SimSession&, Counter&)> again = [&](SimSession& session, Counter& counter) {
            ++underWay;
            counter.add(1, [&](const Result<Counter::Value>& value) {
                --underWay;
                if (value) ++added;
                else ++doubtful;
                if (!enough && !isOver(session.status().state)) again(session, counter);
            });
        };
        for (int index = 0; index < 3; ++index) {
            all.push_back(sessions.emplace_back(room.session()).get());
            Counter& counter = counters.emplace_back(all.back()->client(), "/n");
            all.back()->use([&](Client&) { again(*all.back(), counter); });
        }
        room.trouble(6s, all);
        enough = true;
        ASSERT_TRUE(room.until([&] { return underWay == 0; }));
        const auto last = room.session();
        Counter counter(last->client(), "/n");
        (void)room.names(*last, "/");
        const std::int64_t number = get(room, *last, counter)->number;
        EXPECT_GE(number, added) << "seed " << seed;
        EXPECT_LE(number, added + doubtful) << "seed " << seed;
        sure += static_cast<std::size_t>(added), unknown += static_cast<std::size_t>(doubtful);
    }
    EXPECT_GT(sure, 500u);
    EXPECT_LT(unknown, sure / 10);
}

TEST(ConfigNode, IsKnownToAllWithItsChanges) {
    Room room;
    const auto writer = room.session(), reader = room.session(4s, true);
    ConfigNode node(reader->client(), "/config/app"), source(writer->client(), "/config/app");
    std::vector<std::optional<ConfigNode::Value>> told;
    std::optional<Error> error;
    reader->use([&](Client&) {
        node.start([&](const Result<std::optional<ConfigNode::Value>>& value) {
            if (value) told.push_back(*value);
            else error = value.error();
        });
    });
    ASSERT_TRUE(room.until([&] { return told.size() == 1; }));
    EXPECT_EQ(told[0], std::nullopt);
    const auto set = [&](const std::string& data, std::optional<std::int32_t> version) {
        return room.ask<std::int32_t>(*writer, [&](Client&, Callback<std::int32_t> done) {
            source.set(data, version, std::move(done));
        });
    };
    EXPECT_EQ(*set("a=1", std::nullopt), 0);
    ASSERT_TRUE(room.until([&] { return told.size() == 2; }));
    EXPECT_EQ(told[1], (ConfigNode::Value{"a=1", 0}));
    EXPECT_EQ(*set("a=2", 0), 1);
    ASSERT_TRUE(room.until([&] { return node.value() == ConfigNode::Value{"a=2", 1}; }));
    EXPECT_EQ(toErrorCode(set("a=3", 0).error()), ErrorCode::BadVersion);
    EXPECT_EQ(toErrorCode(set("a=3", std::nullopt).error()), ErrorCode::NodeExists);
    room.remove(*writer, "/config/app");
    ASSERT_TRUE(room.until([&] { return told.back() == std::nullopt; }));
    EXPECT_EQ(*set("b", std::nullopt), 0);
    ASSERT_TRUE(room.until([&] { return told.back() == ConfigNode::Value{"b", 0}; }));
    // A change while the reader is away.
    room.world.crash(Room::serverOf(*reader));
    EXPECT_TRUE(set("c", -1) || set("c", -1));
    ASSERT_TRUE(room.until([&] { return told.back()->data == "c"; }));
    reader->cut();
    room.pass(10s);
    reader->mend();
    ASSERT_TRUE(room.until([&] { return error.has_value(); }));
    EXPECT_EQ(toErrorCode(*error), ErrorCode::SessionExpired);
}

} // namespace zk::client::recipes
