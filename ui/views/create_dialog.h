// CreateDialog: a new znode below another: its name, mode and value. Stays open until the server has said
// yes; what the server says against it is shown in place.
#pragma once

#include <QDialog>
#include <QPointer>

#include "bridge/session.h"

class QButtonGroup;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace viv {

class CreateDialog : public QDialog {
    Q_OBJECT

  public:
    CreateDialog(Session& session, std::string parentPath, QWidget* parent = nullptr);

  Q_SIGNALS:
    void created(const std::string& path);

  private:
    zk::jute::CreateMode mode() const;
    std::string path() const;
    void judge();
    void create();

    QPointer<Session> session_;
    const std::string parentPath_;
    QLineEdit* name_;
    QButtonGroup* modes_;
    QPlainTextEdit* value_;
    QLabel *preview_, *problem_;
    QPushButton* create_;
};

} // namespace viv
