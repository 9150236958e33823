#include "views/welcome.h"

#include "views/icons.h"
#include "views/style.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace viv {

Welcome::Welcome(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("page"));
    setAttribute(Qt::WA_StyledBackground);
    auto* sign = new QLabel(this);
    sign->setPixmap(applicationIcon().pixmap(72, 72));
    auto* title = new QLabel(tr("Vivarium"), this);
    QFont large = scaled(title->font(), 2);
    large.setBold(true);
    title->setFont(large);
    auto* words = new QLabel(tr("A console for ZooKeeper, with the server inside."), this);
    makeQuiet(*words);

    auto* column = new QVBoxLayout;
    column->setSpacing(8);
    column->addWidget(sign, 0, Qt::AlignHCenter);
    column->addWidget(title, 0, Qt::AlignHCenter);
    column->addWidget(words, 0, Qt::AlignHCenter);
    column->addSpacing(16);
    const auto choice = [&](const QString& name, const QString& text, const QString& what, auto signal) {
        auto* button = new QPushButton(icon(name), text, this);
        button->setMinimumWidth(320);
        button->setMinimumHeight(34);
        button->setAccessibleDescription(what);
        connect(button, &QPushButton::clicked, this, signal);
        auto* explained = new QLabel(what, this);
        makeQuiet(*explained);
        column->addWidget(button, 0, Qt::AlignHCenter);
        column->addWidget(explained, 0, Qt::AlignHCenter);
        column->addSpacing(8);
        return button;
    };
    auto* lab = choice(QStringLiteral("lab"), tr("Start a &lab"),
                       tr("Three servers on this machine, at 2181, 2182 and 2183"), &Welcome::startLabAsked);
    lab->setIcon(icon(QStringLiteral("lab"), themeOf(*this).onAccent));
    makePrimary(*lab);
    choice(QStringLiteral("connect"), tr("&Connect\u2026"), tr("To any ZooKeeper, by its hosts and ports"),
           &Welcome::connectAsked);

    auto* whole = new QVBoxLayout(this);
    whole->addStretch(2);
    whole->addLayout(column);
    whole->addStretch(3);
}

} // namespace viv
