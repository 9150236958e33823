// Session: the protocol of one client session as a machine without sockets or clocks: what to send, what a frame means,
// when to ping, when to give up a connection and try the next server. The transport (net) drives it; Client sits on top.
#pragma once

#include "client/client.h"

#include <deque>
#include <memory>

namespace zk::client {

// What the driver is to do; filled by the calls, taken with take().
struct SessionReady {
    std::optional<Address> connect;  // dial this server (after `connectAt`), then call connected() or disconnected()
    Instant connectAt{};
    std::string send;                // bytes for the connection, frames with their lengths
    bool disconnect = false;         // hang up
    std::optional<Address> sound;    // ask this server for "isro" on a connection of its own, then call sounded()
    Instant wakeAt = kNever;         // call tick() then
};

// Makes the asynchronous Client that works on a Session. The driver calls the functions below; users see only Client.
// After each of them, and after letting a user call the Client (then tick() first, so that the machine knows the time), the
// driver calls take() and does what it says: hang up first, then dial. One `connect` is answered by one connected() or
// disconnected(); after `disconnect` nothing more is reported of that connection or of that attempt to dial.
// Any callback may destroy the client: the driver does not touch it after such a call without knowing that it lives.
class SessionClient : public Client {
  public:
    virtual void start(Instant now) = 0;
    virtual void connected(Instant now) = 0;
    virtual void received(Instant now, std::string_view bytes) = 0; // any piece of the stream
    virtual void disconnected(Instant now, std::string_view why) = 0;
    // Does that server take writes? One `sound` is answered by one of these at most.
    virtual void sounded(Instant now, const Address& server, bool takesWrites) = 0;
    virtual void tick(Instant now) = 0;
    virtual SessionReady take() = 0;
};

std::unique_ptr<SessionClient> makeSession(Options options);

} // namespace zk::client
