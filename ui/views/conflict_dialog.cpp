#include "views/conflict_dialog.h"

#include "bridge/text.h"
#include "models/hex_text.h"
#include "views/style.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace viv {

ConflictDialog::ConflictDialog(const QString& path, const QString& mine, std::int32_t myVersion,
                               const zk::client::Data& theirs, QWidget* parent)
    : QDialog(parent) {
    setWindowTitle(tr("%1 was changed by somebody else").arg(path));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(820, 460);
    const auto version = QString::number(theirs.stat.version);
    auto* what = new QLabel(
        tr("You read version %1 of %2. Since then it has become version %3, at %4. Nothing has been "
           "written yet.")
            .arg(QString::number(myVersion), path, version,
                 QDateTime::fromMSecsSinceEpoch(theirs.stat.mtime).toString(QStringLiteral("HH:mm:ss"))),
        this);
    what->setWordWrap(true);

    const auto side = [this](const QString& title, const QString& text, const QString& name) {
        auto* label = new QLabel(title, this);
        makeCaption(*label);
        auto* box = new QPlainTextEdit(text, this);
        box->setReadOnly(true);
        box->setFont(fixedFont());
        box->setAccessibleName(title);
        box->setObjectName(name);
        auto* column = new QVBoxLayout;
        column->setSpacing(4);
        column->addWidget(label);
        column->addWidget(box, 1);
        return column;
    };
    const std::string bytes = theirs.bytes.value_or("");
    auto* sides = new QHBoxLayout;
    sides->setSpacing(12);
    sides->addLayout(side(tr("Mine, based on version %1").arg(myVersion), mine, QStringLiteral("mine")));
    sides->addLayout(side(tr("Theirs, version %1").arg(version),
                          isText(bytes) ? fromUtf8(bytes) : hexDump(bytes), QStringLiteral("theirs")));

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    const auto button = [&](const QString& text, Choice choice, const QString& name) {
        auto* made = new QPushButton(text, this);
        made->setObjectName(name);
        made->setAutoDefault(false);
        connect(made, &QPushButton::clicked, this, [this, choice] { choose(choice); });
        buttons->addWidget(made);
        return made;
    };
    button(tr("&Discard mine, take theirs"), Choice::Discard, QStringLiteral("discard"));
    buttons->addStretch(1);
    button(tr("&Overwrite version %1").arg(version), Choice::Overwrite, QStringLiteral("overwrite"));
    auto* keep = button(tr("&Keep editing mine, on top of version %1").arg(version), Choice::KeepEditing,
                        QStringLiteral("keep"));
    keep->setDefault(true);
    keep->setFocus();
    makePrimary(*keep);

    auto* column = makeDialogColumn(*this);
    column->addWidget(what);
    column->addLayout(sides, 1);
    column->addLayout(buttons);
}

void ConflictDialog::choose(Choice choice) {
    Q_EMIT chosen(choice);
    accept();
}

} // namespace viv
