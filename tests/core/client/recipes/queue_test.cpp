// Queue and DoubleBarrier.
#include "client/recipes/double_barrier.h"
#include "client/recipes/queue.h"

#include "room.h"

#include <map>
#include <set>

namespace zk::client::recipes {

using jute::ErrorCode;

namespace {

void put(Room& room, SimSession& session, Queue& queue, const std::string& data, int priority = kUsualPriority) {
    EXPECT_TRUE(room.ask<std::string>(
        session, [&](Client&, Callback<std::string> done) { queue.put(data, priority, std::move(done)); }));
}
std::string take(Room& room, SimSession& session, Queue& queue) {
    const auto taken =
        room.ask<Taken>(session, [&](Client&, Callback<Taken> done) { queue.take(std::move(done)); });
    return taken ? taken->data : taken.error().message();
}

} // namespace

TEST(Queue, FirstInFirstOutWithinAPriority) {
    Room room;
    const auto session = room.session();
    Queue queue(session->client(), "/queues/one");
    for (const char* data : {"a", "b", "c"})
        put(room, *session, queue, data);
    put(room, *session, queue, "urgent", 5);
    put(room, *session, queue, "late", kLastPriority);
    const auto size =
        room.ask<std::size_t>(*session, [&](Client&, Callback<std::size_t> done) { queue.size(std::move(done)); });
    EXPECT_EQ(*size, 5u);
    for (const char* expected : {"urgent", "a", "b", "c", "late"})
        EXPECT_EQ(take(room, *session, queue), expected);
    for (const int priority : {-1, 1000}) {
        const auto refused = room.ask<std::string>(
            *session, [&](Client&, Callback<std::string> done) { queue.put("x", priority, std::move(done)); });
        EXPECT_EQ(refused.error().code, boost::system::errc::make_error_code(boost::system::errc::invalid_argument));
    }
}

TEST(Queue, AConsumerWaitsForWhatComes) {
    Room room;
    const auto consumer = room.session(), producer = room.session();
    Queue taking(consumer->client(), "/q"), putting(producer->client(), "/q");
    std::vector<std::string> got;
    std::size_t stopped = 0;
    consumer->use([&](Client&) {
        for (int turn = 0; turn < 4; ++turn)
            taking.take([&](const Result<Taken>& taken) { taken ? got.push_back(taken->data) : void(++stopped); });
    });
    room.pass(500ms);
    EXPECT_TRUE(got.empty());
    for (const char* data : {"a", "b", "c"}) {
        put(room, *producer, putting, data);
        ASSERT_TRUE(room.until([&] { return !got.empty() && got.back() == data; }));
    }
    consumer->use([&](Client&) { taking.stopTaking(); });
    EXPECT_EQ(stopped, 1u);
    put(room, *producer, putting, "d");
    EXPECT_EQ(take(room, *consumer, taking), "d") << "it may begin again";
}

TEST(Queue, AConsumersTakesEndWithItsSession) {
    Room room;
    const auto consumer = room.session();
    Queue queue(consumer->client(), "/q");
    std::optional<Error> error;
    consumer->use([&](Client&) { queue.take([&](const Result<Taken>& taken) { error = taken.error(); }); });
    room.pass(500ms);
    consumer->cut();
    room.pass(10s);
    consumer->mend();
    ASSERT_TRUE(room.until([&] { return error.has_value(); }));
    EXPECT_EQ(toErrorCode(*error), ErrorCode::SessionExpired);
}

TEST(Queue, ThroughAllTroubleNothingIsTakenTwiceForCertainAndNothingIsLost) {
    std::size_t taken = 0, doubtful = 0;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        Room room(seed);
        std::vector<std::unique_ptr<SimSession>> sessions;
        std::vector<SimSession*> all;
        std::list<Queue> queues;
        std::set<std::string> put;                    // by name, as it was answered
        std::map<std::string, int> certain, anyhow;   // by name
        bool enough = false;
        int number = 0;
        std::function<void(SimSession&, Queue&)> produce = [&](SimSession& session, Queue& queue) {
            queue.put("entry " + std::to_string(++number), [&](const Result<std::string>& name) {
                if (name) put.insert(*name);
                if (!enough && !isOver(session.status().state))
                    room.world.scheduler().after(20ms, [&] { session.use([&](Client&) { produce(session, queue); }); });
            });
        };
        std::function<void(Queue&)> consume = [&](Queue& queue) {
            queue.take([&](const Result<Taken>& one) {
                if (!one) return;
                ++anyhow[one->name];
                if (one->certain) ++certain[one->name];
                else ++doubtful;
                consume(queue);
            });
        };
        for (int index = 0; index < 4; ++index) {
            all.push_back(sessions.emplace_back(room.session()).get());
            Queue& queue = queues.emplace_back(all.back()->client(), "/q");
            all.back()->use([&](Client&) { index < 2 ? produce(*all.back(), queue) : consume(queue); });
        }
        room.trouble(6s, all);
        enough = true;
        const auto last = room.session();
        Queue rest(last->client(), "/q");
        last->use([&](Client&) { consume(rest); });
        EXPECT_TRUE(room.until([&] { return room.names(*last, "/q").empty(); })) << "seed " << seed;
        room.pass(5s);
        for (const std::string& name : put)
            EXPECT_TRUE(anyhow.contains(name)) << "seed " << seed << ": " << name << " is lost";
        for (const auto& [name, times] : certain) EXPECT_EQ(times, 1) << "seed " << seed << ": " << name;
        taken += certain.size();
    }
    EXPECT_GT(taken, 500u);
    EXPECT_LT(doubtful, taken / 20);
}

namespace {

struct Participant {
    Participant(Room& room, std::size_t count)
        : session(room.session()),
          barrier(std::make_unique<DoubleBarrier>(session->client(), "/barriers/one", room.guid(), count)) {}
    ~Participant() { barrier.reset(); }
    void enter() {
        session->use([this](Client&) { barrier->enter([this](const Result<void>& done) { entered = note(done); }); });
    }
    void leave() {
        session->use([this](Client&) { barrier->leave([this](const Result<void>& done) { left = note(done); }); });
    }
    static std::string note(const Result<void>& done) {
        return done ? "ok" : std::string(jute::name(toErrorCode(done.error())));
    }
    void die() {
        session->cut();
        barrier.reset();
        session.reset();
    }

    std::unique_ptr<SimSession> session;
    std::unique_ptr<DoubleBarrier> barrier;
    std::string entered, left;
};

bool all(const std::list<Participant>& participants, std::string Participant::*step) {
    return std::all_of(participants.begin(), participants.end(), [&](const auto& one) { return one.*step == "ok"; });
}

} // namespace

TEST(DoubleBarrier, AllBeginTogetherAndEndTogetherTwice) {
    Room room;
    std::list<Participant> everybody;
    for (int index = 0; index < 4; ++index)
        everybody.emplace_back(room, 4);
    for (int round = 0; round < 2; ++round) {
        for (auto& one : everybody) {
            EXPECT_TRUE(std::none_of(everybody.begin(), everybody.end(), [](auto& each) { return each.entered == "ok"; }));
            one.enter();
            room.pass(300ms);
        }
        ASSERT_TRUE(room.until([&] { return all(everybody, &Participant::entered); }));
        for (auto& one : everybody) {
            EXPECT_TRUE(std::none_of(everybody.begin(), everybody.end(), [](auto& each) { return each.left == "ok"; }));
            one.leave();
            room.pass(300ms);
        }
        ASSERT_TRUE(room.until([&] { return all(everybody, &Participant::left); }));
        EXPECT_TRUE(room.names(*everybody.front().session, "/barriers/one").empty());
        for (auto& one : everybody)
            one.entered = one.left = "";
    }
}

TEST(DoubleBarrier, ThoseWhoDieAreNotWaitedForAtTheEnd) {
    Room room;
    std::list<Participant> everybody;
    for (int index = 0; index < 4; ++index)
        everybody.emplace_back(room, 4).enter();
    ASSERT_TRUE(room.until([&] { return all(everybody, &Participant::entered); }));
    everybody.back().die();
    everybody.pop_back();
    for (auto& one : everybody)
        one.leave();
    room.pass(1s);
    EXPECT_FALSE(all(everybody, &Participant::left)) << "its session is not over yet";
    ASSERT_TRUE(room.until([&] { return all(everybody, &Participant::left); }));
}

TEST(DoubleBarrier, AllGetThroughAfterAllTrouble) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        Room room(seed);
        std::list<Participant> everybody;
        std::vector<SimSession*> sessions;
        for (int index = 0; index < 4; ++index) {
            everybody.emplace_back(room, 4);
            sessions.push_back(everybody.back().session.get());
        }
        for (auto& one : everybody) {
            one.enter();
            room.trouble(600ms, sessions);
        }
        const bool expired = std::any_of(sessions.begin(), sessions.end(),
                                         [](auto* session) { return isOver(session->status().state); });
        if (expired) continue;
        ASSERT_TRUE(room.until([&] { return all(everybody, &Participant::entered); })) << "seed " << seed;
        for (auto& one : everybody) {
            one.leave();
            room.trouble(600ms, sessions);
        }
        EXPECT_TRUE(room.until([&] {
            return std::all_of(everybody.begin(), everybody.end(), [](auto& one) { return !one.left.empty(); });
        })) << "seed " << seed;
    }
}

TEST(DoubleBarrier, EndsWithTheSession) {
    Room room;
    Participant one(room, 2);
    one.enter();
    room.pass(300ms);
    one.session->cut();
    room.pass(10s);
    one.session->mend();
    ASSERT_TRUE(room.until([&] { return one.entered == "SessionExpired"; }));
}

} // namespace zk::client::recipes
