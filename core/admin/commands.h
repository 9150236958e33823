// The AdminServer's commands: which there are, what each asks for, and its answer as JSON from a NodeStatus. Names, fields
// and their order are those of Apache's AdminServer; snapshot and restore are 3.9's.
//
// What a command changes the server does before it is answered; it says so by the row's effect.
#pragma once

#include "admin/status.h"

namespace zk::admin {

enum class Effect {
    None,
    ResetConnections, // crst
    ResetServer,      // srst
    SetTraceMask,     // stmk
    Snapshot,         // takes one, and streams it: the driver's work
    Restore,
};

struct CommandRow {
    std::vector<std::string_view> names; // the primary one first
    bool needsServer = true;             // says that it does not serve, where it does not
    Effect effect = Effect::None;
    bool post = false;          // POST; else GET
    bool authenticated = false; // every permission on "/" is asked for, by the header Authorization
    std::string_view absent = {}; // why it cannot be carried out; empty: it is
};
const std::vector<CommandRow>& commandRows();
// Null where there is no such command. `name` may be an alias.
const CommandRow* findCommand(std::string_view name);

struct CommandRequest {
    std::string name;
    bool post = false;
    std::map<std::string, std::string> arguments;
    std::optional<std::string> authorization; // the header of this name: "digest user:password", "ip"
    std::string address;                      // whence it comes: "127.0.0.1"
};

struct CommandResponse {
    int status = 200; // HTTP's
    std::string json;
};

// The number in the argument traceMask; null where there is none.
std::optional<std::int64_t> traceMaskOf(const CommandRequest& request);

// The answer to a command that is known or not. A row's effect has been carried out.
CommandResponse answer(const CommandRequest& request, const NodeStatus& status);
// The answer that names the command and what went wrong.
CommandResponse failed(std::string_view name, int status, std::string_view error);
// The answer of `snapshot` where nothing is streamed, and of a refusal without a sentence, as Apache gives it.
CommandResponse plain(std::string_view name, int status);

// Links to every command, as the page at `commandUrl` shows them.
std::string indexPage(std::string_view commandUrl);

} // namespace zk::admin
