// The tree model on a fake ZooKeeper: what it asks for, and that it follows.
#include "models/tree_model.h"
#include "tests/ui/fakes.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

namespace viv::test {
namespace {

using zk::jute::CreateMode;
using zk::jute::ErrorCode;

class Tree : public testing::Test {
  protected:
    Tree() : session(dialer, {}), tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal) {}

    bool wait(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 5000); }
    void make(const std::string& path, CreateMode mode = CreateMode::Persistent) {
        dialer.inZooKeeper([&](FakeZooKeeper& keeper) {
            std::string made = path;
            EXPECT_EQ(keeper.create(made, "x", mode, 7, nullptr), ErrorCode::Ok) << path;
        });
    }
    // As a view opens a branch.
    void open(const std::string& path) {
        const QModelIndex index = model.indexOf(path);
        ASSERT_TRUE(index.isValid()) << path;
        ASSERT_TRUE(wait([&] { return index.data().isValid() && model.hasChildren(model.indexOf(path)); }))
            << path;
        model.fetchMore(model.indexOf(path));
        model.setExpanded(model.indexOf(path), true);
    }
    int rows(const std::string& path) { return model.rowCount(model.indexOf(path)); }
    void begin() {
        model.setSession(&session);
        open("/");
        ASSERT_TRUE(wait([this] { return rows("/") > 0; }));
    }

    FakeDialer dialer;
    Session session;
    TreeModel model;
    QAbstractItemModelTester tester;
};

TEST_F(Tree, IsEmptyWithoutASession) {
    EXPECT_EQ(model.rowCount(), 0);
    EXPECT_FALSE(model.indexOf("/").isValid());
}

TEST_F(Tree, LoadsALevelInOneInsert) {
    for (int i = 0; i < 500; ++i)
        make("/n" + std::to_string(i));
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    begin();
    EXPECT_EQ(rows("/"), 501);
    EXPECT_EQ(inserted.size(), 1);
    EXPECT_EQ(model.index(10, 0, model.index(0, 0)).data().toString().toStdString(), "n10")
        << "naturally sorted";
}

TEST_F(Tree, FollowsWhatIsExpanded) {
    make("/app");
    make("/app/b");
    begin();
    open("/app");
    ASSERT_TRUE(wait([this] { return rows("/app") == 1; }));
    make("/app/a");
    make("/app/c");
    EXPECT_TRUE(wait([this] { return rows("/app") == 3; }));
    dialer.inZooKeeper([](FakeZooKeeper& keeper) { EXPECT_EQ(keeper.remove("/app/b", -1), ErrorCode::Ok); });
    EXPECT_TRUE(wait([this] { return rows("/app") == 2; }));
    EXPECT_EQ(model.indexOf("/app/c").row(), 1);
}

TEST_F(Tree, ALeafThatGetsAChildCanBeOpened) {
    make("/app");
    begin();
    (void)model.indexOf("/app").data();
    ASSERT_TRUE(wait([this] { return model.indexOf("/app").data(TreeModel::ChildrenRole).toInt() == 0; }));
    EXPECT_FALSE(model.hasChildren(model.indexOf("/app")));
    QSignalSpy branches(&model, &TreeModel::branchesChanged);
    make("/app/child");
    EXPECT_TRUE(wait([this] { return model.hasChildren(model.indexOf("/app")); }));
    EXPECT_EQ(branches.size(), 1) << "a view keeps who can be opened: it has to be told";
    make("/app/another");
    EXPECT_TRUE(wait([this] { return model.indexOf("/app").data(TreeModel::ChildrenRole).toInt() == 2; }));
    EXPECT_EQ(branches.size(), 1);
}

TEST_F(Tree, BadgesComeWithTheStat) {
    make("/e", CreateMode::Ephemeral);
    make("/c", CreateMode::Container);
    make("/s-", CreateMode::PersistentSequential);
    begin();
    for (const char* path : {"/e", "/c"})
        (void)model.indexOf(path).data();
    EXPECT_TRUE(wait([this] { return model.indexOf("/e").data(TreeModel::EphemeralRole).toBool(); }));
    EXPECT_TRUE(wait([this] { return model.indexOf("/c").data(TreeModel::ContainerRole).toBool(); }));
    EXPECT_FALSE(model.indexOf("/c").data(TreeModel::EphemeralRole).toBool());
    EXPECT_TRUE(model.indexOf("/s-0000000000").data(TreeModel::SequentialRole).toBool());
}

TEST_F(Tree, RevealsWhatLiesDeepAndSaysWhatIsNotThere) {
    make("/a");
    make("/a/b");
    make("/a/b/c");
    begin();
    QSignalSpy revealed(&model, &TreeModel::revealed), unreachable(&model, &TreeModel::unreachable);
    model.reveal("/a/b/c");
    ASSERT_TRUE(wait([&] { return revealed.size() == 1; }));
    EXPECT_EQ(revealed[0][0].toModelIndex().data(TreeModel::PathRole).toString().toStdString(), "/a/b/c");
    model.reveal("/a/nobody/c");
    ASSERT_TRUE(wait([&] { return unreachable.size() == 1; }));
    EXPECT_TRUE(unreachable[0][0].toString().contains(QStringLiteral("nobody")));
    model.reveal("/");
    EXPECT_EQ(revealed.size(), 2);
}

TEST_F(Tree, ABranchThatMayNotBeListedSaysWhy) {
    make("/secret");
    make("/secret/child");
    dialer.inZooKeeper([](FakeZooKeeper& keeper) { keeper.forbidden.insert("/secret"); });
    begin();
    QSignalSpy failed(&model, &TreeModel::failed);
    open("/secret");
    ASSERT_TRUE(wait([&] { return failed.size() == 1; }));
    EXPECT_TRUE(failed[0][0].toString().contains(QStringLiteral("ACL")));
}

TEST_F(Tree, ManyScatteredChangesAreOneNewLevel) {
    for (int i = 0; i < 1200; ++i)
        make("/n" + std::to_string(i));
    begin();
    ASSERT_EQ(rows("/"), 1201);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    dialer.inZooKeeper([](FakeZooKeeper& keeper) {
        for (int i = 0; i < 1200; i += 2)
            EXPECT_EQ(keeper.remove("/n" + std::to_string(i), -1), ErrorCode::Ok);
    });
    EXPECT_TRUE(wait([this] { return rows("/") == 601; }));
    EXPECT_LE(removed.size(), 3);
}

TEST_F(Tree, AnotherSessionStartsAnew) {
    make("/a");
    begin();
    Session other(dialer, {});
    model.setSession(&other);
    EXPECT_EQ(rows("/"), 0);
    open("/");
    EXPECT_TRUE(wait([this] { return rows("/") == 2; }));
    model.setSession(nullptr);
    EXPECT_EQ(model.rowCount(), 0);
}

} // namespace
} // namespace viv::test
