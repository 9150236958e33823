#include "tree/path.h"

#include "base/assert.h"

#include <cstdio>

namespace zk::tree {

namespace {

// The code point that starts at `at`, which moves behind it; -1 where the bytes are no UTF-8.
std::int32_t nextCodePoint(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
    const unsigned first = byte(at++);
    if (first < 0x80) return static_cast<std::int32_t>(first);
    const int more = first >= 0xF0 && first < 0xF8 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : -1;
    if (more < 0 || first >= 0xF8 || at + static_cast<std::size_t>(more) > text.size()) return -1;
    std::int32_t point = static_cast<std::int32_t>(first & (0x3Fu >> more));
    for (int index = 0; index < more; ++index) {
        if ((byte(at) & 0xC0) != 0x80) return -1;
        point = point << 6 | (byte(at++) & 0x3F);
    }
    const std::int32_t least[] = {0, 0x80, 0x800, 0x10000};
    return point < least[more] || point > 0x10FFFF ? -1 : point;
}

// What lies beyond the first plane is a pair of surrogates to Apache, which a path may not have.
bool isForbidden(std::int32_t point) {
    return point < 0x20 || (point >= 0x7F && point <= 0x9F) || (point >= 0xD800 && point <= 0xF8FF) ||
           point >= 0xFFF0;
}

} // namespace

std::string pathFault(std::string_view path) {
    if (path.empty()) return "A path has at least one character.";
    if (path.front() != '/') return "A path begins with /.";
    if (path == "/") return {};
    if (path.back() == '/') return "A path other than / does not end with /.";
    for (std::size_t start = 1; start <= path.size();) {
        const std::size_t end = std::min(path.find('/', start), path.size());
        const std::string_view name = path.substr(start, end - start);
        const std::string where = " at byte " + std::to_string(start);
        if (name.empty()) return "An empty node name stands" + where + ".";
        if (name == "." || name == "..")
            return "The relative name " + std::string(name) + " stands" + where + ".";
        start = end + 1;
    }
    for (std::size_t at = 1; at < path.size();) {
        const std::size_t start = at;
        if (isForbidden(nextCodePoint(path, at)))
            return "A character that no path may have stands at byte " + std::to_string(start) + ".";
    }
    return {};
}

std::string_view parentOf(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    ZK_ASSERT(slash != std::string_view::npos);
    return slash == 0 ? path.substr(0, 1) : path.substr(0, slash);
}

std::string_view nameOf(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

std::string join(std::string_view parent, std::string_view child) {
    std::string path(parent == "/" ? std::string_view() : parent);
    path += '/';
    path += child;
    return path;
}

bool isReserved(std::string_view path) {
    return path == "/zookeeper" || path.starts_with("/zookeeper/");
}

std::string sequential(std::string_view path, std::int32_t number) {
    char digits[16];
    std::snprintf(digits, sizeof digits, "%010d", number);
    return std::string(path) + digits;
}

} // namespace zk::tree
