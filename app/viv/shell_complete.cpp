#include "shell_complete.h"

#include "shell_grammar.h"
#include "shell_words.h"

#include "tree/path.h"

#include <algorithm>

namespace zk::viv {

namespace {

// What may stand behind `before`, beside paths.
std::vector<std::string> wordsFor(const Spec& spec, const std::string& before) {
    if (spec.verb == Verb::AddWatch && before == "-m") return {"PERSISTENT", "PERSISTENT_RECURSIVE"};
    if (spec.verb == Verb::PrintWatches) return {"off", "on"};
    std::vector<std::string> words;
    for (const Option& option : optionsOf(spec))
        words.push_back("-" + option.name);
    return words;
}

} // namespace

CompletionQuery completionQuery(std::string_view line) {
    const Unfinished unfinished = unfinishedWord(line);
    CompletionQuery query;
    query.stem = unfinished.stem;
    const bool afterHelp = unfinished.before.size() == 1 && unfinished.before[0] == "help";
    if (unfinished.before.empty() || afterHelp) {
        for (const Spec& spec : specs())
            if (spec.name.starts_with(query.stem)) query.commands.emplace_back(spec.name);
        return query;
    }
    const Spec* const spec = findSpec(unfinished.before[0]);
    if (spec)
        for (const std::string& word : wordsFor(*spec, unfinished.before.back()))
            if (!word.empty() && word.starts_with(query.stem) && !(query.stem.empty() && word[0] == '-'))
                query.commands.push_back(word);
    if (spec && spec->path && query.stem.starts_with('/')) {
        const std::size_t slash = query.stem.rfind('/');
        query.parent = slash == 0 ? "/" : query.stem.substr(0, slash);
    }
    return query;
}

std::vector<std::string> matchingPaths(const CompletionQuery& query,
                                       const std::vector<std::string>& children) {
    std::vector<std::string> paths;
    for (const std::string& child : children) {
        std::string path = tree::join(query.parent, child);
        if (path.starts_with(query.stem)) paths.push_back(std::move(path));
    }
    std::ranges::sort(paths);
    return paths;
}

std::string commonBeginning(const std::vector<std::string>& candidates) {
    std::string common = candidates.front();
    for (const std::string& candidate : candidates) {
        const auto end = std::ranges::mismatch(common, candidate).in1;
        common.erase(end, common.end());
    }
    return common;
}

} // namespace zk::viv
