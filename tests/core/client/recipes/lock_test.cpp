#include "client/recipes/leader_latch.h"
#include "client/recipes/lock.h"

#include "room.h"

namespace zk::client::recipes {

using jute::ErrorCode;

namespace {

const auto kCancelled = boost::system::errc::make_error_code(boost::system::errc::operation_canceled);

// A session with a lock, and what it was told.
struct Contender {
    Contender(Room& room, LockKind kind = LockKind::Exclusive, std::string path = "/locks/one",
              std::string data = "")
        : session(room.session()),
          lock(std::make_unique<Lock>(session->client(), path, room.guid(), kind, data)) {
        lock->onChange([this](LockState state) { states.push_back(state); });
    }
    ~Contender() {
        lock.reset();
        session.reset();
    }
    void acquire() {
        session->use([this](Client&) {
            lock->acquire([this](const Result<void>& held) { outcome = held ? Error{} : held.error(); });
        });
    }
    void release() {
        session->use([this](Client&) { lock->release([this] { ++released; }); });
    }
    // The process is gone, and says nothing any more.
    void die() {
        session->cut();
        lock.reset();
        session.reset();
    }
    bool held() const { return lock && lock->state() == LockState::Held; }

    std::unique_ptr<SimSession> session;
    std::unique_ptr<Lock> lock;
    std::vector<LockState> states;
    std::optional<Error> outcome;
    int released = 0;
};

} // namespace

TEST(Lock, IsHeldInTheOrderOfAskingAndEachWatchesTheOneBefore) {
    Room room;
    std::list<Contender> all;
    for (int index = 0; index < 4; ++index) {
        Contender& one = all.emplace_back(room);
        one.acquire();
        ASSERT_TRUE(room.until([&] { return one.held() || one.session->status().watches == 1; }));
    }
    for (auto& one : all)
        EXPECT_EQ(one.session->status().watches, 1u);
    while (!all.empty()) {
        EXPECT_TRUE(room.until([&] { return all.front().held(); }));
        for (auto it = std::next(all.begin()); it != all.end(); ++it)
            EXPECT_FALSE(it->held());
        // A release wakes the next one and nobody else.
        std::vector<RequestNumber> before;
        for (auto& one : all)
            before.push_back(one.session->client().lastRequest());
        all.front().release();
        ASSERT_TRUE(room.until([&] { return all.front().released == 1; }));
        room.pass(500ms);
        std::size_t woken = 0, index = 0;
        for (auto& one : all)
            woken += one.session->client().lastRequest() > before[index++];
        EXPECT_EQ(woken, std::min<std::size_t>(all.size(), 2)) << "the one who released it, and the next";
        EXPECT_EQ(all.front().states.back(), LockState::Free);
        all.pop_front();
    }
}

TEST(Lock, GoesToTheNextWhenTheHoldersSessionIsOver) {
    Room room;
    Contender first(room), second(room);
    first.acquire();
    ASSERT_TRUE(room.until([&] { return first.held(); }));
    second.acquire();
    room.pass(500ms);
    const Instant died = room.now();
    first.die();
    ASSERT_TRUE(room.until([&] { return second.held(); }));
    EXPECT_GE(room.now() - died, Duration(2s)) << "not before the session's time is up";
    EXPECT_EQ(room.names(*second.session, "/locks/one").size(), 1u);
}

TEST(Lock, IsDoubtfulWithoutAConnectionAndHeldAgainWithinTheSession) {
    Room room;
    Contender one(room);
    one.acquire();
    ASSERT_TRUE(room.until([&] { return one.held(); }));
    const auto names = room.names(*one.session, "/locks/one");
    room.world.crash(Room::serverOf(*one.session));
    ASSERT_TRUE(room.until([&] { return one.lock->state() == LockState::Doubtful; }));
    ASSERT_TRUE(room.until([&] { return one.held(); }));
    EXPECT_EQ(one.states, (std::vector{LockState::Held, LockState::Doubtful, LockState::Held}));
    EXPECT_EQ(room.names(*one.session, "/locks/one"), names);
}

TEST(Lock, AHolderThatIsCutOffDoubtsBeforeAnotherHolds) {
    Room room;
    Contender first(room), second(room);
    first.acquire();
    ASSERT_TRUE(room.until([&] { return first.held(); }));
    second.acquire();
    room.pass(500ms);
    first.session->cut();
    ASSERT_TRUE(room.until([&] { return !first.held() || second.held(); }));
    EXPECT_EQ(first.lock->state(), LockState::Doubtful);
    EXPECT_FALSE(second.held());
    ASSERT_TRUE(room.until([&] { return second.held(); }));
    first.session->mend();
    ASSERT_TRUE(room.until([&] { return first.lock->state() == LockState::Lost; }));
    EXPECT_EQ(first.session->status().state, SessionState::Expired);
    EXPECT_TRUE(second.held());
    first.acquire(); // of a session that is over
    ASSERT_TRUE(room.until([&] { return first.outcome && first.outcome->code.failed(); }));
    EXPECT_EQ(toErrorCode(*first.outcome), ErrorCode::SessionExpired);
}

TEST(Lock, IsLostWhenItsZnodeIsDeletedAndAWaiterGoesToTheEndOfTheLine) {
    Room room;
    Contender first(room), second(room), third(room);
    for (Contender* one : {&first, &second, &third}) {
        one->acquire();
        room.pass(300ms);
    }
    const auto remove = [&](const char* number) {
        for (const std::string& name : room.names(*third.session, "/locks/one"))
            if (name.ends_with(number)) room.remove(*third.session, "/locks/one/" + name);
    };
    ASSERT_TRUE(first.held());
    remove("1"); // the second one's
    room.pass(300ms);
    EXPECT_EQ(second.lock->state(), LockState::Waiting);
    EXPECT_EQ(third.lock->state(), LockState::Waiting);
    remove("0");
    ASSERT_TRUE(room.until([&] { return first.lock->state() == LockState::Lost; }));
    ASSERT_TRUE(room.until([&] { return third.held(); }));
    EXPECT_FALSE(second.held());
    third.release();
    ASSERT_TRUE(room.until([&] { return second.held(); }));
    second.release();
    first.acquire(); // a lost lock may be asked for again
    ASSERT_TRUE(room.until([&] { return first.held(); }));
}

TEST(Lock, GivingUpLeavesTheLine) {
    Room room;
    Contender first(room), second(room), third(room);
    for (Contender* one : {&first, &second, &third}) {
        one->acquire();
        room.pass(300ms);
    }
    second.release();
    EXPECT_EQ(second.outcome->code, kCancelled);
    ASSERT_TRUE(room.until([&] { return second.released == 1; }));
    first.release();
    ASSERT_TRUE(room.until([&] { return third.held(); }));
    EXPECT_EQ(room.names(*third.session, "/locks/one").size(), 1u);
}

TEST(Lock, GivingUpWhileTheZnodeIsBeingCreatedLeavesNone) {
    Room room;
    Contender one(room), other(room);
    one.acquire();
    one.release();
    one.acquire();
    one.release();
    one.acquire();
    ASSERT_TRUE(room.until([&] { return one.held(); }));
    EXPECT_EQ(room.names(*other.session, "/locks/one").size(), 1u);
    one.session->use([&](Client&) { one.lock.reset(); });
    room.pass(500ms);
    EXPECT_TRUE(room.names(*other.session, "/locks/one").empty()) << "its end releases it";
    other.acquire();
    other.session->use([&](Client&) { other.lock.reset(); }); // before it had a znode
    room.pass(500ms);
    EXPECT_TRUE(room.names(*one.session, "/locks/one").empty());
}

TEST(Lock, ReadersHoldItTogetherAndAWriterAlone) {
    Room room;
    Contender reader(room, LockKind::Read), second(room, LockKind::Read), writer(room, LockKind::Write),
        late(room, LockKind::Read);
    for (Contender* one : {&reader, &second, &writer, &late}) {
        one->acquire();
        room.pass(300ms);
    }
    EXPECT_TRUE(reader.held() && second.held());
    EXPECT_FALSE(writer.held() || late.held());
    reader.release();
    room.pass(300ms);
    EXPECT_FALSE(writer.held());
    second.release();
    ASSERT_TRUE(room.until([&] { return writer.held(); }));
    EXPECT_FALSE(late.held());
    writer.release();
    ASSERT_TRUE(room.until([&] { return late.held(); }));
}

TEST(Lock, TellsWhoIsInLine) {
    Room room;
    std::list<Contender> all;
    for (const char* who : {"ann", "bob", "cyd"}) {
        all.emplace_back(room, LockKind::Exclusive, "/locks/named", who).acquire();
        room.pass(300ms);
    }
    const auto line = room.ask<std::vector<std::string>>(
        *all.back().session,
        [&](Client&, Callback<std::vector<std::string>> done) { all.back().lock->contenders(done); });
    EXPECT_EQ(*line, (std::vector<std::string>{"ann", "bob", "cyd"}));
}

TEST(Lock, TheReadOnlyLockOfTheSessionRefusesIt) {
    Room room;
    const auto session = room.session(4s, true);
    Lock lock(session->client(), "/l", room.guid());
    std::optional<Error> error;
    session->use([&](Client&) { lock.acquire([&](const Result<void>& held) { error = held.error(); }); });
    ASSERT_TRUE(room.until([&] { return error.has_value(); }));
    EXPECT_EQ(toErrorCode(*error), ErrorCode::NotReadOnly);
    EXPECT_EQ(lock.state(), LockState::Free);
}

TEST(Lock, IsHeldByOneAtATimeThroughAllTrouble) {
    std::size_t turns = 0;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        Room room(seed);
        std::list<Contender> all;
        std::vector<SimSession*> sessions;
        bool enough = false;
        for (int index = 0; index < 4; ++index) {
            Contender& one = all.emplace_back(room);
            sessions.push_back(one.session.get());
            one.lock->onChange([&](LockState) {
                const auto holders =
                    std::count_if(all.begin(), all.end(), [](const Contender& each) { return each.held(); });
                EXPECT_LE(holders, 1) << "seed " << seed;
            });
        }
        // Each holds it for a while, gives it up, and asks again.
        std::function<void(Contender&)> again = [&](Contender& one) {
            one.session->use([&](Client&) {
                one.lock->acquire([&](const Result<void>& held) {
                    if (!held) return;
                    ++turns;
                    room.world.scheduler().after(100ms, [&] {
                        if (!one.held() || enough) return;
                        one.release();
                        if (one.lock->state() == LockState::Free) again(one);
                    });
                });
            });
        };
        for (Contender& one : all)
            again(one);
        room.trouble(8s, sessions);
        enough = true;
        room.pass(5s);
        std::size_t alive = 0;
        for (Contender& one : all)
            alive += !isOver(one.session->status().state);
        for (Contender& one : all) {
            if (isOver(one.session->status().state)) continue;
            EXPECT_LE(room.names(*one.session, "/locks/one").size(), alive) << "seed " << seed;
        }
        for (Contender& one : all)
            one.session->use([&](Client&) {
                one.lock->onChange({});
                one.lock.reset();
            });
        room.pass(5s);
        const auto last = room.session();
        EXPECT_TRUE(room.names(*last, "/locks/one").empty())
            << "seed " << seed << ": a znode is left that nobody knows of";
    }
    EXPECT_GT(turns, 200u);
}

namespace {

struct Candidate {
    Candidate(Room& room, const std::string& who)
        : session(room.session()),
          latch(std::make_unique<LeaderLatch>(session->client(), "/election", room.guid(), who)) {
        session->use([this](Client&) {
            latch->start([this](const Result<bool>& leads) {
                told.push_back(!leads   ? std::string(jute::name(toErrorCode(leads.error())))
                               : *leads ? "leads"
                                        : "not");
            });
        });
        room.pass(300ms);
    }
    ~Candidate() { latch.reset(); }

    std::unique_ptr<SimSession> session;
    std::unique_ptr<LeaderLatch> latch;
    std::vector<std::string> told;
};

} // namespace

TEST(LeaderLatch, LeadsOneAfterAnotherAndTellsWho) {
    Room room;
    Candidate ann(room, "ann"), bob(room, "bob"), cyd(room, "cyd");
    EXPECT_TRUE(ann.latch->leads());
    const auto line = room.ask<std::vector<std::string>>(
        *cyd.session, [&](Client&, Callback<std::vector<std::string>> done) { cyd.latch->contenders(done); });
    EXPECT_EQ(*line, (std::vector<std::string>{"ann", "bob", "cyd"}));
    ann.session->cut();
    ASSERT_TRUE(room.until([&] { return bob.latch->leads(); }));
    EXPECT_EQ(ann.told, (std::vector<std::string>{"leads", "not"})) << "told before the next one leads";
    ann.session->mend();
    ASSERT_TRUE(room.until([&] { return ann.told.size() == 3; }));
    EXPECT_EQ(ann.told.back(), "SessionExpired");
    int stopped = 0;
    bob.session->use([&](Client&) { bob.latch->stop([&] { ++stopped; }); });
    ASSERT_TRUE(room.until([&] { return cyd.latch->leads() && stopped == 1; }));
    EXPECT_EQ(bob.told, std::vector<std::string>{"leads"});
    EXPECT_EQ(cyd.told, std::vector<std::string>{"leads"});
}

TEST(LeaderLatch, StandsInLineAgainWhenItsZnodeIsDeleted) {
    Room room;
    Candidate ann(room, "ann"), bob(room, "bob");
    for (const std::string& name : room.names(*bob.session, "/election"))
        if (name.ends_with("0")) room.remove(*bob.session, "/election/" + name);
    ASSERT_TRUE(room.until([&] { return bob.latch->leads(); }));
    EXPECT_EQ(ann.told, (std::vector<std::string>{"leads", "not"}));
    bob.session->use([&](Client&) { bob.latch->stop(); });
    ASSERT_TRUE(room.until([&] { return ann.latch->leads(); }));
    EXPECT_EQ(ann.told.back(), "leads");
}

TEST(LeaderLatch, LeadsAgainAfterALostConnectionWithinTheSession) {
    Room room;
    Candidate ann(room, "ann");
    room.world.crash(Room::serverOf(*ann.session));
    ASSERT_TRUE(room.until([&] { return ann.told.size() == 3; }));
    EXPECT_EQ(ann.told, (std::vector<std::string>{"leads", "not", "leads"}));
}

} // namespace zk::client::recipes
