// NoticeBar: a sentence above the work, where something needs to be known or done; never in its way. The
// newest replaces the one before; Escape or the cross sends it away.
#pragma once

#include <QFrame>

#include <functional>

class QLabel;
class QPushButton;

namespace viv {

class NoticeBar : public QFrame {
    Q_OBJECT

  public:
    explicit NoticeBar(QWidget* parent = nullptr);

    void say(const QString& sentence);
    // With a button that does something about it.
    void offer(const QString& sentence, const QString& button, std::function<void()> action);
    QString sentence() const;

  protected:
    void keyPressEvent(QKeyEvent* event) override;

  private:
    QLabel* text_;
    QPushButton* button_;
    std::function<void()> action_;
};

} // namespace viv
