// Presence and Roster, and what is made of them: groups, services, progress.
#include "client/recipes/presence.h"
#include "client/recipes/progress.h"
#include "client/recipes/roster.h"
#include "client/recipes/services.h"

#include "room.h"

namespace zk::client::recipes {

using jute::ErrorCode;
using Members = Roster::Members;

namespace {

struct Member {
    Member(Room& room, const std::string& name, const std::string& data, const std::string& group = "/groups/one")
        : session(room.session()),
          presence(std::make_unique<Presence>(session->client(), below(group, name), data)) {
        presence->onLost([this](const Error& error) { lost = error; });
    }
    ~Member() { presence.reset(); }
    void announce() {
        session->use([this](Client&) {
            presence->announce([this](const Result<void>& there) { outcome = there ? Error{} : there.error(); });
        });
    }
    bool there() const { return outcome && !outcome->code.failed(); }
    void update(const std::string& data) {
        session->use([&](Client&) { presence->update(data); });
    }
    void withdraw() {
        session->use([this](Client&) { presence->withdraw([this] { ++withdrawnTimes; }); });
    }
    void die() {
        session->cut();
        presence.reset();
        session.reset();
    }

    std::unique_ptr<SimSession> session;
    std::unique_ptr<Presence> presence;
    std::optional<Error> outcome, lost;
    int withdrawnTimes = 0;
};

// Somebody who watches a group.
struct Onlooker {
    explicit Onlooker(Room& room, const std::string& group = "/groups/one", bool readOnly = false)
        : session(room.session(4s, readOnly)), roster(std::make_unique<Roster>(session->client(), group)) {
        session->use([this](Client&) {
            roster->start([this](const Result<Members>& members) {
                if (members) told.push_back(*members);
                else error = members.error();
            });
        });
    }
    ~Onlooker() { roster.reset(); }
    bool sees(const Members& members) const { return !told.empty() && told.back() == members; }

    std::unique_ptr<SimSession> session;
    std::unique_ptr<Roster> roster;
    std::vector<Members> told;
    std::optional<Error> error;
};

} // namespace

TEST(Group, MembersComeAndGoAndAreSeen) {
    Room room;
    Onlooker onlooker(room, "/groups/one", true); // reads alone
    ASSERT_TRUE(room.until([&] { return onlooker.sees({}); }));
    Member ann(room, "ann", "1"), bob(room, "bob", "2");
    ann.announce();
    ASSERT_TRUE(room.until([&] { return onlooker.sees({{"ann", "1"}}); }));
    EXPECT_TRUE(ann.there());
    bob.announce();
    ASSERT_TRUE(room.until([&] { return onlooker.sees({{"ann", "1"}, {"bob", "2"}}); }));
    ann.update("3");
    ASSERT_TRUE(room.until([&] { return onlooker.sees({{"ann", "3"}, {"bob", "2"}}); }));
    bob.withdraw();
    ASSERT_TRUE(room.until([&] { return onlooker.sees({{"ann", "3"}}) && bob.withdrawnTimes == 1; }));
    bob.announce();
    ASSERT_TRUE(room.until([&] { return onlooker.sees({{"ann", "3"}, {"bob", "2"}}); }));
    EXPECT_EQ(onlooker.told.size(), 6u) << "each change is told once";
    EXPECT_EQ(onlooker.roster->members(), onlooker.told.back());
}

TEST(Group, AMemberThatDiesIsGoneWithItsSession) {
    Room room;
    Onlooker onlooker(room);
    Member ann(room, "ann", "1"), bob(room, "bob", "2");
    ann.announce();
    bob.announce();
    ASSERT_TRUE(room.until([&] { return onlooker.sees({{"ann", "1"}, {"bob", "2"}}); }));
    ann.die();
    ASSERT_TRUE(room.until([&] { return onlooker.sees({{"bob", "2"}}); }));
    bob.session->cut();
    ASSERT_TRUE(room.until([&] { return onlooker.sees({}); }));
    EXPECT_FALSE(bob.lost) << "it cannot know yet";
    bob.session->mend();
    ASSERT_TRUE(room.until([&] { return bob.lost.has_value(); }));
    EXPECT_EQ(toErrorCode(*bob.lost), ErrorCode::SessionExpired);
}

TEST(Group, ANameThatAnotherSessionHasIsWaitedFor) {
    Room room;
    Member before(room, "ann", "old"), after(room, "ann", "new"), third(room, "ann", "never");
    before.announce();
    ASSERT_TRUE(room.until([&] { return before.there(); }));
    after.announce(); // the same program, started anew before its old session is over
    third.announce();
    room.pass(1s);
    EXPECT_FALSE(after.outcome || third.outcome);
    third.withdraw();
    EXPECT_EQ(third.outcome->code, boost::system::errc::make_error_code(boost::system::errc::operation_canceled));
    before.die();
    ASSERT_TRUE(room.until([&] { return after.there(); }));
    Onlooker onlooker(room);
    ASSERT_TRUE(room.until([&] { return onlooker.sees({{"ann", "new"}}); }));
}

TEST(Group, AZnodeThatSomebodyDeletesIsCreatedAgain) {
    Room room;
    Member ann(room, "ann", "1");
    Onlooker onlooker(room);
    ann.announce();
    ASSERT_TRUE(room.until([&] { return onlooker.sees({{"ann", "1"}}); }));
    ann.update("2");
    ASSERT_TRUE(room.until([&] { return onlooker.sees({{"ann", "2"}}); }));
    room.remove(*onlooker.session, "/groups/one/ann");
    ASSERT_TRUE(room.until([&] { return onlooker.sees({{"ann", "2"}}) && onlooker.told.size() > 4; }, 10s) ||
                onlooker.sees({{"ann", "2"}}));
    EXPECT_EQ(room.names(*onlooker.session, "/groups/one"), std::vector<std::string>{"ann"});
    EXPECT_FALSE(ann.lost);
}

TEST(Group, OfManyUpdatesTheNewestIsWritten) {
    Room room;
    Member ann(room, "ann", "0");
    Onlooker onlooker(room);
    ann.announce();
    ann.update("before it was there");
    ASSERT_TRUE(room.until([&] { return onlooker.sees({{"ann", "before it was there"}}); }));
    const RequestNumber before = ann.session->client().lastRequest();
    ann.session->use([&](Client&) {
        for (int number = 1; number <= 1000; ++number)
            ann.presence->update(std::to_string(number));
    });
    ASSERT_TRUE(room.until([&] { return onlooker.sees({{"ann", "1000"}}); }));
    EXPECT_LE(ann.session->client().lastRequest() - before, 2u);
}

TEST(Group, WithdrawnAtAnyMomentLeavesNothing) {
    Room room;
    Onlooker onlooker(room);
    for (int step = 0; step < 12; ++step) {
        Member ann(room, "ann", "1");
        ann.announce();
        room.pass(std::chrono::microseconds(700 * step));
        ann.session->use([&](Client&) { ann.presence.reset(); }); // the session stays
        room.pass(300ms);
        EXPECT_TRUE(room.names(*onlooker.session, "/groups/one").empty()) << step;
    }
}

TEST(Group, TheMembersAreThereAfterAllTrouble) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        Room room(seed);
        Onlooker onlooker(room);
        std::list<Member> all;
        std::vector<SimSession*> sessions{onlooker.session.get()};
        for (int number = 0; number < 4; ++number) {
            Member& one = all.emplace_back(room, "m" + std::to_string(number), "0");
            one.announce();
            sessions.push_back(one.session.get());
        }
        for (int turn = 1; turn <= 6; ++turn) {
            for (Member& one : all)
                one.update(std::to_string(turn));
            room.trouble(1s, sessions);
        }
        Members expected;
        int number = 0;
        for (Member& one : all) {
            const std::string name = "m" + std::to_string(number++);
            if (!isOver(one.session->status().state)) expected[name] = "6";
            else EXPECT_TRUE(one.lost || !one.there()) << name;
        }
        if (onlooker.error) continue; // its own session is over
        EXPECT_TRUE(room.until([&] { return onlooker.sees(expected); }, 20s)) << "seed " << seed;
    }
}

TEST(Services, AreFoundWhileTheirSessionsLive) {
    Room room;
    const auto client = room.session(), one = room.session(), other = room.session();
    Registration first(one->client(), "/services", "mail", "a", {"10.0.0.1", 25});
    auto second = std::make_unique<Registration>(other->client(), "/services", "mail", "b", Address{"::1", 26});
    Discovery discovery(client->client(), "/services", "mail");
    std::size_t changes = 0;
    client->use([&](Client&) { discovery.start([&](const Result<Discovery::Instances>&) { ++changes; }); });
    ASSERT_TRUE(room.until([&] { return changes == 1; }));
    EXPECT_EQ(discovery.next(), std::nullopt);
    one->use([&](Client&) { first.announce([](const Result<void>&) {}); });
    other->use([&](Client&) { second->announce([](const Result<void>&) {}); });
    ASSERT_TRUE(room.until([&] { return discovery.instances().size() == 2; }));
    EXPECT_EQ(discovery.instances().at("b"), (Address{"::1", 26}));
    EXPECT_EQ(discovery.next(), (Address{"10.0.0.1", 25}));
    EXPECT_EQ(discovery.next(), (Address{"::1", 26}));
    EXPECT_EQ(discovery.next(), (Address{"10.0.0.1", 25}));
    one->use([&](Client&) { first.update("not an address:x"); });
    ASSERT_TRUE(room.until([&] { return discovery.instances().size() == 1; }));
    other->cut();
    ASSERT_TRUE(room.until([&] { return discovery.instances().empty(); }));
    second.reset();
}

TEST(ProgressReports, AreSeenAndGoWithTheWorker) {
    Room room;
    const auto worker = room.session(), onlooker = room.session();
    auto report = std::make_unique<ProgressReport>(worker->client(), "/tasks", "copy", Progress{0, 10, "begins"});
    ProgressBoard board(onlooker->client(), "/tasks");
    std::vector<ProgressBoard::Tasks> told;
    onlooker->use([&](Client&) {
        board.start([&](const Result<ProgressBoard::Tasks>& tasks) { told.push_back(*tasks); });
    });
    worker->use([&](Client&) { report->announce([](const Result<void>&) {}); });
    const auto shows = [&](const Progress& progress) {
        return room.until([&] { return !told.empty() && told.back() == ProgressBoard::Tasks{{"copy", progress}}; });
    };
    ASSERT_TRUE(shows({0, 10, "begins"}));
    worker->use([&](Client&) { report->report({7, 10, "file 7"}); });
    ASSERT_TRUE(shows({7, 10, "file 7"}));
    worker->cut();
    ASSERT_TRUE(room.until([&] { return told.back().empty(); }));
    report.reset();
}

TEST(ProgressReports, AreReadAsTheyAreWritten) {
    for (const Progress& progress : {Progress{}, Progress{3, 9, ""}, Progress{-1, 5, "two words"}})
        EXPECT_EQ(parseProgress(toString(progress)), progress);
    for (const char* text : {"", "3", "3/", "/3", "3/4x", "x/4", "99999999999999999999/1"})
        EXPECT_EQ(parseProgress(text), std::nullopt) << text;
}

} // namespace zk::client::recipes
