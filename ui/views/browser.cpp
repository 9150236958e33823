#include "views/browser.h"

#include "bridge/session.h"
#include "models/connections.h"
#include "views/node_page.h"
#include "views/node_tree.h"

#include <QLabel>
#include <QSplitter>
#include <QVBoxLayout>

namespace viv {

Browser::Browser(QWidget* parent) : QWidget(parent), tree_(new NodeTree(this)), page_(new NodePage(this)), band_(new QLabel(this)) {
    tree_->setMinimumWidth(180);
    page_->setMinimumWidth(320);
    auto* across = new QSplitter(Qt::Horizontal, this);
    across->setHandleWidth(1);
    across->setChildrenCollapsible(false);
    across->addWidget(tree_);
    across->addWidget(page_);
    across->setSizes({330, 660});
    across->setStretchFactor(0, 1);
    across->setStretchFactor(1, 2);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    band_->setObjectName(QStringLiteral("production"));
    band_->hide();
    whole->addWidget(band_);
    whole->addWidget(across, 1);
    connect(tree_, &NodeTree::said, this, &Browser::said);
    connect(page_, &NodePage::said, this, &Browser::said);
    connect(page_, &NodePage::statRead, &tree_->model(), &TreeModel::takeStat);
    connect(tree_, &NodeTree::opened, this, [this](const std::string& path) {
        page_->open(path);
        Q_EMIT opened(path);
    });
}

void Browser::setSession(Session* session) {
    session_ = session;
    page_->setSession(session);
    tree_->setSession(session);
}

void Browser::setConnection(const Connection& connection) {
    production_ = connection.kind == Connection::Kind::Production;
    band_->setText(tr("PRODUCTION \u00b7 %1").arg(connection.name.isEmpty() ? connection.hosts : connection.name));
    band_->setVisible(production_);
    tree_->setCareful(production_);
}

int Browser::unsaved() const {
    return page_->unsaved();
}

} // namespace viv
