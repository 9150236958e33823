// The whole window on fakes: what a person does, and what they see.
#include "tests/ui/fakes.h"
#include "vivarium/console.h"

#include "bridge/text.h"
#include "views/browser.h"
#include "views/command_palette.h"
#include "views/connect_dialog.h"
#include "views/connection_tabs.h"
#include "views/delete_dialog.h"
#include "views/ensemble_panel.h"
#include "views/node_page.h"
#include "views/node_tree.h"
#include "views/notice_bar.h"
#include "views/server_card.h"
#include "views/value_editor.h"

#include <gtest/gtest.h>

#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

namespace viv::test {
namespace {

using zk::ensemble::Verb;
using zk::jute::CreateMode;
using zk::trace::ServerState;

constexpr int kPatienceMs = 5000;

Connection production() {
    Connection made;
    made.name = QStringLiteral("payments");
    made.hosts = QStringLiteral("10.0.0.1:2181");
    made.kind = Connection::Kind::Production;
    return made;
}

class Window : public testing::Test {
  protected:
    Window() {
        Console::Choices choices;
        choices.theme = QStringLiteral("light");
        choices.settingsFile = folder.filePath(QStringLiteral("vivarium.ini"));
        console = std::make_unique<Console>(stage, dialer, choices);
        console->open();
    }
    ~Window() override {
        if (!console) return;
        console->close();
        EXPECT_TRUE(QTest::qWaitFor([this] { return !console->window().isVisible(); }, kPatienceMs));
    }

    bool wait(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, kPatienceMs); }
    void startLab() {
        console->startLab();
        ASSERT_TRUE(
            wait([this] { return console->session() != nullptr && console->session()->connected(); }));
        ASSERT_TRUE(wait([this] { return model().rowCount(root()) > 0; }));
    }
    void make(const std::string& path, std::string bytes = "", CreateMode mode = CreateMode::Persistent) {
        dialer.inZooKeeper([&](FakeZooKeeper& keeper) {
            std::string made = path;
            ASSERT_EQ(keeper.create(made, bytes, mode, 7, nullptr), zk::jute::ErrorCode::Ok) << path;
        });
    }
    std::string bytesOf(const std::string& path) {
        std::string bytes;
        dialer.inZooKeeper([&](FakeZooKeeper& keeper) {
            if (const auto* node = keeper.find(path)) bytes = node->data.value_or("");
        });
        return bytes;
    }
    bool exists(const std::string& path) {
        bool found = false;
        dialer.inZooKeeper([&](FakeZooKeeper& keeper) { found = keeper.find(path) != nullptr; });
        return found;
    }
    bool go(const std::string& path) {
        console->window().tree().go(fromUtf8(path));
        return wait([&] {
            return page().path() == path && !page().editor().text().isNull() && tree().currentPath() == path;
        });
    }
    int count(ServerState state) {
        int found = 0;
        for (const auto& server : console->servers().servers())
            found += server.state == state;
        return found;
    }
    template <class T>
    T* child(QWidget* of, const char* name) {
        return of == nullptr ? nullptr : of->findChild<T*>(QString::fromLatin1(name));
    }
    // Presses a button of the open dialog.
    void press(const char* name) {
        auto* button = child<QPushButton>(&console->window(), name);
        ASSERT_NE(button, nullptr) << name;
        ASSERT_TRUE(wait([&] { return button->isEnabled(); })) << name;
        button->click();
    }
    NodeTree& tree() { return console->window().tree(); }
    TreeModel& model() { return tree().model(); }
    QModelIndex root() { return model().index(0, 0); }
    NodePage& page() { return console->window().page(); }

    QTemporaryDir folder;
    FakeStage stage;
    FakeDialer dialer;
    std::unique_ptr<Console> console;
};

TEST_F(Window, WelcomesWhereThereIsNothingYet) {
    EXPECT_EQ(console->ensemble(), nullptr);
    EXPECT_EQ(console->session(), nullptr);
    EXPECT_EQ(model().rowCount(), 0);
}

TEST_F(Window, ALabThatCannotBeOpenedIsASentence) {
    stage.refuse = "Port 2182 is taken by another program. Stop it, or start the lab on 2281.";
    console->startLab();
    ASSERT_TRUE(
        wait([this] { return console->window().notices().sentence().contains(QStringLiteral("2281")); }));
}

TEST_F(Window, ALabShowsOneLeaderItsFollowersAndTheTree) {
    startLab();
    EXPECT_TRUE(
        wait([this] { return count(ServerState::Leading) == 1 && count(ServerState::Following) == 2; }));
    EXPECT_EQ(console->window().ensemblePanel().findChildren<ServerCard*>().size(), 3);
    EXPECT_EQ(model().index(0, 0, root()).data().toString(), QStringLiteral("zookeeper"));
}

TEST_F(Window, CrashingTheLeaderShowsItAndTheNextOne) {
    startLab();
    ASSERT_TRUE(wait([this] { return count(ServerState::Leading) == 1; }));
    const int points = int(console->progress().lines().begin()->second.points.size());
    console->ensemble()->act(Verb::Crash, 3);
    EXPECT_TRUE(
        wait([this] { return count(ServerState::Crashed) == 1 && count(ServerState::Leading) == 1; }));
    EXPECT_TRUE(wait([&] { return int(console->progress().commitsPerSecond().size()) > points + 3; }));
    EXPECT_GT(console->log().rowCount(), 0);
}

TEST_F(Window, TheTreeFollowsWhatOthersDo) {
    startLab();
    const QAbstractItemModelTester tester(&model(), QAbstractItemModelTester::FailureReportingMode::Fatal);
    make("/app");
    make("/app/b");
    ASSERT_TRUE(wait([this] { return model().indexOf("/app").isValid(); }));
    tree().view().expand(model().indexOf("/app"));
    ASSERT_TRUE(wait([this] { return model().indexOf("/app/b").isValid(); }));
    make("/app/a");
    make("/app/lock-", "", CreateMode::EphemeralSequential);
    ASSERT_TRUE(wait([this] { return model().indexOf("/app/lock-0000000000").isValid(); }));
    EXPECT_EQ(model().indexOf("/app/a").row(), 0);
    EXPECT_TRUE(wait(
        [this] { return model().indexOf("/app/lock-0000000000").data(TreeModel::EphemeralRole).toBool(); }));
    EXPECT_TRUE(model().indexOf("/app/lock-0000000000").data(TreeModel::SequentialRole).toBool());
    dialer.inZooKeeper(
        [](FakeZooKeeper& keeper) { EXPECT_EQ(keeper.remove("/app/b", -1), zk::jute::ErrorCode::Ok); });
    EXPECT_TRUE(wait([this] { return !model().indexOf("/app/b").isValid(); }));
}

TEST_F(Window, OpeningALargeBranchBringsItsCountUpToDate) {
    constexpr int kTooManyToWatch = 150;
    startLab();
    make("/app");
    ASSERT_TRUE(wait([this] { return model().indexOf("/app").isValid(); }));
    for (int i = 0; i < kTooManyToWatch; ++i)
        make("/app/n" + std::to_string(i));
    model().refresh(root());
    const auto count = [this] { return model().indexOf("/app").data(TreeModel::ChildrenRole).toInt(); };
    ASSERT_TRUE(wait([&] { return count() == kTooManyToWatch; }));
    make("/app/another"); // no watch tells of this one
    ASSERT_TRUE(go("/app"));
    EXPECT_TRUE(wait([&] { return count() == kTooManyToWatch + 1; }));
}

TEST_F(Window, WhatCanBeDoneWithOneServerCanBeDoneWithAll) {
    startLab();
    ASSERT_TRUE(wait([this] { return count(ServerState::Leading) == 1; }));
    const auto choose = [this](const QString& text) {
        for (QAction* action : console->window().ensemblePanel().findChildren<QAction*>())
            if (action->text() == text && action->isVisible() && action->isEnabled()) return action->trigger();
        ADD_FAILURE() << text.toStdString() << " is not offered";
    };
    choose(QStringLiteral("Pause all"));
    EXPECT_TRUE(wait([this] { return count(ServerState::Paused) == 3; }));
    choose(QStringLiteral("Resume all"));
    EXPECT_TRUE(wait([this] { return count(ServerState::Paused) == 0; }));
    choose(QStringLiteral("Crash all, as kill -9 does"));
    EXPECT_TRUE(wait([this] { return count(ServerState::Crashed) == 3; }));
    choose(QStringLiteral("Start all"));
    EXPECT_TRUE(wait([this] { return count(ServerState::Leading) == 1; }));
    choose(QStringLiteral("Restart all"));
    choose(QStringLiteral("Stop all"));
    EXPECT_TRUE(wait([this] { return count(ServerState::Stopped) == 3; }));
}

TEST_F(Window, CreatesAZnodeAndEditsIt) {
    startLab();
    ASSERT_TRUE(go("/"));
    tree().create();
    child<QLineEdit>(&tree(), "name")->setText(QStringLiteral("config"));
    press("create");
    ASSERT_TRUE(wait([this] { return page().path() == "/config"; }));
    EXPECT_TRUE(exists("/config"));
    ASSERT_TRUE(wait([this] { return !page().editor().edit().isReadOnly(); }));
    page().editor().edit().setPlainText(QStringLiteral("host = 10.0.0.7"));
    page().save();
    ASSERT_TRUE(wait([this] { return !page().editor().modified(); }));
    EXPECT_EQ(bytesOf("/config"), "host = 10.0.0.7");
    dialer.inZooKeeper(
        [](FakeZooKeeper& keeper) { EXPECT_EQ(keeper.lastSetVersion, 0) << "the version that was read"; });
    EXPECT_EQ(page().version(), 1);
}

class Conflict : public Window {
  protected:
    void SetUp() override {
        startLab();
        make("/app", "first");
        ASSERT_TRUE(wait([this] { return model().indexOf("/app").isValid(); }));
        ASSERT_TRUE(go("/app"));
        ASSERT_TRUE(wait([this] { return page().editor().text() == QStringLiteral("first"); }));
        page().editor().edit().setPlainText(QStringLiteral("mine"));
        dialer.inZooKeeper([](FakeZooKeeper& keeper) { keeper.set("/app", "theirs", -1, nullptr); });
        page().save();
        ASSERT_TRUE(wait([this] { return child<QDialog>(&page(), "conflict") != nullptr; }));
        EXPECT_EQ(child<QPlainTextEdit>(&page(), "mine")->toPlainText(), QStringLiteral("mine"));
        EXPECT_EQ(child<QPlainTextEdit>(&page(), "theirs")->toPlainText(), QStringLiteral("theirs"));
        EXPECT_EQ(bytesOf("/app"), "theirs") << "nothing is written unasked";
    }
};

TEST_F(Conflict, OverwritesTheShownVersionOnly) {
    press("overwrite");
    ASSERT_TRUE(wait([this] { return bytesOf("/app") == "mine"; }));
    dialer.inZooKeeper([](FakeZooKeeper& keeper) { EXPECT_EQ(keeper.lastSetVersion, 1); });
    EXPECT_TRUE(wait([this] { return !page().editor().modified() && page().version() == 2; }));
}

TEST_F(Conflict, AThirdChangeMeanwhileIsShownAgain) {
    dialer.inZooKeeper([](FakeZooKeeper& keeper) { keeper.set("/app", "third", -1, nullptr); });
    press("overwrite");
    ASSERT_TRUE(wait([this] {
        const auto boxes = page().findChildren<QPlainTextEdit*>(QStringLiteral("theirs"));
        return std::any_of(boxes.begin(), boxes.end(),
                           [](auto* box) { return box->toPlainText() == QStringLiteral("third"); });
    }));
    EXPECT_EQ(bytesOf("/app"), "third");
}

TEST_F(Conflict, DiscardTakesTheirs) {
    press("discard");
    EXPECT_TRUE(wait([this] {
        return page().editor().text() == QStringLiteral("theirs") && !page().editor().modified();
    }));
    EXPECT_EQ(bytesOf("/app"), "theirs");
}

TEST_F(Conflict, KeepEditingStandsOnTheirVersion) {
    press("keep");
    EXPECT_EQ(page().editor().text(), QStringLiteral("mine"));
    EXPECT_EQ(page().version(), 1);
    page().save();
    EXPECT_TRUE(wait([this] { return bytesOf("/app") == "mine"; }));
}

TEST_F(Window, DeletesASubtreeAfterShowingItsSize) {
    startLab();
    make("/app");
    for (int i = 0; i < 150; ++i) {
        make("/app/n" + std::to_string(i));
        make("/app/n" + std::to_string(i) + "/leaf");
    }
    ASSERT_TRUE(wait([this] { return model().indexOf("/app").isValid(); }));
    ASSERT_TRUE(go("/app"));
    tree().remove();
    auto* button = child<QPushButton>(&tree(), "delete");
    ASSERT_NE(button, nullptr);
    ASSERT_TRUE(wait([&] { return button->isEnabled(); }));
    EXPECT_TRUE(button->text().contains(QStringLiteral("301"))) << button->text().toStdString();
    EXPECT_TRUE(exists("/app")) << "nothing goes before the button is pressed";
    button->click();
    EXPECT_TRUE(wait([this] { return !exists("/app"); }));
    EXPECT_TRUE(wait([this] { return !model().indexOf("/app").isValid(); }));
}

TEST_F(Window, AReadOnlyConnectionOffersNoChange) {
    make("/app", "x");
    auto options = zk::client::Options();
    options.readOnly = true;
    options.connect.servers = {{"127.0.0.1", 2181}};
    console->connectTo(options, {});
    ASSERT_TRUE(wait([this] { return model().indexOf("/app").isValid(); }));
    ASSERT_TRUE(go("/app"));
    ASSERT_TRUE(wait([this] { return page().editor().text() == QStringLiteral("x"); }));
    EXPECT_TRUE(page().editor().edit().isReadOnly());
    tree().create();
    tree().remove();
    EXPECT_EQ(tree().findChild<QDialog*>(), nullptr);
}

TEST_F(Window, SeveralConnectionsStandSideBySide) {
    make("/app", "x");
    startLab();
    Session* lab = console->session();
    ASSERT_TRUE(go("/app"));
    auto options = zk::client::Options();
    options.readOnly = true;
    options.connect.servers = {{"10.0.0.1", 2181}};
    console->connectTo(options, production());
    Session* production = console->session();
    ASSERT_NE(production, lab);
    ASSERT_TRUE(wait([&] { return lab->connected() && production->connected(); }));
    EXPECT_NE(tree().currentPath(), "/app");
    ASSERT_TRUE(go("/zookeeper"));
    EXPECT_TRUE(page().editor().edit().isReadOnly());

    auto* address = child<QLineEdit>(&console->window(), "address");
    QTest::keyClick(&console->window(), Qt::Key_Tab, Qt::ControlModifier); // as it was left
    EXPECT_EQ(console->session(), lab);
    EXPECT_EQ(tree().currentPath(), "/app");
    EXPECT_EQ(address->text(), QStringLiteral("/app"));
    console->browseLab(); // there already
    EXPECT_EQ(console->window().connections().count(), 2);
    QTest::keyClick(&console->window(), Qt::Key_Tab, Qt::ControlModifier);
    EXPECT_EQ(console->session(), production);
    EXPECT_EQ(address->text(), QStringLiteral("/zookeeper"));

    QTest::keyClick(&console->window(), Qt::Key_W, Qt::ControlModifier);
    EXPECT_EQ(console->session(), lab);
    EXPECT_EQ(console->window().connections().count(), 1);
    EXPECT_TRUE(lab->connected());
}

TEST_F(Window, AConnectionIsSavedAndOpenedAgain) {
    console->window().askToConnect();
    auto* dialog = console->window().findChild<ConnectDialog*>();
    ASSERT_NE(dialog, nullptr);
    dialog->setConnection(production());
    EXPECT_FALSE(dialog->connection().readOnly);
    dialog->accept();
    ASSERT_TRUE(wait([this] { return console->session() != nullptr && console->session()->connected(); }));
    ASSERT_EQ(console->saved().rowCount(), 1);
    EXPECT_EQ(console->saved().at(0), production());
    console->closeSession(console->session());

    auto* list = child<QListView>(&console->window(), "savedConnections");
    Q_EMIT list->activated(list->model()->index(0, 0));
    ASSERT_TRUE(wait([this] { return console->session() != nullptr && console->session()->connected(); }));
    auto* band = child<QLabel>(&console->window().connections().current(), "production");
    EXPECT_TRUE(band->isVisible());
    EXPECT_EQ(band->text(), QStringLiteral("PRODUCTION \u00b7 payments"));

    list->setCurrentIndex(list->model()->index(0, 0));
    console->window().activateWindow(); // the dialog was in front
    list->setFocus();
    ASSERT_TRUE(wait([&] { return QApplication::focusWidget() == list; }));
    QTest::keyClick(list, Qt::Key_Delete);
    EXPECT_EQ(console->saved().rowCount(), 0);
    EXPECT_TRUE(console->window().notices().sentence().startsWith(QStringLiteral("payments is not")));
}

TEST_F(Window, ProductionIsReadOnlyUnlessTheUserSaysOtherwise) {
    ConnectDialog dialog({}, {});
    auto* kind = dialog.findChildren<QComboBox*>()[1];
    auto* lock = dialog.findChild<QCheckBox*>();
    const int productionAt = kind->findData(int(Connection::Kind::Production));
    kind->setCurrentIndex(productionAt);
    EXPECT_TRUE(dialog.options().readOnly);
    kind->setCurrentIndex(0);
    EXPECT_FALSE(dialog.options().readOnly);
    lock->click();
    lock->click(); // the user has decided
    kind->setCurrentIndex(productionAt);
    EXPECT_FALSE(dialog.options().readOnly);
}

TEST_F(Window, InProductionADeleteWantsTheNameTyped) {
    make("/app");
    zk::client::Options options;
    options.connect.servers = {{"10.0.0.1", 2181}};
    console->connectTo(options, production());
    ASSERT_TRUE(wait([this] { return model().indexOf("/app").isValid(); }));
    ASSERT_TRUE(go("/app"));
    tree().remove();
    auto* dialog = tree().findChild<DeleteDialog*>();
    ASSERT_NE(dialog, nullptr);
    auto* name = child<QLineEdit>(dialog, "name");
    auto* button = child<QPushButton>(dialog, "delete");
    ASSERT_TRUE(wait([&] { return button->text().contains(QLatin1Char('1')); }));
    EXPECT_FALSE(button->isEnabled());
    name->setText(QStringLiteral("ap"));
    EXPECT_FALSE(button->isEnabled());
    name->setText(QStringLiteral("app"));
    EXPECT_TRUE(button->isEnabled());
    button->click();
    EXPECT_TRUE(wait([this] { return !exists("/app"); }));
}

TEST_F(Window, ThePaletteFindsActionsAndZnodes) {
    make("/app");
    startLab();
    const auto palette = [this] {
        console->window().activateWindow();
        EXPECT_TRUE(QTest::qWaitForWindowActive(&console->window()));
        QTest::keyClick(&page().editor().edit(), Qt::Key_K, Qt::ControlModifier);
        return console->window().findChild<CommandPalette*>();
    };
    ASSERT_TRUE(wait([this] { return model().indexOf("/app").isValid(); }));
    QPointer<CommandPalette> first = palette();
    ASSERT_FALSE(first.isNull());
    QTest::keyClicks(&first->line(), QStringLiteral("app"));
    EXPECT_EQ(first->list().currentIndex().data().toString(), QStringLiteral("/app"));
    QTest::keyClick(&first->line(), Qt::Key_Return);
    EXPECT_TRUE(wait([this] { return tree().currentPath() == "/app"; }));
    ASSERT_TRUE(wait([&] { return first.isNull(); }));

    QPointer<CommandPalette> second = palette();
    ASSERT_FALSE(second.isNull());
    QTest::keyClicks(&second->line(), QStringLiteral("keyboard"));
    QTest::keyClick(&second->line(), Qt::Key_Return);
    auto* shortcuts = child<QDialog>(&console->window(), "shortcuts");
    ASSERT_NE(shortcuts, nullptr);
    shortcuts->close();
    ASSERT_TRUE(wait([&] { return second.isNull(); }));

    QPointer<CommandPalette> third = palette();
    ASSERT_FALSE(third.isNull());
    QTest::keyClicks(&third->line(), QStringLiteral("/nowhere/at/all")); // not loaded: asked for
    QTest::keyClick(&third->line(), Qt::Key_Return);
    EXPECT_TRUE(wait([this] { return console->window().notices().sentence().contains(QStringLiteral("/nowhere")); }));
}

TEST_F(Window, AConnectionWithUnsavedTextIsClosedOnlyWhenThatIsSaid) {
    make("/app", "x");
    startLab();
    ASSERT_TRUE(go("/app"));
    ASSERT_TRUE(wait([this] { return page().editor().text() == QStringLiteral("x"); }));
    page().editor().edit().setPlainText(QStringLiteral("y"));
    QTest::keyClick(&console->window(), Qt::Key_W, Qt::ControlModifier);
    ASSERT_NE(console->session(), nullptr);
    const auto buttons = console->window().notices().findChildren<QPushButton*>();
    const auto close = std::find_if(buttons.begin(), buttons.end(), [](const QPushButton* each) {
        return each->text() == QStringLiteral("Close without saving");
    });
    ASSERT_NE(close, buttons.end());
    (*close)->click();
    EXPECT_EQ(console->session(), nullptr);
    EXPECT_EQ(bytesOf("/app"), "x");
}

TEST_F(Window, AnExpiredSessionIsOpenedAnewAndTheTreeStays) {
    startLab();
    make("/app", "x");
    ASSERT_TRUE(wait([this] { return model().indexOf("/app").isValid(); }));
    const auto before = console->session()->status().session;
    dialer.expireAll();
    ASSERT_TRUE(wait(
        [&] { return console->session()->connected() && console->session()->status().session != before; }));
    make("/later");
    EXPECT_TRUE(wait([this] { return model().indexOf("/later").isValid(); })) << "watches are set again";
}

TEST_F(Window, TheAddressBarGoesThereOrSaysWhyNot) {
    startLab();
    make("/a");
    make("/a/b");
    make("/a/b/c", "deep");
    EXPECT_TRUE(go("/a/b/c"));
    EXPECT_TRUE(wait([this] { return page().editor().text() == QStringLiteral("deep"); }));
    tree().go(QStringLiteral("/a/x"));
    EXPECT_TRUE(
        wait([this] { return console->window().notices().sentence().contains(QStringLiteral("/a/x")); }));
    tree().go(QStringLiteral("a//b"));
    EXPECT_TRUE(console->window().notices().sentence().contains(QStringLiteral("not a path")));
}

TEST_F(Window, UnsavedTextIsKeptWhenAnotherZnodeIsOpened) {
    startLab();
    make("/a", "one");
    make("/b", "two");
    ASSERT_TRUE(go("/a"));
    ASSERT_TRUE(wait([this] { return page().editor().text() == QStringLiteral("one"); }));
    page().editor().edit().setPlainText(QStringLiteral("draft"));
    ASSERT_TRUE(go("/b"));
    ASSERT_TRUE(wait([this] { return page().editor().text() == QStringLiteral("two"); }));
    EXPECT_EQ(page().unsaved(), 1);
    ASSERT_TRUE(go("/a"));
    EXPECT_TRUE(wait(
        [this] { return page().editor().text() == QStringLiteral("draft") && page().editor().modified(); }));
    page().save();
    EXPECT_TRUE(wait([this] { return bytesOf("/a") == "draft"; }));
    EXPECT_TRUE(wait([this] { return page().unsaved() == 0; }));
}

TEST_F(Window, EveryControlHasAName) {
    startLab();
    const QWidget& window = console->window();
    for (const QWidget* widget : window.findChildren<QWidget*>()) {
        const QWidget* within = widget->parentWidget();
        // Parts of Qt's own compound widgets are named by what they stand in.
        const bool part = widget->objectName().startsWith(QStringLiteral("qt_")) ||
                          within->inherits("QAbstractScrollArea") || within->inherits("QComboBox") ||
                          within->inherits("QComboBoxPrivateContainer");
        if (widget->focusPolicy() == Qt::NoFocus || part || !widget->isVisibleTo(&window)) continue;
        const auto* button = qobject_cast<const QAbstractButton*>(widget);
        const auto* label = qobject_cast<const QLabel*>(widget);
        const bool named = !widget->accessibleName().isEmpty() ||
                           (button != nullptr && !button->text().isEmpty()) ||
                           (label != nullptr && !label->text().isEmpty());
        EXPECT_TRUE(named) << widget->metaObject()->className() << " " << widget->objectName().toStdString()
                           << " in " << within->metaObject()->className();
    }
}

TEST_F(Window, ClosingStopsTheLabAndWaitsForNobody) {
    startLab();
    console->close();
    EXPECT_TRUE(wait([this] { return stage.last.expired(); }));
    EXPECT_TRUE(wait([this] { return !console->window().isVisible(); }));
}

} // namespace
} // namespace viv::test
