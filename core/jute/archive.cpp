#include "jute/archive.h"

namespace zk::jute {

std::string_view Reader::raw(std::size_t size) {
    if (!ok_ || left() < size) {
        ok_ = false;
        return {};
    }
    const std::string_view view = bytes_.substr(offset_, size);
    offset_ += size;
    return view;
}

std::optional<std::string_view> Reader::buffer() {
    const std::int32_t length = i32();
    if (length == -1) return std::nullopt;
    if (length < 0) ok_ = false;
    return raw(ok_ ? static_cast<std::size_t>(length) : 0);
}

std::string_view Reader::ustring() { return buffer().value_or(std::string_view()); }

std::int32_t Reader::count() {
    const std::int32_t count = i32();
    if (count < -1 || (count > 0 && static_cast<std::size_t>(count) > left())) ok_ = false;
    return ok_ ? count : -1;
}

Error malformed(std::string_view what, std::size_t offset) {
    return {Errc::Malformed, std::string(what) + " is cut short or broken at byte " + std::to_string(offset)};
}

void print(std::string& out, bool value) { out += value ? "true" : "false"; }
void print(std::string& out, std::int8_t value) { out += std::to_string(value); }
void print(std::string& out, std::int32_t value) { out += std::to_string(value); }
void print(std::string& out, std::int64_t value) { out += std::to_string(value); }
void print(std::string& out, Zxid value) { out += hex(value); }

void print(std::string& out, const std::string& value) {
    out += '"';
    for (const char letter : value) {
        if (letter == '"' || letter == '\\') out += '\\';
        if (static_cast<unsigned char>(letter) < 0x20) out += "\\x" + toHex(std::string_view(&letter, 1));
        else out += letter;
    }
    out += '"';
}

void print(std::string& out, const Buffer& value) {
    if (value) out += std::to_string(value->size()) + " bytes";
    else out += "null";
}

} // namespace zk::jute
