// ShellSession: one session of the shell, opened through a Dialer, asked from the shell's own thread, which
// waits.
#pragma once

#include "shell_run.h"

#include "ensemble/ensemble.h"

#include <chrono>

namespace zk::viv {

// How long a command waits for a server before it gives up.
inline constexpr std::chrono::seconds kConnectPatience{10};

Outcome notConnected(const std::string& sentence, bool json);

class ShellSession {
  public:
    // `watched` is called on the dialer's thread.
    ShellSession(ensemble::Dialer& dialer, client::Options options, bool json, client::Watcher watched,
                 std::chrono::milliseconds patience = kConnectPatience);
    ~ShellSession();

    // Waits for the outcome; without a server for longer than the patience, the outcome is
    // kStatusNoConnection.
    Outcome run(const Command& command);
    // Waits for the first server, at most so long.
    void awaitServer(std::chrono::milliseconds most);
    // The children's names, for completion; none where they are not known within a second.
    std::vector<std::string> children(const std::string& path);
    client::Status status() const;

  private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
    std::shared_ptr<ensemble::Dialer::Connection> connection_;
    const std::string servers_;
    const bool json_;
    const client::Watcher watched_;
    const std::chrono::milliseconds patience_;
};

} // namespace zk::viv
