// LiveEnsemble: an Ensemble as a QObject. It is the ensemble's observer: what the servers' threads tell goes
// through a bounded mailbox and comes out as signals on the GUI thread, state changes at once, everything
// else at 30 Hz.
//
// All calls on the GUI thread; none waits. While nothing happens nothing runs.
#pragma once

#include <QObject>
#include <QTimer>

#include "ensemble/ensemble.h"
#include "ensemble/mailbox.h"

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

namespace viv {

class LiveEnsemble : public QObject {
    Q_OBJECT

  public:
    LiveEnsemble(std::shared_ptr<zk::ensemble::Ensemble> ensemble, bool attached, QObject* parent = nullptr);
    ~LiveEnsemble() override;

    // As last told.
    const zk::ensemble::EnsembleView& view() const { return view_; }
    bool offers(zk::ensemble::Verb verb) const;
    // Hosted by another process: it is left, not stopped, when the window closes.
    bool attached() const { return attached_; }

    void act(zk::ensemble::Verb verb, zk::Sid sid);
    void actOnAll(zk::ensemble::Verb verb);
    void addServer(bool observer);
    // Stops what is hosted, then lets go of it on a thread of its own; `done` follows on the GUI thread with
    // what went wrong, or nothing. Of an attached ensemble it only lets go.
    void shutDown(std::function<void(QString)> done);

  Q_SIGNALS:
    void viewChanged();
    // In the order in which they came; the view is already up to date.
    void told(const std::vector<zk::trace::Event>& events);
    // More happened than the mailbox holds: the view is right, some events are missing.
    void missed();
    // A verb that was refused: a sentence.
    void refused(const QString& sentence);

  private:
    class Relay;
    void drain();
    void readView();
    std::function<void(std::string)> reporter();

    std::shared_ptr<zk::ensemble::Ensemble> ensemble_;
    const bool attached_;
    std::vector<zk::ensemble::Verb> verbs_;
    std::shared_ptr<Relay> relay_;
    zk::ensemble::EnsembleView view_;
    QTimer pace_;
};

} // namespace viv
