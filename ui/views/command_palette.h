// CommandPalette: one line to type in, and what can be done that fits it. Up and down choose, Enter does it, Escape leaves.
#pragma once

#include <QDialog>

#include "models/commands.h"

class QLineEdit;
class QListView;

namespace viv {

class CommandPalette : public QDialog {
    Q_OBJECT

  public:
    // `goTo` is called with what was typed where that is a path.
    CommandPalette(std::vector<Command> commands, std::function<void(const QString& path)> goTo, QWidget* parent);

    QLineEdit& line() { return *line_; }
    QListView& list() { return *list_; }

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void type(const QString& text);
    void run();

    std::function<void(const QString& path)> goTo_;
    Commands* commands_;
    QLineEdit* line_;
    QListView* list_;
};

} // namespace viv
