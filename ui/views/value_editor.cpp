#include "views/value_editor.h"

#include "bridge/text.h"
#include "models/hex_text.h"
#include "models/stat_model.h"
#include "views/style.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTextDocument>
#include <QToolButton>

namespace viv {
namespace {
constexpr std::size_t kHexBytes = 64 * 1024; // as many are dumped
}

ValueEditor::ValueEditor(QWidget* parent)
    : QWidget(parent), text_(new QPlainTextEdit(this)), hex_(new QPlainTextEdit(this)),
      stack_(new QStackedWidget(this)), modes_(new QButtonGroup(this)), note_(new QLabel(this)),
      bar_(new QWidget(this)) {
    text_->setFont(fixedFont());
    text_->setAccessibleName(tr("Value as text"));
    text_->setObjectName(QStringLiteral("value"));
    text_->setTabStopDistance(QFontMetricsF(text_->font()).horizontalAdvance(QLatin1Char(' ')) * 4);
    hex_->setFont(fixedFont());
    hex_->setReadOnly(true);
    hex_->setLineWrapMode(QPlainTextEdit::NoWrap);
    hex_->setAccessibleName(tr("Value in hex"));
    stack_->addWidget(text_);
    stack_->addWidget(hex_);
    makeQuiet(*note_);
    note_->setWordWrap(true);

    auto* row = new QHBoxLayout(bar_);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    for (const auto& [id, name, tip] : {std::tuple(0, tr("Text"), tr("Show the value as text")),
                                        std::tuple(1, tr("Hex"), tr("Show the value's bytes in hex"))}) {
        auto* mode = new QToolButton(bar_);
        mode->setText(name);
        mode->setToolTip(tip);
        mode->setAccessibleName(tip);
        mode->setCheckable(true);
        modes_->addButton(mode, id);
        row->addWidget(mode);
    }
    modes_->button(0)->setChecked(true);
    row->addWidget(note_, 1);
    connect(modes_, &QButtonGroup::idClicked, this, [this](int id) {
        stack_->setCurrentIndex(id);
        showHex();
    });
    connect(text_, &QPlainTextEdit::textChanged, this, [this] {
        hexStale_ = true;
        if (modified() == toldModified_) return;
        toldModified_ = !toldModified_;
        Q_EMIT modifiedChanged(toldModified_);
    });
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 12);
    column->setSpacing(8);
    column->addWidget(bar_);
    column->addWidget(stack_, 1);
}

void ValueEditor::addToBar(QWidget* widget) {
    static_cast<QHBoxLayout*>(bar_->layout())->addWidget(widget);
}

void ValueEditor::setBytes(const zk::Buffer& bytes, bool writable) {
    const bool sameBytes = base_ == bytes && !modified();
    base_ = bytes;
    const std::string_view view = base_ ? std::string_view(*base_) : std::string_view();
    const bool text = isText(view), large = view.size() > kEditableBytes;
    crlf_ = text && view.find("\r\n") != std::string_view::npos;
    if (!text)
        locked_ = tr("Binary: shown in hex, not editable as text.");
    else if (large)
        locked_ = tr("%1: the first %2 are shown, and it cannot be edited here.")
                      .arg(sizeText(qint64(view.size())), sizeText(qint64(kEditableBytes)));
    else
        locked_ = writable ? QString() : tr("Read-only connection.");
    note_->setText(locked_);
    text_->setReadOnly(!locked_.isEmpty());
    hexStale_ = true;
    if (!sameBytes || text_->document()->isEmpty()) {
        const QSignalBlocker quiet(text_);
        text_->setPlainText(text ? fromUtf8(view.substr(0, kEditableBytes)) : QString());
        text_->document()->clearUndoRedoStacks();
    }
    modes_->button(0)->setEnabled(text);
    if (!text)
        modes_->button(1)->setChecked(true);
    else if (stack_->currentIndex() == 1 && !modes_->button(1)->isChecked())
        modes_->button(0)->setChecked(true);
    stack_->setCurrentIndex(modes_->checkedId());
    showHex();
    if (std::exchange(toldModified_, false)) Q_EMIT modifiedChanged(false);
}

void ValueEditor::setDraft(const QString& text) {
    if (locked_.isEmpty()) text_->setPlainText(text);
}

void ValueEditor::setSaved(const zk::Buffer& bytes) {
    base_ = bytes;
    if (modified() == toldModified_) return;
    toldModified_ = !toldModified_;
    Q_EMIT modifiedChanged(toldModified_);
}

QString ValueEditor::text() const {
    // Not toPlainText(): that makes spaces of no-break spaces.
    return text_->document()->toRawText().replace(QChar(0x2029), QLatin1Char('\n'));
}

zk::Buffer ValueEditor::bytes() const {
    if (!locked_.isEmpty()) return base_;
    QString edited = text();
    if (crlf_) edited.replace(QLatin1Char('\n'), QStringLiteral("\r\n"));
    std::string bytes = edited.toStdString();
    return bytes.empty() && !base_ ? base_ : zk::Buffer(std::move(bytes));
}

bool ValueEditor::modified() const {
    return locked_.isEmpty() && bytes() != base_;
}

void ValueEditor::showHex() {
    if (stack_->currentIndex() != 1 || !hexStale_) return;
    const std::string now = bytes().value_or("");
    hex_->setPlainText(hexDump(std::string_view(now).substr(0, kHexBytes)));
    hexStale_ = false;
}

} // namespace viv
