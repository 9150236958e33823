// The order in which people look for names: digits count as numbers ("node-2" before "node-10"), the rest
// byte by byte. A strict weak ordering; names that differ are never equal.
#pragma once

#include <string_view>

namespace viv {

inline bool naturallyBefore(std::string_view a, std::string_view b) {
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    std::size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        if (!isDigit(a[i]) || !isDigit(b[j])) {
            if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
            ++i, ++j;
            continue;
        }
        const auto number = [&](std::string_view text, std::size_t& at) {
            while (at + 1 < text.size() && text[at] == '0' && isDigit(text[at + 1]))
                ++at;
            const std::size_t first = at;
            while (at < text.size() && isDigit(text[at]))
                ++at;
            return text.substr(first, at - first);
        };
        const std::string_view left = number(a, i), right = number(b, j);
        if (left.size() != right.size()) return left.size() < right.size();
        if (left != right) return left < right;
    }
    if (i < a.size() || j < b.size()) return j < b.size();
    return a < b; // the same but for leading zeros
}

} // namespace viv
