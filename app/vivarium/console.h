// Console: the window joined to a Stage and a Dialer: what a click asks for is done here, and what the
// servers and sessions tell goes to the models. It knows neither net nor any other implementation; main() and
// the tests hand them in.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QSettings>

#include "bridge/live_ensemble.h"
#include "bridge/session.h"
#include "charts/progress_charts.h"
#include "models/connections.h"
#include "models/log_model.h"
#include "models/progress.h"
#include "models/servers_model.h"
#include "views/log_panel.h"
#include "views/main_window.h"

#include <memory>
#include <vector>

namespace viv {

class Console : public QObject {
    Q_OBJECT

  public:
    struct Choices {
        zk::ensemble::LabOptions lab;
        bool startLab = false;
        QString connect;      // a connect string; empty: none
        QString screenshot;   // a file; empty: none
        QString theme;        // "light", "dark"; empty: as last time
        QString settingsFile; // empty: the user's own
    };

    Console(zk::ensemble::Stage& stage, zk::ensemble::Dialer& dialer, Choices choices);
    ~Console() override;

    // Shows the window and does what was chosen on the command line.
    void open();
    void startLab();
    // Of the lab: brings its tab to the front, or opens it.
    void browseLab();
    // Opens another connection, in a tab of its own.
    void connectTo(const zk::client::Options& options, const Connection& connection);
    void closeSession(Session* session);
    // Stops what is hosted, off the GUI thread; then the window closes and finished() tells.
    void close();

    Connections& saved() { return saved_; }
    MainWindow& window() { return *window_; }
    LiveEnsemble* ensemble() { return ensemble_.get(); }
    // Of the connection in front; null where there is none.
    Session* session() { return window_->session(); }
    ServersModel& servers() { return servers_; }
    LogModel& log() { return log_; }
    Progress& progress() { return progress_; }

  Q_SIGNALS:
    void finished();
    void screenshotTaken(bool written);

  private:
    void opened(zk::Result<zk::ensemble::Stage::Opened> result);
    void closeAll();
    void onView();
    void onEvents(const std::vector<zk::trace::Event>& events);
    void setDark(bool dark);
    double seconds() const { return double(clock_.nsecsElapsed()) / 1e9; }
    void watchForScreenshot();

    zk::ensemble::Stage& stage_;
    zk::ensemble::Dialer& dialer_;
    const Choices choices_;
    std::unique_ptr<QSettings> settings_;
    Connections saved_;
    QElapsedTimer clock_;
    ServersModel servers_;
    LogModel log_;
    Progress progress_;
    std::unique_ptr<LiveEnsemble> ensemble_;
    std::vector<std::unique_ptr<Session>> sessions_;
    QPointer<Session> labSession_;
    std::unique_ptr<MainWindow> window_; // shows the above: goes first
    LogPanel* logPanel_ = nullptr;
    QTimer sampler_, camera_;
    bool opening_ = false, closing_ = false, dark_ = false, browsed_ = false;
    int looks_ = 0;
};

} // namespace viv
