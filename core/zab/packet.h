// The bytes of the packets that both Zab machines send. A packet's layout is that of jute::QuorumPacket; a
// transaction's bytes are copied once, from the shared log entry into the wire.
#pragma once

#include "base/ids.h"
#include "jute/quorum_records.h"

#include <optional>
#include <string>
#include <string_view>

namespace zk::zab {

// What follows a SNAP stream's body, so that the learner knows that it read the whole of it: a ustring.
inline constexpr std::string_view kSnapshotTrailer = "BenWasHere";

// The zxid of a packet that speaks of no transaction.
inline constexpr Zxid kNoZxid{-1};

// Appends a packet without authinfo; null data where none is given.
void appendPacket(std::string& out, jute::PacketType type, Zxid zxid,
                  std::optional<std::string_view> data = std::nullopt);

} // namespace zk::zab
