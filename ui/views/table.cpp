#include "views/table.h"

#include "views/icons.h"
#include "views/style.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>

namespace viv {
namespace {

class RowDelegate : public QStyledItemDelegate {
  public:
    RowDelegate(std::vector<int> monospaced, QObject* parent)
        : QStyledItemDelegate(parent), monospaced_(std::move(monospaced)) {}

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        return {QStyledItemDelegate::sizeHint(option, index).width() + 12, kRowHeight};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const Theme& theme = themeOf(option.palette);
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, theme.selection);
        else if (option.state & QStyle::State_MouseOver)
            painter->fillRect(option.rect, theme.hover);
        const bool monospaced =
            std::find(monospaced_.begin(), monospaced_.end(), index.column()) != monospaced_.end();
        painter->save();
        painter->setFont(monospaced ? fixedFont() : option.font);
        painter->setPen(option.palette.color(QPalette::Text));
        const QRect room = option.rect.adjusted(12, 0, -4, 0);
        const QString text =
            painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideMiddle, room.width());
        painter->drawText(room, Qt::AlignVCenter | Qt::AlignLeft, text);
        painter->restore();
    }

  private:
    std::vector<int> monospaced_;
};

} // namespace

Table::Table(const QString& accessibleName, std::vector<int> monospaced, QWidget* parent)
    : QTreeView(parent) {
    setAccessibleName(accessibleName);
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setItemDelegate(new RowDelegate(std::move(monospaced), this));
    setSelectionBehavior(SelectRows);
    setEditTriggers(NoEditTriggers);
    setAllColumnsShowFocus(true);
    setTextElideMode(Qt::ElideMiddle);
    header()->setStretchLastSection(true);
    header()->setSectionsMovable(false);
    header()->setHighlightSections(false);
}

void Table::copyRow() {
    QStringList cells;
    for (int column = 0; column < model()->columnCount(); ++column)
        cells += currentIndex().siblingAtColumn(column).data().toString();
    if (currentIndex().isValid()) QGuiApplication::clipboard()->setText(cells.join(QLatin1Char('\t')));
}

void Table::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy))
        copyRow();
    else
        QTreeView::keyPressEvent(event);
}

void Table::focusInEvent(QFocusEvent* event) {
    if (!currentIndex().isValid() && model() != nullptr) setCurrentIndex(model()->index(0, 0));
    QTreeView::focusInEvent(event);
}

void Table::contextMenuEvent(QContextMenuEvent* event) {
    const QModelIndex cell = indexAt(event->pos());
    if (!cell.isValid()) return;
    QMenu menu(this);
    menu.addAction(icon(QStringLiteral("copy")), tr("Copy “%1”").arg(cell.data().toString().left(60)),
                   [text = cell.data().toString()] { QGuiApplication::clipboard()->setText(text); });
    menu.addAction(tr("Copy the row"), this, &Table::copyRow);
    menu.exec(event->globalPos());
}

} // namespace viv
