#include "shell_words.h"

namespace zk::viv {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

// Reads the quoted word that begins at `at`, and moves `at` behind it. False where it has no end.
bool readQuoted(std::string_view line, std::size_t& at, std::string& word) {
    const char quote = line[at++];
    for (; at < line.size(); ++at) {
        if (line[at] == quote) {
            ++at;
            return true;
        }
        if (quote == '"' && line[at] == '\\' && at + 1 < line.size()) ++at;
        word += line[at];
    }
    return false;
}

} // namespace

Result<std::vector<std::string>> splitWords(std::string_view line) {
    std::vector<std::string> words;
    for (std::size_t at = line.find_first_not_of(kBlanks); at != std::string_view::npos;
         at = line.find_first_not_of(kBlanks, at)) {
        std::string& word = words.emplace_back();
        if (line[at] == '"' || line[at] == '\'') {
            const char quote = line[at];
            if (!readQuoted(line, at, word))
                return Error{Errc::Malformed,
                             std::string("A quote is not closed: end the word with ") + quote};
        } else {
            const std::size_t end = std::min(line.find_first_of(kBlanks, at), line.size());
            word = line.substr(at, end - at);
            at = end;
        }
    }
    return words;
}

Unfinished unfinishedWord(std::string_view line) {
    const std::size_t last = line.find_last_of(kBlanks);
    Unfinished unfinished;
    unfinished.stem = last == std::string_view::npos ? line : line.substr(last + 1);
    if (last != std::string_view::npos)
        if (auto words = splitWords(line.substr(0, last))) unfinished.before = std::move(*words);
    return unfinished;
}

} // namespace zk::viv
