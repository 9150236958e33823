#include "views/main_window.h"

#include "bridge/session.h"
#include "bridge/text.h"
#include "models/commands.h"
#include "models/connections.h"
#include "views/browser.h"
#include "views/command_palette.h"
#include "views/connect_dialog.h"
#include "views/connection_tabs.h"
#include "views/connections_panel.h"
#include "views/ensemble_panel.h"
#include "views/icons.h"
#include "views/node_page.h"
#include "views/node_tree.h"
#include "views/notice_bar.h"
#include "views/status_line.h"
#include "views/style.h"
#include "views/table.h"
#include "views/welcome.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QStandardItemModel>
#include <QStatusBar>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace viv {

MainWindow::MainWindow()
    : place_(new QStackedWidget(this)), notices_(new NoticeBar(this)), status_(new StatusLine(this)) {
    setWindowTitle(tr("Vivarium"));
    setWindowIcon(applicationIcon());
    resize(1280, 800);
    auto* welcome = new Welcome(this);
    connect(welcome, &Welcome::startLabAsked, this, &MainWindow::startLabAsked);
    connect(welcome, &Welcome::connectAsked, this, &MainWindow::askToConnect);
    place_->addWidget(welcome);
    makeWork();
    auto* busyPage = new QWidget(this);
    busy_ = new QLabel(busyPage);
    busy_->setAlignment(Qt::AlignCenter);
    auto* moving = new QProgressBar(busyPage);
    moving->setRange(0, 0);
    moving->setTextVisible(false);
    moving->setFixedWidth(240);
    moving->setAccessibleName(tr("Under way"));
    auto* busyColumn = new QVBoxLayout(busyPage);
    busyColumn->setSpacing(12);
    busyColumn->addStretch(1);
    busyColumn->addWidget(busy_);
    busyColumn->addWidget(moving, 0, Qt::AlignHCenter);
    busyColumn->addStretch(1);
    place_->addWidget(busyPage);

    auto* whole = new QWidget(this);
    auto* column = new QVBoxLayout(whole);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeToolbar());
    column->addWidget(notices_);
    column->addWidget(place_, 1);
    setCentralWidget(whole);
    statusBar()->setSizeGripEnabled(false);
    statusBar()->addWidget(status_, 1);
    makeMenu();
    qApp->installEventFilter(this);
    showPlace();
}

QWidget* MainWindow::makeToolbar() {
    auto* bar = new QFrame(this);
    bar->setObjectName(QStringLiteral("toolbar"));
    const auto button = [bar](const QString& name, const QString& text, const QString& tip) {
        auto* made = new QToolButton(bar);
        made->setIcon(icon(name));
        made->setText(text);
        made->setToolButtonStyle(text.isEmpty() ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
        made->setToolTip(tip);
        made->setAccessibleName(tip);
        return made;
    };
    lab_ = button(QStringLiteral("lab"), tr("Start a lab"),
                  tr("Start three servers on this machine (Ctrl+Shift+L)"));
    connect_ = button(QStringLiteral("connect"), tr("Connect"), tr("Connect to a ZooKeeper (Ctrl+O)"));
    theme_ = button(QStringLiteral("moon"), {}, tr("Switch between light and dark (Ctrl+Shift+D)"));
    menu_ = button(QStringLiteral("menu"), {}, tr("Menu (Alt+M)"));
    menu_->setPopupMode(QToolButton::InstantPopup);
    address_ = new QLineEdit(bar);
    address_->setFont(fixedFont());
    address_->setPlaceholderText(tr("Path (Ctrl+L)"));
    address_->setAccessibleName(tr("Path of the open znode"));
    address_->setObjectName(QStringLiteral("address"));
    connect(lab_, &QToolButton::clicked, this, &MainWindow::startLabAsked);
    connect(connect_, &QToolButton::clicked, this, &MainWindow::askToConnect);
    connect(theme_, &QToolButton::clicked, this, &MainWindow::themeSwitchAsked);
    connect(address_, &QLineEdit::returnPressed, this, [this] {
        tree().view().setFocus();
        tree().go(address_->text());
    });
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(8, 6, 8, 6);
    row->setSpacing(4);
    row->addWidget(lab_);
    row->addWidget(connect_);
    row->addSpacing(8);
    row->addWidget(address_, 1);
    row->addSpacing(8);
    row->addWidget(theme_);
    row->addWidget(menu_);
    return bar;
}

void MainWindow::makeWork() {
    ensemble_ = new EnsemblePanel(this);
    connections_ = new ConnectionTabs(this);
    panels_ = new QTabWidget(this);
    panels_->setObjectName(QStringLiteral("panel"));
    panels_->setDocumentMode(true);
    panels_->tabBar()->setDrawBase(false);
    panels_->setAccessibleName(tr("Charts and log"));
    panels_->tabBar()->setAccessibleName(tr("Panels"));
    ensemble_->setMinimumWidth(250);
    auto* across = new QSplitter(Qt::Horizontal, this);
    across->setHandleWidth(1);
    across->setChildrenCollapsible(false);
    savedPanel_ = new ConnectionsPanel(this);
    auto* aside = new QWidget(this);
    auto* asideColumn = new QVBoxLayout(aside);
    asideColumn->setContentsMargins(0, 0, 0, 0);
    asideColumn->setSpacing(0);
    asideColumn->addWidget(ensemble_, 1);
    asideColumn->addWidget(savedPanel_);
    across->addWidget(aside);
    across->addWidget(connections_);
    across->setSizes({290, 990});
    across->setStretchFactor(0, 0);
    across->setStretchFactor(1, 1);
    auto* down = new QSplitter(Qt::Vertical, this);
    down->setHandleWidth(1);
    down->setChildrenCollapsible(false);
    down->addWidget(across);
    down->addWidget(panels_);
    down->setSizes({470, 240});
    down->setStretchFactor(0, 3);
    down->setStretchFactor(1, 1);
    place_->addWidget(down);
    connect(ensemble_, &EnsemblePanel::startLabAsked, this, &MainWindow::startLabAsked);
    connect(ensemble_, &EnsemblePanel::browseAsked, this, &MainWindow::browseLabAsked);
    connect(savedPanel_, &ConnectionsPanel::addAsked, this, &MainWindow::askToConnect);
    connect(savedPanel_, &ConnectionsPanel::editAsked, this, &MainWindow::askToConnectTo);
    connect(savedPanel_, &ConnectionsPanel::openAsked, this, &MainWindow::openSaved);
    connect(savedPanel_, &ConnectionsPanel::removed, this, [this](const Connection& connection) {
        notices_->offer(tr("%1 is not among the saved connections any more.").arg(connection.name), tr("Put it back"),
                        [this, connection] { saved_->put(connection); });
    });
    connect(connections_, &ConnectionTabs::said, this, &MainWindow::say);
    connect(connections_, &ConnectionTabs::opened, this,
            [this](const std::string& path) { address_->setText(fromUtf8(path)); });
    connect(connections_, &ConnectionTabs::currentChanged, this, &MainWindow::showConnection);
    connect(connections_, &ConnectionTabs::closeAsked, this, &MainWindow::askToClose);
}

void MainWindow::makeMenu() {
    auto* menu = new QMenu(menu_);
    menu_->setMenu(menu);
    const auto add = [&](const QString& name, const QString& text, const QKeySequence& keys, auto&& slot) {
        auto* action = new QAction(name.isEmpty() ? QIcon() : icon(name), text, this);
        action->setShortcut(keys);
        connect(action, &QAction::triggered, this, std::forward<decltype(slot)>(slot));
        menu->addAction(action);
        addAction(action);
        return action;
    };
    add(QStringLiteral("lab"), tr("Start a &lab"), QKeySequence(tr("Ctrl+Shift+L")),
        &MainWindow::startLabAsked);
    add(QStringLiteral("connect"), tr("&Connect\u2026"), QKeySequence(tr("Ctrl+O")),
        &MainWindow::askToConnect);
    menu->addSeparator();
    add(QStringLiteral("add"), tr("&Create a znode\u2026"), QKeySequence::New, [this] { tree().create(); });
    // The key is the tree's: elsewhere it may be meant for a text.
    add(QStringLiteral("trash"), tr("&Delete the znode\u2026") + tr("\tDel"), {}, [this] { tree().remove(); });
    add(QStringLiteral("save"), tr("&Save the value"), QKeySequence::Save, [this] { page().save(); });
    add(QStringLiteral("refresh"), tr("&Refresh"), QKeySequence::Refresh, [this] {
        tree().refresh();
        page().reload();
    });
    menu->addSeparator();
    add({}, tr("&Next connection"), QKeySequence(tr("Ctrl+Tab")), [this] { connections_->step(1); });
    add({}, tr("Pre&vious connection"), QKeySequence(tr("Ctrl+Shift+Tab")), [this] { connections_->step(-1); });
    add(QStringLiteral("close"), tr("Close this c&onnection"), QKeySequence(tr("Ctrl+W")),
        [this] { askToClose(session()); });
    menu->addSeparator();
    palette_ = add({}, tr("Co&mmands\u2026"), QKeySequence(tr("Ctrl+K")), &MainWindow::showPalette);
    add({}, tr("Go to a &path"), QKeySequence(tr("Ctrl+L")), [this] {
        address_->setFocus(Qt::ShortcutFocusReason);
        address_->selectAll();
    });
    add({}, tr("Go to the &tree"), QKeySequence(tr("Ctrl+T")),
        [this] { tree().view().setFocus(Qt::ShortcutFocusReason); });
    add({}, tr("&Filter the log"), QKeySequence::Find, &MainWindow::filterLogAsked);
    add({}, tr("S&witch light and dark"), QKeySequence(tr("Ctrl+Shift+D")), &MainWindow::themeSwitchAsked);
    menu->addSeparator();
    add({}, tr("&Keyboard shortcuts"), QKeySequence::HelpContents, &MainWindow::showShortcuts);
    add({}, tr("&Quit"), QKeySequence::Quit, [this] { close(); });
    auto* open = new QAction(this);
    open->setShortcut(QKeySequence(tr("Alt+M")));
    connect(open, &QAction::triggered, menu_, &QToolButton::showMenu);
    addAction(open);
}

void MainWindow::showPlace() {
    place_->setCurrentIndex(hasEnsemble_ || session() != nullptr ? 1 : 0);
    lab_->setVisible(!hasEnsemble_);
    address_->setEnabled(session() != nullptr);
}

void MainWindow::showEnsemble(LiveEnsemble* ensemble, ServersModel* model) {
    hasEnsemble_ = ensemble != nullptr;
    ensemble_->show(ensemble, model);
    if (ensemble != nullptr) {
        connections_->setEmptyText(tr("The znodes stand here as soon as a server answers."));
        connect(ensemble, &LiveEnsemble::refused, this, &MainWindow::say);
    }
    showPlace();
}

void MainWindow::addSession(Session* session, const Connection& connection) {
    connections_->add(session, connection);
}

void MainWindow::removeSession(Session* session) {
    connections_->remove(session);
}

Session* MainWindow::session() {
    return connections_->current().session();
}

NodeTree& MainWindow::tree() {
    return connections_->current().tree();
}

NodePage& MainWindow::page() {
    return connections_->current().page();
}

void MainWindow::showConnection() {
    address_->setText(fromUtf8(tree().currentPath()));
    status_->setSession(session());
    status_->setProduction(connections_->current().isProduction());
    showPlace();
}

void MainWindow::askToClose(Session* session) {
    if (session == nullptr) return;
    connections_->bringToFront(session);
    const int unsaved = connections_->current().unsaved();
    if (unsaved == 0) return Q_EMIT closeSessionAsked(session);
    notices_->offer(tr("Values edited and not saved: %1. Save them, or close the connection without saving.").arg(unsaved),
                    tr("Close without saving"), [this, alive = QPointer<Session>(session)] {
                        if (alive) Q_EMIT closeSessionAsked(alive);
                    });
}

void MainWindow::addPanel(QWidget* panel, const QString& title) {
    panels_->addTab(panel, title);
}

void MainWindow::showBusy(const QString& sentence) {
    busy_->setText(sentence);
    place_->setCurrentIndex(2);
    for (QWidget* each :
         {static_cast<QWidget*>(lab_), static_cast<QWidget*>(connect_), static_cast<QWidget*>(address_)})
        each->setEnabled(false);
}

void MainWindow::showDark(bool dark) {
    theme_->setIcon(icon(dark ? QStringLiteral("sun") : QStringLiteral("moon")));
}

void MainWindow::say(const QString& sentence) {
    notices_->say(sentence);
}

void MainWindow::setSaved(Connections* saved) {
    saved_ = saved;
    savedPanel_->show(saved);
}

void MainWindow::askToConnect() {
    Connection usual;
    usual.hosts = recent_.isEmpty() ? QStringLiteral("127.0.0.1:2181") : recent_.first();
    askToConnectTo(usual);
}

void MainWindow::askToConnectTo(const Connection& connection) {
    auto* dialog = new ConnectDialog(recent_, saved_ ? saved_->groups() : QStringList(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setConnection(connection);
    connect(dialog, &QDialog::accepted, this,
            [this, dialog] { Q_EMIT connectAsked(dialog->options(), dialog->connection()); });
    dialog->open();
}

// At once, where nothing has to be asked.
void MainWindow::openSaved(const Connection& connection) {
    const auto options = optionsOf(connection);
    if (options && connection.user.isEmpty())
        Q_EMIT connectAsked(*options, connection);
    else
        askToConnectTo(connection);
}

// What stands in the menu, with its keys.
std::vector<Command> MainWindow::actionsAsCommands() {
    std::vector<Command> all;
    for (QAction* action : menu_->menu()->actions()) {
        if (action->isSeparator() || !action->isEnabled() || action == palette_) continue;
        QString text = action->text().remove(QLatin1Char('&'));
        QString key = action->shortcut().toString(QKeySequence::NativeText);
        if (const auto tab = text.indexOf(QLatin1Char('\t')); tab >= 0) {
            key = text.mid(tab + 1);
            text.truncate(tab);
        }
        all.push_back({action->icon(), text, key, [action = QPointer<QAction>(action)] {
                           if (action) action->trigger();
                       }});
    }
    return all;
}

// Everything that can be done now: the menu, the connections, and the znodes that the tree has loaded.
std::vector<Command> MainWindow::commands() {
    constexpr std::size_t kZnodesAtMost = 10000;
    std::vector<Command> all = actionsAsCommands();
    const QStringList titles = connections_->titles();
    for (int tab = 0; titles.size() > 1 && tab < titles.size(); ++tab)
        all.push_back({icon(QStringLiteral("connect")), titles[tab], tr("open connection"),
                       [this, tab] { connections_->bringToFront(tab); }});
    for (int row = 0; saved_ != nullptr && row < saved_->rowCount(); ++row) {
        const Connection one = saved_->at(row);
        all.push_back({icon(QStringLiteral("connect")), tr("Open %1").arg(one.name), one.hosts, [this, one] { openSaved(one); }});
    }
    if (session() == nullptr) return all;
    for (const std::string& path : tree().model().loadedPaths(kZnodesAtMost)) {
        const QString text = fromUtf8(path);
        all.push_back({{}, text, {}, [this, text] { tree().go(text); }});
    }
    return all;
}

void MainWindow::showPalette() {
    auto* palette = new CommandPalette(commands(), [this](const QString& path) {
        if (session() != nullptr) tree().go(path);
    }, this);
    palette->show();
    palette->line().setFocus();
}

void MainWindow::showShortcuts() {
    auto* dialog = new QDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("shortcuts"));
    dialog->setWindowTitle(tr("Keyboard shortcuts"));
    auto* model = new QStandardItemModel(0, 2, dialog);
    model->setHorizontalHeaderLabels({tr("What it does"), tr("Keys")});
    for (const Command& command : actionsAsCommands())
        if (!command.detail.isEmpty())
            model->appendRow({new QStandardItem(command.text), new QStandardItem(command.detail)});
    auto* table = new Table(tr("Keyboard shortcuts"), {1}, dialog);
    table->setModel(model);
    table->header()->resizeSection(0, 300);
    auto* close = new QPushButton(tr("Close"), dialog);
    connect(close, &QPushButton::clicked, dialog, &QDialog::accept);
    auto* column = makeDialogColumn(*dialog);
    column->addWidget(table);
    column->addWidget(close, 0, Qt::AlignRight);
    dialog->resize(480, 480);
    dialog->open();
}

// Text fields know Ctrl+K as "delete to the end of the line"; here it opens the palette wherever one types.
bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && QKeySequence(static_cast<QKeyEvent*>(event)->keyCombination()) == palette_->shortcut()) {
        event->ignore();
        return true;
    }
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (mayClose_) return event->accept();
    event->ignore();
    if (const int unsaved = connections_->unsaved(); unsaved > 0 && !warned_) {
        warned_ = true;
        notices_->offer(
            tr("Values edited and not saved: %1. Save them, or close without saving.").arg(unsaved),
            tr("Close without saving"), [this] { Q_EMIT closeAsked(); });
        return;
    }
    Q_EMIT closeAsked();
}

} // namespace viv
