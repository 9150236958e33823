// The identifiers that every layer speaks of. Their widths are those of the wire.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace zk {

// A server's id: the number in its myid file. 0 and up.
using Sid = std::int64_t;

// A session's id; the highest byte is the id of the server that made it. 0 is no session.
using SessionId = std::int64_t;

// A transaction's id: the leader's epoch in the high 32 bits, a counter in the low ones. Counter 0 is the start of an
// epoch and never a transaction.
struct Zxid {
    std::int64_t value = 0;

    constexpr Zxid() = default;
    constexpr explicit Zxid(std::int64_t whole) : value(whole) {}
    constexpr Zxid(std::int64_t epoch, std::uint32_t counter)
        : value(static_cast<std::int64_t>((static_cast<std::uint64_t>(epoch) << 32) | counter)) {}

    constexpr std::int64_t epoch() const { return value >> 32; }
    constexpr std::uint32_t counter() const { return static_cast<std::uint32_t>(value); }
    constexpr Zxid next() const { return Zxid(static_cast<std::int64_t>(static_cast<std::uint64_t>(value) + 1)); }
    constexpr auto operator<=>(const Zxid&) const = default;
};

// "0x100000005", as ZooKeeper's own tools print it.
std::string hex(Zxid zxid);
// "0x1000a3f4c2b0001" for session ids.
std::string hex(std::int64_t id);

} // namespace zk

template <>
struct std::hash<zk::Zxid> {
    std::size_t operator()(zk::Zxid zxid) const noexcept { return std::hash<std::int64_t>()(zxid.value); }
};
