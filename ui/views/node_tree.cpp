#include "views/node_tree.h"

#include "bridge/text.h"
#include "tree/path.h"
#include "views/create_dialog.h"
#include "views/delete_dialog.h"
#include "views/icons.h"
#include "views/style.h"
#include "views/table.h"

#include <QAction>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QStackedLayout>
#include <QStyledItemDelegate>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>

namespace viv {
namespace {

constexpr int kBadge = 16;

// Draws its own branches: whether a row can be opened is known only when its stat comes, after it was laid
// out.
class View : public QTreeView {
  public:
    using QTreeView::QTreeView;

  protected:
    void drawBranches(QPainter* painter, const QRect& rect, const QModelIndex& index) const override {
        if (!model()->hasChildren(index)) return;
        const Theme& theme = themeOf(*this);
        const QPointF centre(rect.right() - indentation() / 2.0 + 2, rect.center().y() + 0.5);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(theme.quiet, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        const QPointF right[] = {{-2, -4}, {2, 0}, {-2, 4}}, down[] = {{-4, -2}, {0, 2}, {4, -2}};
        const QPointF* shape = isExpanded(index) ? down : right;
        painter->drawPolyline(QPolygonF{shape[0] + centre, shape[1] + centre, shape[2] + centre});
        painter->restore();
    }
    void focusInEvent(QFocusEvent* event) override {
        if (!currentIndex().isValid()) setCurrentIndex(model()->index(0, 0));
        QTreeView::focusInEvent(event);
    }
};

// A row: the name, its badges, and at the end how many children it has.
class NodeDelegate : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
        return {120, kRowHeight};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const Theme& theme = themeOf(option.palette);
        QRect rect = option.rect;
        if (option.state & QStyle::State_Selected)
            painter->fillRect(rect, theme.selection);
        else if (option.state & QStyle::State_MouseOver)
            painter->fillRect(rect, theme.hover);
        rect.adjust(4, 0, -8, 0);
        painter->save();
        painter->setFont(fixedFont());
        const QFontMetrics metrics(painter->font());

        QString count;
        const int children = index.data(TreeModel::ChildrenRole).toInt();
        if (index.data(TreeModel::LoadingRole).toBool())
            count = QStringLiteral("\u2026");
        else if (children > 0)
            count = QLocale().toString(children);
        painter->setPen(theme.quiet);
        painter->drawText(rect, Qt::AlignVCenter | Qt::AlignRight, count);
        rect.setRight(rect.right() - metrics.horizontalAdvance(count) - 8);

        QStringList badges;
        if (index.data(TreeModel::EphemeralRole).toBool()) badges += QStringLiteral("clock");
        if (index.data(TreeModel::ContainerRole).toBool()) badges += QStringLiteral("box");
        if (index.data(TreeModel::SequentialRole).toBool()) badges += QStringLiteral("sequence");
        const int room = rect.width() - int(badges.size()) * (kBadge + 4);
        const QString name = metrics.elidedText(index.data().toString(), Qt::ElideMiddle, room);
        painter->setPen(theme.text);
        painter->drawText(rect, Qt::AlignVCenter | Qt::AlignLeft, name);
        int x = rect.left() + metrics.horizontalAdvance(name) + 8;
        for (const QString& badge : badges) {
            const QColor colour = badge == QLatin1String("clock") ? theme.looking : theme.quiet;
            icon(badge, colour).paint(painter, QRect(x, rect.center().y() - kBadge / 2 + 1, kBadge, kBadge));
            x += kBadge + 4;
        }
        painter->restore();
    }
};

} // namespace

NodeTree::NodeTree(QWidget* parent) : QWidget(parent), model_(new TreeModel(this)), view_(new View(this)) {
    setObjectName(QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    view_->setAccessibleName(tr("Znodes"));
    view_->setHeaderHidden(true);
    view_->setUniformRowHeights(true);
    view_->setItemDelegate(new NodeDelegate(view_));
    view_->setIndentation(18);
    view_->setExpandsOnDoubleClick(true);
    view_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    view_->setModel(model_);
    connect(view_, &QTreeView::expanded, this,
            [this](const QModelIndex& index) { model_->setExpanded(index, true); });
    connect(view_, &QTreeView::collapsed, this,
            [this](const QModelIndex& index) { model_->setExpanded(index, false); });
    connect(view_->selectionModel(), &QItemSelectionModel::currentChanged, this, &NodeTree::onCurrent);
    // QTreeView asks only when it lays out its rows whether they can be opened; many changes are one layout.
    auto* layOut = new QTimer(this);
    layOut->setSingleShot(true);
    layOut->setInterval(50);
    connect(layOut, &QTimer::timeout, view_, &QTreeView::doItemsLayout);
    connect(model_, &TreeModel::branchesChanged, layOut, [layOut] {
        if (!layOut->isActive()) layOut->start();
    });
    connect(model_, &TreeModel::failed, this, &NodeTree::said);
    connect(model_, &TreeModel::unreachable, this, [this](const QString& sentence) {
        if (revealNext_.empty()) Q_EMIT said(sentence);
    });
    connect(model_, &TreeModel::revealed, this, [this](const QModelIndex& index) {
        revealNext_.clear();
        for (QModelIndex above = index.parent(); above.isValid(); above = above.parent())
            view_->expand(above);
        view_->setCurrentIndex(index);
        view_->scrollTo(index);
    });
    connect(model_, &QAbstractItemModel::rowsInserted, this, [this] {
        if (!revealNext_.empty() && model_->indexOf(revealNext_).isValid()) model_->reveal(revealNext_);
    });

    empty_ = new QLabel(this);
    empty_->setWordWrap(true);
    empty_->setAlignment(Qt::AlignCenter);
    empty_->setContentsMargins(24, 24, 24, 24);
    makeQuiet(*empty_);
    auto* body = new QWidget(this);
    stack_ = new QStackedLayout(body);
    stack_->addWidget(empty_);
    stack_->addWidget(view_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHead());
    column->addWidget(body, 1);
    auto* removeHere = new QAction(this);
    removeHere->setShortcut(QKeySequence::Delete);
    removeHere->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(removeHere, &QAction::triggered, this, &NodeTree::remove);
    addAction(removeHere);
    setEmptyText(tr("The znodes of a connection stand here. Connect, or start a lab."));
    setSession(nullptr);
}

QWidget* NodeTree::makeHead() {
    auto* head = new QWidget(this);
    auto* title = new QLabel(tr("ZNODES"), head);
    makeCaption(*title);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(12, 8, 8, 4);
    row->setSpacing(0);
    row->addWidget(title, 1);
    const auto button = [&](const QString& name, const QString& text, auto slot) {
        auto* made = new QToolButton(head);
        made->setIcon(icon(name));
        made->setToolTip(text);
        made->setAccessibleName(text);
        connect(made, &QToolButton::clicked, this, slot);
        row->addWidget(made);
        return made;
    };
    create_ = button(QStringLiteral("add"), tr("Create a znode here (Ctrl+N)"), &NodeTree::create);
    remove_ = button(QStringLiteral("trash"), tr("Delete this znode (Del)"), &NodeTree::remove);
    refresh_ = button(QStringLiteral("refresh"), tr("Read this branch again (F5)"), &NodeTree::refresh);
    return head;
}

void NodeTree::setSession(Session* session) {
    if (session_) session_->disconnect(this);
    session_ = session;
    revealNext_.clear();
    model_->setSession(session);
    stack_->setCurrentWidget(empty_);
    if (session != nullptr) {
        setEmptyText(tr("Connecting\u2026"));
        connect(session, &Session::statusChanged, this, &NodeTree::onStatus);
        view_->expand(model_->index(0, 0));
    }
    enable();
}

// Until the first connection there is no tree to show; after it, what was read stays in sight while it is
// made again.
void NodeTree::onStatus() {
    using zk::client::SessionState;
    if (stack_->currentWidget() == view_) return;
    const auto& status = session_->status();
    if (status.state == SessionState::Connected) {
        stack_->setCurrentWidget(view_);
        view_->setFocus();
    } else if (status.state == SessionState::AuthFailed)
        setEmptyText(tr("The server has refused the identity. Connect again with another user or password."));
    else if (!status.lastError.empty())
        setEmptyText(tr("No server answers yet. %1\n\nCheck the hosts and ports, and that a server runs "
                        "there. It is tried again "
                        "until one answers.")
                         .arg(fromUtf8(status.lastError)));
}

void NodeTree::setEmptyText(const QString& sentence) {
    empty_->setText(sentence);
}

std::string NodeTree::currentPath() const {
    return model_->pathOf(view_->currentIndex());
}

void NodeTree::enable() {
    const bool current = session_ && view_->currentIndex().isValid();
    const bool writable = current && !session_->readOnly();
    create_->setEnabled(writable);
    remove_->setEnabled(writable && currentPath() != "/" && !zk::tree::isReserved(currentPath()));
    refresh_->setEnabled(current);
}

void NodeTree::onCurrent() {
    enable();
    if (view_->currentIndex().isValid()) Q_EMIT opened(currentPath());
}

void NodeTree::go(const QString& path) {
    const std::string wanted = path.trimmed().toStdString();
    if (const std::string fault = zk::tree::pathFault(wanted); !fault.empty())
        Q_EMIT said(tr("“%1” is not a path: %2").arg(path, fromUtf8(fault)));
    else if (!session_)
        Q_EMIT said(tr("There is no connection yet. Connect, or start a lab."));
    else
        model_->reveal(wanted);
}

void NodeTree::create() {
    if (!create_->isEnabled()) return;
    auto* dialog = new CreateDialog(*session_, currentPath(), this);
    connect(dialog, &CreateDialog::created, this, [this](const std::string& path) {
        // Its parent's watch brings it in; a parent that was not open yet is opened.
        revealNext_ = path;
        const QModelIndex parent = model_->indexOf(std::string(zk::tree::parentOf(path)));
        if (parent.isValid()) view_->expand(parent);
        model_->refresh(parent);
    });
    dialog->open();
}

void NodeTree::remove() {
    if (!remove_->isEnabled()) return;
    auto* dialog = new DeleteDialog(
        *session_, currentPath(), careful_ ? DeleteDialog::Asks::ForTheName : DeleteDialog::Asks::Once, this);
    connect(dialog, &DeleteDialog::deleted, this, [this](const std::string& path) {
        const QModelIndex parent = model_->indexOf(std::string(zk::tree::parentOf(path)));
        view_->setCurrentIndex(parent);
        model_->refresh(parent);
    });
    dialog->open();
}

void NodeTree::refresh() {
    model_->refresh(view_->currentIndex());
}

void NodeTree::contextMenuEvent(QContextMenuEvent* event) {
    if (!view_->currentIndex().isValid()) return;
    QMenu menu(this);
    menu.addAction(icon(QStringLiteral("add")), tr("Create a znode here\u2026"), this, &NodeTree::create)
        ->setEnabled(create_->isEnabled());
    menu.addAction(icon(QStringLiteral("trash")), tr("Delete\u2026"), this, &NodeTree::remove)
        ->setEnabled(remove_->isEnabled());
    menu.addAction(icon(QStringLiteral("refresh")), tr("Refresh"), this, &NodeTree::refresh);
    menu.addSeparator();
    menu.addAction(icon(QStringLiteral("copy")), tr("Copy the path"), this,
                   [this] { QGuiApplication::clipboard()->setText(fromUtf8(currentPath())); });
    menu.exec(event->globalPos());
}

} // namespace viv
