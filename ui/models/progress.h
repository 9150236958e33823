// Progress: how far each server has got over the last minutes, in which state it was, when there were
// elections, and commits per second. Fed by an ensemble's events, sampled ten times a second, kept in rings;
// the charts draw it.
//
// Height is transactions since the start: within an epoch it follows the zxid's counter, and an epoch goes on
// where the ones before it ended. So a line only falls where a server's log was truncated.
#pragma once

#include <QObject>
#include <QTimer>

#include "ensemble/ensemble.h"
#include "models/series_ring.h"

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace viv {

class Progress : public QObject {
    Q_OBJECT

  public:
    static constexpr double kWindowSeconds = 60;
    static constexpr int kSampleEveryMs = 100;

    // From `from` until `to`, both in seconds; `to` is empty while it lasts.
    struct Election {
        double from = 0;
        std::optional<double> to;
        std::int64_t epoch = 0; // the new one; 0 while it lasts
    };
    struct Phase {
        double from = 0;
        zk::trace::ServerState state = zk::trace::ServerState::Stopped;
    };
    struct Line {
        SeriesRing points{2 * std::size_t(kWindowSeconds * 1000 / kSampleEveryMs)};
        std::vector<Phase> phases; // in order; each lasts until the next
        double height = 0;
    };

    explicit Progress(QObject* parent = nullptr) : QObject(parent) {}

    // The servers as they are now. One that is new gets a line; the states of the others come as events,
    // which are told in order, and are taken from here only where events were missed.
    void setServers(const std::vector<zk::ensemble::ServerView>& servers, double seconds,
                    bool missed = false);
    void take(const std::vector<zk::trace::Event>& events, double seconds);
    // One step of every line: `seconds` never goes back.
    void sample(double seconds);

    const std::map<zk::Sid, Line>& lines() const { return lines_; }
    const std::vector<Election>& elections() const { return elections_; }
    const SeriesRing& commitsPerSecond() const { return rate_; }
    double now() const { return now_; }
    // Since the first sample.
    double age() const { return total_.empty() ? 0 : now_ - born_; }
    // Nothing has moved for two seconds: the picture only slides.
    bool quiet() const { return now_ - lastMove_ > 2; }

  Q_SIGNALS:
    void sampled();

  private:
    double heightOf(zk::Zxid zxid);
    void reach(zk::Sid sid, zk::Zxid zxid, bool mayFall);
    void setState(zk::Sid sid, zk::trace::ServerState state, std::int64_t epoch, double seconds);
    void judgeElection(std::int64_t epoch, double seconds);
    void forgetOld();

    std::map<zk::Sid, Line> lines_;
    std::map<std::int64_t, double> epochBase_;
    double highest_ = 0;
    std::vector<Election> elections_;
    SeriesRing rate_{std::size_t(kWindowSeconds * 1000 / kSampleEveryMs) * 2};
    SeriesRing total_{1000 / kSampleEveryMs + 1}; // the highest line over the last second
    double now_ = 0, lastMove_ = 0, born_ = 0;
};

} // namespace viv
