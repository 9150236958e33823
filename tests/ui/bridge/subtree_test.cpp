#include "bridge/subtree.h"
#include "tests/ui/fakes.h"

#include <gtest/gtest.h>

#include <QTest>

namespace viv::test {
namespace {

using zk::jute::CreateMode;

class SubtreeTest : public testing::Test {
  protected:
    SubtreeTest() {
        make("/app");
        for (int i = 0; i < 300; ++i) {
            const std::string branch = "/app/n" + std::to_string(i);
            make(branch);
            make(branch + "/leaf");
        }
    }
    void make(const std::string& path) {
        dialer.inZooKeeper([&](FakeZooKeeper& keeper) {
            std::string made = path;
            EXPECT_EQ(keeper.create(made, "", CreateMode::Persistent, 0, nullptr), zk::jute::ErrorCode::Ok);
        });
    }
    bool exists(const std::string& path) {
        bool found = false;
        dialer.inZooKeeper([&](FakeZooKeeper& keeper) { found = keeper.find(path) != nullptr; });
        return found;
    }
    bool waitFor(const Subtree& subtree, Subtree::Stage stage) {
        return QTest::qWaitFor([&] { return subtree.stage() == stage; }, 5000);
    }

    FakeDialer dialer;
    Session session{dialer, {}};
};

TEST_F(SubtreeTest, CountsAndTouchesNothingUntilItIsTold) {
    Subtree subtree(session, "/app");
    ASSERT_TRUE(waitFor(subtree, Subtree::Stage::Counted));
    EXPECT_EQ(subtree.descendants(), 600U);
    EXPECT_TRUE(exists("/app/n0/leaf"));
    subtree.remove();
    ASSERT_TRUE(waitFor(subtree, Subtree::Stage::Finished));
    EXPECT_EQ(subtree.deleted(), 601U);
    EXPECT_FALSE(exists("/app"));
}

TEST_F(SubtreeTest, ALeafIsOneZnode) {
    Subtree subtree(session, "/app/n0/leaf");
    ASSERT_TRUE(waitFor(subtree, Subtree::Stage::Counted));
    EXPECT_EQ(subtree.descendants(), 0U);
}

TEST_F(SubtreeTest, CancellingStopsAndLeavesTheRest) {
    Subtree subtree(session, "/app");
    subtree.cancel();
    EXPECT_TRUE(QTest::qWaitFor(
        [&] {
            return subtree.stage() == Subtree::Stage::Cancelled || subtree.stage() == Subtree::Stage::Counted;
        },
        5000));
    subtree.remove();
    EXPECT_TRUE(QTest::qWaitFor([&] { return subtree.stage() == Subtree::Stage::Cancelled; }, 5000));
    EXPECT_TRUE(exists("/app"));
}

TEST_F(SubtreeTest, WhatAppearsMeanwhileStopsItWithASentence) {
    Subtree subtree(session, "/app");
    ASSERT_TRUE(waitFor(subtree, Subtree::Stage::Counted));
    make("/app/n7/new");
    subtree.remove();
    ASSERT_TRUE(waitFor(subtree, Subtree::Stage::Failed));
    EXPECT_TRUE(subtree.problem().contains(QStringLiteral("/app/n7")));
    EXPECT_TRUE(exists("/app/n7/new"));
}

TEST_F(SubtreeTest, WhatMayNotBeListedFails) {
    dialer.inZooKeeper([](FakeZooKeeper& keeper) { keeper.forbidden.insert("/app/n3"); });
    Subtree subtree(session, "/app");
    ASSERT_TRUE(waitFor(subtree, Subtree::Stage::Failed));
    EXPECT_TRUE(subtree.problem().contains(QStringLiteral("/app/n3")));
    subtree.remove();
    EXPECT_TRUE(exists("/app"));
}

TEST_F(SubtreeTest, WhatIsNotThereFails) {
    Subtree subtree(session, "/nobody");
    EXPECT_TRUE(waitFor(subtree, Subtree::Stage::Failed));
}

} // namespace
} // namespace viv::test
