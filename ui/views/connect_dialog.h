// ConnectDialog: where to connect, and as whom. Gives client::Options; dials nothing itself.
#pragma once

#include <QDialog>

#include "client/client.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace viv {

class ConnectDialog : public QDialog {
    Q_OBJECT

  public:
    // `recent`: connect strings, newest first.
    explicit ConnectDialog(const QStringList& recent, QWidget* parent = nullptr);

    zk::client::Options options() const { return options_; }
    QString connectString() const;
    // As if typed.
    void setConnectString(const QString& text);

  private:
    void judge();

    QComboBox* hosts_;
    QLineEdit *chroot_, *user_, *password_;
    QSpinBox* timeout_;
    QCheckBox* readOnly_;
    QLabel* problem_;
    QPushButton* connect_;
    zk::client::Options options_;
};

// "host:port,host:port/chroot" as Options, or a sentence that says what is wrong with it.
zk::Result<zk::client::Options> optionsOf(const QString& connectString);

} // namespace viv
