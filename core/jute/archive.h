// Jute, ZooKeeper's serialisation: big-endian integers, length-prefixed bytes, fields in order, no tags.
//
// A record lists its fields once, with ZK_FIELDS; the encoder, the decoder, the printer and the comparer all visit that
// list. Decoding is total: any bytes give a record or an error, and nothing is allocated on the word of a length
// that the bytes at hand cannot hold.
#pragma once

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace zk::jute {

// A record is a type that lists its fields with ZK_FIELDS.
template <class T>
concept Record = requires { typename T::JuteRecord; };

// Appends the wire form of values to a string that outlives it.
class Writer {
  public:
    explicit Writer(std::string& out) : out_(out) {}

    void i8(std::int8_t value) { out_.push_back(static_cast<char>(value)); }
    void i32(std::int32_t value) { fixed(value); }
    void i64(std::int64_t value) { fixed(value); }
    void boolean(bool value) { out_.push_back(value ? 1 : 0); }
    // A ustring or a buffer: int length, then the bytes.
    void bytes(std::string_view value) {
        i32(static_cast<std::int32_t>(value.size()));
        out_.append(value);
    }
    void raw(std::string_view value) { out_.append(value); }

    std::string& out() { return out_; }

  private:
    template <class Integer>
    void fixed(Integer value) {
        char wire[sizeof(Integer)];
        storeBigEndian(wire, value);
        out_.append(wire, sizeof wire);
    }

    std::string& out_;
};

// Reads values from bytes that outlive it. The first value that the bytes cannot give fails the reader for good; from
// then on it gives zeros and empty strings, so a caller may read a whole record and ask ok() once.
class Reader {
  public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}

    std::int8_t i8() { return fixed<std::int8_t>(); }
    std::int32_t i32() { return fixed<std::int32_t>(); }
    std::int64_t i64() { return fixed<std::int64_t>(); }
    bool boolean() { return fixed<std::int8_t>() != 0; }
    // A ustring; a null one reads as empty. The view points into the bytes.
    std::string_view ustring();
    // A buffer; null where its length is -1. The view points into the bytes.
    std::optional<std::string_view> buffer();
    // The number of elements of a vector; -1 for a null one. Fails where the rest cannot hold so many elements of at
    // least one byte each.
    std::int32_t count();
    std::string_view raw(std::size_t size);

    bool ok() const { return ok_; }
    void fail() { ok_ = false; }
    std::size_t offset() const { return offset_; }
    std::size_t left() const { return bytes_.size() - offset_; }
    std::string_view rest() const { return bytes_.substr(offset_); }

  private:
    template <class Integer>
    Integer fixed() {
        if (!ok_ || left() < sizeof(Integer)) {
            ok_ = false;
            return 0;
        }
        const auto value = loadBigEndian<Integer>(bytes_.data() + offset_);
        offset_ += sizeof(Integer);
        return value;
    }

    std::string_view bytes_;
    std::size_t offset_ = 0;
    bool ok_ = true;
};

// write: one value of any type that a record may hold.
inline void write(Writer& out, bool value) { out.boolean(value); }
inline void write(Writer& out, std::int8_t value) { out.i8(value); }
inline void write(Writer& out, std::int32_t value) { out.i32(value); }
inline void write(Writer& out, std::int64_t value) { out.i64(value); }
inline void write(Writer& out, Zxid value) { out.i64(value.value); }
inline void write(Writer& out, const std::string& value) { out.bytes(value); }
inline void write(Writer& out, const Buffer& value) {
    if (value) out.bytes(*value);
    else out.i32(-1);
}
template <class T>
void write(Writer& out, const std::vector<T>& values);
template <class T>
void write(Writer& out, const std::optional<std::vector<T>>& values);
template <Record T>
void write(Writer& out, const T& record) {
    T::visit(record, [&out](const char*, const auto& field) { write(out, field); });
}
template <class T>
void write(Writer& out, const std::vector<T>& values) {
    out.i32(static_cast<std::int32_t>(values.size()));
    for (const T& value : values) write(out, value);
}
template <class T>
void write(Writer& out, const std::optional<std::vector<T>>& values) {
    if (values) write(out, *values);
    else out.i32(-1);
}

// read: the counterpart of write.
inline void read(Reader& in, bool& value) { value = in.boolean(); }
inline void read(Reader& in, std::int8_t& value) { value = in.i8(); }
inline void read(Reader& in, std::int32_t& value) { value = in.i32(); }
inline void read(Reader& in, std::int64_t& value) { value = in.i64(); }
inline void read(Reader& in, Zxid& value) { value = Zxid(in.i64()); }
inline void read(Reader& in, std::string& value) { value = in.ustring(); }
inline void read(Reader& in, Buffer& value) {
    if (const auto view = in.buffer()) value = std::string(*view);
    else value.reset();
}
template <class T>
void read(Reader& in, std::vector<T>& values);
template <class T>
void read(Reader& in, std::optional<std::vector<T>>& values);
template <Record T>
void read(Reader& in, T& record) {
    T::visit(record, [&in](const char*, auto& field) { read(in, field); });
}
template <class T>
void read(Reader& in, std::vector<T>& values) {
    values.clear();
    const std::int32_t count = in.count();
    for (std::int32_t index = 0; index < count && in.ok(); ++index) read(in, values.emplace_back());
}
template <class T>
void read(Reader& in, std::optional<std::vector<T>>& values) {
    values.reset();
    const std::int32_t count = in.count();
    if (count < 0) return;
    values.emplace();
    for (std::int32_t index = 0; index < count && in.ok(); ++index) read(in, values->emplace_back());
}

// The wire form of one record.
template <class T>
std::string encode(const T& record) {
    std::string bytes;
    Writer out(bytes);
    write(out, record);
    return bytes;
}

Error malformed(std::string_view what, std::size_t offset);

// The record at the start of `bytes`; what follows it is left unread, as Apache's servers leave it.
// Errors: Errc::Malformed, with the offset at which the bytes gave out.
template <class T>
Result<T> decode(std::string_view bytes) {
    Reader in(bytes);
    T record{};
    read(in, record);
    if (!in.ok()) return malformed(T::kName, in.offset());
    return record;
}

// print: one value as a person reads it: CreateRequest{path: "/a", data: 3 bytes, ...}.
void print(std::string& out, bool value);
void print(std::string& out, std::int8_t value);
void print(std::string& out, std::int32_t value);
void print(std::string& out, std::int64_t value);
void print(std::string& out, Zxid value);
void print(std::string& out, const std::string& value);
void print(std::string& out, const Buffer& value);
template <class T>
void print(std::string& out, const std::vector<T>& values);
template <class T>
void print(std::string& out, const std::optional<std::vector<T>>& values);
template <Record T>
void print(std::string& out, const T& record) {
    out += T::kName;
    out += '{';
    bool first = true;
    T::visit(record, [&](const char* name, const auto& field) {
        if (!first) out += ", ";
        first = false;
        out += name;
        out += ": ";
        print(out, field);
    });
    out += '}';
}
template <class T>
void print(std::string& out, const std::vector<T>& values) {
    out += '[';
    for (std::size_t index = 0; index < values.size(); ++index) {
        if (index > 0) out += ", ";
        print(out, values[index]);
    }
    out += ']';
}
template <class T>
void print(std::string& out, const std::optional<std::vector<T>>& values) {
    if (values) print(out, *values);
    else out += "null";
}

template <class T>
std::string describe(const T& record) {
    std::string text;
    print(text, record);
    return text;
}

} // namespace zk::jute

// ZK_FIELDS(Type, field...): makes a struct a record of these fields, in wire order.
#define ZK_FIELD_1(f) visitor(#f, self.f);
#define ZK_FIELD_2(f, ...) ZK_FIELD_1(f) ZK_FIELD_1(__VA_ARGS__)
#define ZK_FIELD_3(f, ...) ZK_FIELD_1(f) ZK_FIELD_2(__VA_ARGS__)
#define ZK_FIELD_4(f, ...) ZK_FIELD_1(f) ZK_FIELD_3(__VA_ARGS__)
#define ZK_FIELD_5(f, ...) ZK_FIELD_1(f) ZK_FIELD_4(__VA_ARGS__)
#define ZK_FIELD_6(f, ...) ZK_FIELD_1(f) ZK_FIELD_5(__VA_ARGS__)
#define ZK_FIELD_7(f, ...) ZK_FIELD_1(f) ZK_FIELD_6(__VA_ARGS__)
#define ZK_FIELD_8(f, ...) ZK_FIELD_1(f) ZK_FIELD_7(__VA_ARGS__)
#define ZK_FIELD_9(f, ...) ZK_FIELD_1(f) ZK_FIELD_8(__VA_ARGS__)
#define ZK_FIELD_10(f, ...) ZK_FIELD_1(f) ZK_FIELD_9(__VA_ARGS__)
#define ZK_FIELD_11(f, ...) ZK_FIELD_1(f) ZK_FIELD_10(__VA_ARGS__)
#define ZK_FIELD_12(f, ...) ZK_FIELD_1(f) ZK_FIELD_11(__VA_ARGS__)
#define ZK_FIELD_PICK(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, NAME, ...) NAME
#define ZK_FIELDS(Type, ...)                                                                                          \
    struct JuteRecord;                                                                                                \
    static constexpr const char* kName = #Type;                                                                       \
    template <class Self, class Visitor>                                                                              \
    static void visit(Self& self, Visitor&& visitor) {                                                                \
        ZK_FIELD_PICK(__VA_ARGS__, ZK_FIELD_12, ZK_FIELD_11, ZK_FIELD_10, ZK_FIELD_9, ZK_FIELD_8, ZK_FIELD_7,         \
                      ZK_FIELD_6, ZK_FIELD_5, ZK_FIELD_4, ZK_FIELD_3, ZK_FIELD_2, ZK_FIELD_1)                         \
        (__VA_ARGS__)                                                                                                 \
    }                                                                                                                 \
    bool operator==(const Type&) const = default
