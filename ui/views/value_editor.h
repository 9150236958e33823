// ValueEditor: a znode's bytes as text, which can be edited where the bytes are text, and as a hex dump,
// which cannot. What it gives back is byte for byte what was put in, unless somebody has edited it.
#pragma once

#include <QWidget>

#include "base/bytes.h"

class QButtonGroup;
class QLabel;
class QPlainTextEdit;
class QStackedWidget;

namespace viv {

class ValueEditor : public QWidget {
    Q_OBJECT

  public:
    static constexpr std::size_t kEditableBytes =
        256 * 1024; // larger values are shown in part and not edited

    explicit ValueEditor(QWidget* parent = nullptr);

    void setBytes(const zk::Buffer& bytes, bool writable);
    // A draft on top of these bytes.
    void setDraft(const QString& text);
    // What is written is now the base: nothing to save until the next edit.
    void setSaved(const zk::Buffer& bytes);
    zk::Buffer bytes() const;
    QString text() const;
    bool modified() const;
    // Why it cannot be edited; empty where it can.
    QString lockedBecause() const { return locked_; }
    QPlainTextEdit& edit() { return *text_; }
    void addToBar(QWidget* widget);

  Q_SIGNALS:
    void modifiedChanged(bool modified);

  private:
    void showHex();

    zk::Buffer base_;
    bool crlf_ = false; // lines end with CR LF
    bool hexStale_ = true, toldModified_ = false;
    QString locked_;
    QPlainTextEdit *text_, *hex_;
    QStackedWidget* stack_;
    QButtonGroup* modes_;
    QLabel* note_;
    QWidget* bar_;
};

} // namespace viv
