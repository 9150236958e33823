#include "shell_grammar.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace zk::viv {

namespace {

constexpr Spec kSpecs[] = {
    {Verb::AddWatch, "addWatch", "[-m mode] path",
     "leave a watch that stays; -m PERSISTENT, or PERSISTENT_RECURSIVE as it is without the option", "m=text",
     1, 1, true},
    {Verb::AddAuth, "addauth", "scheme auth", "add an identity to the session: addauth digest user:password",
     "", 2, 2, false},
    {Verb::Close, "close", "", "close the session", "", 0, 0, false},
    {Verb::Config, "config", "[-c] [-w] [-s]",
     "print the ensemble's configuration; -c version and client addresses only, -w leave a watch, -s the "
     "stat too",
     "c w s", 0, 0, false},
    {Verb::Connect, "connect", "host:port,...[/chroot]", "close the session and open another", "", 0, 1,
     false},
    {Verb::Create, "create", "[-s] [-e] [-c] [-t ttl] path [data] [acl]",
     "create a znode; -s sequential, -e ephemeral, -c container, -t deleted once untouched for so many ms",
     "s e c t=long", 1, 3, true},
    {Verb::Delete, "delete", "[-v version] path",
     "delete a znode that has no children; -v only if it has this version", "v=int", 1, 1, true},
    {Verb::DeleteAll, "deleteall", "path [-b batch size]",
     "delete a znode and everything below it; -b so many requests under way at a time", "b=int", 1, 1, true},
    {Verb::DelQuota, "delquota", "[-n|-b|-N|-B] path",
     "take limits away from a subtree: -n znodes, -b bytes, -N and -B the hard ones; all of them without an "
     "option",
     "n b N B", 1, 1, true},
    {Verb::Get, "get", "[-s] [-w] [-b] [-x] path",
     "print a znode's data; -s its stat too, -w leave a watch, -b as base64, -x as a hex dump", "s w b x", 1,
     1, true},
    {Verb::GetAcl, "getAcl", "[-s] path", "print a znode's ACL; -s its stat too", "s", 1, 1, true},
    {Verb::GetAllChildrenNumber, "getAllChildrenNumber", "path",
     "print how many znodes are below one, at any depth", "", 1, 1, true},
    {Verb::GetEphemerals, "getEphemerals", "path",
     "list this session's ephemerals whose paths begin so; all without a path", "", 0, 1, true},
    {Verb::Help, "help", "[command]", "list the commands, or explain one", "", 0, 1, false},
    {Verb::History, "history", "", "list the last commands", "", 0, 0, false},
    {Verb::ListQuota, "listquota", "path", "print a subtree's limits and what counts against them", "", 1, 1,
     true},
    {Verb::Ls, "ls", "[-s] [-w] [-R] path",
     "list a znode's children; -s its stat too, -w leave a watch, -R the whole subtree", "s w R", 1, 1, true},
    {Verb::PrintWatches, "printwatches", "on|off",
     "print watch events as they come, or not; tells which without a word", "", 0, 1, false},
    {Verb::Quit, "quit", "", "close the session and leave", "", 0, 0, false},
    {Verb::Reconfig, "reconfig",
     "[-s] [-v version] [[-file path] | [-members serverID=host:port1:port2;port3[,...]*]] | "
     "[-add serverId=host:port1:port2;port3[,...]]* [-remove serverId[,...]*]",
     "change the ensemble's members; -add and -remove some, or -members or -file (of lines server.N=...) all "
     "of them; -v only "
     "over this configuration (hexadecimal), -s print the stat",
     "s v=text file=text members=text add=text remove=text", 0, 0, false},
    {Verb::Redo, "redo", "cmdno", "run a command of the history again", "", 1, 1, false},
    {Verb::RemoveWatches, "removewatches", "path [-c|-d|-a] [-l]",
     "remove this session's watches: -c of children, -d of data, -a any (which it is without an option), -l "
     "here in any case",
     "c d a l", 1, 1, true},
    {Verb::Set, "set", "[-s] [-v version] [-b] path data",
     "write a znode's data; -s print its stat, -v only if it has this version, -b the data is base64",
     "s b v=int", 2, 2, true},
    {Verb::SetAcl, "setAcl", "[-s] [-v version] [-R] path acl",
     "write a znode's ACL: scheme:id:perms, several with commas; -s print its stat, -v only over this "
     "version, -R the whole "
     "subtree",
     "s R v=int", 2, 2, true},
    {Verb::SetQuota, "setquota", "-n|-b|-N|-B val path",
     "limit a subtree: -n znodes and -b bytes warn, -N and -B are the hard ones",
     "n=long b=long N=long B=long", 1, 1, true},
    {Verb::Stat, "stat", "[-w] path", "print a znode's stat; -w leave a watch", "w", 1, 1, true},
    {Verb::Sync, "sync", "path", "wait until this server has caught up with the leader", "", 1, 1, true},
    {Verb::Version, "version", "", "print this shell's version", "", 0, 0, false},
    {Verb::WhoAmI, "whoami", "", "list the identities that the server knows this session by", "", 0, 0,
     false},
};

class GrammarCategory : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "shell"; }
    std::string message(int value) const override {
        return value == static_cast<int>(GrammarErrc::UnknownCommand) ? "there is no such command"
                                                                      : "the command is used like this";
    }
};

Error misused(const Spec& spec, const std::string& why) {
    return {GrammarErrc::Usage, (why.empty() ? "" : why + "\n") + usageLine(spec)};
}

bool isOption(std::string_view word) {
    return word.size() >= 2 && word[0] == '-' && !(word[1] >= '0' && word[1] <= '9');
}

// Whether the value is one of that kind.
bool fits(const std::string& value, std::string_view kind) {
    if (kind == "text") return true;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size()) return false;
    using Int = std::numeric_limits<std::int32_t>;
    return kind == "long" || (number >= Int::min() && number <= Int::max());
}

// Reads a command's words one after the other.
struct Parse {
    const std::vector<std::string>& words;
    Command command;
    std::vector<Option> known;
    std::size_t index = 1;

    const Option* find(std::string_view name) const {
        const auto found = std::ranges::find(known, name, &Option::name);
        return found == known.end() ? nullptr : &*found;
    }
    // What is wrong with it; empty where nothing is.
    std::string take(const Option& option, std::optional<std::string> value) {
        if (option.kind.empty()) {
            command.options[option.name];
            return {};
        }
        if (!value) {
            if (++index == words.size()) return "Missing argument for option: " + option.name;
            value = words[index];
        }
        if (!fits(*value, option.kind))
            return "-" + option.name + " argument must be a" + (option.kind == "int" ? "n int" : " long") +
                   " value";
        command.options[option.name] = *value;
        return {};
    }
    // A word that begins with a dash: an option's whole name, or letters of several, the last perhaps with
    // its value.
    std::string takeWord(std::string_view word) {
        if (const Option* const whole = find(word.substr(1))) return take(*whole, std::nullopt);
        for (std::size_t at = 1; at < word.size(); ++at) {
            const Option* const one = find(word.substr(at, 1));
            if (!one) return "Unrecognized option: " + std::string(word);
            const bool rest = !one->kind.empty() && at + 1 < word.size();
            if (std::string why =
                    take(*one, rest ? std::optional(std::string(word.substr(at + 1))) : std::nullopt);
                !why.empty())
                return why;
            if (!one->kind.empty()) break;
        }
        return {};
    }
};

} // namespace

const boost::system::error_category& grammarCategory() {
    static const GrammarCategory category;
    return category;
}

std::span<const Spec> specs() {
    return kSpecs;
}

const Spec* findSpec(std::string_view name) {
    const auto* const found = std::ranges::find(kSpecs, name, &Spec::name);
    return found == std::end(kSpecs) ? nullptr : found;
}

std::string usageLine(const Spec& spec) {
    return std::string(spec.name) + (spec.usage.empty() ? "" : " " + std::string(spec.usage));
}

std::vector<Option> optionsOf(const Spec& spec) {
    std::vector<Option> options;
    for (std::size_t start = 0; start < spec.options.size();) {
        const std::size_t end = std::min(spec.options.find(' ', start), spec.options.size());
        const std::string_view one = spec.options.substr(start, end - start);
        const std::size_t equals = std::min(one.find('='), one.size());
        options.push_back(
            {std::string(one.substr(0, equals)), std::string(one.substr(std::min(equals + 1, one.size())))});
        start = end + 1;
    }
    return options;
}

std::int64_t Command::number(const std::string& option, std::int64_t otherwise) const {
    const auto found = options.find(option);
    return found == options.end() ? otherwise : std::stoll(found->second);
}

Result<Command> parseCommand(const std::vector<std::string>& words) {
    const std::string_view name = words.empty() ? std::string_view() : std::string_view(words[0]);
    const Spec* const spec = findSpec(name);
    if (!spec)
        return Error{GrammarErrc::UnknownCommand,
                     "Command not found: " + std::string(name) + ". help lists the commands"};
    Parse parse{words, {spec, {}, {}}, optionsOf(*spec)};
    bool options = true;
    for (; parse.index < words.size(); ++parse.index) {
        const std::string& word = words[parse.index];
        if (options && word == "--") {
            options = false;
        } else if (!options || !isOption(word)) {
            parse.command.arguments.push_back(word);
        } else if (const std::string why = parse.takeWord(word); !why.empty()) {
            return misused(*spec, why);
        }
    }
    if (parse.command.arguments.size() < spec->least || parse.command.arguments.size() > spec->most)
        return misused(*spec, "");
    return std::move(parse.command);
}

} // namespace zk::viv
