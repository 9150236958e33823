// Pictures of the window for a person to look at: set VIV_PICTURES to a folder and they are written there.
// That every one of them can be painted is tested always.
#include "tests/ui/fakes.h"
#include "vivarium/console.h"

#include "bridge/text.h"
#include "views/conflict_dialog.h"
#include "views/connect_dialog.h"
#include "views/create_dialog.h"
#include "views/delete_dialog.h"
#include "views/node_page.h"
#include "views/node_tree.h"
#include "views/value_editor.h"

#include <gtest/gtest.h>

#include <QDir>
#include <QPlainTextEdit>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

namespace viv::test {
namespace {

using zk::ensemble::Verb;
using zk::jute::CreateMode;
using zk::trace::ServerState;

class Pictures : public testing::TestWithParam<std::string> {
  protected:
    Pictures() {
        dialer.inZooKeeper([](FakeZooKeeper& keeper) {
            const auto make = [&](std::string path, const char* bytes = "",
                                  CreateMode mode = CreateMode::Persistent) {
                keeper.create(path, bytes, mode, 0x100000000000007, nullptr);
            };
            for (const char* path :
                 {"/app", "/app/config", "/app/locks", "/app/members", "/brokers", "/brokers/ids"})
                make(path);
            make("/app/config/db", "{\n  \"host\": \"10.0.0.7\",\n  \"port\": 5432,\n  \"pool\": { \"min\": "
                                   "2, \"max\": 16 }\n}\n");
            make("/app/config/features", "dark-mode=on\nsearch=off\n");
            for (int i = 0; i < 3; ++i)
                make("/app/locks/lock-", "", CreateMode::EphemeralSequential);
            for (int i = 0; i < 12; ++i)
                make("/brokers/ids/" + std::to_string(i), "{}", CreateMode::Ephemeral);
            make("/queue", "", CreateMode::Container);
        });
        Console::Choices choices;
        choices.theme = QString::fromStdString(GetParam());
        choices.settingsFile = folder.filePath(QStringLiteral("vivarium.ini"));
        console = std::make_unique<Console>(stage, dialer, choices);
        console->open();
    }
    ~Pictures() override {
        console->close();
        EXPECT_TRUE(QTest::qWaitFor([this] { return !console->window().isVisible(); }, 5000));
    }
    void take(const char* name, QWidget& widget) {
        QTest::qWait(0);
        const QPixmap picture = widget.grab();
        EXPECT_FALSE(picture.isNull());
        const QString folderName = qEnvironmentVariable("VIV_PICTURES");
        if (folderName.isEmpty()) return;
        EXPECT_TRUE(picture.save(
            QDir(folderName)
                .filePath(QStringLiteral("%1-%2.png")
                              .arg(QString::fromLatin1(name), QString::fromStdString(GetParam())))));
    }
    bool wait(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 5000); }
    bool go(const char* path) {
        console->window().tree().go(QString::fromLatin1(path));
        return wait([&] { return console->window().page().path() == path; });
    }

    QTemporaryDir folder;
    FakeStage stage;
    FakeDialer dialer;
    std::unique_ptr<Console> console;
};

TEST_P(Pictures, OfEverything) {
    take("welcome", console->window());
    console->startLab();
    ASSERT_TRUE(wait([this] { return console->session() != nullptr && console->session()->connected(); }));
    ASSERT_TRUE(go("/app/locks/lock-0000000001"));
    ASSERT_TRUE(go("/brokers/ids"));
    ASSERT_TRUE(go("/app/config/db"));
    const auto ensemble = stage.last.lock();
    for (int i = 0; i < 30; ++i) {
        ensemble->commit(std::uint32_t(3 + i % 7));
        if (i == 14) ensemble->act(Verb::Crash, 3, [](const std::string&) {});
        const auto samples = console->progress().commitsPerSecond().size();
        ASSERT_TRUE(wait([&] { return console->progress().commitsPerSecond().size() > samples; }));
    }
    NodePage& page = console->window().page();
    ASSERT_TRUE(wait([&] { return page.editor().text().contains(QStringLiteral("host")); }));
    take("browse", console->window());
    page.tabs().setCurrentIndex(1);
    console->window().panels().setCurrentIndex(2);
    console->ensemble()->act(Verb::Stop, 1);
    ASSERT_TRUE(wait([&] { return console->servers().at(1).state == ServerState::Looking; }));
    take("stat", console->window());
    page.tabs().setCurrentIndex(2);
    console->window().panels().setCurrentIndex(1);
    take("acl", console->window());

    ConnectDialog connectDialog({}, &console->window());
    connectDialog.show();
    take("connect", connectDialog);
    CreateDialog createDialog(*console->session(), "/app/config", &console->window());
    createDialog.setAttribute(Qt::WA_DeleteOnClose, false);
    createDialog.show();
    take("create", createDialog);
    DeleteDialog deleteDialog(*console->session(), "/brokers", &console->window());
    deleteDialog.setAttribute(Qt::WA_DeleteOnClose, false);
    deleteDialog.show();
    ASSERT_TRUE(
        wait([&] { return deleteDialog.findChild<QWidget*>(QStringLiteral("delete"))->isEnabled(); }));
    take("delete", deleteDialog);
    zk::client::Data theirs{std::string("host = 10.0.0.9\n"), {}};
    theirs.stat.version = 13;
    theirs.stat.mtime = 1700000000000;
    ConflictDialog conflict(QStringLiteral("/app/config/db"), QStringLiteral("host = 10.0.0.8\n"), 12, theirs,
                            &console->window());
    conflict.setAttribute(Qt::WA_DeleteOnClose, false);
    conflict.show();
    take("conflict", conflict);
}

INSTANTIATE_TEST_SUITE_P(Both, Pictures, testing::Values("light", "dark"),
                         [](const auto& test) { return test.param; });

} // namespace
} // namespace viv::test
