// ConnectDialog: where to connect, as whom, and whether to save it under a name. Gives client::Options and a Connection;
// dials and saves nothing itself.
#pragma once

#include <QDialog>

#include "client/client.h"
#include "models/connections.h"

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace viv {

class ConnectDialog : public QDialog {
    Q_OBJECT

  public:
    // `recent`: connect strings, newest first. `groups`: those that saved connections are in.
    explicit ConnectDialog(const QStringList& recent, const QStringList& groups = {}, QWidget* parent = nullptr);

    zk::client::Options options() const { return options_; }
    // What was entered; the name is empty where it is not to be saved.
    Connection connection() const;
    // As if typed. Where it has a user, the password is asked for.
    void setConnection(const Connection& connection);

  private:
    void makeFields(const QStringList& recent, const QStringList& groups);
    void listen();
    void judge();
    void readZooCfg();

    QComboBox *hosts_, *kind_, *group_, *colour_;
    QFormLayout* form_;
    QLineEdit *chroot_, *user_, *password_, *name_, *notes_;
    QSpinBox* timeout_;
    QCheckBox* readOnly_;
    QLabel* problem_;
    QPushButton* connect_;
    bool readOnlyChosen_ = false; // by the user: the kind does not change it any more
    zk::client::Options options_;
};

// As Options, without an identity, or a sentence that says what is wrong with it.
zk::Result<zk::client::Options> optionsOf(const Connection& connection);

} // namespace viv
