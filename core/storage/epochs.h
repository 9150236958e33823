// currentEpoch and acceptedEpoch: a number in decimal digits, without a newline, in a file of its own that is
// replaced as a whole. Used by Store, on its thread.
#pragma once

#include "storage/disk.h"

#include <optional>

namespace zk::storage {

// Null where the file is missing. Errors: Corrupt, where it holds anything but a number from 0 up.
Result<std::optional<std::int64_t>> readEpoch(Disk& disk, const std::string& path);
// Durable on return.
Result<void> writeEpoch(Disk& disk, const std::string& path, std::int64_t epoch);

} // namespace zk::storage
