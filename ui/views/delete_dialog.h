// DeleteDialog: shows the path and counts what lies below it before anything is deleted; the button says how
// many znodes it deletes. Shows how far it has got, and can be stopped.
#pragma once

#include <QDialog>

#include "bridge/subtree.h"

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace viv {

class DeleteDialog : public QDialog {
    Q_OBJECT

  public:
    enum class Asks { Once, ForTheName }; // ForTheName: the znode's name has to be typed first
    DeleteDialog(Session& session, const std::string& path, Asks asks, QWidget* parent = nullptr);

  public Q_SLOTS:
    void reject() override;

  Q_SIGNALS:
    void deleted(const std::string& path);

  private:
    void refresh();

    Subtree* subtree_;
    QLabel *what_, *detail_;
    QLineEdit* name_; // hidden where it is not asked for
    QProgressBar* progress_;
    QPushButton *delete_, *cancel_;
};

} // namespace viv
