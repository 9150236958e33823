#include "bridge/live_ensemble.h"
#include "tests/ui/fakes.h"

#include <gtest/gtest.h>

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

namespace viv::test {
namespace {

using zk::ensemble::Verb;
using zk::trace::Event;
using zk::trace::Kind;
using zk::trace::ServerState;

class LiveEnsembleTest : public testing::Test {
  protected:
    bool wait(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 5000); }

    std::shared_ptr<FakeEnsemble> fake = std::make_shared<FakeEnsemble>(3);
};

TEST_F(LiveEnsembleTest, AStateChangeIsThereWithinATenthOfASecond) {
    LiveEnsemble live(fake, false);
    QElapsedTimer since;
    since.start();
    fake->setState(2, ServerState::Leading, 1);
    ASSERT_TRUE(wait([&] { return live.view().servers[1].state == ServerState::Leading; }));
    EXPECT_LT(since.elapsed(), 100);
}

TEST_F(LiveEnsembleTest, EventsComeInOrderAndInBatches) {
    LiveEnsemble live(fake, false);
    std::vector<std::uint32_t> counters;
    int batches = 0;
    QObject::connect(&live, &LiveEnsemble::told, [&](const std::vector<Event>& events) {
        ++batches;
        for (const Event& event : events)
            if (event.what() == Kind::Committed && event.server == 1)
                counters.push_back(event.zxid.counter());
    });
    live.actOnAll(Verb::Start);
    ASSERT_TRUE(wait([&] { return live.view().servers[0].state == ServerState::Following; }));
    fake->commit(1000);
    ASSERT_TRUE(wait([&] { return counters.size() == 1000; }));
    EXPECT_TRUE(std::is_sorted(counters.begin(), counters.end()));
    EXPECT_LT(batches, 60);
}

TEST_F(LiveEnsembleTest, TooManyEventsAreDroppedAndSaidSoAndTheViewIsRight) {
    LiveEnsemble live(fake, false);
    QSignalSpy missed(&live, &LiveEnsemble::missed);
    fake->setState(1, ServerState::Following, 1);
    Event chatter;
    chatter.kind = std::int32_t(Kind::VoteSent);
    for (int i = 0; i < 40000; ++i)
        fake->tell(chatter);
    fake->setState(1, ServerState::Leading, 1); // finds no room
    ASSERT_TRUE(
        wait([&] { return missed.size() > 0 && live.view().servers[0].state == ServerState::Leading; }));
}

TEST_F(LiveEnsembleTest, WhatIsRefusedIsASentence) {
    class Refusing : public FakeEnsemble {
      public:
        using FakeEnsemble::FakeEnsemble;
        void act(Verb, zk::Sid, std::function<void(std::string)> done) override {
            done("Port 2181 is taken.");
        }
    };
    LiveEnsemble live(std::make_shared<Refusing>(1), false);
    QSignalSpy refused(&live, &LiveEnsemble::refused);
    live.act(Verb::Start, 1);
    ASSERT_TRUE(wait([&] { return refused.size() == 1; }));
    EXPECT_EQ(refused[0][0].toString().toStdString(), "Port 2181 is taken.");
}

TEST_F(LiveEnsembleTest, ShuttingDownStopsWhatIsHostedAndLetsGo) {
    LiveEnsemble live(fake, false);
    live.actOnAll(Verb::Start);
    ASSERT_TRUE(wait([&] { return live.view().servers[1].state == ServerState::Leading; }));
    const std::weak_ptr<FakeEnsemble> watched = std::exchange(fake, nullptr);
    bool done = false;
    live.shutDown([&](const QString& problem) {
        EXPECT_TRUE(problem.isEmpty());
        done = true;
    });
    EXPECT_FALSE(done) << "it does not wait";
    ASSERT_TRUE(wait([&] { return done; }));
    EXPECT_TRUE(watched.expired());
    EXPECT_EQ(live.view().servers[1].state, ServerState::Stopped);
    live.act(Verb::Start, 1); // nothing to act on any more
}

TEST_F(LiveEnsembleTest, AnAttachedEnsembleIsLeftRunning) {
    LiveEnsemble live(fake, true);
    live.actOnAll(Verb::Start);
    ASSERT_TRUE(wait([&] { return live.view().servers[1].state == ServerState::Leading; }));
    bool done = false;
    live.shutDown([&](const QString&) { done = true; });
    ASSERT_TRUE(wait([&] { return done; }));
    EXPECT_EQ(fake->view().servers[1].state, ServerState::Leading);
}

} // namespace
} // namespace viv::test
