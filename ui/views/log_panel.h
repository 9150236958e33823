// LogPanel: what every server says, newest at the end, with filters by words, severity and server. Follows
// the end until somebody scrolls up.
#pragma once

#include <QWidget>

#include "models/log_model.h"

class QComboBox;
class QLabel;
class QLineEdit;

namespace viv {

class Table;

class LogPanel : public QWidget {
    Q_OBJECT

  public:
    explicit LogPanel(LogModel& model, QWidget* parent = nullptr);
    void setServers(const std::vector<zk::Sid>& sids);
    void focusFilter();

  private:
    void filter();
    void follow();

    LogModel& model_;
    Table* table_;
    QLineEdit* words_;
    QComboBox *severity_, *server_;
    QLabel* empty_;
    bool following_ = true;
};

} // namespace viv
