// A line of the shell as words, and the place in it that completion is about.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace zk::viv {

// Words are separated by spaces and tabs. A word may be quoted, wholly, with ' or "; within "..." a backslash
// makes the next letter a plain one. Errors: Errc::Malformed for a quote that is not closed.
Result<std::vector<std::string>> splitWords(std::string_view line);

// What stands before the cursor: how many words are complete, and the beginning of the one that is being
// written.
struct Unfinished {
    std::vector<std::string> before;
    std::string stem;
};
Unfinished unfinishedWord(std::string_view line);

} // namespace zk::viv
