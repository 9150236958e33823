// EnsemblePanel: the servers of an ensemble as cards, and what can be asked of all of them.
#pragma once

#include <QFrame>
#include <QPointer>

#include "bridge/live_ensemble.h"
#include "models/servers_model.h"

#include <map>

class QLabel;
class QToolButton;
class QVBoxLayout;

namespace viv {

class ServerCard;

class EnsemblePanel : public QFrame {
    Q_OBJECT

  public:
    explicit EnsemblePanel(QWidget* parent = nullptr);

    // Both outlive what is shown of them; null shows how to get an ensemble.
    void show(LiveEnsemble* ensemble, ServersModel* model);

  Q_SIGNALS:
    void startLabAsked();
    void browseAsked(); // the tree of this ensemble

  protected:
    void changeEvent(QEvent* event) override;

  private:
    QWidget* makeHead();
    void refresh();
    void dropCards();
    ServerCard* makeCard(zk::Sid sid);
    void openFolder(const std::string& directory);

    QPointer<LiveEnsemble> ensemble_;
    QPointer<ServersModel> model_;
    QLabel *title_, *subtitle_;
    QToolButton* menuButton_;
    QAction *startAll_, *stopAll_, *restartAll_, *pauseAll_, *resumeAll_, *crashAll_, *addServer_, *addObserver_, *openFolder_;
    QWidget *cards_, *empty_;
    QVBoxLayout* column_;
    std::map<zk::Sid, ServerCard*> bySid_;
};

} // namespace viv
