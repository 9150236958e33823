// zkCli's spelling of options on viv shell's command line.
#pragma once

#include <string>
#include <vector>

namespace zk::viv {

// zkCli writes its long options with one dash: -server, -timeout, -client-configuration. Gives them the second one, up to the
// shell's command, whose own words are left alone. The words of other subcommands stay as they are.
std::vector<std::string> withLongOptions(std::vector<std::string> words);

} // namespace zk::viv
