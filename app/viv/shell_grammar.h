// The grammar of the shell, zkCli's: which commands there are, and which options and arguments each takes.
#pragma once

#include "base/result.h"

#include <map>
#include <set>
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
    History,
    Redo,
    Connect,
    Close,
    Quit, // what only an interactive shell can do: the loop carries these out
};

struct Spec {
    Verb verb;
    std::string_view name;
    std::string_view usage;   // what stands behind the name
    std::string_view summary; // one line
    std::string_view flags;   // letters of the options that stand alone
    std::string_view valued;  // letters of the options that are followed by a number
    std::size_t least, most;  // arguments
    bool path;                // the first argument is a path
};

std::span<const Spec> specs();
// Null for a command that there is not.
const Spec* findSpec(std::string_view name);
std::string usageLine(const Spec& spec);

// One line of the shell, understood.
struct Command {
    const Spec* spec = nullptr;
    std::set<char> flags;
    std::map<char, std::int32_t> values;
    std::vector<std::string> arguments;

    bool has(char flag) const { return flags.contains(flag); }
    std::int32_t value(char letter, std::int32_t otherwise) const {
        const auto found = values.find(letter);
        return found == values.end() ? otherwise : found->second;
    }
};

enum class GrammarErrc { UnknownCommand = 1, Usage = 2 };
const boost::system::error_category& grammarCategory();
inline boost::system::error_code make_error_code(GrammarErrc code) {
    return {static_cast<int>(code), grammarCategory()};
}

// Options may stand anywhere behind the name, as zkCli allows; "--" ends them, so that data may begin with a
// dash. A dash before a digit is data, not an option. Errors: GrammarErrc, with the command's usage in the
// sentence.
Result<Command> parseCommand(const std::vector<std::string>& words);

} // namespace zk::viv

template <>
struct boost::system::is_error_code_enum<zk::viv::GrammarErrc> : std::true_type {};
