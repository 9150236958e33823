// ConnectionsPanel: the saved connections beside the work. Enter or a double click opens one; what else can be done stands
// in the menu of the row.
#pragma once

#include <QFrame>

class QListView;

namespace viv {

class Connections;
struct Connection;

class ConnectionsPanel : public QFrame {
    Q_OBJECT

  public:
    explicit ConnectionsPanel(QWidget* parent = nullptr);

    void show(Connections* connections);
    QListView& list() { return *list_; }

  Q_SIGNALS:
    void openAsked(const viv::Connection& connection);
    void editAsked(const viv::Connection& connection);
    void addAsked();
    void removed(const viv::Connection& connection); // it is not among the saved ones any more

  private:
    void showMenu(const QPoint& where);
    void remove();

    Connections* connections_ = nullptr;
    QListView* list_;
    QWidget* hint_;
};

} // namespace viv
