// DeleteDialog: shows the path and counts what lies below it before anything is deleted; the button says how
// many znodes it deletes. Shows how far it has got, and can be stopped.
#pragma once

#include <QDialog>

#include "bridge/subtree.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace viv {

class DeleteDialog : public QDialog {
    Q_OBJECT

  public:
    DeleteDialog(Session& session, const std::string& path, QWidget* parent = nullptr);

  public Q_SLOTS:
    void reject() override;

  Q_SIGNALS:
    void deleted(const std::string& path);

  private:
    void refresh();

    Subtree* subtree_;
    QLabel *what_, *detail_;
    QProgressBar* progress_;
    QPushButton *delete_, *cancel_;
};

} // namespace viv
