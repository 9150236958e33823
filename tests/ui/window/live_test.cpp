// The whole window on real servers and sockets, on free ports: a lab is started through it, a second client
// looks at what it did, the leader crashes, and all the while the GUI thread's heart is listened to.
#include "vivarium/console.h"

#include "net/dialer.h"
#include "net/lab.h"
#include "views/node_page.h"
#include "views/node_tree.h"
#include "views/value_editor.h"

#include <gtest/gtest.h>

#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include <algorithm>
#include <atomic>
#include <chrono>

namespace viv::test {
namespace {

using namespace std::chrono_literals;
using zk::ensemble::Verb;
using zk::trace::Event;
using zk::trace::Kind;
using zk::trace::ServerState;

constexpr int kPatienceMs = 20000;
// What a loaded machine may take from us; the figure itself is printed.
constexpr double kGapAtMostMs = 500;

// Beats every 10 ms on the GUI thread and keeps the longest pause.
class Heartbeat {
  public:
    Heartbeat() {
        timer_.setTimerType(Qt::PreciseTimer);
        QObject::connect(&timer_, &QTimer::timeout, [this] {
            longestMs_ = std::max(longestMs_, double(since_.nsecsElapsed()) / 1e6);
            since_.start();
        });
        since_.start();
        timer_.start(10);
    }
    double longestMs() const { return longestMs_; }
    void forget() {
        longestMs_ = 0;
        since_.start();
    }

  private:
    QTimer timer_;
    QElapsedTimer since_;
    double longestMs_ = 0;
};

class Live : public testing::Test {
  protected:
    void SetUp() override {
        Console::Choices choices;
        choices.theme = QStringLiteral("light");
        choices.settingsFile = folder.filePath(QStringLiteral("vivarium.ini"));
        choices.lab.clientPort = 0;
        choices.lab.directory = folder.filePath(QStringLiteral("lab")).toStdString();
        console = std::make_unique<Console>(*stage, *dialer, choices);
        console->open();
    }
    void TearDown() override {
        console->close();
        EXPECT_TRUE(QTest::qWaitFor([this] { return !console->window().isVisible(); }, kPatienceMs));
    }

    bool wait(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, kPatienceMs); }
    int count(ServerState state) const {
        const auto& servers = console->servers().servers();
        return int(std::count_if(servers.begin(), servers.end(),
                                 [&](const auto& server) { return server.state == state; }));
    }
    zk::Sid leader() const {
        for (const auto& server : console->servers().servers())
            if (server.state == ServerState::Leading) return server.sid;
        return 0;
    }
    // A second client, on a connection of its own.
    template <class T>
    zk::Result<T> ask(const std::function<void(zk::client::Client&, zk::client::Callback<T>)>& question) {
        zk::client::Options options;
        options.connect = *zk::client::parseConnectString(console->ensemble()->view().connectString);
        zk::net::BlockingSession session(options);
        return session.ask<T>(question, 10s);
    }
    std::string bytesOf(const std::string& path) {
        const auto data =
            ask<zk::client::Data>([&](auto& client, auto done) { client.getData(path, nullptr, done); });
        return data ? data->bytes.value_or("") : "error: " + data.error().message();
    }
    void setByOther(const std::string& path, const std::string& bytes) {
        EXPECT_TRUE(
            ask<zk::jute::Stat>([&](auto& client, auto done) { client.setData(path, bytes, -1, done); }));
    }
    void press(const char* name) {
        auto* button = console->window().findChild<QPushButton*>(QString::fromLatin1(name));
        ASSERT_NE(button, nullptr) << name;
        ASSERT_TRUE(wait([&] { return button->isEnabled(); })) << name;
        button->click();
    }
    bool go(const std::string& path) {
        console->window().tree().go(QString::fromStdString(path));
        return wait([&] { return page().path() == path && tree().currentPath() == path; });
    }
    NodeTree& tree() { return console->window().tree(); }
    NodePage& page() { return console->window().page(); }

    double slowestMs = 0; // from a state change's stamp to the window; told until the console has gone
    QTemporaryDir folder;
    std::unique_ptr<zk::ensemble::Dialer> dialer = zk::net::makeDialer();
    std::unique_ptr<zk::ensemble::Stage> stage = zk::net::makeStage();
    std::unique_ptr<Console> console;
};

TEST_F(Live, TheWholeMainJob) {
    Heartbeat heart;
    // A lab, one leader and two followers, and its tree.
    console->startLab();
    ASSERT_TRUE(
        wait([this] { return count(ServerState::Leading) == 1 && count(ServerState::Following) == 2; }));
    ASSERT_TRUE(wait([this] { return console->session() != nullptr && console->session()->connected(); }));
    QObject::connect(
        console->ensemble(), &LiveEnsemble::told, &console->window(), [this](const std::vector<Event>& events) {
            const auto now = std::chrono::steady_clock::now().time_since_epoch();
            for (const Event& event : events)
                if (event.what() == Kind::StateChanged)
                    slowestMs = std::max(slowestMs, std::chrono::duration<double, std::milli>(
                                                        now - std::chrono::nanoseconds(event.atNs))
                                                        .count());
        });

    // A znode is created and edited; the second client sees both.
    ASSERT_TRUE(go("/"));
    tree().create();
    tree().findChild<QLineEdit*>(QStringLiteral("name"))->setText(QStringLiteral("config"));
    press("create");
    ASSERT_TRUE(wait([this] { return page().path() == "/config" && !page().editor().edit().isReadOnly(); }));
    page().editor().edit().setPlainText(QStringLiteral("one"));
    page().save();
    ASSERT_TRUE(wait([this] { return !page().editor().modified() && page().version() == 1; }));
    EXPECT_EQ(bytesOf("/config"), "one");

    // Somebody else changes it while it is edited: nothing is overwritten unasked.
    page().editor().edit().setPlainText(QStringLiteral("mine"));
    setByOther("/config", "theirs");
    page().save();
    ASSERT_TRUE(wait([this] { return page().findChild<QDialog*>(QStringLiteral("conflict")) != nullptr; }));
    EXPECT_EQ(page().findChild<QPlainTextEdit*>(QStringLiteral("theirs"))->toPlainText(),
              QStringLiteral("theirs"));
    EXPECT_EQ(bytesOf("/config"), "theirs");
    press("overwrite");
    ASSERT_TRUE(wait([this] { return !page().editor().modified() && page().version() == 3; }));
    EXPECT_EQ(bytesOf("/config"), "mine");

    // The leader crashes: another one leads, the tree and the chart go on.
    const zk::Sid old = leader();
    const double startMs = heart.longestMs();
    heart.forget();
    console->ensemble()->act(Verb::Crash, old);
    ASSERT_TRUE(wait([&] { return count(ServerState::Crashed) == 1 && leader() != 0 && leader() != old; }));
    ASSERT_TRUE(
        wait([this] { return console->session()->connected() && !console->progress().elections().empty(); }));
    ASSERT_TRUE(wait([this] { return console->progress().elections().back().to.has_value(); }));
    const double before = console->progress().lines().at(leader()).height;
    setByOther("/config", "after");
    EXPECT_TRUE(wait([this] { return page().editor().text() == QStringLiteral("after"); }));
    EXPECT_TRUE(wait([&] { return console->progress().lines().at(leader()).height > before; }));
    console->ensemble()->act(Verb::Start, old);
    EXPECT_TRUE(wait([this] { return count(ServerState::Following) == 2; }));

    std::printf("[   FACT   ] longest pause of the GUI thread: %.1f ms until the conflict, %.1f ms from the "
                "crash on; "
                "state change to model, slowest: %.1f ms\n",
                startMs, heart.longestMs(), slowestMs);
    RecordProperty("longest_gui_pause_ms", int(std::max(startMs, heart.longestMs())));
    RecordProperty("slowest_state_change_ms", int(slowestMs));
    EXPECT_LT(heart.longestMs(), kGapAtMostMs);
}

// Keeps many writes under way until as many as wanted are done. On the dialer's thread.
struct Load : std::enable_shared_from_this<Load> {
    std::atomic<int> done = 0;
    int asked = 0, wanted = 0;

    void pump(zk::client::Client& client) {
        while (asked < wanted && asked - done < 256) {
            ++asked;
            client.setData("/load", "some bytes", -1,
                           [self = shared_from_this(), &client](const auto& result) {
                               EXPECT_TRUE(result);
                               ++self->done;
                               self->pump(client);
                           });
        }
    }
};

TEST_F(Live, TheWindowStaysQuickUnderLoad) {
    console->startLab();
    ASSERT_TRUE(wait([this] { return console->session() != nullptr && console->session()->connected(); }));
    bool made = false;
    console->session()->create("/load", "", zk::jute::CreateMode::Persistent, console.get(),
                               [&made](const auto& result) { made = result.has_value(); });
    ASSERT_TRUE(wait([&made] { return made; }));
    ASSERT_TRUE(go("/load"));
    Heartbeat heart;
    QElapsedTimer since;
    since.start();
    const auto load = std::make_shared<Load>();
    load->wanted = 10000;
    console->session()->use([load](zk::client::Client& client) { load->pump(client); });
    ASSERT_TRUE(wait([&load] { return load->done == load->wanted; }));
    std::printf("[   FACT   ] %.0f writes a second through the window's own session; longest pause of the "
                "GUI thread: %.1f ms\n",
                load->wanted * 1000.0 / double(since.elapsed()), heart.longestMs());
    EXPECT_LT(heart.longestMs(), kGapAtMostMs);
    // The open znode is watched: its page ends at the newest version, the cards and the chart at the newest
    // zxid.
    EXPECT_TRUE(wait([this] { return page().version() == 10000; }));
    EXPECT_TRUE(wait([this] {
        const auto& servers = console->servers().servers();
        return std::all_of(servers.begin(), servers.end(),
                           [&](const auto& server) { return server.zxid == servers[0].zxid; });
    }));
    EXPECT_TRUE(wait([this] { return console->progress().lines().at(leader()).height >= 10000; }));
}

TEST_F(Live, AServerThatDoesNotAnswerIsASentence) {
    zk::client::Options options;
    options.connect.servers = {{"127.0.0.1", 1}};
    console->connectTo(options, {});
    ASSERT_TRUE(wait([this] {
        const auto labels = tree().findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->isVisible() && label->text().contains(QStringLiteral("127.0.0.1:1")) &&
                   label->text().contains(QStringLiteral("Check the hosts"));
        });
    }));
}

TEST_F(Live, WhatWasWrittenIsThereAtTheNextStart) {
    console->startLab();
    ASSERT_TRUE(wait([this] { return console->session() != nullptr && console->session()->connected(); }));
    EXPECT_TRUE(ask<zk::client::Created>([](auto& client, auto done) {
        client.create("/kept", "yes", zk::jute::openAcl(), zk::jute::CreateMode::Persistent, done);
    }));
    TearDown();
    SetUp();
    console->startLab();
    ASSERT_TRUE(wait([this] { return console->session() != nullptr && console->session()->connected(); }));
    ASSERT_TRUE(wait([this] { return tree().model().indexOf("/kept").isValid(); }));
    EXPECT_EQ(bytesOf("/kept"), "yes");
}

} // namespace
} // namespace viv::test
