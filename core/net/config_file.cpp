#include "net/config_file.h"

namespace zk::net {

Result<config::Parsed> loadConfig(storage::Disk& disk, const std::string& file,
                                  const std::vector<std::string>& definitions) {
    const auto contents = [&disk](const std::string& path) -> std::optional<std::string> {
        auto text = storage::readFile(disk, path);
        if (!text) return std::nullopt;
        return std::move(*text);
    };
    const auto text = contents(file);
    if (!text)
        return Error{config::Errc::Unreadable,
                     "The configuration " + file + " cannot be read. Check the path and its permissions."};
    return config::parse(*text, file, contents, definitions);
}

Result<config::Parsed> loadConfig(const std::string& file, const std::vector<std::string>& definitions) {
    const auto disk = storage::systemDisk();
    return loadConfig(*disk, file, definitions);
}

} // namespace zk::net
