#include "models/progress.h"

#include <algorithm>

namespace viv {

using zk::trace::Event;
using zk::trace::Kind;
using zk::trace::ServerState;

double Progress::heightOf(zk::Zxid zxid) {
    const auto [known, isNew] = epochBase_.try_emplace(zxid.epoch(), highest_);
    // What an ensemble did before we looked is not drawn: the first epoch seen starts where it stands.
    if (isNew && epochBase_.size() == 1) known->second = -double(zxid.counter());
    return std::max(0.0, known->second + zxid.counter());
}

void Progress::reach(zk::Sid sid, zk::Zxid zxid, bool mayFall) {
    const auto line = lines_.find(sid);
    if (line == lines_.end() || zxid.value == 0) return;
    const double height = heightOf(zxid);
    if (height == line->second.height || (height < line->second.height && !mayFall)) return;
    line->second.height = height;
    highest_ = std::max(highest_, height);
    lastMove_ = now_;
}

void Progress::setServers(const std::vector<zk::ensemble::ServerView>& servers, double seconds, bool missed) {
    std::erase_if(lines_, [&](const auto& line) {
        return std::none_of(servers.begin(), servers.end(),
                            [&](const auto& server) { return server.sid == line.first; });
    });
    for (const auto& server : servers) {
        const bool isNew = lines_.try_emplace(server.sid).second;
        if (isNew || missed) setState(server.sid, server.state, server.epoch, seconds);
        reach(server.sid, server.zxid, false);
    }
}

void Progress::take(const std::vector<Event>& events, double seconds) {
    for (const Event& event : events) {
        switch (event.what()) {
        case Kind::StateChanged: setState(event.server, event.serverState(), event.epoch, seconds); break;
        case Kind::Committed:
        case Kind::SyncFinished: reach(event.server, event.zxid, false); break;
        case Kind::LogTruncated: reach(event.server, event.zxid, true); break;
        case Kind::EpochAgreed:
        case Kind::Serving: judgeElection(event.epoch, seconds); break;
        default: break;
        }
    }
}

void Progress::setState(zk::Sid sid, ServerState state, std::int64_t epoch, double seconds) {
    const auto line = lines_.find(sid);
    if (line == lines_.end()) return;
    auto& phases = line->second.phases;
    if (!phases.empty() && phases.back().state == state) return;
    phases.push_back({seconds, state});
    lastMove_ = now_;
    judgeElection(state == ServerState::Leading ? epoch : 0, seconds);
}

// An election lasts from the moment when someone looks and nobody leads until somebody leads.
void Progress::judgeElection(std::int64_t epoch, double seconds) {
    const auto anybody = [this](ServerState state) {
        return std::any_of(lines_.begin(), lines_.end(), [state](const auto& line) {
            return !line.second.phases.empty() && line.second.phases.back().state == state;
        });
    };
    const bool led = anybody(ServerState::Leading), looked = anybody(ServerState::Looking);
    const bool open = !elections_.empty() && !elections_.back().to;
    if (!open && looked && !led) elections_.push_back({.from = seconds, .to = {}, .epoch = 0});
    if (open && led)
        elections_.back().to = seconds;
    else if (open && !looked && !led)
        elections_.pop_back(); // everybody was stopped
    if (led && !elections_.empty() && elections_.back().to)
        elections_.back().epoch = std::max(elections_.back().epoch, epoch);
}

void Progress::sample(double seconds) {
    now_ = seconds;
    if (total_.empty()) born_ = seconds;
    for (auto& [sid, line] : lines_) {
        auto& points = line.points;
        const QPointF point(seconds, line.height);
        // While a line runs level two points are enough for it.
        const bool level = points.size() >= 2 && points[points.size() - 2].y() == line.height &&
                           points.last().y() == line.height;
        if (level)
            points.replaceLast(point);
        else
            points.push(point);
    }
    total_.push({seconds, highest_});
    const QPointF& before = total_[0];
    const double span = seconds - before.x();
    rate_.push({seconds, span > 0 ? (highest_ - before.y()) / span : 0});
    forgetOld();
    Q_EMIT sampled();
}

void Progress::forgetOld() {
    const double edge = now_ - kWindowSeconds;
    std::erase_if(elections_,
                  [edge](const Election& election) { return election.to && *election.to < edge; });
    for (auto& [sid, line] : lines_) {
        auto& phases = line.phases;
        while (phases.size() > 1 && phases[1].from < edge)
            phases.erase(phases.begin());
    }
}

} // namespace viv
