#include "shell_grammar.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace zk::viv {

namespace {

constexpr Spec kSpecs[] = {
    {Verb::AddAuth, "addauth", "scheme auth", "add an identity to the session: addauth digest user:password",
     "", "", 2, 2, false},
    {Verb::Close, "close", "", "close the session", "", "", 0, 0, false},
    {Verb::Connect, "connect", "host:port,...[/chroot]", "close the session and open another", "", "", 0, 1,
     false},
    {Verb::Create, "create", "[-s] [-e] path [data] [acl]", "create a znode; -s sequential, -e ephemeral",
     "se", "", 1, 3, true},
    {Verb::Delete, "delete", "[-v version] path", "delete a znode that has no children", "", "v", 1, 1, true},
    {Verb::DeleteAll, "deleteall", "path", "delete a znode and everything below it", "", "", 1, 1, true},
    {Verb::Get, "get", "[-s] [-w] path", "print a znode's data; -s its stat too, -w leave a watch", "sw", "",
     1, 1, true},
    {Verb::GetAcl, "getAcl", "[-s] path", "print a znode's ACL", "s", "", 1, 1, true},
    {Verb::Help, "help", "[command]", "list the commands, or explain one", "", "", 0, 1, false},
    {Verb::History, "history", "", "list the last commands", "", "", 0, 0, false},
    {Verb::Ls, "ls", "[-s] [-w] [-R] path", "list a znode's children; -R the whole subtree", "swR", "", 1, 1,
     true},
    {Verb::Quit, "quit", "", "close the session and leave", "", "", 0, 0, false},
    {Verb::Redo, "redo", "cmdno", "run a command of the history again", "", "", 1, 1, false},
    {Verb::Set, "set", "[-s] [-v version] path data", "write a znode's data; -v only if it has this version",
     "s", "v", 2, 2, true},
    {Verb::SetAcl, "setAcl", "[-s] [-v version] path acl",
     "write a znode's ACL: scheme:id:perms, several with commas", "s", "v", 2, 2, true},
    {Verb::Stat, "stat", "[-w] path", "print a znode's stat", "w", "", 1, 1, true},
    {Verb::Sync, "sync", "path", "wait until this server has caught up with the leader", "", "", 1, 1, true},
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

std::optional<std::int32_t> number(std::string_view text) {
    std::int32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

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

Result<Command> parseCommand(const std::vector<std::string>& words) {
    const std::string_view name = words.empty() ? std::string_view() : std::string_view(words[0]);
    Command command;
    command.spec = findSpec(name);
    if (!command.spec)
        return Error{GrammarErrc::UnknownCommand,
                     "Command not found: " + std::string(name) + ". help lists the commands"};
    const Spec& spec = *command.spec;
    bool options = true;
    for (std::size_t index = 1; index < words.size(); ++index) {
        const std::string& word = words[index];
        if (options && word == "--") {
            options = false;
        } else if (!options || !isOption(word)) {
            command.arguments.push_back(word);
        } else if (word.size() == 2 && spec.flags.find(word[1]) != std::string_view::npos) {
            command.flags.insert(word[1]);
        } else if (word.size() == 2 && spec.valued.find(word[1]) != std::string_view::npos) {
            if (++index == words.size()) return misused(spec, word + " is followed by a number");
            const auto value = number(words[index]);
            if (!value)
                return misused(spec,
                               "\"" + words[index] + "\" is not a number: " + word + " is followed by one");
            command.values[word[1]] = *value;
        } else {
            return misused(spec, "There is no option " + word);
        }
    }
    if (command.arguments.size() < spec.least || command.arguments.size() > spec.most)
        return misused(spec, "");
    return command;
}

} // namespace zk::viv
