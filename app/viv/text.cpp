#include "text.h"

#include <fmt/format.h>

#include <cstdint>

namespace zk::viv {

bool isText(std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const auto lead = static_cast<unsigned char>(bytes[at]);
        const std::size_t more = lead < 0x80                   ? 0
                                 : lead >= 0xC2 && lead < 0xE0 ? 1
                                 : (lead & 0xF0) == 0xE0       ? 2
                                                               : 3;
        if ((lead >= 0x80 && lead < 0xC2) || lead > 0xF4 || bytes.size() - at <= more) return false;
        std::uint32_t point = more == 0 ? lead : lead & (0x3F >> more);
        for (std::size_t index = 1; index <= more; ++index) {
            const auto byte = static_cast<unsigned char>(bytes[at + index]);
            if ((byte & 0xC0) != 0x80) return false;
            point = (point << 6) | (byte & 0x3F);
        }
        const bool overlong = (more == 2 && point < 0x800) || (more == 3 && point < 0x10000);
        if (overlong || (point >= 0xD800 && point < 0xE000) || point > 0x10FFFF) return false;
        at += more + 1;
    }
    return true;
}

namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

} // namespace

std::string base64(std::string_view bytes) {
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        std::uint32_t group = 0;
        for (std::size_t index = 0; index < 3; ++index)
            group = (group << 8) |
                    (at + index < bytes.size() ? static_cast<unsigned char>(bytes[at + index]) : 0U);
        for (std::size_t index = 0; index < 4; ++index)
            out += at + index <= bytes.size() ? kLetters[(group >> (18 - 6 * index)) & 0x3F] : '=';
    }
    return out;
}

std::optional<std::string> fromBase64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    std::string out;
    std::uint32_t group = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::size_t value = at + padding < text.size() ? kLetters.find(text[at]) : 0;
        if (value == std::string_view::npos) return std::nullopt;
        group = (group << 6) | static_cast<std::uint32_t>(value);
        if (at % 4 != 3) continue;
        for (const int shift : {16, 8, 0})
            out += static_cast<char>((group >> shift) & 0xFF);
    }
    out.resize(out.size() - padding);
    return out;
}

std::string hexDump(std::string_view bytes) {
    std::string out = "         +-------------------------------------------------+\n"
                      "         |  0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f |\n";
    const std::string line = "+--------+-------------------------------------------------+----------------+\n";
    out += line;
    for (std::size_t start = 0; start < bytes.size(); start += 16) {
        out += fmt::format("|{:08x}|", start);
        std::string letters;
        for (std::size_t at = start; at < start + 16; ++at) {
            if (at >= bytes.size()) {
                out += "   ";
                letters += ' ';
                continue;
            }
            const auto byte = static_cast<unsigned char>(bytes[at]);
            out += fmt::format(" {:02x}", byte);
            letters += byte > 0x1F && byte < 0x7F ? static_cast<char>(byte) : '.';
        }
        out += " |" + letters + "|\n";
    }
    return out + line;
}

} // namespace zk::viv
