#include "base/bytes.h"

#include "base/assert.h"
#include "base/ids.h"

#include <array>
#include <cstdio>

namespace zk {

std::string toHex(std::string_view bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char byte : bytes) {
        text.push_back(digits[static_cast<unsigned char>(byte) >> 4]);
        text.push_back(digits[static_cast<unsigned char>(byte) & 0xF]);
    }
    return text;
}

std::optional<std::string> fromHex(std::string_view text) {
    const auto digit = [](char letter) {
        if (letter >= '0' && letter <= '9') return letter - '0';
        if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
        if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
        return -1;
    };
    if (text.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    for (std::size_t index = 0; index < text.size(); index += 2) {
        const int high = digit(text[index]), low = digit(text[index + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes.push_back(static_cast<char>(high * 16 + low));
    }
    return bytes;
}

std::string hex(std::int64_t id) {
    std::array<char, 24> text{};
    const int length = std::snprintf(text.data(), text.size(), "0x%llx", static_cast<unsigned long long>(id));
    return {text.data(), static_cast<std::size_t>(length)};
}

std::string hex(Zxid zxid) { return hex(zxid.value); }

void brokenPromise(const char* condition, const char* file, int line) {
    throw BrokenPromise(std::string("broken promise: ") + condition + " (" + file + ":" + std::to_string(line) + ")");
}

} // namespace zk
