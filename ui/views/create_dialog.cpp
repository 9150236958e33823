#include "views/create_dialog.h"

#include "bridge/text.h"
#include "tree/path.h"
#include "views/style.h"

#include <QButtonGroup>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>

namespace viv {

using zk::jute::CreateMode;

CreateDialog::CreateDialog(Session& session, std::string parentPath, QWidget* parent)
    : QDialog(parent), session_(&session), parentPath_(std::move(parentPath)), name_(new QLineEdit(this)),
      modes_(new QButtonGroup(this)), value_(new QPlainTextEdit(this)), preview_(new QLabel(this)),
      problem_(new QLabel(this)) {
    setWindowTitle(tr("Create a znode below %1").arg(fromUtf8(parentPath_)));
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(480);
    name_->setFont(fixedFont());
    name_->setObjectName(QStringLiteral("name"));
    value_->setFont(fixedFont());
    value_->setTabChangesFocus(true);
    value_->setMinimumHeight(110);
    value_->setAccessibleName(tr("Value"));
    preview_->setFont(fixedFont());
    makeQuiet(*preview_);
    problem_->setWordWrap(true);
    problem_->setProperty("problem", true);

    auto* modeGrid = new QGridLayout;
    modeGrid->setSpacing(4);
    const std::pair<CreateMode, QString> modes[] = {
        {CreateMode::Persistent, tr("&Persistent")},
        {CreateMode::Ephemeral, tr("&Ephemeral: goes with this session")},
        {CreateMode::PersistentSequential, tr("Persistent &sequential")},
        {CreateMode::EphemeralSequential, tr("Ephemeral se&quential")}};
    for (int i = 0; i < 4; ++i) {
        auto* choice = new QRadioButton(modes[i].second, this);
        modes_->addButton(choice, int(modes[i].first));
        modeGrid->addWidget(choice, i / 2, i % 2);
    }
    modes_->button(int(CreateMode::Persistent))->setChecked(true);

    auto* form = new QFormLayout;
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(8);
    form->addRow(tr("&Name"), name_);
    form->addRow(QString(), preview_);
    form->addRow(tr("Mode"), modeGrid);
    form->addRow(tr("&Value"), value_);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    create_ = buttons->addButton(tr("Create"), QDialogButtonBox::ActionRole);
    create_->setObjectName(QStringLiteral("create"));
    create_->setDefault(true);
    makePrimary(*create_);
    connect(create_, &QPushButton::clicked, this, &CreateDialog::create);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(name_, &QLineEdit::textChanged, this, &CreateDialog::judge);
    connect(modes_, &QButtonGroup::idToggled, this, &CreateDialog::judge);

    auto* column = makeDialogColumn(*this);
    column->addLayout(form);
    column->addWidget(problem_);
    column->addWidget(buttons);
    name_->setFocus();
    judge();
}

CreateMode CreateDialog::mode() const {
    return static_cast<CreateMode>(modes_->checkedId());
}

std::string CreateDialog::path() const {
    return zk::tree::join(parentPath_, name_->text().toStdString());
}

void CreateDialog::judge() {
    const bool sequential = isSequential(mode());
    const QString name = name_->text();
    QString fault;
    if (name.contains(QLatin1Char('/')))
        fault = tr("A name has no slash: parents are created one by one.");
    else if (!name.isEmpty() || sequential)
        fault = fromUtf8(zk::tree::pathFault(sequential ? path() + "1" : path()));
    preview_->setText(fromUtf8(path()) + (sequential ? tr("0000000000 (the server counts)") : QString()));
    problem_->setText(fault);
    problem_->setVisible(!fault.isEmpty());
    create_->setEnabled(fault.isEmpty() && (sequential || !name.isEmpty()));
}

void CreateDialog::create() {
    if (!session_) return reject();
    create_->setEnabled(false);
    session_->create(path(), value_->toPlainText().toStdString(), mode(), this,
                     [this, path = path()](const auto& result) {
                         if (result) {
                             Q_EMIT created(result->path);
                             return accept();
                         }
                         create_->setEnabled(true);
                         problem_->setText(failureSentence(Deed::Create, path, result.error()));
                         problem_->show();
                     });
}

} // namespace viv
