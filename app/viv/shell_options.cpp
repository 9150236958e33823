#include "shell_options.h"

namespace zk::viv {

std::vector<std::string> withLongOptions(std::vector<std::string> words) {
    if (words.empty() || words[0] != "shell") return words;
    for (std::size_t index = 1; index < words.size(); ++index) {
        std::string& word = words[index];
        if (!word.starts_with('-')) break;
        if (word == "-server" || word == "-timeout") word.insert(0, "-");
        if (word == "--server" || word == "--timeout" || word == "--auth") ++index;
    }
    return words;
}

} // namespace zk::viv
