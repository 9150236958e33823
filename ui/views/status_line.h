// StatusLine: the connection at a glance: which member, how quick, how far, what is left, and the read-only
// lock.
#pragma once

#include <QPointer>
#include <QWidget>

#include "bridge/session.h"

class QLabel;

namespace viv {

class StatusLine : public QWidget {
    Q_OBJECT

  public:
    explicit StatusLine(QWidget* parent = nullptr);
    void setSession(Session* session);
    void setProduction(bool production);

  protected:
    void changeEvent(QEvent* event) override;

  private:
    void refresh();

    QPointer<Session> session_;
    QLabel *production_, *dot_, *state_, *roundTrip_, *zxid_, *watches_, *pending_, *lock_;
};

} // namespace viv
