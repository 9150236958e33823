#include "views/browser.h"

#include "bridge/session.h"
#include "views/node_page.h"
#include "views/node_tree.h"

#include <QSplitter>
#include <QVBoxLayout>

namespace viv {

Browser::Browser(QWidget* parent) : QWidget(parent), tree_(new NodeTree(this)), page_(new NodePage(this)) {
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
    whole->addWidget(across);
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

int Browser::unsaved() const {
    return page_->unsaved();
}

} // namespace viv
