// Welcome: what stands in the window while there is neither a lab nor a connection.
#pragma once

#include <QWidget>

namespace viv {

class Welcome : public QWidget {
    Q_OBJECT

  public:
    explicit Welcome(QWidget* parent = nullptr);

  Q_SIGNALS:
    void startLabAsked();
    void connectAsked();
};

} // namespace viv
