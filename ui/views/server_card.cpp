#include "views/server_card.h"

#include "bridge/text.h"
#include "models/state_look.h"
#include "views/icons.h"
#include "views/style.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace viv {

using zk::ensemble::ServerView;
using zk::ensemble::Verb;
using zk::trace::ServerState;

StateSign::StateSign(QWidget* parent) : QWidget(parent) {
    setFixedSize(18, 18);
    breath_.setStartValue(0.0);
    breath_.setKeyValueAt(0.5, 1.0);
    breath_.setEndValue(0.0);
    breath_.setDuration(1600);
    breath_.setLoopCount(-1);
    connect(&breath_, &QVariantAnimation::valueChanged, this, [this] { update(); });
}

void StateSign::setState(ServerState state, bool inferred) {
    state_ = state;
    inferred_ = inferred;
    if (state != ServerState::Looking)
        breath_.stop();
    else if (breath_.state() != QAbstractAnimation::Running)
        breath_.start();
    update();
}

void StateSign::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const bool breathing = breath_.state() == QAbstractAnimation::Running;
    paintState(painter, QRectF(rect()).adjusted(1, 1, -1, -1), state_, inferred_, themeOf(*this),
               breathing ? breath_.currentValue().toDouble() : 0);
}

ServerCard::ServerCard(const std::vector<Verb>& verbs, QWidget* parent) : QFrame(parent), verbs_(verbs) {
    setObjectName(QStringLiteral("card"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 8, 8);
    column->setSpacing(4);
    column->addWidget(makeHead());
    column->addWidget(makeFacts());
    problem_ = new QLabel(this);
    problem_->setWordWrap(true);
    problem_->setProperty("problem", true);
    problem_->hide();
    column->addWidget(problem_);
}

QWidget* ServerCard::makeHead() {
    auto* head = new QWidget(this);
    sign_ = new StateSign(head);
    sid_ = new QLabel(head);
    word_ = new QLabel(head);
    QFont bold = word_->font();
    bold.setBold(true);
    sid_->setFont(bold);
    word_->setFont(bold);
    start_ = button(Verb::Start, QStringLiteral("play"), tr("Start"));
    resume_ = button(Verb::Resume, QStringLiteral("play"), tr("Resume"));
    pause_ = button(Verb::Pause, QStringLiteral("pause"), tr("Pause"));
    stop_ = button(Verb::Stop, QStringLiteral("stop"), tr("Stop"));
    restart_ = button(Verb::Restart, QStringLiteral("restart"), tr("Restart"));
    crash_ = button(Verb::Crash, QStringLiteral("crash"), tr("Crash, as kill -9 does"));
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(sign_);
    row->addWidget(sid_);
    row->addWidget(word_, 1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(0);
    for (QToolButton* each : {start_, resume_, pause_, stop_, restart_, crash_})
        buttons->addWidget(each);
    row->addLayout(buttons);
    return head;
}

QWidget* ServerCard::makeFacts() {
    auto* facts = new QWidget(this);
    progress_ = new QLabel(facts);
    progress_->setFont(scaled(fixedFont(), 0.94));
    ports_ = new QLabel(facts);
    ports_->setFont(scaled(fixedFont(), 0.88));
    makeQuiet(*ports_);
    auto* copy = new QToolButton(facts);
    copy->setIcon(icon(QStringLiteral("copy")));
    copy->setToolTip(tr("Copy this server's address"));
    copy->setAccessibleName(copy->toolTip());
    connect(copy, &QToolButton::clicked, this, &ServerCard::copyAddress);
    folder_ = new QToolButton(facts);
    folder_->setIcon(icon(QStringLiteral("folder")));
    folder_->setToolTip(tr("Open this server's folder"));
    folder_->setAccessibleName(folder_->toolTip());
    connect(folder_, &QToolButton::clicked, this, &ServerCard::openFolder);
    auto* text = new QVBoxLayout;
    text->setSpacing(2);
    text->addWidget(progress_);
    text->addWidget(ports_);
    auto* row = new QHBoxLayout(facts);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addLayout(text, 1);
    row->addWidget(copy, 0, Qt::AlignBottom);
    row->addWidget(folder_, 0, Qt::AlignBottom);
    return facts;
}

QToolButton* ServerCard::button(Verb verb, const QString& iconName, const QString& text) {
    auto* made = new QToolButton(this);
    made->setIcon(icon(iconName));
    made->setToolTip(text);
    made->setProperty("verb", text);
    connect(made, &QToolButton::clicked, this, [this, verb] { Q_EMIT asked(verb); });
    return made;
}

void ServerCard::setServer(const ServerView& server) {
    const QString sid = QString::number(server.sid), word = stateWord(server.state);
    sign_->setState(server.state, server.inferred);
    sid_->setText(sid);
    word_->setText(word);
    QPalette coloured = word_->palette();
    coloured.setColor(QPalette::WindowText, themeOf(*this).state(server.state));
    word_->setPalette(coloured);
    word_->setStyleSheet(QStringLiteral("color: %1").arg(themeOf(*this).state(server.state).name()));
    progress_->setText(tr("epoch %1   zxid %2").arg(server.epoch).arg(zxidText(server.zxid)));
    progress_->setToolTip(fromUtf8(zk::hex(server.zxid)));
    ports_->setText(QStringLiteral("%1\u2002\u00b7\u2002%2\u2002\u00b7\u2002%3%4")
                        .arg(server.clientPort)
                        .arg(server.quorumPort)
                        .arg(server.electionPort)
                        .arg(server.observer ? tr("   observer") : QString()));
    ports_->setToolTip(tr("Client port %1, quorum port %2, election port %3")
                           .arg(server.clientPort)
                           .arg(server.quorumPort)
                           .arg(server.electionPort));
    problem_->setText(fromUtf8(server.problem));
    problem_->setVisible(!server.problem.empty());
    folder_->setVisible(!server.directory.empty());
    setAccessibleName(tr("Server %1: %2").arg(sid, word));

    const bool down = server.state == ServerState::Stopped || server.state == ServerState::Crashed;
    const bool paused = server.state == ServerState::Paused;
    const auto offered = [this](Verb verb) {
        return std::find(verbs_.begin(), verbs_.end(), verb) != verbs_.end();
    };
    start_->setVisible(down && offered(Verb::Start));
    resume_->setVisible(paused && offered(Verb::Resume));
    pause_->setVisible(!down && !paused && offered(Verb::Pause));
    stop_->setVisible(!down && offered(Verb::Stop));
    restart_->setVisible(!down && offered(Verb::Restart));
    crash_->setVisible(!down && offered(Verb::Crash));
    for (QToolButton* each : {start_, resume_, pause_, stop_, restart_, crash_})
        each->setAccessibleName(tr("%1, server %2").arg(each->property("verb").toString(), sid));
    setProperty("leading", server.state == ServerState::Leading);
    style()->polish(this);
}

} // namespace viv
