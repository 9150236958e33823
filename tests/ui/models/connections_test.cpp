#include "models/connections.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QTemporaryDir>

namespace viv {
namespace {

class ConnectionsTest : public testing::Test {
  protected:
    static Connection named(const char* name, const char* group = "") {
        Connection made;
        made.name = QString::fromUtf8(name);
        made.group = QString::fromUtf8(group);
        made.hosts = QStringLiteral("zk1:2181,zk2:2181/app");
        return made;
    }
    static QStringList names(const Connections& of) {
        QStringList all;
        for (int row = 0; row < of.rowCount(); ++row)
            all += of.at(row).name;
        return all;
    }

    QTemporaryDir folder;
};

TEST_F(ConnectionsTest, LiveFromOneStartToTheNext) {
    Connection whole = named("payments", "shop");
    whole.notes = QStringLiteral("call Ann first; \"quotes\", 节点");
    whole.user = QStringLiteral("admin");
    whole.kind = Connection::Kind::Production;
    whole.colour = 3;
    whole.timeoutSeconds = 12;
    whole.readOnly = true;
    {
        QSettings settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
        Connections connections(settings);
        connections.put(whole);
        connections.put(named("another"));
    }
    QSettings settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    const Connections again(settings);
    ASSERT_EQ(again.rowCount(), 2);
    EXPECT_EQ(again.at(again.rowOf(QStringLiteral("payments"))), whole);
}

TEST_F(ConnectionsTest, StandInGroupsByNameAndANameOnce) {
    QSettings settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    Connections connections(settings);
    const QAbstractItemModelTester tester(&connections, QAbstractItemModelTester::FailureReportingMode::Fatal);
    connections.put(named("b", "shop"));
    connections.put(named("z"));
    connections.put(named("a", "shop"));
    EXPECT_EQ(names(connections), (QStringList{QStringLiteral("z"), QStringLiteral("a"), QStringLiteral("b")}));
    connections.put(named("b"));
    EXPECT_EQ(names(connections), (QStringList{QStringLiteral("b"), QStringLiteral("z"), QStringLiteral("a")}));
    EXPECT_EQ(connections.groups(), QStringList{QStringLiteral("shop")});
    connections.remove(QStringLiteral("z"));
    connections.remove(QStringLiteral("nobody"));
    EXPECT_EQ(names(connections), (QStringList{QStringLiteral("b"), QStringLiteral("a")}));
}

TEST_F(ConnectionsTest, WhatANewerVersionWroteIsNotWrittenOver) {
    const QString file = folder.filePath(QStringLiteral("settings.ini"));
    {
        QSettings settings(file, QSettings::IniFormat);
        Connections connections(settings);
        connections.put(named("kept"));
        settings.setValue(QStringLiteral("connectionsSchema"), Connections::kSchema + 1);
    }
    {
        QSettings settings(file, QSettings::IniFormat);
        Connections connections(settings);
        EXPECT_FALSE(connections.writable());
        EXPECT_EQ(connections.rowCount(), 1);
        connections.remove(QStringLiteral("kept"));
    }
    QSettings settings(file, QSettings::IniFormat);
    EXPECT_EQ(Connections(settings).rowCount(), 1);
}

TEST_F(ConnectionsTest, AnUnknownKindIsHandledWithCare) {
    QSettings settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    settings.beginWriteArray(QStringLiteral("connections"), 1);
    settings.setArrayIndex(0);
    settings.setValue(QStringLiteral("name"), QStringLiteral("one"));
    settings.setValue(QStringLiteral("hosts"), QStringLiteral("zk1:2181"));
    settings.setValue(QStringLiteral("kind"), QStringLiteral("staging"));
    settings.endArray();
    const Connections connections(settings);
    EXPECT_EQ(connections.at(0).kind, Connection::Kind::Production);
    EXPECT_TRUE(connections.at(0).readOnly);
}

} // namespace
} // namespace viv
