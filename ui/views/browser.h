// Browser: one connection's place in the window: its tree, and the znode that is open beside it.
//
// Each has a session of its own, so several ensembles can be looked at in turn and each stays as it was left.
#pragma once

#include <QPointer>
#include <QWidget>

#include <string>

class QLabel;

namespace viv {

class NodePage;
class NodeTree;
class Session;
struct Connection;

class Browser : public QWidget {
    Q_OBJECT

  public:
    explicit Browser(QWidget* parent = nullptr);

    // Null: there is nothing to browse.
    void setSession(Session* session);
    Session* session() const { return session_; }
    // How the connection is to be treated. A production one shows a band above its tree, and a delete wants the znode's
    // name typed.
    void setConnection(const Connection& connection);
    bool isProduction() const { return production_; }
    NodeTree& tree() { return *tree_; }
    NodePage& page() { return *page_; }
    // Values that were edited here and not saved.
    int unsaved() const;

  Q_SIGNALS:
    void opened(const std::string& path);
    void said(const QString& sentence);

  private:
    QPointer<Session> session_;
    NodeTree* tree_;
    NodePage* page_;
    QLabel* band_;
    bool production_ = false;
};

} // namespace viv
