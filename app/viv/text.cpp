#include "text.h"

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

std::string base64(std::string_view bytes) {
    static constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
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

} // namespace zk::viv
