// Host: one server in real time: a Node, the thread that runs it, its disk thread and its sockets. The thread lives as long
// as the Host, and starts and ends runs of the server on request.
//
// Every call may be made from any thread and returns at once; outcomes come to the callbacks on the host's thread, as an
// empty string or a sentence that says what is wrong and what to do. Requests are carried out in order. A broken promise
// or a failing disk ends this server only: its state becomes Crashed.
#pragma once

#include "config/config.h"
#include "server/node.h"
#include "storage/disk.h"
#include "trace/trace.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace zk::net {

// What everybody may know of a server at any time.
struct HostView {
    trace::ServerState state = trace::ServerState::Stopped;
    bool serving = false;
    std::int64_t epoch = 0;
    Zxid zxid;
    std::uint16_t clientPort = 0;       // as bound; 0 while it does not run, and where there is none
    std::uint16_t secureClientPort = 0; // likewise
    std::string problem;          // why it could not start, or crashed

    bool operator==(const HostView&) const = default;
};

class Host {
  public:
    using Done = std::function<void(std::string problem)>;

    // The sink is called on the host's thread, `changed` too, whenever anything but the zxid of the view has changed.
    // Both outlive the host. `disk` gives each run its disk.
    Host(Sid sid, trace::Sink& sink, std::function<void()> changed = {},
         std::function<std::unique_ptr<storage::Disk>()> disk = storage::systemDisk);
    // A server that still runs is stopped cleanly.
    ~Host();

    // Locks and recovers the data directory and binds every port before it reports. The configuration is asked for on the
    // host's thread; its warnings go to the trace.
    void start(std::function<Result<config::Parsed>()> config, Done done);
    void start(config::ServerConfig config, Done done);
    // Stops cleanly: everything accepted is durable.
    void stop(Done done);
    // As kill -9: no goodbye, and what was not synced is lost.
    void kill(Done done);
    // Takes no more turns until resume(); its sockets stay open, and nobody answers.
    void pause(Done done);
    void resume(Done done);
    // Null where it does not run, or is paused.
    void status(std::function<void(std::optional<admin::NodeStatus>)> done);
    HostView view() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace zk::net
