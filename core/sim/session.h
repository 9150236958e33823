// SimSession: a client's whole session (client::SessionClient) in virtual time, on the servers of a World. It does what net's
// Transport does with sockets. A session's server "3:1" of its connect string is the World's server 3.
//
// One thread owns it with its World, which outlives it. It must not be destroyed from within a callback of its own client.
#pragma once

#include "client/session.h"
#include "sim/world.h"

namespace zk::sim {

class SimSession {
  public:
    SimSession(World& world, client::Options options);
    // The client's process is gone: the connection ends, and the session is left to expire.
    ~SimSession();

    // Works with the client, then sends what it asked for.
    void use(const std::function<void(client::Client&)>& work);
    client::Client& client() { return *session_; }
    client::Status status() const { return session_->status(); }

    // From now on no byte passes in either direction, until mend(); the client has only the silence to go by.
    void cut();
    void mend();

  private:
    void pump();
    void dial(const client::Address& server);
    void hangUp();
    void received(std::string_view bytes);
    void closed();
    void at(Instant when, std::function<void()> what); // unless this is gone by then

    World& world_;
    std::unique_ptr<client::SessionClient> session_;
    std::shared_ptr<char> alive_ = std::make_shared<char>();
    ClientId connection_ = 0;
    std::uint64_t attempt_ = 0, alarm_ = 0;
    bool cut_ = false;
};

// Options for a session that knows every server of the world.
client::Options sessionOptions(const World& world, std::chrono::milliseconds timeout, std::uint64_t seed);

} // namespace zk::sim
