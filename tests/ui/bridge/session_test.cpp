#include "bridge/session.h"
#include "bridge/text.h"
#include "tests/ui/fakes.h"

#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QTest>

namespace viv::test {
namespace {

using zk::jute::CreateMode;
using zk::jute::ErrorCode;

class SessionTest : public testing::Test {
  protected:
    bool wait(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 5000); }

    FakeDialer dialer;
    QObject receiver;
};

TEST_F(SessionTest, NamesComeNaturallySorted) {
    Session session(dialer, {});
    int made = 0;
    for (const char* path : {"/n10", "/n9", "/a"})
        session.create(path, "", CreateMode::Persistent, &receiver,
                       [&](const auto& result) { made += result.has_value(); });
    ASSERT_TRUE(wait([&] { return made == 3; }));
    std::vector<std::string> names;
    session.children("/", false, &receiver, [&](const auto& result) { names = result->names; });
    ASSERT_TRUE(wait([&] { return !names.empty(); }));
    EXPECT_EQ(names, (std::vector<std::string>{"a", "n9", "n10", "zookeeper"}));
}

TEST_F(SessionTest, WatchesFireOnce) {
    Session session(dialer, {});
    QSignalSpy fired(&session, &Session::watchFired);
    bool read = false;
    session.data("/zookeeper", true, &receiver, [&](const auto&) { read = true; });
    ASSERT_TRUE(wait([&] { return read; }));
    dialer.inZooKeeper([](FakeZooKeeper& keeper) {
        keeper.set("/zookeeper", "1", -1, nullptr);
        keeper.set("/zookeeper", "2", -1, nullptr);
    });
    ASSERT_TRUE(wait([&] { return fired.size() == 1; }));
    EXPECT_FALSE(QTest::qWaitFor([&] { return fired.size() > 1; }, 50));
}

TEST_F(SessionTest, ReadingAgainLeavesNoSecondWatch) {
    Session session(dialer, {});
    int answers = 0;
    for (int i = 0; i < 3; ++i) {
        session.data("/zookeeper", true, &receiver, [&](const auto&) { ++answers; });
        session.children("/zookeeper", true, &receiver, [&](const auto&) { ++answers; });
    }
    ASSERT_TRUE(wait([&] { return answers == 6; }));
    std::size_t watches = 0;
    dialer.inZooKeeper([&](FakeZooKeeper& keeper) { watches = keeper.watches(); });
    EXPECT_EQ(watches, 2u);
}

TEST_F(SessionTest, AZnodeThatWasNotThereIsWatchedOnceItIs) {
    Session session(dialer, {});
    QSignalSpy fired(&session, &Session::watchFired);
    int answers = 0;
    const auto read = [&] { session.data("/new", true, &receiver, [&](const auto&) { ++answers; }); };
    read();
    ASSERT_TRUE(wait([&] { return answers == 1; }));
    session.create("/new", "", CreateMode::Persistent, &receiver, [&](const auto&) { ++answers; });
    read();
    ASSERT_TRUE(wait([&] { return answers == 3; }));
    dialer.inZooKeeper([](FakeZooKeeper& keeper) { keeper.set("/new", "1", -1, nullptr); });
    EXPECT_TRUE(wait([&] { return fired.size() == 1; }));
}

TEST_F(SessionTest, AnswersDoNotReachAReceiverThatIsGone) {
    Session session(dialer, {});
    auto gone = std::make_unique<QObject>();
    bool called = false;
    session.stat("/", gone.get(), [&](const auto&) { called = true; });
    gone.reset();
    bool later = false;
    session.stat("/", &receiver, [&](const auto&) { later = true; });
    ASSERT_TRUE(wait([&] { return later; }));
    EXPECT_FALSE(called);
}

TEST_F(SessionTest, AnExpiredOneIsOpenedAnew) {
    Session session(dialer, {});
    ASSERT_TRUE(wait([&] { return session.connected(); }));
    QSignalSpy renewed(&session, &Session::renewed);
    const auto before = session.status().session;
    dialer.expireAll();
    ASSERT_TRUE(wait([&] { return renewed.size() == 1 && session.connected(); }));
    EXPECT_NE(session.status().session, before);
}

TEST(Failures, SayWhatHappenedWhyAndWhatToDo) {
    const auto sentence = [](ErrorCode code, std::string detail = "") {
        return failureSentence(Deed::Write, "/app", {zk::client::toErrorCode(code), std::move(detail)})
            .toStdString();
    };
    EXPECT_EQ(sentence(ErrorCode::NoAuth),
              "/app was not saved: its ACL does not allow it. Connect with an identity that the ACL names.");
    EXPECT_EQ(sentence(ErrorCode::ConnectionLoss, "127.0.0.1:2181 hung up."),
              "/app was not saved: 127.0.0.1:2181 hung up.");
    for (const ErrorCode code : {ErrorCode::NoNode, ErrorCode::SystemError, ErrorCode::QuotaExceeded})
        EXPECT_GT(sentence(code).size(), std::string("/app was not saved: ").size());
}

} // namespace
} // namespace viv::test
