#include "admin/json.h"

#include "admin/monitor.h"

#include <cstdio>

namespace zk::admin {

std::string Json::take() {
    while (!levels_.empty())
        end();
    return std::move(text_);
}

Json& Json::name(std::string_view key) {
    separate();
    quote(key);
    text_ += " : ";
    named_ = true;
    return *this;
}

void Json::value(std::string_view text) {
    separate();
    quote(text);
}

void Json::value(double number) {
    raw(decimal(number));
}

void Json::raw(std::string_view text) {
    separate();
    text_ += text;
}

void Json::begin(bool list) {
    separate();
    text_ += list ? '[' : '{';
    levels_.push_back({list, true});
}

void Json::end() {
    const Level level = levels_.back();
    levels_.pop_back();
    if (level.list || level.empty)
        text_ += ' ';
    else
        line();
    text_ += level.list ? ']' : '}';
}

// What stands between a value, or its name, and what comes before it.
void Json::separate() {
    if (named_) {
        named_ = false;
        return;
    }
    if (levels_.empty()) return;
    Level& level = levels_.back();
    if (!level.empty) text_ += ',';
    level.empty = false;
    if (level.list)
        text_ += ' ';
    else
        line();
}

void Json::line() {
    text_ += '\n';
    for (const Level& level : levels_)
        if (!level.list) text_ += "  ";
}

void Json::quote(std::string_view text) {
    text_ += '"';
    for (const char c : text) {
        switch (c) {
        case '"': text_ += "\\\""; break;
        case '\\': text_ += "\\\\"; break;
        case '\n': text_ += "\\n"; break;
        case '\r': text_ += "\\r"; break;
        case '\t': text_ += "\\t"; break;
        case '\b': text_ += "\\b"; break;
        case '\f': text_ += "\\f"; break;
        default:
            if (static_cast<unsigned char>(c) >= 0x20) {
                text_ += c;
            } else {
                char escaped[8];
                std::snprintf(escaped, sizeof escaped, "\\u%04X", static_cast<unsigned>(c));
                text_ += escaped;
            }
        }
    }
    text_ += '"';
}

} // namespace zk::admin
