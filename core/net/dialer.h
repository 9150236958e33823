// The Dialer of real sockets, with a thread of its own; and a session for programs that want to wait for each answer.
#pragma once

#include "ensemble/ensemble.h"
#include "net/sockets.h"
#include "net/transport.h"

#include <optional>

namespace zk::net {

// Destroying it closes the sessions that are still open, and waits a second at most for that.
std::unique_ptr<ensemble::Dialer> makeDialer();

// One session on the caller's own thread, which works only while it is in one of these calls.
class BlockingSession {
  public:
    explicit BlockingSession(client::Options options, std::function<void(const client::Status&)> onStatus = {});
    // Closes the session, and waits a second at most for that.
    ~BlockingSession();

    // Works until `done` says so; false where `patience` is over first.
    bool runUntil(const std::function<bool()>& done, Duration patience);
    // Asks and waits for the answer. Errors: the operation's; OperationTimeout where `patience` is over first.
    template <class T>
    Result<T> ask(const std::function<void(client::Client&, client::Callback<T>)>& question, Duration patience) {
        auto answer = std::make_shared<std::optional<Result<T>>>();
        use([&](client::Client& client) { question(client, [answer](Result<T> result) { *answer = std::move(result); }); });
        if (!runUntil([&] { return answer->has_value(); }, patience))
            return Error{client::toErrorCode(jute::ErrorCode::OperationTimeout), "no answer in time"};
        return std::move(**answer);
    }
    void use(const std::function<void(client::Client&)>& work) { transport_->use(work); }
    client::Status status();

  private:
    Loop loop_;
    std::unique_ptr<Transport> transport_;
};

} // namespace zk::net
