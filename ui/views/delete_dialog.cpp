#include "views/delete_dialog.h"

#include "bridge/text.h"
#include "views/style.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace viv {

DeleteDialog::DeleteDialog(Session& session, const std::string& path, Asks asks, QWidget* parent)
    : QDialog(parent), subtree_(new Subtree(session, path, this)), what_(new QLabel(fromUtf8(path), this)),
      detail_(new QLabel(this)), name_(new QLineEdit(this)), progress_(new QProgressBar(this)), delete_(new QPushButton(this)),
      cancel_(new QPushButton(tr("Cancel"), this)) {
    setWindowTitle(tr("Delete %1?").arg(fromUtf8(path)));
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(440);
    what_->setFont(scaled(fixedFont(), 1.1));
    what_->setWordWrap(true);
    what_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    detail_->setWordWrap(true);
    const QString name = fromUtf8(path.substr(path.rfind('/') + 1));
    name_->setPlaceholderText(tr("Type %1 to delete it").arg(name));
    name_->setAccessibleName(name_->placeholderText());
    name_->setObjectName(QStringLiteral("name"));
    name_->setVisible(asks == Asks::ForTheName);
    connect(name_, &QLineEdit::textChanged, this, &DeleteDialog::refresh);
    progress_->setTextVisible(false);
    progress_->setAccessibleName(tr("Progress"));
    delete_->setObjectName(QStringLiteral("delete"));
    delete_->setProperty("danger", true);
    makePrimary(*delete_);
    delete_->setAutoDefault(false);
    cancel_->setDefault(true);
    connect(delete_, &QPushButton::clicked, this, [this] {
        subtree_->remove();
        refresh();
    });
    connect(cancel_, &QPushButton::clicked, this, &DeleteDialog::reject);
    connect(subtree_, &Subtree::progressed, this, &DeleteDialog::refresh);

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    buttons->addWidget(cancel_);
    buttons->addWidget(delete_);
    auto* column = makeDialogColumn(*this);
    column->addWidget(what_);
    column->addWidget(detail_);
    column->addWidget(name_);
    column->addWidget(progress_);
    column->addLayout(buttons);
    refresh();
}

void DeleteDialog::refresh() {
    const auto found = subtree_->descendants(), all = found + 1, gone = subtree_->deleted();
    const auto number = [](std::size_t count) { return QLocale().toString(qulonglong(count)); };
    const std::string& path = subtree_->path();
    const bool named = name_->isHidden() || name_->text() == fromUtf8(path.substr(path.rfind('/') + 1));
    delete_->setEnabled(subtree_->stage() == Subtree::Stage::Counted && named);
    delete_->setVisible(subtree_->stage() <= Subtree::Stage::Counted);
    switch (subtree_->stage()) {
    case Subtree::Stage::Counting:
        progress_->setRange(0, 0);
        detail_->setText(tr("Counting what lies below it: %1 so far.").arg(number(found)));
        delete_->setText(tr("Delete"));
        break;
    case Subtree::Stage::Counted:
        progress_->hide();
        detail_->setText(
            found == 0
                ? tr("It has no children. This cannot be undone.")
                : tr("%1 znodes lie below it and go with it. This cannot be undone.").arg(number(found)));
        delete_->setText(all == 1 ? tr("&Delete 1 node") : tr("&Delete %1 nodes").arg(number(all)));
        break;
    case Subtree::Stage::Deleting:
        name_->hide();
        progress_->show();
        progress_->setRange(0, int(all));
        progress_->setValue(int(gone));
        detail_->setText(tr("%1 of %2 deleted.").arg(number(gone), number(all)));
        cancel_->setText(tr("Stop"));
        break;
    case Subtree::Stage::Finished:
        Q_EMIT deleted(subtree_->path());
        accept();
        break;
    case Subtree::Stage::Cancelled:
    case Subtree::Stage::Failed:
        progress_->hide();
        detail_->setText(
            subtree_->stage() == Subtree::Stage::Failed
                ? tr("%1 %2 of %3 were deleted.").arg(subtree_->problem(), number(gone), number(all))
                : tr("Stopped. %1 of %2 were deleted, the rest is still there.")
                      .arg(number(gone), number(all)));
        cancel_->setText(tr("Close"));
        break;
    }
}

// While it deletes, the first word to stop stops the work and leaves what was done to be read.
void DeleteDialog::reject() {
    if (subtree_->stage() == Subtree::Stage::Deleting)
        subtree_->cancel();
    else
        QDialog::reject();
}

} // namespace viv
