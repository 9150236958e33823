// MainWindow: a frame that is told what to show: an ensemble, a session, panels at the bottom. It asks for a
// lab, for a connection and for being closed by signals, and knows nobody who fulfils them. It closes only
// when it is told that everything has been put away.
#pragma once

#include <QMainWindow>

#include "bridge/live_ensemble.h"
#include "models/servers_model.h"

class QAction;
class QLabel;
class QLineEdit;
class QSplitter;
class QStackedWidget;
class QTabWidget;
class QToolButton;

namespace viv {

class ConnectionTabs;
class Connections;
class ConnectionsPanel;
struct Command;
struct Connection;
class EnsemblePanel;
class NodePage;
class NodeTree;
class NoticeBar;
class Session;
class StatusLine;

class MainWindow : public QMainWindow {
    Q_OBJECT

  public:
    MainWindow();

    void showEnsemble(LiveEnsemble* ensemble, ServersModel* model);
    // A tab for a connection, brought to the front.
    void addSession(Session* session, const Connection& connection);
    void removeSession(Session* session);
    void addPanel(QWidget* panel, const QString& title);
    void setRecent(const QStringList& connectStrings) { recent_ = connectStrings; }
    void setSaved(Connections* saved);
    // Instead of the work: a sentence and that something is under way.
    void showBusy(const QString& sentence);
    void showDark(bool dark);
    // From now on closing closes.
    void allowClose() { mayClose_ = true; }

    // Of the connection in front.
    Session* session();
    NodeTree& tree();
    NodePage& page();
    ConnectionTabs& connections() { return *connections_; }
    NoticeBar& notices() { return *notices_; }
    EnsemblePanel& ensemblePanel() { return *ensemble_; }
    QTabWidget& panels() { return *panels_; }

  public Q_SLOTS:
    void say(const QString& sentence);
    void askToConnect();
    void showPalette();
    void showShortcuts();
    // With the fields filled in.
    void askToConnectTo(const viv::Connection& connection);

  Q_SIGNALS:
    void startLabAsked();
    void browseLabAsked();
    void connectAsked(const zk::client::Options& options, const viv::Connection& connection);
    void themeSwitchAsked();
    void filterLogAsked();
    void closeSessionAsked(viv::Session* session);
    void closeAsked();

  protected:
    void closeEvent(QCloseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    QWidget* makeToolbar();
    void makeWork();
    void makeMenu();
    void showPlace();
    void showConnection();
    void askToClose(Session* session);
    void openSaved(const Connection& connection);
    std::vector<Command> actionsAsCommands();
    std::vector<Command> commands();

    QStringList recent_;
    bool hasEnsemble_ = false, mayClose_ = false, warned_ = false;
    QStackedWidget* place_; // welcome, work, busy
    EnsemblePanel* ensemble_;
    ConnectionsPanel* savedPanel_;
    Connections* saved_ = nullptr;
    ConnectionTabs* connections_;
    QTabWidget* panels_;
    NoticeBar* notices_;
    StatusLine* status_;
    QLineEdit* address_;
    QToolButton *lab_, *connect_, *theme_, *menu_;
    QLabel* busy_;
    QAction* palette_; // what opens it
};

} // namespace viv
