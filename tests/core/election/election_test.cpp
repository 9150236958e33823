#include "tests/core/election/network.h"

#include <gtest/gtest.h>

namespace zk::election::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Silence : public trace::Sink {
  public:
    void event(const trace::Event&) override {}
};

struct Single {
    explicit Single(std::set<Sid> voters, Sid self = 1, bool observer = false) {
        ElectionOptions options;
        options.self = self;
        options.observer = observer;
        options.quorum = Quorum(voters);
        options.everyone = std::move(voters);
        options.everyone.insert(self);
        options.config = "version=0";
        election = std::make_unique<Election>(options, tracer);
    }
    Silence silence;
    trace::Tracer tracer{1, silence};
    std::unique_ptr<Election> election;
    Instant now{};
};

Notification looking(Sid leader, Zxid zxid, std::int64_t epoch, std::int64_t round) {
    return {ServerState::Looking, {leader, zxid, round, epoch}, 2, {}};
}

TEST(Beats, ComparesEpochThenZxidThenId) {
    const Quorum quorum({1, 2, 3});
    const Vote base{2, Zxid(5), 1, 1};
    EXPECT_TRUE(beats({1, Zxid(0), 1, 2}, base, quorum));
    EXPECT_TRUE(beats({1, Zxid(6), 1, 1}, base, quorum));
    EXPECT_TRUE(beats({3, Zxid(5), 1, 1}, base, quorum));
    EXPECT_FALSE(beats(base, base, quorum));
    EXPECT_FALSE(beats({3, Zxid(9), 9, 0}, base, quorum)) << "a later round is no merit";
    EXPECT_FALSE(beats({3, Zxid(4), 1, 1}, base, quorum));
    EXPECT_FALSE(beats({1, Zxid(5), 1, 1}, base, quorum));
}

TEST(Beats, WeightZeroNeverWins) {
    const Quorum quorum({1, 2, 3}, {{3, 0}}, {});
    EXPECT_FALSE(beats({3, Zxid(9), 1, 9}, {1, Zxid(0), 1, 0}, quorum));
    EXPECT_TRUE(beats({1, Zxid(0), 1, 0}, {3, Zxid(9), 1, 9}, quorum));
    EXPECT_FALSE(beats({7, Zxid(9), 1, 9}, {1, Zxid(0), 1, 0}, quorum)) << "7 does not vote";
}

TEST(Election, AloneInItsEnsembleLeadsAfterTheFinalizeWait) {
    Single single({1});
    single.election->start(single.now, Zxid(7), 1);
    Ready ready = single.election->take();
    EXPECT_TRUE(ready.send.empty());
    EXPECT_EQ(ready.wakeAt, single.now + milliseconds(200));
    single.election->tick(single.now + milliseconds(199));
    EXPECT_FALSE(single.election->take().decided);
    single.election->tick(single.now + milliseconds(200));
    ready = single.election->take();
    ASSERT_TRUE(ready.decided);
    EXPECT_EQ(ready.decided->state, ServerState::Leading);
    EXPECT_EQ(ready.decided->vote, (Vote{1, Zxid(7), 1, 1}));
    EXPECT_EQ(ready.wakeAt, kNever);
    EXPECT_FALSE(single.election->looking());
}

TEST(Election, SaysNothingBeforeItsStart) {
    Single single({1, 2, 3});
    single.election->receive(single.now, 2, looking(2, Zxid(0), 0, 1));
    single.election->tick(single.now + seconds(9));
    const Ready ready = single.election->take();
    EXPECT_TRUE(ready.send.empty());
    EXPECT_EQ(ready.wakeAt, kNever);
}

TEST(Election, AsksAgainAtIntervalsThatDoubleUpToAMinute) {
    Single single({1, 2, 3});
    single.election->start(single.now, Zxid(0), 0);
    Instant last = single.now;
    std::vector<std::int64_t> waits;
    for (int turn = 0; turn < 12; ++turn) {
        const Ready ready = single.election->take();
        EXPECT_EQ(ready.send.size(), 2u);
        waits.push_back(std::chrono::duration_cast<milliseconds>(ready.wakeAt - last).count());
        last = ready.wakeAt;
        single.election->tick(last);
    }
    EXPECT_EQ(waits, (std::vector<std::int64_t>{200, 400, 800, 1600, 3200, 6400, 12800, 25600, 51200, 60000,
                                                60000, 60000}));
}

TEST(Election, AsksForConnectionsAtItsStartAndWhereVotesWereLost) {
    Single single({1, 2, 3});
    single.election->start(single.now, Zxid(0), 0);
    EXPECT_TRUE(single.election->take().connectAll);
    single.election->tick(single.now + milliseconds(200));
    EXPECT_FALSE(single.election->take().connectAll);
    single.election->undelivered();
    single.election->tick(single.now + milliseconds(600));
    EXPECT_TRUE(single.election->take().connectAll);
    single.election->tick(single.now + milliseconds(1400));
    EXPECT_FALSE(single.election->take().connectAll);
}

TEST(Election, SendsOnlyTheLatestVoteToAPeer) {
    Single single({1, 2, 3});
    single.election->start(single.now, Zxid(0), 0);
    single.election->receive(single.now, 3, looking(3, Zxid(0), 0, 1));
    const Ready ready = single.election->take();
    ASSERT_EQ(ready.send.size(), 2u);
    for (const Outgoing& message : ready.send) {
        EXPECT_EQ(message.notification.vote.leader, 3);
        EXPECT_EQ(message.notification.config, "version=0");
    }
}

TEST(Election, AVoteThatIsTakenBackEndsTheFinalizeWait) {
    Single single({1, 2, 3, 4, 5}, 5);
    single.election->start(single.now, Zxid(0), 0);
    for (const Sid peer : {1, 2})
        single.election->receive(single.now, peer, looking(5, Zxid(0), 0, 1));
    single.election->receive(single.now, 2, looking(4, Zxid(0), 0, 1));
    single.election->tick(single.now + milliseconds(200));
    EXPECT_FALSE(single.election->take().decided);
}

TEST(Election, ASettledServerAnswersThoseThatLookAndNobodyElse) {
    Single single({1, 2, 3});
    single.election->start(single.now, Zxid(0), 0);
    single.election->receive(single.now, 2, looking(1, Zxid(0), 0, 1));
    single.election->tick(single.now + milliseconds(200));
    ASSERT_TRUE(single.election->take().decided);
    single.election->epochAgreed(4);
    single.election->receive(single.now, 3, looking(3, Zxid(9), 9, 9));
    const Ready ready = single.election->take();
    ASSERT_EQ(ready.send.size(), 1u);
    EXPECT_EQ(ready.send[0].to, 3);
    EXPECT_EQ(ready.send[0].notification,
              (Notification{ServerState::Leading, {1, Zxid(0), 1, 4}, 2, "version=0"}));
    for (const auto state : {ServerState::Following, ServerState::Leading, ServerState::Observing})
        single.election->receive(single.now, 3, {state, {3, Zxid(9), 9, 9}, 2, {}});
    EXPECT_TRUE(single.election->take().send.empty());
    EXPECT_FALSE(single.election->looking());
}

TEST(Election, VotesOfPeersWithoutAVersionCountByLeaderAlone) {
    Single single({1, 2, 3});
    single.election->start(single.now, Zxid(0), 0);
    single.election->receive(single.now, 2, {ServerState::Following, {3, Zxid(0), 6, 0}, 0, {}});
    EXPECT_FALSE(single.election->take().decided);
    single.election->receive(single.now, 3, {ServerState::Leading, {3, Zxid(0), 6, 5}, 2, {}});
    EXPECT_TRUE(single.election->take().decided);
}

TEST(Election, SettledVotesOfDifferentEpochsDoNotAddUp) {
    Single single({1, 2, 3});
    single.election->start(single.now, Zxid(0), 0);
    single.election->receive(single.now, 2, {ServerState::Following, {3, Zxid(0), 6, 4}, 2, {}});
    single.election->receive(single.now, 3, {ServerState::Leading, {3, Zxid(0), 6, 5}, 2, {}});
    EXPECT_FALSE(single.election->take().decided);
}

TEST(Election, OursAsLeaderCountsOnlyInOurRound) {
    Single single({1, 2, 3}, 3);
    single.election->start(single.now, Zxid(0), 0);
    for (const Sid peer : {1, 2})
        single.election->receive(single.now, peer, {ServerState::Following, {3, Zxid(0), 5, 1}, 2, {}});
    EXPECT_FALSE(single.election->take().decided);
    for (const Sid peer : {1, 2})
        single.election->receive(single.now, peer, {ServerState::Following, {3, Zxid(0), 1, 1}, 2, {}});
    const Ready ready = single.election->take();
    ASSERT_TRUE(ready.decided);
    EXPECT_EQ(ready.decided->state, ServerState::Leading);
}

TEST(Election, ARoundAtTheEndOfItsNumbersStaysThere) {
    Single single({1, 2, 3});
    single.election->start(single.now, Zxid(0), 0);
    single.election->receive(single.now, 2, looking(2, Zxid(0), 0, INT64_MAX));
    single.election->start(single.now, Zxid(0), 0);
    EXPECT_EQ(single.election->round(), INT64_MAX);
}

// Zab is played by a rule: a follower whose leader does not lead, and a leader without a quorum of followers,
// look again after two seconds, as their limits would make them.
class Ensemble {
  public:
    explicit Ensemble(std::uint64_t seed)
        : rng_(seed), size_(3 + static_cast<Sid>(rng_.below(5))), network_(shape(size_), seed) {
        network_.loss = static_cast<double>(rng_.below(40)) / 100;
        network_.maxDelay = milliseconds(1 + rng_.below(300));
        for (Sid sid = 1; sid <= size_; ++sid) {
            epochs_[sid] = static_cast<std::int64_t>(rng_.below(3));
            zxids_[sid] = Zxid(epochs_[sid], static_cast<std::uint32_t>(rng_.below(4)));
        }
    }

    // The leader on whom all have agreed; 0 where they have not after `limit`.
    Sid converge(Duration limit) {
        for (Sid sid = 1; sid <= size_; ++sid) {
            network_.start(sid, zxids_[sid], epochs_[sid]);
            network_.run(milliseconds(rng_.below(500)));
        }
        for (Duration spent{}; spent < limit; spent += seconds(2)) {
            network_.run(seconds(2));
            if (const Sid leader = agreed()) return leader;
            lookAgain();
        }
        return 0;
    }

    // A leader was chosen by a quorum, and no member of a quorum votes for less than its own history.
    bool hasNewestOfAQuorum(Sid leader) const {
        std::set<Sid> older;
        for (const auto& [sid, zxid] : zxids_)
            if (std::pair(epochs_.at(sid), zxid) <= std::pair(epochs_.at(leader), zxids_.at(leader)))
                older.insert(sid);
        return Quorum(shape(size_).voters).contains(older);
    }

  private:
    static Shape shape(Sid size) {
        Shape shape;
        for (Sid sid = 1; sid <= size; ++sid)
            shape.voters.insert(sid);
        return shape;
    }
    Sid agreed() const {
        std::set<Sid> leaders;
        for (Sid sid = 1; sid <= size_; ++sid) {
            if (network_.state(sid) == ServerState::Looking) return 0;
            leaders.insert(network_.decisions().at(sid).vote.leader);
        }
        return leaders.size() == 1 && network_.state(*leaders.begin()) == ServerState::Leading
                   ? *leaders.begin()
                   : 0;
    }
    void lookAgain() {
        std::vector<Sid> lost;
        for (const auto& [sid, decision] : network_.decisions()) {
            std::set<Sid> followers{sid};
            for (const auto& [other, theirs] : network_.decisions())
                if (theirs.vote.leader == sid) followers.insert(other);
            const bool stands = decision.state == ServerState::Leading
                                    ? Quorum(shape(size_).voters).contains(followers)
                                    : network_.state(decision.vote.leader) == ServerState::Leading;
            if (!stands) lost.push_back(sid);
        }
        for (const Sid sid : lost)
            network_.start(sid, zxids_[sid], epochs_[sid]);
    }

    Rng rng_;
    Sid size_;
    Network network_;
    std::map<Sid, Zxid> zxids_;
    std::map<Sid, std::int64_t> epochs_;
};

TEST(Election, ConvergesOnOneLeaderThroughLossAndDelay) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        Ensemble ensemble(seed);
        const Sid leader = ensemble.converge(std::chrono::minutes(20));
        ASSERT_NE(leader, 0) << "seed " << seed;
        EXPECT_TRUE(ensemble.hasNewestOfAQuorum(leader)) << "seed " << seed;
    }
}

} // namespace
} // namespace zk::election::test
