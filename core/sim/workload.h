// Workload: simulated clients that write, read back and remember what was acknowledged to them.
//
// Each client owns one znode, which only it writes, with rising numbers, and creates sequential znodes below it. It speaks the
// client protocol as bytes, reconnects with its session to any server, and starts a new session when the old one is gone.
#pragma once

#include "jute/client_records.h"
#include "sim/world.h"

#include <map>
#include <set>

namespace zk::sim {

struct ClientOptions {
    std::chrono::milliseconds sessionTimeout{4000};
    Duration thinkTime = std::chrono::milliseconds(25); // between an answer and the next request
};

class SimClient {
  public:
    SimClient(World& world, int number, ClientOptions options, Rng rng);

    void start();
    // Sends nothing new and closes its connection.
    void stop();

    const std::string& path() const { return path_; }
    // The newest value that was acknowledged, and the newest that was sent; -1: none.
    std::int64_t acknowledged() const { return acknowledged_; }
    std::int64_t attempted() const { return attempted_; }
    // The sequential znodes whose creation was acknowledged.
    const std::set<std::string>& created() const { return created_; }
    std::size_t writes() const { return writes_; } // acknowledged ones of any kind
    // Violations that the client itself saw: an own write that could not be read back.
    const std::vector<std::string>& complaints() const { return complaints_; }

  private:
    enum class Doing { Nothing, Handshake, CreateNode, Set, CreateChild, CreateTtl, Get };

    void connect();
    void received(std::string_view bytes);
    void handshake(std::string_view frame);
    void answered(std::string_view frame);
    void disconnected();
    void next();
    void send(jute::OpCode op, const std::string& body);
    void readBack(std::string_view body);

    World& world_;
    ClientOptions options_;
    Rng rng_;
    std::string path_;
    bool stopped_ = false;
    ClientId connection_ = 0;
    std::string inbox_;
    Doing doing_ = Doing::Nothing;
    bool made_ = false; // our znode exists
    std::int32_t xid_ = 0;
    SessionId session_ = 0;
    std::string password_ = std::string(jute::kPasswordSize, '\0');
    Zxid lastZxid_;
    std::int64_t acknowledged_ = -1, attempted_ = -1;
    std::set<std::string> created_;
    std::size_t writes_ = 0;
    std::vector<std::string> complaints_;
    std::uint64_t step_ = 0; // counts what was begun; an older think time or patience is void
};

} // namespace zk::sim
