#include "shell_options.h"

namespace zk::viv {

std::vector<std::string> withLongOptions(std::vector<std::string> words) {
    if (words.empty() || words[0] != "shell") return words;
    for (std::size_t index = 1; index < words.size(); ++index) {
        std::string& word = words[index];
        if (!word.starts_with('-')) break;
        if (word == "-server" || word == "-timeout" || word == "-client-configuration") word.insert(0, "-");
        for (const char* const valued : {"--server", "--timeout", "--auth", "--client-configuration", "--trust", "--cert"})
            if (word == valued) {
                ++index;
                break;
            }
    }
    return words;
}

} // namespace zk::viv
