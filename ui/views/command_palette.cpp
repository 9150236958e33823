#include "views/command_palette.h"

#include "views/style.h"
#include "views/table.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace viv {
namespace {

constexpr int kWidth = 560, kHeight = 380, kFromTop = 56;

// The text, and in quiet letters at the end what belongs to it.
class CommandDelegate : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {120, kRowHeight}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Theme& theme = themeOf(option.palette);
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, theme.selection);
        else if (option.state & QStyle::State_MouseOver)
            painter->fillRect(option.rect, theme.hover);
        QRect rect = option.rect.adjusted(12, 0, -12, 0);
        painter->save();
        index.data(Qt::DecorationRole).value<QIcon>().paint(painter, QRect(rect.left(), rect.center().y() - 8, 16, 16));
        rect.setLeft(rect.left() + 24);
        const QString detail = option.fontMetrics.elidedText(index.data(Commands::DetailRole).toString(), Qt::ElideMiddle,
                                                             rect.width() / 2);
        painter->setPen(theme.quiet);
        painter->drawText(rect, Qt::AlignVCenter | Qt::AlignRight, detail);
        rect.setRight(rect.right() - option.fontMetrics.horizontalAdvance(detail) - 12);
        painter->setPen(theme.text);
        painter->drawText(rect, Qt::AlignVCenter | Qt::AlignLeft,
                          option.fontMetrics.elidedText(index.data().toString(), Qt::ElideMiddle, rect.width()));
        painter->restore();
    }
};

} // namespace

CommandPalette::CommandPalette(std::vector<Command> commands, std::function<void(const QString& path)> goTo, QWidget* parent)
    : QDialog(parent, Qt::Popup), goTo_(std::move(goTo)), commands_(new Commands(std::move(commands), this)),
      line_(new QLineEdit(this)), list_(new QListView(this)) {
    setWindowTitle(tr("Commands"));
    setObjectName(QStringLiteral("palette"));
    setAttribute(Qt::WA_DeleteOnClose);
    line_->setPlaceholderText(tr("An action, a connection, a znode, or a path"));
    line_->setAccessibleName(tr("Command"));
    line_->installEventFilter(this);
    list_->setAccessibleName(tr("What fits"));
    list_->setFrameShape(QFrame::NoFrame);
    list_->setFocusPolicy(Qt::NoFocus);
    list_->setUniformItemSizes(true);
    list_->setMouseTracking(true);
    list_->setItemDelegate(new CommandDelegate(list_));
    list_->setModel(commands_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(8);
    column->addWidget(line_);
    column->addWidget(list_, 1);
    connect(line_, &QLineEdit::textChanged, this, &CommandPalette::type);
    connect(list_, &QListView::clicked, this, &CommandPalette::run);
    type({});
    resize(std::min(kWidth, parent->width() - 32), std::min(kHeight, parent->height() - kFromTop));
    move(parent->mapToGlobal(QPoint((parent->width() - width()) / 2, kFromTop)));
}

void CommandPalette::type(const QString& text) {
    commands_->type(text);
    list_->setCurrentIndex(commands_->index(0));
}

// The line keeps the keyboard; what moves through the list is handed on to it.
bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched != line_ || event->type() != QEvent::KeyPress) return QDialog::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    const int row = list_->currentIndex().row(), page = std::max(1, list_->height() / kRowHeight - 1);
    const auto choose = [&](int to) {
        list_->setCurrentIndex(commands_->index(std::clamp(to, 0, std::max(0, commands_->rowCount() - 1))));
        return true;
    };
    switch (key) {
    case Qt::Key_Up: return choose(row - 1);
    case Qt::Key_Down: return choose(row + 1);
    case Qt::Key_PageUp: return choose(row - page);
    case Qt::Key_PageDown: return choose(row + page);
    case Qt::Key_Return:
    case Qt::Key_Enter: run(); return true;
    default: return QDialog::eventFilter(watched, event);
    }
}

void CommandPalette::run() {
    const QString typed = line_->text().trimmed();
    const QModelIndex chosen = list_->currentIndex();
    // Taken out first: what runs may open a dialog of its own.
    const auto work = chosen.isValid() ? commands_->at(chosen.row()).run
                      : typed.startsWith(QLatin1Char('/')) && goTo_ ? [go = goTo_, typed] { go(typed); }
                                                                    : std::function<void()>();
    if (!work) return;
    close();
    work();
}

} // namespace viv
