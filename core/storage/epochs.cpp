#include "storage/epochs.h"

#include <charconv>

namespace zk::storage {

Result<std::optional<std::int64_t>> readEpoch(Disk& disk, const std::string& path) {
    const auto there = disk.exists(path);
    if (!there) return there.error();
    if (!*there) return std::optional<std::int64_t>();
    const auto text = readFile(disk, path);
    if (!text) return text.error();
    // An administrator who wrote the file by hand has ended it with a newline.
    const std::string_view digits = std::string_view(*text).substr(0, text->find_last_not_of(" \r\n") + 1);
    std::int64_t epoch = -1;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), epoch);
    if (failure != std::errc() || end != digits.data() + digits.size() || epoch < 0)
        return Error{Errc::Corrupt, path + " is damaged at offset " + std::to_string(end - digits.data()) +
                                        ": it must hold an epoch, a number from 0 up"};
    return std::optional<std::int64_t>(epoch);
}

Result<void> writeEpoch(Disk& disk, const std::string& path, std::int64_t epoch) {
    return replaceFile(disk, path, std::to_string(epoch));
}

} // namespace zk::storage
