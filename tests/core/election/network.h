// A network of Elections in virtual time: messages take a delay, keep their order per pair, and may be lost.
// It does for the machine what a driver does, and nothing of Zab: a test decides what becomes of followers
// and leaders.
#pragma once

#include "base/rng.h"
#include "election/election.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace zk::election::test {

struct Shape {
    std::set<Sid> voters, observers;
    std::map<Sid, std::int64_t> weights;
};

class Network : public trace::Sink {
  public:
    explicit Network(Shape shape, std::uint64_t seed = 1);

    // Adds the server where it does not run yet, and lets it look for a leader.
    void start(Sid sid, Zxid lastLogged, std::int64_t epoch);
    void stop(Sid sid);
    void cut(Sid one, Sid other) { cut_.insert(std::minmax(one, other)); }
    void join(Sid one, Sid other) { cut_.erase(std::minmax(one, other)); }
    void run(Duration span);
    // Puts a message on its way as if `from` had sent it.
    void inject(Sid from, Sid to, const Notification& notification);

    bool runs(Sid sid) const { return servers_.contains(sid); }
    Election& at(Sid sid) { return *servers_.at(sid)->election; }
    ServerState state(Sid sid) const;
    const std::map<Sid, Decision>& decisions() const {
        return decisions_;
    } // the last one of each running server
    Instant now() const { return now_; }
    std::string takeTrace() { return std::exchange(trace_, {}); }

    double loss = 0;
    Duration minDelay = std::chrono::milliseconds(1), maxDelay = std::chrono::milliseconds(1);

  private:
    struct Server {
        std::unique_ptr<trace::Tracer> tracer;
        std::unique_ptr<Election> election;
        Instant wakeAt = kNever;
    };
    struct Message {
        Sid from = 0, to = 0;
        std::string payload;
    };

    void event(const trace::Event& event) override;
    void settle(Sid sid);
    void post(Sid from, Sid to, const Notification& notification);

    Shape shape_;
    Rng rng_;
    Instant now_{};
    std::map<Sid, std::unique_ptr<Server>> servers_;
    std::multimap<Instant, Message> wire_;
    std::map<std::pair<Sid, Sid>, Instant> lastArrival_;
    std::set<std::pair<Sid, Sid>> cut_;
    std::map<Sid, Decision> decisions_;
    std::string trace_;
};

} // namespace zk::election::test
