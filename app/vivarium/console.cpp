#include "vivarium/console.h"

#include "bridge/guarded.h"
#include "bridge/text.h"
#include "views/connect_dialog.h"
#include "views/connection_tabs.h"
#include "views/node_tree.h"
#include "views/style.h"

#include <QApplication>
#include <QRandomGenerator>
#include <QStandardPaths>
#include <QTabWidget>
#include <QTreeView>

#include <algorithm>

namespace viv {

using zk::ensemble::ServerView;
using zk::ensemble::Verb;
using zk::trace::Event;
using zk::trace::Kind;
using zk::trace::ServerState;

namespace {
constexpr int kRecentAtMost = 10;
constexpr int kCameraEveryMs = 100, kSettledAfter = 25; // looks; the chart has something to show by then

std::unique_ptr<QSettings> settingsIn(const QString& file) {
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation);
    return std::make_unique<QSettings>(file.isEmpty() ? folder + QStringLiteral("/vivarium.ini") : file,
                                       QSettings::IniFormat);
}
// What went wrong, and what to do where the error does not say it itself.
QString labProblem(const zk::Error& error) {
    const QString why = fromUtf8(error.message());
    return why.endsWith(QLatin1Char('.'))
               ? Console::tr("The lab could not be opened: %1").arg(why)
               : Console::tr(
                     "The lab could not be opened: %1. Choose a directory that can be written, with --dir.")
                     .arg(why);
}
} // namespace

Console::Console(zk::ensemble::Stage& stage, zk::ensemble::Dialer& dialer, Choices choices)
    : stage_(stage), dialer_(dialer), choices_(std::move(choices)),
      settings_(settingsIn(choices_.settingsFile)), saved_(*settings_) {
    clock_.start();
    const QString theme =
        choices_.theme.isEmpty() ? settings_->value(QStringLiteral("theme")).toString() : choices_.theme;
    setDark(theme == QStringLiteral("dark")); // before there is a window: nothing has to be drawn anew
    window_ = std::make_unique<MainWindow>();
    window_->showDark(dark_);
    logPanel_ = new LogPanel(log_);
    window_->addPanel(new ZxidChart(progress_), tr("Zxid progress"));
    window_->addPanel(new CommitsChart(progress_), tr("Commits per second"));
    window_->addPanel(logPanel_, tr("Log"));
    window_->setSaved(&saved_);
    window_->setRecent(settings_->value(QStringLiteral("recent")).toStringList());
    window_->restoreGeometry(settings_->value(QStringLiteral("geometry")).toByteArray());
    connect(window_.get(), &MainWindow::startLabAsked, this, &Console::startLab);
    connect(window_.get(), &MainWindow::browseLabAsked, this, &Console::browseLab);
    connect(window_.get(), &MainWindow::themeSwitchAsked, this, [this] {
        setDark(!dark_);
        settings_->setValue(QStringLiteral("theme"),
                            dark_ ? QStringLiteral("dark") : QStringLiteral("light"));
    });
    connect(window_.get(), &MainWindow::filterLogAsked, this, [this] {
        window_->panels().setCurrentWidget(logPanel_);
        logPanel_->focusFilter();
    });
    connect(window_.get(), &MainWindow::closeSessionAsked, this, &Console::closeSession);
    connect(window_.get(), &MainWindow::closeAsked, this, &Console::close);
    connect(window_.get(), &MainWindow::connectAsked, this,
            [this](const zk::client::Options& options, const Connection& connection) {
                if (!connection.name.isEmpty()) saved_.put(connection);
                QStringList recent = settings_->value(QStringLiteral("recent")).toStringList();
                recent.removeAll(connection.hosts);
                recent.prepend(connection.hosts);
                settings_->setValue(QStringLiteral("recent"), QStringList(recent.mid(0, kRecentAtMost)));
                window_->setRecent(recent);
                connectTo(options, connection);
            });
    connect(&sampler_, &QTimer::timeout, this, [this] { progress_.sample(seconds()); });
    connect(&camera_, &QTimer::timeout, this, &Console::watchForScreenshot);
}

Console::~Console() {
    closeAll();
}

void Console::setDark(bool dark) {
    dark_ = dark;
    applyTheme(*qApp, dark ? darkTheme() : lightTheme());
    if (window_) window_->showDark(dark);
}

void Console::open() {
    window_->show();
    if (!choices_.connect.isEmpty()) {
        Connection connection;
        connection.hosts = choices_.connect;
        if (auto options = optionsOf(connection))
            connectTo(*options, connection);
        else
            window_->say(
                tr("Cannot connect to “%1”: %2").arg(choices_.connect, fromUtf8(options.error().message())));
    }
    if (choices_.startLab) startLab();
    if (!choices_.screenshot.isEmpty()) camera_.start(kCameraEveryMs);
}

void Console::startLab() {
    if (ensemble_ || opening_) return;
    opening_ = true;
    stage_.openLab(choices_.lab, guarded(this, [this](auto result) { opened(std::move(result)); }));
}

void Console::opened(zk::Result<zk::ensemble::Stage::Opened> result) {
    opening_ = false;
    if (!result) return window_->say(labProblem(result.error()));
    ensemble_ = std::make_unique<LiveEnsemble>(result->ensemble, result->attached);
    connect(ensemble_.get(), &LiveEnsemble::viewChanged, this, &Console::onView);
    connect(ensemble_.get(), &LiveEnsemble::told, this, &Console::onEvents);
    connect(ensemble_.get(), &LiveEnsemble::missed, this,
            [this] { progress_.setServers(ensemble_->view().servers, seconds(), true); });
    window_->showEnsemble(ensemble_.get(), &servers_);
    if (result->attached)
        window_->say(
            tr("Another process hosts this lab: it is shown here, and stays when this window closes."));
    onView();
    sampler_.start(Progress::kSampleEveryMs);
    if (!result->attached) ensemble_->actOnAll(Verb::Start);
}

void Console::onView() {
    const auto& view = ensemble_->view();
    const bool sameServers = std::size_t(servers_.rowCount()) == view.servers.size();
    servers_.setServers(view.servers);
    progress_.setServers(view.servers, seconds());
    if (!sameServers) {
        std::vector<zk::Sid> sids;
        for (const ServerView& server : view.servers)
            sids.push_back(server.sid);
        logPanel_->setServers(sids);
    }
    const bool serving = std::any_of(view.servers.begin(), view.servers.end(),
                                     [](const auto& server) { return server.serving; });
    if (sessions_.empty() && !browsed_ && !closing_ && serving && choices_.connect.isEmpty()) browseLab();
}

void Console::browseLab() {
    if (!ensemble_) return;
    browsed_ = true;
    if (labSession_) return window_->connections().bringToFront(labSession_);
    zk::client::Options options;
    options.seed = QRandomGenerator::global()->generate64();
    for (const ServerView& server :
         ensemble_->view().servers) // who holds the port of one that cannot start is not ours
        if (server.problem.empty()) options.connect.servers.push_back({server.host, server.clientPort});
    Connection lab;
    lab.name = tr("Local lab");
    lab.hosts = fromUtf8(ensemble_->view().connectString);
    connectTo(options, lab);
    labSession_ = sessions_.back().get();
}

void Console::onEvents(const std::vector<Event>& events) {
    progress_.take(events, seconds());
    log_.append(events);
    std::map<zk::Sid, zk::Zxid> reached;
    for (const Event& event : events)
        if (event.what() == Kind::Committed)
            reached[event.server] = std::max(reached[event.server], event.zxid);
    for (const auto& [sid, zxid] : reached)
        servers_.advance(sid, zxid);
}

void Console::connectTo(const zk::client::Options& options, const Connection& connection) {
    sessions_.push_back(std::make_unique<Session>(dialer_, options));
    window_->addSession(sessions_.back().get(), connection);
}

void Console::closeSession(Session* session) {
    window_->removeSession(session);
    std::erase_if(sessions_, [session](const auto& each) { return each.get() == session; });
}

void Console::closeAll() {
    while (!sessions_.empty())
        closeSession(sessions_.back().get());
}

void Console::close() {
    if (closing_) return;
    closing_ = true;
    settings_->setValue(QStringLiteral("geometry"), window_->saveGeometry());
    camera_.stop();
    closeAll();
    const auto finish = [this] {
        window_->allowClose();
        window_->close();
        Q_EMIT finished();
    };
    if (!ensemble_) return finish();
    if (!ensemble_->attached()) window_->showBusy(tr("Stopping the lab's servers. Their data stays."));
    ensemble_->shutDown([this, finish](const QString& problem) {
        sampler_.stop();
        if (!problem.isEmpty()) qWarning("%s", qUtf8Printable(problem));
        finish();
    });
}

// The picture is taken once one server leads and the tree is there, and a little later, when the charts show
// something.
void Console::watchForScreenshot() {
    const auto& servers = servers_.servers();
    const bool led =
        !choices_.startLab || std::any_of(servers.begin(), servers.end(), [](const ServerView& server) {
            return server.state == ServerState::Leading || server.state == ServerState::Standalone;
        });
    TreeModel& tree = window_->tree().model();
    if (!led || tree.rowCount(tree.index(0, 0)) == 0) return;
    if (!window_->tree().view().currentIndex().isValid())
        window_->tree().view().setCurrentIndex(tree.index(0, 0));
    if (++looks_ < kSettledAfter) return;
    camera_.stop();
    Q_EMIT screenshotTaken(window_->grab().save(choices_.screenshot));
}

} // namespace viv
