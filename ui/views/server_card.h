// ServerCard: one server: its state as shape, word and colour, its ports, epoch and zxid, and what can be
// done with it.
#pragma once

#include <QFrame>
#include <QVariantAnimation>

#include "ensemble/ensemble.h"

class QLabel;
class QToolButton;

namespace viv {

// The state's shape; a LOOKING diamond breathes slowly.
class StateSign : public QWidget {
    Q_OBJECT

  public:
    explicit StateSign(QWidget* parent = nullptr);
    void setState(zk::trace::ServerState state, bool inferred);
    QSize sizeHint() const override { return {18, 18}; }

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    zk::trace::ServerState state_ = zk::trace::ServerState::Stopped;
    bool inferred_ = false;
    QVariantAnimation breath_;
};

class ServerCard : public QFrame {
    Q_OBJECT

  public:
    ServerCard(const std::vector<zk::ensemble::Verb>& verbs, QWidget* parent = nullptr);
    void setServer(const zk::ensemble::ServerView& server);

  Q_SIGNALS:
    void asked(zk::ensemble::Verb verb);
    void openFolder();
    void copyAddress();

  private:
    QToolButton* button(zk::ensemble::Verb verb, const QString& icon, const QString& text);
    QWidget* makeHead();
    QWidget* makeFacts();

    const std::vector<zk::ensemble::Verb> verbs_;
    StateSign* sign_;
    QLabel *sid_, *word_, *ports_, *progress_, *problem_;
    QToolButton *start_, *stop_, *crash_, *restart_, *pause_, *resume_, *folder_;
};

} // namespace viv
