// Pictures of the window on a real lab, for a person to look at: set VIV_PICTURES to a folder and they are
// written there. That every one of them can be painted is tested always.
#include "vivarium/console.h"

#include "net/dialer.h"
#include "net/lab.h"
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

constexpr int kPatienceMs = 20000;

class Pictures : public testing::TestWithParam<std::string> {
  protected:
    Pictures() {
        Console::Choices choices;
        choices.theme = QString::fromStdString(GetParam());
        choices.settingsFile = folder.filePath(QStringLiteral("vivarium.ini"));
        choices.lab.clientPort = qEnvironmentVariableIsSet("VIV_PICTURES") ? 2181 : 0; // as people will see it
        choices.lab.directory = folder.filePath(QStringLiteral("lab")).toStdString();
        console = std::make_unique<Console>(*stage, *dialer, choices);
        console->open();
    }
    ~Pictures() override {
        console->close();
        EXPECT_TRUE(QTest::qWaitFor([this] { return !console->window().isVisible(); }, kPatienceMs));
    }
    // Something to look at.
    void fill() {
        int asked = 0, answered = 0;
        const auto make = [&](const std::string& path, std::string bytes = "",
                              CreateMode mode = CreateMode::Persistent) {
            ++asked;
            console->session()->create(path, std::move(bytes), mode, console.get(),
                                       [&answered](const auto& result) {
                                           EXPECT_TRUE(result);
                                           ++answered;
                                       });
        };
        for (const char* path : {"/app", "/app/config", "/app/locks", "/app/members", "/app/load", "/brokers",
                                 "/brokers/ids", "/queue"})
            make(path);
        make("/app/config/db",
             "{\n  \"host\": \"10.0.0.7\",\n  \"port\": 5432,\n  \"pool\": { \"min\": 2, \"max\": 16 }\n}\n");
        make("/app/config/features", "dark-mode=on\nsearch=off\n");
        for (int i = 0; i < 3; ++i)
            make("/app/locks/lock-", "", CreateMode::EphemeralSequential);
        for (int i = 0; i < 12; ++i)
            make("/brokers/ids/" + std::to_string(i), "{}", CreateMode::Ephemeral);
        for (int i = 0; i < 5; ++i)
            make("/queue/item-", "", CreateMode::PersistentSequential);
        ASSERT_TRUE(wait([&] { return answered == asked; }));
    }
    void write(int count) {
        for (int i = 0; i < count; ++i)
            console->session()->set("/app/load", "x", -1, console.get(), [](const auto&) {});
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
    zk::Sid leader() const {
        for (const auto& server : console->servers().servers())
            if (server.state == ServerState::Leading) return server.sid;
        return 0;
    }
    bool wait(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, kPatienceMs); }
    bool go(const char* path) {
        console->window().tree().go(QString::fromLatin1(path));
        return wait([&] { return console->window().page().path() == path; });
    }

    QTemporaryDir folder;
    std::unique_ptr<zk::ensemble::Dialer> dialer = zk::net::makeDialer();
    std::unique_ptr<zk::ensemble::Stage> stage = zk::net::makeStage();
    std::unique_ptr<Console> console;
};

TEST_P(Pictures, OfEverything) {
    take("welcome", console->window());
    console->startLab();
    ASSERT_TRUE(wait([this] { return console->session() != nullptr && console->session()->connected(); }));
    fill();
    ASSERT_TRUE(go("/app/locks/lock-0000000001"));
    ASSERT_TRUE(go("/brokers/ids"));
    ASSERT_TRUE(go("/app/config/db"));
    // With somebody to look at them, long enough for the charts to say something.
    const int samples = qEnvironmentVariableIsSet("VIV_PICTURES") ? 90 : 6;
    for (int i = 0; i < samples; ++i) {
        write(3 + i % 17);
        if (i == samples / 2) console->ensemble()->act(Verb::Crash, leader());
        const double now = console->progress().now();
        ASSERT_TRUE(wait([&] { return console->progress().now() > now; }));
    }
    ASSERT_TRUE(wait([this] { return leader() != 0 && console->session()->connected(); }));
    NodePage& page = console->window().page();
    ASSERT_TRUE(wait([&] { return page.editor().text().contains(QStringLiteral("host")); }));
    take("browse", console->window());
    Q_EMIT console->window().themeSwitchAsked();
    take("switched", console->window());
    Q_EMIT console->window().themeSwitchAsked();
    ConnectDialog connectDialog({}, {}, &console->window());
    connectDialog.show();
    take("connect", connectDialog);
    CreateDialog createDialog(*console->session(), "/app/config", &console->window());
    createDialog.setAttribute(Qt::WA_DeleteOnClose, false);
    createDialog.show();
    take("create", createDialog);
    DeleteDialog deleteDialog(*console->session(), "/brokers", DeleteDialog::Asks::Once, &console->window());
    deleteDialog.setAttribute(Qt::WA_DeleteOnClose, false);
    deleteDialog.show();
    ASSERT_TRUE(
        wait([&] { return deleteDialog.findChild<QWidget*>(QStringLiteral("delete"))->isEnabled(); }));
    take("delete", deleteDialog);
    page.tabs().setCurrentIndex(1);
    console->window().panels().setCurrentIndex(2);
    console->ensemble()->act(Verb::Stop, leader());
    ASSERT_TRUE(wait([this] { return leader() == 0; }));
    take("stat", console->window());
    page.tabs().setCurrentIndex(2);
    console->window().panels().setCurrentIndex(1);
    take("acl", console->window());

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
