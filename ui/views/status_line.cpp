#include "views/status_line.h"

#include "bridge/text.h"
#include "views/icons.h"
#include "views/style.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>

namespace viv {

using zk::client::SessionState;

StatusLine::StatusLine(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Connection"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 4, 12, 4);
    row->setSpacing(16);
    for (QLabel** label : {&production_, &dot_, &state_, &roundTrip_, &zxid_, &watches_, &pending_, &lock_}) {
        *label = new QLabel(this);
        row->addWidget(*label);
    }
    row->insertStretch(3, 1);
    production_->setObjectName(QStringLiteral("production"));
    production_->setText(tr("PRODUCTION"));
    production_->hide();
    zxid_->setFont(scaled(fixedFont(), 0.94));
    roundTrip_->setFont(zxid_->font());
    for (QLabel* label : {roundTrip_, zxid_, watches_, pending_})
        makeQuiet(*label);
    dot_->setFixedWidth(10);
    refresh();
}

void StatusLine::setSession(Session* session) {
    if (session_) session_->disconnect(this);
    session_ = session;
    if (session != nullptr) connect(session, &Session::statusChanged, this, &StatusLine::refresh);
    refresh();
}

void StatusLine::setProduction(bool production) {
    production_->setVisible(production);
}

void StatusLine::refresh() {
    const Theme& theme = themeOf(*this);
    const bool any = !session_.isNull();
    for (QLabel* label : {roundTrip_, zxid_, watches_, pending_})
        label->setVisible(any && session_->connected());
    lock_->setVisible(any && session_->readOnly());
    QColor colour = theme.stopped;
    if (!any)
        state_->setText(tr("not connected"));
    else {
        const auto& status = session_->status();
        const QString server = status.server ? fromUtf8(zk::client::toString(*status.server)) : QString();
        switch (status.state) {
        case SessionState::Connected:
            colour = theme.leading;
            state_->setText(tr("connected to %1").arg(server));
            break;
        case SessionState::Connecting:
            colour = theme.looking;
            state_->setText(status.lastError.empty()
                                ? tr("connecting\u2026")
                                : tr("connecting\u2026 %1").arg(fromUtf8(status.lastError)));
            break;
        case SessionState::AuthFailed:
            colour = theme.crashed;
            state_->setText(tr("the server has refused the identity: connect again with another one"));
            break;
        default: colour = theme.crashed; state_->setText(fromUtf8(zk::client::name(status.state)));
        }
        const double ms = status.roundTrip ? double(status.roundTrip->count()) / 1e6 : 0;
        roundTrip_->setText(tr("%1 ms").arg(ms, 0, 'f', ms < 10 ? 1 : 0));
        zxid_->setText(tr("zxid %1").arg(zxidText(status.lastZxid)));
        zxid_->setToolTip(fromUtf8(zk::hex(status.lastZxid)));
        watches_->setText(status.watches == 1 ? tr("1 watch") : tr("%1 watches").arg(status.watches));
        pending_->setText(tr("%1 pending").arg(status.pending));
        setToolTip(tr("Session %1, timeout %2 ms")
                       .arg(fromUtf8(zk::hex(status.session)))
                       .arg(status.timeout.count()));
    }
    lock_->setText(tr("read-only"));
    dot_->setText(QStringLiteral("\u25cf"));
    dot_->setStyleSheet(QStringLiteral("color: %1").arg(colour.name()));
    setAccessibleDescription(state_->text());
}

void StatusLine::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) refresh();
}

} // namespace viv
