#include "admin/status.h"

namespace zk::admin {

namespace {

std::map<std::string, std::string> parseLines(std::string_view text, std::string_view separator) {
    std::map<std::string, std::string> values;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        const std::size_t at = line.find(separator);
        if (at == std::string_view::npos || at == 0) continue;
        values.insert_or_assign(std::string(line.substr(0, at)),
                                std::string(line.substr(at + separator.size())));
    }
    return values;
}

} // namespace

std::map<std::string, std::string> parseMntr(std::string_view text) {
    return parseLines(text, "\t");
}

std::map<std::string, std::string> parseSrvr(std::string_view text) {
    return parseLines(text, ": ");
}

} // namespace zk::admin
