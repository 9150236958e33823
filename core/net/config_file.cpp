#include "net/config_file.h"

#include <fstream>
#include <iterator>

namespace zk::net {

namespace {

std::optional<std::string> contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(file), {});
}

} // namespace

Result<config::Parsed> loadConfig(const std::string& file) {
    const auto text = contents(file);
    if (!text)
        return Error{config::Errc::Unreadable,
                     "The configuration " + file + " cannot be read. Check the path and its permissions."};
    return config::parse(*text, file, contents);
}

} // namespace zk::net
