// The bytes of the election port: notifications and the handshake. Layouts: Apache's
// FastLeaderElection.buildMsg and QuorumCnxManager.InitialMessage.
#include "election/election.h"

#include "jute/archive.h"

#include <charconv>

namespace zk::election {

namespace {

constexpr std::size_t kOldest = 28;      // state, leader, zxid, round
constexpr std::size_t kUnversioned = 40; // and the epoch; the four bytes after it mean nothing
constexpr std::int32_t kWithConfig = 2;  // the first version that carries the config
constexpr std::int64_t kOneAddress = -65536, kManyAddresses = -65535;
constexpr std::int32_t kAddressLimit = 2048;

Error malformed(std::string detail) {
    return {make_error_code(Errc::Malformed), std::move(detail)};
}

// "host:port" with a port between 1 and 65535.
bool isAddress(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    const std::string_view digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return error == std::errc() && end == digits.data() + digits.size() && port > 0;
}

} // namespace

std::string encode(const Notification& notification) {
    std::string bytes;
    jute::Writer out(bytes);
    out.i32(static_cast<std::int32_t>(notification.state));
    out.i64(notification.vote.leader);
    out.i64(notification.vote.zxid.value);
    out.i64(notification.vote.round);
    out.i64(notification.vote.peerEpoch);
    out.i32(kWithConfig);
    out.bytes(notification.config);
    return bytes;
}

Result<Notification> decodeNotification(std::string_view payload) {
    jute::Reader in(payload);
    Notification notification;
    const std::int32_t state = in.i32();
    notification.vote.leader = in.i64();
    notification.vote.zxid = Zxid(in.i64());
    notification.vote.round = in.i64();
    notification.version = 0;
    if (payload.size() == kOldest) {
        notification.vote.peerEpoch = notification.vote.zxid.epoch();
    } else {
        notification.vote.peerEpoch = in.i64();
        const std::int32_t version = in.i32();
        if (payload.size() != kUnversioned) notification.version = version;
        if (notification.version >= kWithConfig) {
            const std::int32_t size = in.i32();
            if (size < 0)
                in.fail();
            else
                notification.config = in.raw(static_cast<std::size_t>(size));
        }
    }
    if (!in.ok())
        return malformed(
            "A notification of " + std::to_string(payload.size()) +
            " bytes ends before its fields do; the peer's version may be unknown to this server.");
    if (state < 0 || state > static_cast<std::int32_t>(ServerState::Observing))
        return malformed("A notification names the server state " + std::to_string(state) +
                         ", which does not exist.");
    notification.state = static_cast<ServerState>(state);
    return notification;
}

std::string encode(const Handshake& handshake) {
    std::string bytes;
    jute::Writer out(bytes);
    if (!handshake.addresses.empty()) out.i64(handshake.addresses.size() == 1 ? kOneAddress : kManyAddresses);
    out.i64(handshake.sid);
    if (handshake.addresses.empty()) return bytes;
    std::string joined;
    for (const std::string& address : handshake.addresses) {
        if (!joined.empty()) joined += '|';
        joined += address;
    }
    out.bytes(joined);
    return bytes;
}

Result<std::optional<Handshake>> takeHandshake(std::string_view& stream) {
    constexpr std::size_t kFixed = 20; // version, sid, length
    const std::optional<Handshake> unfinished;
    if (stream.size() < sizeof(std::int64_t)) return unfinished;
    jute::Reader in(stream);
    Handshake handshake;
    const std::int64_t first = in.i64();
    if (first >= 0) {
        handshake.sid = first;
        stream.remove_prefix(in.offset());
        return std::optional(handshake);
    }
    if (first != kOneAddress && first != kManyAddresses)
        return malformed("A peer began with the unknown election protocol version " + std::to_string(first) +
                         ".");
    if (stream.size() < kFixed) return unfinished;
    handshake.sid = in.i64();
    const std::int32_t length = in.i32();
    if (handshake.sid < 0)
        return malformed("A peer called itself server " + std::to_string(handshake.sid) +
                         "; ids are 0 and up.");
    if (length < 1 || length > kAddressLimit)
        return malformed("A handshake's address of " + std::to_string(length) +
                         " bytes is not within 1 and " + std::to_string(kAddressLimit) + ".");
    if (in.left() < static_cast<std::size_t>(length)) return unfinished;
    std::string_view joined = in.raw(static_cast<std::size_t>(length));
    for (bool more = true; more;) {
        const auto bar = joined.find('|');
        more = bar != std::string_view::npos;
        const std::string_view address = joined.substr(0, bar);
        if (!isAddress(address))
            return malformed("A handshake of server " + std::to_string(handshake.sid) + " holds \"" +
                             std::string(address) + "\" where host:port belongs.");
        handshake.addresses.emplace_back(address);
        if (more) joined.remove_prefix(bar + 1);
    }
    stream.remove_prefix(in.offset());
    return std::optional(handshake);
}

} // namespace zk::election
