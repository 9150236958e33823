// Completion: what may stand where the cursor is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zk::viv {

struct CompletionQuery {
    std::string stem;                  // what is written of the word already
    std::string parent;                // not empty: ask for the children of this znode
    std::vector<std::string> commands; // otherwise these words are the candidates
};

// What to complete at the end of `line`: commands in its first word, and after help; options behind a dash, what
// an option is followed by, and paths in the others.
CompletionQuery completionQuery(std::string_view line);

// The children's paths that begin with the stem, sorted.
std::vector<std::string> matchingPaths(const CompletionQuery& query,
                                       const std::vector<std::string>& children);

// The longest beginning that all of them share. Precondition: at least one.
std::string commonBeginning(const std::vector<std::string>& candidates);

} // namespace zk::viv
