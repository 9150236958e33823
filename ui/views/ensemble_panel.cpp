#include "views/ensemble_panel.h"

#include "bridge/text.h"
#include "views/icons.h"
#include "views/server_card.h"
#include "views/style.h"

#include <QAction>
#include <QClipboard>
#include <QDesktopServices>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace viv {

using zk::ensemble::ServerView;
using zk::ensemble::Verb;
using zk::trace::ServerState;

EnsemblePanel::EnsemblePanel(QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("sidebar"));
    setAccessibleName(tr("Ensemble"));
    cards_ = new QWidget(this);
    cards_->setObjectName(QStringLiteral("cards"));
    column_ = new QVBoxLayout(cards_);
    column_->setContentsMargins(12, 0, 12, 12);
    column_->setSpacing(8);
    column_->addStretch(1);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(cards_);

    empty_ = new QWidget(this);
    auto* words =
        new QLabel(tr("The servers of a local lab stand here, each with its state, its ports and what can be "
                      "done with it."),
                   empty_);
    words->setWordWrap(true);
    makeQuiet(*words);
    auto* start = new QPushButton(icon(QStringLiteral("lab")), tr("Start a lab"), empty_);
    connect(start, &QPushButton::clicked, this, &EnsemblePanel::startLabAsked);
    auto* place = new QVBoxLayout(empty_);
    place->setContentsMargins(12, 4, 12, 12);
    place->setSpacing(12);
    place->addWidget(words);
    place->addWidget(start, 0, Qt::AlignLeft);

    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    whole->addWidget(makeHead());
    whole->addWidget(empty_);
    whole->addWidget(scroll, 1);
    refresh();
}

QWidget* EnsemblePanel::makeHead() {
    auto* head = new QWidget(this);
    title_ = new QLabel(head);
    makeCaption(*title_);
    subtitle_ = new QLabel(head);
    makeQuiet(*subtitle_);
    menuButton_ = new QToolButton(head);
    menuButton_->setIcon(icon(QStringLiteral("more")));
    menuButton_->setToolTip(tr("What can be done with the ensemble"));
    menuButton_->setAccessibleName(menuButton_->toolTip());
    menuButton_->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(menuButton_);
    menuButton_->setMenu(menu);
    const auto verb = [&](const QString& name, const QString& text, Verb asked) {
        return menu->addAction(icon(name), text, this, [this, asked] {
            if (ensemble_) ensemble_->actOnAll(asked);
        });
    };
    startAll_ = verb(QStringLiteral("play"), tr("Start all"), Verb::Start);
    stopAll_ = verb(QStringLiteral("stop"), tr("Stop all"), Verb::Stop);
    restartAll_ = verb(QStringLiteral("restart"), tr("Restart all"), Verb::Restart);
    pauseAll_ = verb(QStringLiteral("pause"), tr("Pause all"), Verb::Pause);
    resumeAll_ = verb(QStringLiteral("play"), tr("Resume all"), Verb::Resume);
    crashAll_ = verb(QStringLiteral("crash"), tr("Crash all, as kill -9 does"), Verb::Crash);
    menu->addSeparator();
    const auto add = [&](const QString& name, const QString& text, bool observer) {
        return menu->addAction(icon(name), text, this, [this, observer] {
            if (ensemble_) ensemble_->addServer(observer);
        });
    };
    addServer_ = add(QStringLiteral("add"), tr("Add a server"), false);
    addObserver_ = add(QStringLiteral("observer"), tr("Add an observer"), true);
    menu->addSeparator();
    menu->addAction(icon(QStringLiteral("connect")), tr("Browse its znodes"), this,
                    &EnsemblePanel::browseAsked);
    menu->addAction(icon(QStringLiteral("copy")), tr("Copy the connect string"), this, [this] {
        if (ensemble_) QGuiApplication::clipboard()->setText(fromUtf8(ensemble_->view().connectString));
    });
    openFolder_ = menu->addAction(icon(QStringLiteral("folder")), tr("Open the folder"), this, [this] {
        if (ensemble_) openFolder(ensemble_->view().directory);
    });
    auto* text = new QVBoxLayout;
    text->setSpacing(2);
    text->addWidget(title_);
    text->addWidget(subtitle_);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(12, 12, 12, 8);
    row->addLayout(text, 1);
    row->addWidget(menuButton_, 0, Qt::AlignTop);
    return head;
}

void EnsemblePanel::openFolder(const std::string& directory) {
    QDesktopServices::openUrl(QUrl::fromLocalFile(fromUtf8(directory)));
}

void EnsemblePanel::show(LiveEnsemble* ensemble, ServersModel* model) {
    if (model_) model_->disconnect(this);
    ensemble_ = ensemble;
    model_ = model;
    dropCards();
    if (model_) {
        connect(model_, &QAbstractItemModel::modelReset, this, [this] {
            dropCards();
            refresh();
        });
        connect(model_, &QAbstractItemModel::rowsInserted, this, &EnsemblePanel::refresh);
        connect(model_, &QAbstractItemModel::dataChanged, this, &EnsemblePanel::refresh);
    }
    refresh();
}

void EnsemblePanel::dropCards() {
    for (const auto& [sid, card] : bySid_)
        card->deleteLater();
    bySid_.clear();
}

ServerCard* EnsemblePanel::makeCard(zk::Sid sid) {
    std::vector<Verb> verbs;
    for (const Verb verb : {Verb::Start, Verb::Stop, Verb::Crash, Verb::Restart, Verb::Pause, Verb::Resume})
        if (ensemble_->offers(verb)) verbs.push_back(verb);
    auto* card = new ServerCard(verbs, cards_);
    column_->insertWidget(column_->count() - 1, card);
    connect(card, &ServerCard::asked, this, [this, sid](Verb verb) {
        if (ensemble_) ensemble_->act(verb, sid);
    });
    const auto server = [this, sid]() -> ServerView {
        const auto& servers = model_->servers();
        const auto at =
            std::find_if(servers.begin(), servers.end(), [sid](const auto& each) { return each.sid == sid; });
        return at != servers.end() ? *at : ServerView{};
    };
    connect(card, &ServerCard::openFolder, this, [this, server] { openFolder(server().directory); });
    connect(card, &ServerCard::copyAddress, this, [server] {
        const ServerView view = server();
        QGuiApplication::clipboard()->setText(
            QStringLiteral("%1:%2").arg(fromUtf8(view.host)).arg(view.clientPort));
    });
    return card;
}

void EnsemblePanel::refresh() {
    const bool shown = ensemble_ && model_;
    empty_->setVisible(!shown);
    menuButton_->setVisible(shown);
    title_->setText(shown && ensemble_->attached() ? tr("ATTACHED LAB") : tr("LOCAL LAB"));
    subtitle_->setVisible(shown);
    if (!shown) return;
    bool anyUp = false, anyDown = false, anyRuns = false, anyPaused = false, pristine = true;
    for (const ServerView& server : model_->servers()) {
        ServerCard*& card = bySid_[server.sid];
        if (card == nullptr) card = makeCard(server.sid);
        card->setServer(server);
        const bool down = server.state == ServerState::Stopped || server.state == ServerState::Crashed;
        (down ? anyDown : anyUp) = true;
        anyPaused = anyPaused || server.state == ServerState::Paused;
        anyRuns = anyRuns || (!down && server.state != ServerState::Paused);
        pristine = pristine && server.state == ServerState::Stopped;
    }
    subtitle_->setText(ensemble_->attached()           ? tr("hosted by another process")
                       : model_->servers().size() == 1 ? tr("1 server")
                                                       : tr("%1 servers").arg(model_->servers().size()));
    const auto offer = [this](QAction* action, Verb verb, bool sensible) {
        action->setVisible(ensemble_->offers(verb));
        action->setEnabled(sensible);
    };
    offer(startAll_, Verb::Start, anyDown);
    offer(stopAll_, Verb::Stop, anyUp);
    offer(restartAll_, Verb::Restart, anyUp);
    offer(pauseAll_, Verb::Pause, anyRuns);
    offer(resumeAll_, Verb::Resume, anyPaused);
    offer(crashAll_, Verb::Crash, anyUp);
    addServer_->setEnabled(pristine);
    addObserver_->setEnabled(pristine);
    openFolder_->setEnabled(!ensemble_->view().directory.empty());
}

void EnsemblePanel::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) refresh();
}

} // namespace viv
