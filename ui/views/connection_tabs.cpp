#include "views/connection_tabs.h"

#include "bridge/session.h"
#include "bridge/text.h"
#include "models/connections.h"
#include "views/browser.h"
#include "views/icons.h"
#include "views/node_tree.h"
#include "views/style.h"

#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace viv {

using zk::client::SessionState;

ConnectionTabs::ConnectionTabs(QWidget* parent)
    : QWidget(parent), bar_(new QTabBar(this)), place_(new QStackedWidget(this)), blank_(makeBrowser()) {
    bar_->setObjectName(QStringLiteral("connections"));
    bar_->setAccessibleName(tr("Connections"));
    bar_->setMovable(true);
    bar_->setDrawBase(false);
    bar_->setExpanding(false);
    bar_->setElideMode(Qt::ElideMiddle);
    place_->addWidget(blank_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(bar_);
    column->addWidget(place_, 1);
    connect(bar_, &QTabBar::currentChanged, this, &ConnectionTabs::showCurrent);
    showCurrent();
}

Browser* ConnectionTabs::makeBrowser() {
    auto* browser = new Browser(this);
    connect(browser, &Browser::said, this, &ConnectionTabs::said);
    connect(browser, &Browser::opened, this, [this, browser](const std::string& path) {
        if (browser == &current()) Q_EMIT opened(path);
    });
    return browser;
}

Browser* ConnectionTabs::browserOf(int tab) const {
    return tab < 0 ? blank_ : static_cast<Browser*>(bar_->tabData(tab).value<QWidget*>());
}

int ConnectionTabs::tabOf(const Session* session) const {
    for (int tab = 0; tab < bar_->count(); ++tab)
        if (browserOf(tab)->session() == session) return tab;
    return -1;
}

Browser& ConnectionTabs::current() const {
    return *browserOf(bar_->currentIndex());
}

int ConnectionTabs::count() const {
    return bar_->count();
}

QStringList ConnectionTabs::titles() const {
    QStringList all;
    for (int tab = 0; tab < bar_->count(); ++tab)
        all += bar_->tabText(tab);
    return all;
}

void ConnectionTabs::bringToFront(int tab) {
    bar_->setCurrentIndex(tab);
}

int ConnectionTabs::unsaved() const {
    int all = 0;
    for (int tab = 0; tab < bar_->count(); ++tab)
        all += browserOf(tab)->unsaved();
    return all;
}

void ConnectionTabs::setEmptyText(const QString& sentence) {
    blank_->tree().setEmptyText(sentence);
}

void ConnectionTabs::add(Session* session, const Connection& connection) {
    const QString& title = connection.name.isEmpty() ? connection.hosts : connection.name;
    Browser* browser = makeBrowser();
    browser->setSession(session);
    browser->setConnection(connection);
    place_->addWidget(browser);
    int tab = 0;
    {
        const QSignalBlocker quiet(bar_); // the first tab becomes the current one before it is whole
        tab = bar_->addTab(title);
        bar_->setTabData(tab, QVariant::fromValue<QWidget*>(browser));
        bar_->setTabToolTip(tab, connection.hosts);
        if (browser->isProduction()) bar_->setTabText(tab, tr("%1 (production)").arg(title));
        bar_->setCurrentIndex(tab);
    }
    auto* close = new QToolButton(bar_);
    close->setIcon(icon(QStringLiteral("close")));
    close->setIconSize({12, 12});
    close->setFocusPolicy(Qt::NoFocus); // Ctrl+W closes the current one
    close->setToolTip(tr("Close this connection (Ctrl+W)"));
    close->setAccessibleName(tr("Close the connection %1").arg(title));
    connect(close, &QToolButton::clicked, this, [this, session] { Q_EMIT closeAsked(session); });
    bar_->setTabButton(tab, QTabBar::RightSide, close);
    connect(session, &Session::statusChanged, browser, [this, session] { showState(tabOf(session)); });
    showState(tab);
    showCurrent();
}

void ConnectionTabs::remove(Session* session) {
    const int tab = tabOf(session);
    if (tab < 0) return;
    Browser* browser = browserOf(tab);
    browser->setSession(nullptr);
    place_->removeWidget(browser);
    {
        const QSignalBlocker quiet(bar_);
        bar_->removeTab(tab);
    }
    browser->deleteLater();
    showCurrent();
}

void ConnectionTabs::bringToFront(Session* session) {
    if (const int tab = tabOf(session); tab >= 0) bar_->setCurrentIndex(tab);
}

void ConnectionTabs::step(int by) {
    if (const int all = bar_->count(); all > 1) bar_->setCurrentIndex((bar_->currentIndex() + by + all) % all);
}

// A dot in the colour of the connection's state, and the state in words for who does not see it.
void ConnectionTabs::showState(int tab) {
    if (tab < 0) return;
    const Theme& theme = themeOf(*this);
    const Session* session = browserOf(tab)->session();
    const SessionState state = session->status().state;
    const QColor colour = state == SessionState::Connected    ? theme.leading
                          : state == SessionState::Connecting ? theme.looking
                                                              : theme.crashed;
    bar_->setTabTextColor(tab, browserOf(tab)->isProduction() ? theme.crashed : QColor());
    bar_->setTabIcon(tab, icon(QStringLiteral("connect"), colour));
    bar_->setAccessibleTabName(tab, tr("%1, %2").arg(bar_->tabText(tab), fromUtf8(zk::client::name(state))));
}

void ConnectionTabs::showCurrent() {
    bar_->setVisible(bar_->count() > 1);
    place_->setCurrentWidget(&current());
    Q_EMIT currentChanged();
}

} // namespace viv
