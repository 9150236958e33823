#include "views/log_panel.h"

#include "views/icons.h"
#include "views/style.h"
#include "views/table.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace viv {

using zk::trace::Severity;

namespace {

// Warnings and errors stand out by colour and by a word.
class LogTable : public Table {
  public:
    using Table::Table;

  protected:
    void drawRow(QPainter* painter, const QStyleOptionViewItem& option,
                 const QModelIndex& index) const override {
        QStyleOptionViewItem coloured = option;
        const auto severity = static_cast<Severity>(index.data(LogModel::SeverityRole).toInt());
        const Theme& theme = themeOf(*this);
        if (severity == Severity::Warning) coloured.palette.setColor(QPalette::Text, theme.looking);
        if (severity == Severity::Error) coloured.palette.setColor(QPalette::Text, theme.crashed);
        QTreeView::drawRow(painter, coloured, index);
    }
};

} // namespace

LogPanel::LogPanel(LogModel& model, QWidget* parent)
    : QWidget(parent), model_(model), table_(new LogTable(tr("Log"), {LogModel::Time}, this)),
      words_(new QLineEdit(this)), severity_(new QComboBox(this)), server_(new QComboBox(this)),
      empty_(new QLabel(tr("What the servers of a lab say stands here."), this)) {
    table_->setModel(&model);
    table_->header()->resizeSection(LogModel::Time, 120);
    table_->header()->resizeSection(LogModel::Server, 70);
    table_->setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    words_->setPlaceholderText(tr("Filter the log (Ctrl+F)"));
    words_->setAccessibleName(tr("Words to filter the log by"));
    words_->setClearButtonEnabled(true);
    severity_->addItems({tr("All lines"), tr("Warnings and errors"), tr("Errors")});
    severity_->setAccessibleName(tr("Severity to filter the log by"));
    server_->addItem(tr("All servers"));
    server_->setAccessibleName(tr("Server to filter the log by"));
    auto* clear = new QToolButton(this);
    clear->setIcon(icon(QStringLiteral("trash")));
    clear->setToolTip(tr("Clear the log"));
    clear->setAccessibleName(clear->toolTip());
    connect(clear, &QToolButton::clicked, &model_, &LogModel::clear);
    makeQuiet(*empty_);
    empty_->setAlignment(Qt::AlignCenter);

    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(8, 6, 8, 6);
    bar->setSpacing(8);
    bar->addWidget(words_, 1);
    bar->addWidget(severity_);
    bar->addWidget(server_);
    bar->addWidget(clear);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(empty_, 1);
    column->addWidget(table_, 1);

    connect(words_, &QLineEdit::textChanged, this, &LogPanel::filter);
    connect(severity_, &QComboBox::currentIndexChanged, this, &LogPanel::filter);
    connect(server_, &QComboBox::currentIndexChanged, this, &LogPanel::filter);
    connect(&model_, &QAbstractItemModel::rowsAboutToBeInserted, this, [this] {
        const QScrollBar* scroll = table_->verticalScrollBar();
        following_ = scroll->value() >= scroll->maximum() - 1;
    });
    connect(&model_, &QAbstractItemModel::rowsInserted, this, &LogPanel::follow);
    connect(&model_, &QAbstractItemModel::modelReset, this, &LogPanel::follow);
    follow();
}

void LogPanel::follow() {
    empty_->setVisible(model_.total() == 0);
    table_->setVisible(model_.total() != 0);
    if (following_) table_->scrollToBottom();
}

void LogPanel::filter() {
    LogModel::Filter filter;
    filter.words = words_->text();
    filter.atLeast = static_cast<Severity>(severity_->currentIndex());
    if (server_->currentIndex() > 0) filter.server = server_->currentData().toLongLong();
    following_ = true;
    model_.setFilter(filter);
}

void LogPanel::setServers(const std::vector<zk::Sid>& sids) {
    const QVariant chosen = server_->currentData();
    const QSignalBlocker quiet(server_);
    server_->clear();
    server_->addItem(tr("All servers"));
    for (const zk::Sid sid : sids)
        server_->addItem(tr("Server %1").arg(sid), qint64(sid));
    server_->setCurrentIndex(std::max(0, server_->findData(chosen)));
}

void LogPanel::focusFilter() {
    words_->setFocus(Qt::ShortcutFocusReason);
}

} // namespace viv
