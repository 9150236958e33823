// The grammar of the shell, zkCli's: which commands there are, and which options and arguments each takes.
#pragma once

#include "base/result.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zk::viv {

enum class Verb {
    Help,
    Ls,
    Create,
    Get,
    Set,
    Stat,
    Delete,
    DeleteAll,
    GetAcl,
    SetAcl,
    AddAuth,
    Sync,
    AddWatch,
    RemoveWatches,
    GetEphemerals,
    GetAllChildrenNumber,
    WhoAmI,
    Config,
    Reconfig,
    SetQuota,
    ListQuota,
    DelQuota,
    Version,
    History,
    Redo,
    PrintWatches,
    Connect,
    Close,
    Quit, // from History on: what the loop itself carries out
};

struct Spec {
    Verb verb;
    std::string_view name;
    std::string_view usage;   // what stands behind the name
    std::string_view summary; // one line
    std::string_view options; // their names; "v=int", "t=long" and "m=text" are followed by a value of that kind
    std::size_t least, most;  // arguments
    bool path;                // the first argument is a path
};

struct Option {
    std::string name;
    std::string kind; // empty: stands alone
};
std::vector<Option> optionsOf(const Spec& spec);

std::span<const Spec> specs();
// Null for a command that there is not.
const Spec* findSpec(std::string_view name);
std::string usageLine(const Spec& spec);

// One line of the shell, understood.
struct Command {
    const Spec* spec = nullptr;
    std::map<std::string, std::string> options; // with their values
    std::vector<std::string> arguments;

    bool has(const std::string& option) const { return options.contains(option); }
    // Precondition: the option is followed by a number.
    std::int64_t number(const std::string& option, std::int64_t otherwise) const;
    std::string text(const std::string& option) const {
        const auto found = options.find(option);
        return found == options.end() ? std::string() : found->second;
    }
};

enum class GrammarErrc { UnknownCommand = 1, Usage = 2 };
const boost::system::error_category& grammarCategory();
inline boost::system::error_code make_error_code(GrammarErrc code) {
    return {static_cast<int>(code), grammarCategory()};
}

// Options may stand anywhere behind the name, and several letters behind one dash, as zkCli allows; "--" ends
// them, so that data may begin with a dash. A dash before a digit is data, not an option. Errors: GrammarErrc,
// with the command's usage in the sentence.
Result<Command> parseCommand(const std::vector<std::string>& words);

} // namespace zk::viv

template <>
struct boost::system::is_error_code_enum<zk::viv::GrammarErrc> : std::true_type {};
