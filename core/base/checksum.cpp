#include "base/checksum.h"

#include <zlib.h>

namespace zk {

std::uint32_t adler32(std::string_view bytes, std::uint32_t before) {
    return static_cast<std::uint32_t>(
        ::adler32_z(before, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::uint32_t crc32(std::string_view bytes, std::uint32_t before) {
    if (bytes.empty()) return before;
    return static_cast<std::uint32_t>(
        ::crc32_z(before, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

} // namespace zk
