// The models that are lists: servers, log, stat, ACL, rings.
#include "models/acl_model.h"
#include "models/log_model.h"
#include "models/series_ring.h"
#include "models/servers_model.h"
#include "models/stat_model.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QSignalSpy>

namespace viv {
namespace {

using Mode = QAbstractItemModelTester::FailureReportingMode;
using zk::ensemble::ServerView;
using zk::trace::Event;
using zk::trace::Kind;
using zk::trace::ServerState;
using zk::trace::Severity;

ServerView server(zk::Sid sid, ServerState state = ServerState::Stopped) {
    ServerView view;
    view.sid = sid;
    view.state = state;
    return view;
}

TEST(Servers, TellOnlyTheRowsThatChanged) {
    ServersModel model;
    const QAbstractItemModelTester tester(&model, Mode::Fatal);
    model.setServers({server(2), server(1), server(3)});
    ASSERT_EQ(model.rowCount(), 3);
    EXPECT_EQ(model.at(0).sid, 1);
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    model.setServers({server(1), server(2, ServerState::Leading), server(3)});
    ASSERT_EQ(changes.size(), 1);
    EXPECT_EQ(changes[0][0].toModelIndex().row(), 1);
    model.setServers({server(1), server(2, ServerState::Leading), server(3)});
    EXPECT_EQ(changes.size(), 1);
}

TEST(Servers, OneThatIsAddedIsOneRow) {
    ServersModel model;
    const QAbstractItemModelTester tester(&model, Mode::Fatal);
    model.setServers({server(1), server(2)});
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted),
        reset(&model, &QAbstractItemModel::modelReset);
    model.setServers({server(1), server(2), server(3)});
    EXPECT_EQ(inserted.size(), 1);
    EXPECT_EQ(reset.size(), 0);
    model.setServers({server(7)});
    EXPECT_EQ(reset.size(), 1);
}

TEST(Servers, AdvanceAndNeverGoBack) {
    ServersModel model;
    model.setServers({server(1)});
    model.advance(1, zk::Zxid(1, 5));
    model.advance(1, zk::Zxid(1, 4));
    model.advance(9, zk::Zxid(1, 9));
    EXPECT_EQ(model.at(0).zxid, zk::Zxid(1, 5));
}

Event said(std::string text, Severity severity = Severity::Info, zk::Sid sid = 1) {
    Event event;
    event.kind = std::int32_t(Kind::Log);
    event.state = std::int32_t(severity);
    event.server = sid;
    event.text = std::move(text);
    return event;
}

TEST(Log, ShowsWhatPassesTheFilter) {
    LogModel model;
    const QAbstractItemModelTester tester(&model, Mode::Fatal);
    model.append({said("one"), said("disk is full", Severity::Error, 2), said("three", Severity::Warning)});
    EXPECT_EQ(model.rowCount(), 3);
    model.setFilter({.atLeast = Severity::Warning, .server = {}, .words = {}});
    EXPECT_EQ(model.rowCount(), 2);
    model.append({said("four"), said("five", Severity::Error)});
    EXPECT_EQ(model.rowCount(), 3);
    model.setFilter({.atLeast = Severity::Info, .server = 2, .words = {}});
    EXPECT_EQ(model.rowCount(), 1);
    model.setFilter({.atLeast = Severity::Info, .server = {}, .words = QStringLiteral("DISK")});
    ASSERT_EQ(model.rowCount(), 1);
    EXPECT_TRUE(model.index(0, LogModel::Text).data().toString().contains(QStringLiteral("disk is full")));
    model.setFilter({});
    EXPECT_EQ(model.rowCount(), 5);
}

TEST(Log, OfOneBatchIsOneInsertAndTransactionsHaveNoLine) {
    LogModel model;
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    Event committed;
    committed.kind = std::int32_t(Kind::Committed);
    model.append({said("a"), committed, said("b")});
    EXPECT_EQ(inserted.size(), 1);
    EXPECT_EQ(model.rowCount(), 2);
    model.append({committed});
    EXPECT_EQ(inserted.size(), 1);
}

TEST(Log, ForgetsTheOldestAtItsLimit) {
    LogModel model(100);
    const QAbstractItemModelTester tester(&model, Mode::Fatal);
    model.setFilter({.atLeast = Severity::Info, .server = {}, .words = QStringLiteral("7")});
    for (int i = 0; i < 250; ++i)
        model.append({said(std::to_string(i))});
    EXPECT_LE(model.total(), 100U);
    EXPECT_GE(model.total(), 90U);
    EXPECT_TRUE(
        model.index(model.rowCount() - 1, LogModel::Text).data().toString().contains(QStringLiteral("247")));
    model.setFilter({});
    EXPECT_EQ(model.rowCount(), int(model.total()));
}

TEST(Stat, HasEveryFieldReadableAndRaw) {
    StatModel model;
    const QAbstractItemModelTester tester(&model, Mode::Fatal);
    zk::jute::Stat stat;
    stat.czxid = zk::Zxid(4, 1287);
    stat.ephemeralOwner = 0x100000000000007;
    stat.dataLength = 348;
    model.setStat(stat, 0);
    ASSERT_EQ(model.rowCount(), 11);
    EXPECT_EQ(model.index(0, StatModel::Readable).data().toString().toStdString(), "epoch 4, counter 1287");
    EXPECT_EQ(model.index(0, StatModel::Raw).data().toString().toStdString(), "0x400000507");
    EXPECT_EQ(model.index(8, StatModel::Readable).data().toString().toStdString(),
              "session 0x100000000000007");
    EXPECT_EQ(model.index(9, StatModel::Readable).data().toString().toStdString(), "348 B");
    stat.ephemeralOwner = kContainerOwner;
    model.setStat(stat, 0);
    EXPECT_TRUE(model.index(8, StatModel::Readable).data().toString().contains(QStringLiteral("container")));
    model.clear();
    EXPECT_EQ(model.rowCount(), 0);
}

TEST(Stat, KnowsTheKindsOfOwners) {
    zk::jute::Stat stat;
    EXPECT_FALSE(isEphemeral(stat));
    stat.ephemeralOwner = 5;
    EXPECT_TRUE(isEphemeral(stat));
    stat.ephemeralOwner = kContainerOwner;
    EXPECT_TRUE(isContainer(stat) && !isEphemeral(stat));
    stat.ephemeralOwner = std::int64_t(0xff00000000001234);
    EXPECT_TRUE(isTtl(stat) && !isEphemeral(stat) && !isContainer(stat));
}

TEST(AclTable, SaysPermissionsInLettersAndWords) {
    AclModel model;
    const QAbstractItemModelTester tester(&model, Mode::Fatal);
    model.setAcl({{31, {"world", "anyone"}}, {1, {"digest", "u:x"}}, {0, {"ip", "10.0.0.0/8"}}});
    EXPECT_EQ(model.index(0, AclModel::Letters).data().toString().toStdString(), "cdrwa");
    EXPECT_EQ(model.index(1, AclModel::Words).data().toString().toStdString(), "read");
    EXPECT_EQ(model.index(2, AclModel::Words).data().toString().toStdString(), "nothing");
    EXPECT_EQ(model.index(2, AclModel::Scheme).data().toString().toStdString(), "ip");
}

TEST(Ring, KeepsTheNewestInOrder) {
    SeriesRing ring(3);
    EXPECT_TRUE(ring.empty());
    EXPECT_TRUE(ring.from(0).isEmpty());
    for (int i = 0; i < 5; ++i)
        ring.push({double(i), double(i * i)});
    ASSERT_EQ(ring.size(), 3U);
    EXPECT_EQ(ring[0].x(), 2);
    EXPECT_EQ(ring.last().y(), 16);
    ring.replaceLast({9, 9});
    EXPECT_EQ(ring.last().x(), 9);
    EXPECT_EQ(ring.size(), 3U);
    const auto tail = ring.from(3.5);
    ASSERT_EQ(tail.size(), 2) << "and the point before, where the line comes from";
    EXPECT_EQ(tail[0].x(), 3);
}

} // namespace
} // namespace viv
