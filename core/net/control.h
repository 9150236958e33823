// ControlServer: the control port of a hosted ensemble, on loopback, for those who know its token: its verbs, its view and
// its trace, so that `viv ensemble status` and other windows attach to it.
#pragma once

#include "ensemble/mailbox.h"
#include "net/control_records.h"
#include "net/embedded.h"
#include "net/loop_thread.h"

#include <map>

namespace zk::net {

class ControlServer : private ensemble::Observer {
  public:
    static Result<std::unique_ptr<ControlServer>> open(EmbeddedEnsemble& ensemble, std::string token);
    ~ControlServer() override;

    std::uint16_t port() const { return port_; }
    // Called, on a thread of its own, where somebody asks that the hosting process ends. Without one it refuses.
    void onShutDown(std::function<void()> shutDown);

  private:
    struct Connection;
    ControlServer(EmbeddedEnsemble& ensemble, std::string token);
    void event(const trace::Event& event) override;
    void changed() override;

    // --- The control port's thread ---
    void accepted(std::unique_ptr<Stream> stream);
    void carryOut(std::uint64_t connection, const ControlRequest& request);
    void answer(std::uint64_t connection, std::int64_t id, std::string problem, std::string body);
    void tellEvents();
    void tellView();
    void watchView();
    void say(Connection& connection, const ControlMessage& message);
    void remove(std::uint64_t connection);

    EmbeddedEnsemble& ensemble_;
    const std::string token_;
    ensemble::Mailbox<trace::Event> events_;
    std::unique_ptr<Listener> listener_;
    std::uint16_t port_ = 0;
    std::uint64_t lastId_ = 0;
    std::map<std::uint64_t, std::unique_ptr<Connection>> connections_;
    std::string toldView_;
    std::function<void()> shutDown_;
    // Shared with the outcomes that are on their way: where those come after our end they find a loop that does nothing.
    std::shared_ptr<LoopThread> thread_ = std::make_shared<LoopThread>();
    Timer viewTimer_;
};

} // namespace zk::net
