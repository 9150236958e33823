#include "views/connect_dialog.h"

#include "bridge/text.h"
#include "config/connect.h"
#include "tree/path.h"
#include "views/icons.h"
#include "views/style.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFile>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPixmap>
#include <QPushButton>
#include <QRandomGenerator>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

namespace viv {

using Kind = Connection::Kind;

namespace {

constexpr qint64 kZooCfgAtMost = 1 << 20; // bytes: what is larger is no configuration

} // namespace

zk::Result<zk::client::Options> optionsOf(const Connection& connection) {
    auto parsed = zk::client::parseConnectString(connection.hosts.trimmed().toStdString());
    if (!parsed) return parsed.error();
    zk::client::Options options;
    options.connect = *parsed;
    options.seed = QRandomGenerator::global()->generate64();
    options.sessionTimeout = std::chrono::seconds(connection.timeoutSeconds);
    options.readOnly = connection.readOnly;
    return options;
}

ConnectDialog::ConnectDialog(const QStringList& recent, const QStringList& groups, QWidget* parent)
    : QDialog(parent), hosts_(new QComboBox(this)), kind_(new QComboBox(this)), group_(new QComboBox(this)),
      colour_(new QComboBox(this)), form_(new QFormLayout), chroot_(new QLineEdit(this)), user_(new QLineEdit(this)),
      password_(new QLineEdit(this)), name_(new QLineEdit(this)), notes_(new QLineEdit(this)),
      timeout_(new QSpinBox(this)), readOnly_(new QCheckBox(this)), problem_(new QLabel(this)) {
    setWindowTitle(tr("Connect to ZooKeeper"));
    setMinimumWidth(520);
    makeFields(recent, groups);
    problem_->setWordWrap(true);
    problem_->setProperty("problem", true);

    auto* fromFile = new QToolButton(this);
    fromFile->setIcon(icon(QStringLiteral("folder")));
    fromFile->setToolTip(tr("Take the hosts from a zoo.cfg"));
    fromFile->setAccessibleName(fromFile->toolTip());
    connect(fromFile, &QToolButton::clicked, this, &ConnectDialog::readZooCfg);
    auto* hosts = new QHBoxLayout;
    hosts->setSpacing(4);
    hosts->addWidget(hosts_, 1);
    hosts->addWidget(fromFile);
    form_->setHorizontalSpacing(12);
    form_->setVerticalSpacing(8);
    form_->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form_->addRow(tr("&Hosts"), hosts);
    static_cast<QLabel*>(form_->labelForField(hosts))->setBuddy(hosts_);
    form_->addRow(tr("C&hroot"), chroot_);
    form_->addRow(tr("Session &timeout"), timeout_);
    form_->addRow(tr("&User (digest)"), user_);
    form_->addRow(tr("&Password"), password_);
    form_->addRow(tr("&Kind"), kind_);
    form_->addRow(QString(), readOnly_);
    form_->addRow(tr("&Save as"), name_);
    form_->addRow(tr("&Group"), group_);
    form_->addRow(tr("C&olour"), colour_);
    form_->addRow(tr("&Notes"), notes_);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    connect_ = buttons->addButton(tr("Connect"), QDialogButtonBox::AcceptRole);
    connect_->setDefault(true);
    makePrimary(*connect_);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto* column = makeDialogColumn(*this);
    column->addLayout(form_);
    column->addWidget(problem_);
    column->addWidget(buttons);
    listen();
    judge();
}

void ConnectDialog::makeFields(const QStringList& recent, const QStringList& groups) {
    hosts_->setEditable(true);
    hosts_->addItems(recent);
    hosts_->setCurrentText(recent.isEmpty() ? QStringLiteral("127.0.0.1:2181") : recent.first());
    hosts_->setFont(fixedFont());
    hosts_->setAccessibleName(tr("Hosts"));
    hosts_->lineEdit()->setPlaceholderText(tr("host:port,host:port"));
    hosts_->lineEdit()->setAccessibleName(tr("Hosts"));
    hosts_->setCompleter(nullptr); // half a connect string must not become another ensemble's
    hosts_->lineEdit()->selectAll();
    chroot_->setFont(fixedFont());
    chroot_->setPlaceholderText(tr("none: the whole tree"));
    timeout_->setRange(1, 3600);
    timeout_->setValue(30);
    timeout_->setSuffix(tr(" s"));
    timeout_->setButtonSymbols(QAbstractSpinBox::NoButtons);
    user_->setPlaceholderText(tr("none: only what the world may do"));
    password_->setEchoMode(QLineEdit::Password);
    password_->setPlaceholderText(tr("asked for each time, never saved"));
    for (const Kind kind : {Kind::Development, Kind::Test, Kind::Production})
        kind_->addItem(kindWord(kind), int(kind));
    kind_->setAccessibleName(tr("Kind"));
    readOnly_->setText(tr("&Read-only: nothing can be changed over this connection"));
    name_->setPlaceholderText(tr("a name; without one it is not saved"));
    name_->setAccessibleName(tr("Save as"));
    group_->setEditable(true);
    group_->addItems(groups);
    group_->setCurrentText({});
    group_->lineEdit()->setPlaceholderText(tr("none"));
    group_->setAccessibleName(tr("Group"));
    group_->lineEdit()->setAccessibleName(tr("Group"));
    notes_->setPlaceholderText(tr("none"));
    const Theme& theme = themeOf(*this);
    for (std::size_t each = 0; each < theme.series.size(); ++each) {
        QPixmap square(12, 12);
        square.fill(theme.series[each]);
        colour_->addItem(square, tr("Colour %1").arg(each + 1), int(each));
    }
    colour_->setAccessibleName(tr("Colour"));

}

void ConnectDialog::listen() {
    for (QComboBox* each : {hosts_, group_})
        connect(each, &QComboBox::editTextChanged, this, &ConnectDialog::judge);
    for (QLineEdit* field : {chroot_, user_, password_, name_})
        connect(field, &QLineEdit::textChanged, this, &ConnectDialog::judge);
    connect(timeout_, &QSpinBox::valueChanged, this, &ConnectDialog::judge);
    connect(readOnly_, &QCheckBox::clicked, this, [this] { readOnlyChosen_ = true; });
    connect(readOnly_, &QCheckBox::toggled, this, &ConnectDialog::judge);
    connect(kind_, &QComboBox::currentIndexChanged, this, [this] {
        if (!readOnlyChosen_) readOnly_->setChecked(Kind(kind_->currentData().toInt()) == Kind::Production);
        judge();
    });
}

Connection ConnectDialog::connection() const {
    Connection one;
    const QString chroot = chroot_->text().trimmed();
    one.hosts = hosts_->currentText().trimmed() + (chroot == QStringLiteral("/") ? QString() : chroot);
    one.name = name_->text().trimmed();
    one.group = group_->currentText().trimmed();
    one.notes = notes_->text().trimmed();
    one.user = user_->text();
    one.kind = Kind(kind_->currentData().toInt());
    one.colour = colour_->currentData().toInt();
    one.timeoutSeconds = timeout_->value();
    one.readOnly = readOnly_->isChecked();
    return one;
}

void ConnectDialog::setConnection(const Connection& connection) {
    const auto chroot = connection.hosts.indexOf(QLatin1Char('/'));
    hosts_->setCurrentText(chroot < 0 ? connection.hosts : connection.hosts.left(chroot));
    chroot_->setText(chroot < 0 ? QString() : connection.hosts.mid(chroot));
    name_->setText(connection.name);
    group_->setCurrentText(connection.group);
    notes_->setText(connection.notes);
    user_->setText(connection.user);
    kind_->setCurrentIndex(kind_->findData(int(connection.kind)));
    colour_->setCurrentIndex(connection.colour % std::max(1, colour_->count()));
    timeout_->setValue(connection.timeoutSeconds);
    readOnly_->setChecked(connection.readOnly);
    readOnlyChosen_ = !connection.name.isEmpty();
    hosts_->lineEdit()->selectAll();
    if (!connection.user.isEmpty()) password_->setFocus();
}

void ConnectDialog::readZooCfg() {
    const QString path = QFileDialog::getOpenFileName(this, tr("Take the hosts from a zoo.cfg"), {},
                                                      tr("ZooKeeper's configuration (*.cfg);;All files (*)"));
    if (path.isEmpty()) return;
    QFile file(path);
    const auto say = [this](const QString& sentence) {
        problem_->setText(sentence);
        problem_->show();
    };
    if (!file.open(QIODevice::ReadOnly))
        return say(tr("%1 cannot be read: %2").arg(path, file.errorString()));
    if (file.size() > kZooCfgAtMost) return say(tr("%1 is too large to be a zoo.cfg.").arg(path));
    const auto hosts = zk::config::connectStringOf(file.readAll().toStdString(), path.toStdString());
    if (!hosts) return say(fromUtf8(hosts.error().message()));
    hosts_->setCurrentText(fromUtf8(*hosts));
}

void ConnectDialog::judge() {
    QString problem;
    const Connection entered = connection();
    const std::string chroot = chroot_->text().trimmed().toStdString();
    if (const std::string fault = chroot.empty() ? "" : zk::tree::pathFault(chroot); !fault.empty())
        problem = tr("The chroot is not a path: %1").arg(fromUtf8(fault));
    else if (user_->text().isEmpty() != password_->text().isEmpty())
        problem = tr("A digest identity needs both a user and a password.");
    else if (auto options = optionsOf(entered); !options)
        problem = fromUtf8(options.error().message());
    else {
        options_ = *options;
        if (!user_->text().isEmpty())
            options_.identities = {
                {"digest", (user_->text() + QLatin1Char(':') + password_->text()).toStdString()}};
    }
    for (QWidget* each : {static_cast<QWidget*>(group_), static_cast<QWidget*>(colour_), static_cast<QWidget*>(notes_)})
        form_->setRowVisible(each, !entered.name.isEmpty());
    problem_->setText(problem);
    problem_->setVisible(!problem.isEmpty());
    connect_->setEnabled(problem.isEmpty());
}

} // namespace viv
