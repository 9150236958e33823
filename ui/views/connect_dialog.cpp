#include "views/connect_dialog.h"

#include "bridge/text.h"
#include "tree/path.h"
#include "views/style.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRandomGenerator>
#include <QSpinBox>
#include <QVBoxLayout>

namespace viv {

zk::Result<zk::client::Options> optionsOf(const QString& connectString) {
    auto parsed = zk::client::parseConnectString(connectString.trimmed().toStdString());
    if (!parsed) return parsed.error();
    zk::client::Options options;
    options.connect = *parsed;
    options.seed = QRandomGenerator::global()->generate64();
    return options;
}

ConnectDialog::ConnectDialog(const QStringList& recent, QWidget* parent)
    : QDialog(parent), hosts_(new QComboBox(this)), chroot_(new QLineEdit(this)), user_(new QLineEdit(this)),
      password_(new QLineEdit(this)), timeout_(new QSpinBox(this)), readOnly_(new QCheckBox(this)),
      problem_(new QLabel(this)) {
    setWindowTitle(tr("Connect to ZooKeeper"));
    setMinimumWidth(480);
    hosts_->setEditable(true);
    hosts_->addItems(recent);
    hosts_->setCurrentText(recent.isEmpty() ? QStringLiteral("127.0.0.1:2181") : recent.first());
    hosts_->setFont(fixedFont());
    hosts_->setAccessibleName(tr("Hosts"));
    hosts_->lineEdit()->setPlaceholderText(tr("host:port,host:port"));
    hosts_->lineEdit()->setAccessibleName(tr("Hosts"));
    // Offered, never filled in: half a connect string must not become another ensemble's.
    hosts_->completer()->setCompletionMode(QCompleter::PopupCompletion);
    hosts_->lineEdit()->selectAll();
    chroot_->setFont(fixedFont());
    chroot_->setPlaceholderText(tr("none: the whole tree"));
    timeout_->setRange(1, 3600);
    timeout_->setValue(30);
    timeout_->setSuffix(tr(" s"));
    timeout_->setButtonSymbols(QAbstractSpinBox::NoButtons);
    user_->setPlaceholderText(tr("none: only what the world may do"));
    password_->setEchoMode(QLineEdit::Password);
    readOnly_->setText(tr("&Read-only: nothing can be changed over this connection"));
    problem_->setWordWrap(true);
    problem_->setProperty("problem", true);

    auto* form = new QFormLayout;
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(8);
    form->addRow(tr("&Hosts"), hosts_);
    form->addRow(tr("C&hroot"), chroot_);
    form->addRow(tr("Session &timeout"), timeout_);
    form->addRow(tr("&User (digest)"), user_);
    form->addRow(tr("&Password"), password_);
    form->addRow(QString(), readOnly_);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    connect_ = buttons->addButton(tr("Connect"), QDialogButtonBox::AcceptRole);
    connect_->setDefault(true);
    makePrimary(*connect_);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto* column = makeDialogColumn(*this);
    column->addLayout(form);
    column->addWidget(problem_);
    column->addWidget(buttons);

    connect(hosts_, &QComboBox::editTextChanged, this, &ConnectDialog::judge);
    for (QLineEdit* field : {chroot_, user_, password_})
        connect(field, &QLineEdit::textChanged, this, &ConnectDialog::judge);
    connect(timeout_, &QSpinBox::valueChanged, this, &ConnectDialog::judge);
    connect(readOnly_, &QCheckBox::toggled, this, &ConnectDialog::judge);
    judge();
}

QString ConnectDialog::connectString() const {
    const QString chroot = chroot_->text().trimmed();
    return hosts_->currentText().trimmed() + (chroot == QStringLiteral("/") ? QString() : chroot);
}

void ConnectDialog::setConnectString(const QString& text) {
    hosts_->setCurrentText(text);
}

void ConnectDialog::judge() {
    QString problem;
    const std::string chroot = chroot_->text().trimmed().toStdString();
    if (const std::string fault = chroot.empty() ? "" : zk::tree::pathFault(chroot); !fault.empty())
        problem = tr("The chroot is not a path: %1").arg(fromUtf8(fault));
    else if (user_->text().isEmpty() != password_->text().isEmpty())
        problem = tr("A digest identity needs both a user and a password.");
    else if (auto options = optionsOf(connectString()); !options)
        problem = fromUtf8(options.error().message());
    else {
        options_ = *options;
        options_.sessionTimeout = std::chrono::seconds(timeout_->value());
        options_.readOnly = readOnly_->isChecked();
        if (!user_->text().isEmpty())
            options_.identities = {
                {"digest", (user_->text() + QLatin1Char(':') + password_->text()).toStdString()}};
    }
    problem_->setText(problem);
    problem_->setVisible(!problem.isEmpty());
    connect_->setEnabled(problem.isEmpty());
}

} // namespace viv
