#include "views/notice_bar.h"

#include "views/icons.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

namespace viv {

NoticeBar::NoticeBar(QWidget* parent)
    : QFrame(parent), text_(new QLabel(this)), button_(new QPushButton(this)) {
    setObjectName(QStringLiteral("notice"));
    setAccessibleName(tr("Notice"));
    auto* sign = new QLabel(this);
    sign->setPixmap(icon(QStringLiteral("warning")).pixmap(20, 20));
    text_->setWordWrap(true);
    text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* close = new QToolButton(this);
    close->setIcon(icon(QStringLiteral("close")));
    close->setAccessibleName(tr("Close the notice"));
    close->setToolTip(tr("Close"));
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    connect(button_, &QPushButton::clicked, this, [this] {
        hide();
        if (action_) action_();
    });
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 6, 8, 6);
    row->setSpacing(12);
    row->addWidget(sign);
    row->addWidget(text_, 1);
    row->addWidget(button_);
    row->addWidget(close);
    hide();
}

void NoticeBar::say(const QString& sentence) {
    text_->setText(sentence);
    setAccessibleDescription(sentence);
    button_->hide();
    action_ = nullptr;
    show();
}

void NoticeBar::offer(const QString& sentence, const QString& button, std::function<void()> action) {
    say(sentence);
    button_->setText(button);
    action_ = std::move(action);
    button_->show();
}

QString NoticeBar::sentence() const {
    return isHidden() ? QString() : text_->text();
}

void NoticeBar::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape)
        hide();
    else
        QFrame::keyPressEvent(event);
}

} // namespace viv
