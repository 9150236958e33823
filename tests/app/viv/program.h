// Program: runs the built viv as a child process, as a user would.
#pragma once

#include <string>
#include <vector>

namespace zk::viv {

struct Ran {
    int status = -1;
    std::string out, err;
};
// Runs viv with these arguments, `input` as its standard input, to its end.
Ran runViv(const std::vector<std::string>& arguments, const std::string& input = {});

// A port on 127.0.0.1 that nobody has at the moment.
int freePort();

} // namespace zk::viv
