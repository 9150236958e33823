// NodeTree: the znodes of a session as a tree, with badges and counts, and what can be done with the one that
// is current.
#pragma once

#include <QPointer>
#include <QWidget>

#include "models/tree_model.h"

class QLabel;
class QStackedLayout;
class QToolButton;
class QTreeView;

namespace viv {

class NodeTree : public QWidget {
    Q_OBJECT

  public:
    explicit NodeTree(QWidget* parent = nullptr);

    // Null: says how to get a tree.
    void setSession(Session* session);
    // What stands in the place of the tree while there is none.
    void setEmptyText(const QString& sentence);
    // Loads and opens the branch down to the path and makes it current.
    void go(const QString& path);
    std::string currentPath() const;
    // A delete wants the znode's name typed.
    void setCareful(bool careful) { careful_ = careful; }
    TreeModel& model() { return *model_; }
    QTreeView& view() { return *view_; }

  public Q_SLOTS:
    void create();
    void remove();
    void refresh();

  Q_SIGNALS:
    void opened(const std::string& path); // made current
    void said(const QString& sentence);

  protected:
    void contextMenuEvent(QContextMenuEvent* event) override;

  private:
    QWidget* makeHead();
    void enable();
    void onCurrent();
    void onStatus();

    QPointer<Session> session_;
    bool careful_ = false;
    TreeModel* model_;
    QTreeView* view_;
    QStackedLayout* stack_;
    QLabel* empty_;
    QToolButton *create_, *remove_, *refresh_;
    std::string revealNext_; // just created: made current once its parent's level has it
};

} // namespace viv
