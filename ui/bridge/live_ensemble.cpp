#include "bridge/live_ensemble.h"

#include "bridge/guarded.h"
#include "bridge/text.h"

#include <QThreadPool>

#include <algorithm>

namespace viv {

using zk::ensemble::Verb;
using zk::trace::Event;
using zk::trace::Kind;

namespace {
constexpr std::size_t kMailboxLimit = 16384; // events between two drains
constexpr int kDrainEveryMs = 33;

// What a person waits for is not held back until the next drain.
bool isUrgent(Kind kind) {
    return kind == Kind::StateChanged || kind == Kind::ElectionDecided || kind == Kind::EpochAgreed ||
           kind == Kind::Serving;
}
} // namespace

// Lives on the servers' side: puts events into the mailbox and wakes the GUI thread, once for many.
class LiveEnsemble::Relay : public zk::ensemble::Observer {
  public:
    explicit Relay(LiveEnsemble* owner)
        : drainNow_(guarded(owner, [owner] { owner->drain(); })), drainSoon_(guarded(owner, [owner] {
              if (!owner->pace_.isActive()) owner->pace_.start();
          })) {}

    void event(const Event& event) override {
        const bool first = box_.put(event);
        if (isUrgent(event.what()))
            wake();
        else if (first)
            drainSoon_();
    }
    void changed() override {
        viewChanged_ = true;
        wake();
    }

    zk::ensemble::Mailbox<Event>::Taken take() {
        woken_ = false;
        return box_.take();
    }
    bool takeViewChanged() { return viewChanged_.exchange(false); }

  private:
    void wake() {
        if (!woken_.exchange(true)) drainNow_();
    }

    zk::ensemble::Mailbox<Event> box_{kMailboxLimit};
    std::atomic<bool> woken_ = false, viewChanged_ = false;
    std::function<void()> drainNow_, drainSoon_;
};

LiveEnsemble::LiveEnsemble(std::shared_ptr<zk::ensemble::Ensemble> ensemble, bool attached, QObject* parent)
    : QObject(parent), ensemble_(std::move(ensemble)), attached_(attached), verbs_(ensemble_->verbs()),
      relay_(std::make_shared<Relay>(this)) {
    pace_.setSingleShot(true);
    pace_.setInterval(kDrainEveryMs);
    connect(&pace_, &QTimer::timeout, this, &LiveEnsemble::drain);
    ensemble_->observe(relay_.get());
    ensemble_->listenToTransactions(true);
    readView();
}

LiveEnsemble::~LiveEnsemble() {
    if (ensemble_) ensemble_->observe(nullptr);
}

bool LiveEnsemble::offers(Verb verb) const {
    return std::find(verbs_.begin(), verbs_.end(), verb) != verbs_.end();
}

std::function<void(std::string)> LiveEnsemble::reporter() {
    return guarded(this, [this](const std::string& problem) {
        if (ensemble_) readView();
        Q_EMIT viewChanged();
        if (!problem.empty()) Q_EMIT refused(fromUtf8(problem));
    });
}

void LiveEnsemble::act(Verb verb, zk::Sid sid) {
    if (ensemble_) ensemble_->act(verb, sid, reporter());
}

void LiveEnsemble::actOnAll(Verb verb) {
    if (ensemble_) ensemble_->actOnAll(verb, reporter());
}

void LiveEnsemble::addServer(bool observer) {
    if (ensemble_) ensemble_->addServer(observer, reporter());
}

void LiveEnsemble::shutDown(std::function<void(QString)> done) {
    auto letGo = [this, done](const std::string& problem) {
        if (!ensemble_) return;
        readView();
        Q_EMIT viewChanged();
        ensemble_->observe(nullptr);
        // Destroying an ensemble joins its threads: not here.
        auto finished = guarded(this, [done, problem] { done(fromUtf8(problem)); });
        QThreadPool::globalInstance()->start([held = std::exchange(ensemble_, nullptr), finished]() mutable {
            held.reset();
            finished();
        });
    };
    if (!ensemble_) return done({});
    if (attached_) return letGo({});
    ensemble_->actOnAll(Verb::Stop, guarded(this, letGo));
}

void LiveEnsemble::readView() {
    view_ = ensemble_->view();
}

void LiveEnsemble::drain() {
    if (!ensemble_) return;
    pace_.stop();
    auto taken = relay_->take();
    const bool stateTold = std::any_of(taken.values.begin(), taken.values.end(),
                                       [](const Event& event) { return isUrgent(event.what()); });
    if (relay_->takeViewChanged() || stateTold || taken.overflowed) {
        readView();
        Q_EMIT viewChanged();
    }
    if (!taken.values.empty()) Q_EMIT told(taken.values);
    if (taken.overflowed) Q_EMIT missed();
}

} // namespace viv
