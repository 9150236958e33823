#include "views/connections_panel.h"

#include "models/connections.h"
#include "views/icons.h"
#include "views/style.h"
#include "views/table.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QVBoxLayout>

namespace viv {
namespace {

constexpr int kRowsInSight = 6;

// A square in the connection's colour, its name, and for production the word.
class ConnectionDelegate : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {120, kRowHeight}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Theme& theme = themeOf(option.palette);
        const Connection& one = static_cast<const Connections*>(index.model())->at(index.row());
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, theme.selection);
        else if (option.state & QStyle::State_MouseOver)
            painter->fillRect(option.rect, theme.hover);
        QRect rect = option.rect.adjusted(12, 0, -12, 0);
        painter->save();
        const QColor colour = theme.series[std::size_t(one.colour) % theme.series.size()];
        painter->fillRect(QRect(rect.left(), rect.center().y() - 4, 10, 10), colour);
        rect.setLeft(rect.left() + 18);
        if (one.kind == Connection::Kind::Production) {
            const QString word = kindWord(one.kind);
            painter->setPen(theme.crashed);
            painter->drawText(rect, Qt::AlignVCenter | Qt::AlignRight, word);
            rect.setRight(rect.right() - option.fontMetrics.horizontalAdvance(word) - 8);
        }
        painter->setPen(theme.text);
        painter->drawText(rect, Qt::AlignVCenter | Qt::AlignLeft,
                          option.fontMetrics.elidedText(index.data().toString(), Qt::ElideMiddle, rect.width()));
        painter->restore();
    }
};

} // namespace

ConnectionsPanel::ConnectionsPanel(QWidget* parent) : QFrame(parent), list_(new QListView(this)), hint_(new QLabel(this)) {
    setObjectName(QStringLiteral("sidebar"));
    setAccessibleName(tr("Connections"));
    auto* title = new QLabel(tr("CONNECTIONS"), this);
    makeCaption(*title);
    auto* add = new QToolButton(this);
    add->setIcon(icon(QStringLiteral("add")));
    add->setToolTip(tr("Connect, and save the connection under a name"));
    add->setAccessibleName(add->toolTip());
    connect(add, &QToolButton::clicked, this, &ConnectionsPanel::addAsked);
    auto* hint = static_cast<QLabel*>(hint_);
    hint->setText(tr("Connections that you save stand here."));
    hint->setWordWrap(true);
    hint->setContentsMargins(12, 0, 12, 12);
    makeQuiet(*hint);
    list_->setAccessibleName(tr("Saved connections"));
    list_->setObjectName(QStringLiteral("savedConnections"));
    list_->setFrameShape(QFrame::NoFrame);
    list_->setUniformItemSizes(true);
    list_->setMouseTracking(true);
    list_->setItemDelegate(new ConnectionDelegate(list_));
    list_->setContextMenuPolicy(Qt::CustomContextMenu);
    list_->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    connect(list_, &QListView::activated, this,
            [this](const QModelIndex& index) { Q_EMIT openAsked(connections_->at(index.row())); });
    connect(list_, &QWidget::customContextMenuRequested, this, &ConnectionsPanel::showMenu);
    auto* removeKey = new QAction(this);
    removeKey->setShortcut(QKeySequence::Delete);
    removeKey->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(removeKey, &QAction::triggered, this, &ConnectionsPanel::remove);
    addAction(removeKey);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(12, 8, 12, 4);
    head->addWidget(title, 1);
    head->addWidget(add);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(hint_);
    column->addWidget(list_);
}

void ConnectionsPanel::show(Connections* connections) {
    connections_ = connections;
    list_->setModel(connections);
    const auto fit = [this] {
        const int rows = connections_->rowCount();
        hint_->setVisible(rows == 0);
        list_->setVisible(rows > 0);
        list_->setFixedHeight(std::min(rows, kRowsInSight) * kRowHeight + 8);
    };
    connect(connections, &QAbstractItemModel::modelReset, this, fit);
    connect(connections, &QAbstractItemModel::rowsRemoved, this, fit);
    fit();
}

void ConnectionsPanel::remove() {
    if (!list_->currentIndex().isValid()) return;
    const Connection one = connections_->at(list_->currentIndex().row());
    connections_->remove(one.name);
    Q_EMIT removed(one);
}

void ConnectionsPanel::showMenu(const QPoint& where) {
    const QModelIndex index = list_->indexAt(where);
    if (!index.isValid()) return;
    list_->setCurrentIndex(index);
    const Connection one = connections_->at(index.row());
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(icon(QStringLiteral("connect")), tr("Open"), this, [this, one] { Q_EMIT openAsked(one); });
    menu->addAction(tr("Edit\u2026"), this, [this, one] { Q_EMIT editAsked(one); });
    menu->addSeparator();
    menu->addAction(icon(QStringLiteral("trash")), tr("Remove"), this, &ConnectionsPanel::remove);
    menu->popup(list_->viewport()->mapToGlobal(where));
}

} // namespace viv
