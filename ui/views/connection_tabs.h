// ConnectionTabs: the connections that are open, each a Browser behind a tab. The bar shows from the second one on.
//
// Where none is open, a Browser without a session stands in the place and says how to get one, so there always is a
// current one.
#pragma once

#include <QWidget>

class QStackedWidget;
class QTabBar;

namespace viv {

class Browser;
class Session;
struct Connection;

class ConnectionTabs : public QWidget {
    Q_OBJECT

  public:
    explicit ConnectionTabs(QWidget* parent = nullptr);

    // A tab for this session, brought to the front.
    void add(Session* session, const Connection& connection);
    void remove(Session* session);
    void bringToFront(Session* session);
    void step(int by); // to the next tab, or the one before
    Browser& current() const;
    int count() const;
    QStringList titles() const; // in the order of the tabs
    void bringToFront(int tab);
    // Values that were edited and not saved, in all of them.
    int unsaved() const;
    // What an empty place says.
    void setEmptyText(const QString& sentence);

  Q_SIGNALS:
    void currentChanged();
    void opened(const std::string& path); // in the current one
    void said(const QString& sentence);
    void closeAsked(viv::Session* session);

  private:
    Browser* browserOf(int tab) const;
    int tabOf(const Session* session) const;
    Browser* makeBrowser();
    void showState(int tab);
    void showCurrent();

    QTabBar* bar_;
    QStackedWidget* place_;
    Browser* blank_;
};

} // namespace viv
