// The simulated network between the servers: quorum connections are byte streams that keep their order, stall while a
// partition lies between their ends and break when an end crashes; election messages may be lost.
//
// It knows no Node: the World tells it who talks, and it calls the World back through NetworkEnds.
#pragma once

#include "base/ids.h"
#include "base/rng.h"
#include "sim/scheduler.h"

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace zk::sim {

struct NetworkOptions {
    Duration delayMin = std::chrono::microseconds(100), delayMax = std::chrono::milliseconds(3);
    double electionLoss = 0.02; // the chance that an election message is lost
    int dialTries = 5;          // as net dials: with growing pauses
};

// What the network asks of the world; each is called at the moment at which it happens.
class NetworkEnds {
  public:
    virtual ~NetworkEnds() = default;
    virtual bool isUp(Sid sid) const = 0;
    // A connection reached this server; the id that it has there.
    virtual std::uint64_t accepted(Sid at) = 0;
    virtual void connected(Sid at, std::uint64_t link) = 0;
    virtual void received(Sid at, std::uint64_t link, std::string bytes) = 0;
    virtual void writable(Sid at, std::uint64_t link) = 0;
    virtual void closed(Sid at, std::uint64_t link, std::string_view why) = 0;
    virtual void electionMessage(Sid at, Sid from, std::string payload) = 0;
    virtual void electionUndelivered(Sid at, Sid to) = 0;
};

class Network {
  public:
    Network(NetworkOptions options, Scheduler& scheduler, Rng rng, NetworkEnds& ends);

    void dial(Sid from, std::uint64_t link, Sid to);
    void send(Sid from, std::uint64_t link, std::string bytes);
    void hangUp(Sid from, std::uint64_t link);
    void sendElection(Sid from, Sid to, std::string payload);

    // The server is gone, with its connections.
    void crashed(Sid sid);
    // The server is there again: peers that have something to say to it connect anew.
    void started(Sid sid);
    // From now on these hear nothing of the others, nor the others of them.
    void partition(std::set<Sid> side);
    void heal();
    bool isPartitioned() const { return !side_.empty(); }
    void setElectionLoss(double chance) { options_.electionLoss = chance; }
    // Test worlds may change a stream on its way.
    void tamperWith(std::function<void(std::string&)> change) { tamper_ = std::move(change); }

  private:
    struct Chunk {
        std::string bytes;
        bool close = false;
    };
    // One direction of a connection: from an end to the other.
    struct Direction {
        std::deque<Chunk> chunks;
        std::size_t due = 0; // chunks whose delay is over; more than none only while a partition holds them
        Instant last{};      // when the latest chunk arrives
    };
    struct End {
        Sid sid = 0;
        std::uint64_t link = 0;
        bool open = false;
        Direction inbound;
    };
    struct Pipe {
        End ends[2];
    };
    using PipePtr = std::shared_ptr<Pipe>;

    Duration delay();
    bool blocked(Sid a, Sid b) const { return side_.contains(a) != side_.contains(b); }
    void tryDial(Sid from, std::uint64_t link, Sid to, int tries);
    void push(const PipePtr& pipe, int to, Chunk chunk);
    void pump(const PipePtr& pipe, int to);
    void deliverElection(Sid from, Sid to, std::string payload);

    NetworkOptions options_;
    Scheduler& scheduler_;
    Rng rng_;
    NetworkEnds& ends_;
    std::set<Sid> side_;
    std::map<std::pair<Sid, std::uint64_t>, std::pair<PipePtr, int>> pipes_; // (server, link) -> pipe and which end
    std::map<std::pair<Sid, Sid>, Instant> electionLast_;                    // messages of a pair keep their order
    std::map<std::pair<Sid, Sid>, std::string> electionSaid_;                // the last one of each pair
    std::function<void(std::string&)> tamper_;
};

} // namespace zk::sim
