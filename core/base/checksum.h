// The checksums of the disk format and of the tree digest, as zlib defines them.
#pragma once

#include <cstdint>
#include <string_view>

namespace zk {

// Adler-32, carried on from `before` (1 to start): the seal of log records and snapshots.
std::uint32_t adler32(std::string_view bytes, std::uint32_t before = 1);

// CRC-32, carried on from `before` (0 to start): one node's part of the tree digest.
std::uint32_t crc32(std::string_view bytes, std::uint32_t before = 0);

} // namespace zk
