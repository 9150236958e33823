// What a znode's ephemeralOwner says: a session's id, the mark of a container, or the mark of a TTL with its
// time. Rules: Apache's EphemeralType; protocol notes 3.
#pragma once

#include <cstdint>

namespace zk::tree {

enum class OwnerKind : std::uint8_t {
    None,      // 0: a persistent znode
    Session,   // an ephemeral
    Container, // deleted once its last child has gone
    Ttl,       // deleted once it has had neither a child nor a change for its time
};

inline constexpr std::int64_t kContainerOwner = INT64_MIN;          // 0x8000000000000000
inline constexpr std::int64_t kTtlOwnerMask = -72057594037927936LL; // 0xFF00000000000000
inline constexpr std::int64_t kMaxTtlMs = (std::int64_t{1} << 40) - 1;

// Where extended types are off, a number that looks like a TTL is the id of a session that server 255 made.
constexpr OwnerKind ownerKind(std::int64_t owner, bool extendedTypes) {
    if (owner == 0) return OwnerKind::None;
    if (extendedTypes && (owner & ~kMaxTtlMs) == kTtlOwnerMask) return OwnerKind::Ttl;
    return owner == kContainerOwner ? OwnerKind::Container : OwnerKind::Session;
}

// Precondition: 0 < ttlMs <= kMaxTtlMs.
constexpr std::int64_t ttlOwner(std::int64_t ttlMs) {
    return kTtlOwnerMask | ttlMs;
}
// Precondition: the owner of a TTL znode.
constexpr std::int64_t ttlMsOf(std::int64_t owner) {
    return owner & kMaxTtlMs;
}

} // namespace zk::tree
