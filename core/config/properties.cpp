#include "config/properties.h"

#include "config/config.h"

#include <charconv>

namespace zk::config {

namespace {

bool isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\f';
}

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \t\f\r\n");
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\f\r\n") - first + 1);
}

// Appends a code unit as UTF-8.
void appendUtf8(std::string& out, unsigned unit) {
    if (unit < 0x80) {
        out.push_back(static_cast<char>(unit));
    } else if (unit < 0x800) {
        out.push_back(static_cast<char>(0xC0 | (unit >> 6)));
        out.push_back(static_cast<char>(0x80 | (unit & 0x3F)));
    } else {
        out.push_back(static_cast<char>(0xE0 | (unit >> 12)));
        out.push_back(static_cast<char>(0x80 | ((unit >> 6) & 0x3F)));
        out.push_back(static_cast<char>(0x80 | (unit & 0x3F)));
    }
}

class PropertiesReader {
  public:
    PropertiesReader(std::string_view text, const std::string& file) : text_(text), file_(file) {}

    Result<std::vector<Property>> read() {
        std::vector<Property> properties;
        while (!text_.empty()) {
            std::string_view line = nextLine();
            const int at = line_;
            skipBlanks(line);
            if (line.empty() || line.front() == '#' || line.front() == '!') continue;
            std::string whole(line);
            while (goesOn(whole)) {
                whole.pop_back();
                if (text_.empty()) break;
                std::string_view next = nextLine();
                skipBlanks(next);
                whole += next;
            }
            auto property = split(whole, at);
            if (!property) return property.error();
            properties.push_back(std::move(*property));
        }
        return properties;
    }

  private:
    std::string_view nextLine() {
        const auto end = text_.find_first_of("\r\n");
        const std::string_view line = text_.substr(0, end);
        const bool pair = end != std::string_view::npos && text_.substr(end, 2) == "\r\n";
        text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + (pair ? 2 : 1));
        ++line_;
        return line;
    }

    static void skipBlanks(std::string_view& line) {
        while (!line.empty() && isBlank(line.front()))
            line.remove_prefix(1);
    }

    // An odd number of backslashes at the end: the last of them is not itself escaped.
    static bool goesOn(const std::string& line) {
        const auto last = line.find_last_not_of('\\');
        return (line.size() - (last == std::string::npos ? 0 : last + 1)) % 2 == 1;
    }

    Result<Property> split(std::string_view line, int at) {
        std::size_t keyEnd = 0;
        while (keyEnd < line.size() && line[keyEnd] != '=' && line[keyEnd] != ':' && !isBlank(line[keyEnd]))
            keyEnd += line[keyEnd] == '\\' ? 2 : 1;
        keyEnd = std::min(keyEnd, line.size());
        std::string_view value = line.substr(keyEnd);
        skipBlanks(value);
        if (!value.empty() && (value.front() == '=' || value.front() == ':')) value.remove_prefix(1);
        auto key = unescape(line.substr(0, keyEnd), at);
        if (!key) return key.error();
        auto plain = unescape(value, at);
        if (!plain) return plain.error();
        return Property{trimmed(*key), trimmed(*plain), at};
    }

    Result<std::string> unescape(std::string_view text, int at) const {
        std::string out;
        for (std::size_t index = 0; index < text.size(); ++index) {
            if (text[index] == '\0') return unreadable(at, "holds a zero byte");
            if (text[index] != '\\') {
                out.push_back(text[index]);
                continue;
            }
            if (++index == text.size()) break;
            switch (text[index]) {
            case 't': out.push_back('\t'); break;
            case 'n': out.push_back('\n'); break;
            case 'r': out.push_back('\r'); break;
            case 'f': out.push_back('\f'); break;
            case 'u': {
                const std::string_view digits = text.substr(index + 1, 4);
                unsigned unit = 0;
                const auto [end, failure] =
                    std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
                if (failure != std::errc() || digits.size() != 4 || end != digits.data() + 4)
                    return unreadable(at,
                                      "has \\u without four hexadecimal digits; write \\\\ for a backslash");
                appendUtf8(out, unit);
                index += 4;
                break;
            }
            default: out.push_back(text[index]);
            }
        }
        return out;
    }

    Error unreadable(int at, const char* why) const {
        return {Errc::Unreadable, file_ + ":" + std::to_string(at) + ": this line " + why};
    }

    std::string_view text_;
    const std::string& file_;
    int line_ = 0;
};

} // namespace

Result<std::vector<Property>> readProperties(std::string_view text, const std::string& file) {
    return PropertiesReader(text, file).read();
}

std::string escapeValue(std::string_view value) {
    std::string out;
    for (const char c : value) {
        switch (c) {
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        default: out.push_back(c);
        }
    }
    return out;
}

} // namespace zk::config
