// Carries one command of the shell out on a Client, and says what it prints. Knows no sockets and no
// terminal.
#pragma once

#include "shell_grammar.h"

#include "client/client.h"

namespace zk::viv {

inline constexpr int kStatusOk = 0;
inline constexpr int kStatusFailed = 1; // the server refused, or the connection was lost
inline constexpr int kStatusUsage = 2;  // the command was not understood
inline constexpr int kStatusNoConnection = 3;
inline constexpr int kStatusUnknownCommand = 127;

// What a command prints, and its exit status.
struct Outcome {
    int status = kStatusOk;
    std::string out, err;
};
using Finish = std::function<void(Outcome)>;

// Requests that a command over a whole subtree keeps under way at a time.
inline constexpr std::size_t kWindow = 500;

struct Runner {
    client::Client& client;
    bool json = false;
    client::Watcher watched; // for -w; may be called long after the command

    // Verbs of the interactive shell (history, connect, ...) are not for this function. Every callback of the
    // command is the client's; this may be gone by then.
    void run(const Command& command, Finish finish) const;
};

// The outcome of a line that was not understood.
Outcome misunderstood(const Error& error, bool json);
// help, and help COMMAND.
Outcome help(const Command& command, bool json);
Outcome version(bool json);

} // namespace zk::viv
