// Bytes as the protocol carries them, and the base of their big-endian reading and writing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zk {

// A jute buffer: bytes, or null, which is not the same as no bytes.
using Buffer = std::optional<std::string>;

template <class Integer>
void storeBigEndian(char* to, Integer value) {
    auto bits = static_cast<std::uint64_t>(value);
    for (std::size_t index = sizeof(Integer); index-- > 0; bits >>= 8) to[index] = static_cast<char>(bits & 0xFF);
}

template <class Integer>
Integer loadBigEndian(const char* from) {
    std::uint64_t bits = 0;
    for (std::size_t index = 0; index < sizeof(Integer); ++index)
        bits = (bits << 8) | static_cast<unsigned char>(from[index]);
    return static_cast<Integer>(bits);
}

// "0a1b2c": two digits a byte, no separators.
std::string toHex(std::string_view bytes);
// The bytes of such a text; null where it is not one.
std::optional<std::string> fromHex(std::string_view text);

} // namespace zk
