// Browser: one connection's place in the window: its tree, and the znode that is open beside it.
//
// Each has a session of its own, so several ensembles can be looked at in turn and each stays as it was left.
#pragma once

#include <QPointer>
#include <QWidget>

#include <string>

namespace viv {

class NodePage;
class NodeTree;
class Session;

class Browser : public QWidget {
    Q_OBJECT

  public:
    explicit Browser(QWidget* parent = nullptr);

    // Null: there is nothing to browse.
    void setSession(Session* session);
    Session* session() const { return session_; }
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
};

} // namespace viv
