#include "jute/quorum_records.h"

namespace zk::jute {

std::string_view name(PacketType type) {
    switch (type) {
    case PacketType::Request: return "REQUEST";
    case PacketType::Proposal: return "PROPOSAL";
    case PacketType::Ack: return "ACK";
    case PacketType::Commit: return "COMMIT";
    case PacketType::Ping: return "PING";
    case PacketType::Revalidate: return "REVALIDATE";
    case PacketType::Sync: return "SYNC";
    case PacketType::Inform: return "INFORM";
    case PacketType::CommitAndActivate: return "COMMITANDACTIVATE";
    case PacketType::NewLeader: return "NEWLEADER";
    case PacketType::FollowerInfo: return "FOLLOWERINFO";
    case PacketType::UpToDate: return "UPTODATE";
    case PacketType::Diff: return "DIFF";
    case PacketType::Trunc: return "TRUNC";
    case PacketType::Snap: return "SNAP";
    case PacketType::ObserverInfo: return "OBSERVERINFO";
    case PacketType::LeaderInfo: return "LEADERINFO";
    case PacketType::AckEpoch: return "ACKEPOCH";
    case PacketType::InformAndActivate: return "INFORMANDACTIVATE";
    }
    return "UNKNOWN";
}

Result<LearnerInfo> decodeLearnerInfo(std::string_view bytes) {
    Reader in(bytes);
    LearnerInfo info;
    info.protocolVersion = 0;
    read(in, info.sid);
    if (in.left() >= 4) read(in, info.protocolVersion);
    if (in.left() >= 8) read(in, info.configVersion);
    if (!in.ok()) return malformed(LearnerInfo::kName, in.offset());
    return info;
}

std::string encode(const ForwardedRequest& request) {
    std::string bytes;
    Writer out(bytes);
    out.i64(request.session);
    out.i32(request.cxid);
    out.i32(static_cast<std::int32_t>(request.type));
    out.raw(request.body);
    return bytes;
}

Result<ForwardedRequest> decodeForwardedRequest(std::string_view bytes) {
    Reader in(bytes);
    ForwardedRequest request;
    read(in, request.session);
    read(in, request.cxid);
    request.type = static_cast<OpCode>(in.i32());
    if (!in.ok()) return malformed("a forwarded request", in.offset());
    request.body = in.rest();
    return request;
}

std::string encode(const std::vector<SessionTouch>& touches) {
    std::string bytes;
    Writer out(bytes);
    for (const SessionTouch& touch : touches) write(out, touch);
    return bytes;
}

Result<std::vector<SessionTouch>> decodeTouches(std::string_view bytes) {
    Reader in(bytes);
    std::vector<SessionTouch> touches;
    while (in.ok() && in.left() > 0) read(in, touches.emplace_back());
    if (!in.ok()) return malformed("the sessions of a PING", in.offset());
    return touches;
}

Result<std::optional<QuorumPacket>> takePacket(std::string_view& stream) {
    using Taken = std::optional<QuorumPacket>;
    constexpr std::size_t fixedSize = 4 + 8;
    if (stream.size() < fixedSize + 4) return Taken();
    // The lengths come first, so that a packet which is not whole yet is never half copied.
    const auto dataLength = loadBigEndian<std::int32_t>(stream.data() + fixedSize);
    if (dataLength < -1 || dataLength > kPacketDataLimit)
        return Error{Errc::Malformed, "a quorum packet claims " + std::to_string(dataLength) + " bytes of data"};
    const std::size_t dataEnd = fixedSize + 4 + static_cast<std::size_t>(dataLength > 0 ? dataLength : 0);
    if (stream.size() < dataEnd + 4) return Taken();
    const auto ids = loadBigEndian<std::int32_t>(stream.data() + dataEnd);
    constexpr std::int32_t idsLimit = 10'000;
    if (ids < -1 || ids > idsLimit)
        return Error{Errc::Malformed, "a quorum packet claims " + std::to_string(ids) + " identities"};
    std::size_t end = dataEnd + 4;
    for (std::int32_t part = 0; part < ids * 2; ++part) {
        if (stream.size() < end + 4) return Taken();
        const auto length = loadBigEndian<std::int32_t>(stream.data() + end);
        if (length < -1 || length > kPacketDataLimit)
            return Error{Errc::Malformed, "an identity in a quorum packet claims " + std::to_string(length) + " bytes"};
        end += 4 + static_cast<std::size_t>(length > 0 ? length : 0);
    }
    if (stream.size() < end) return Taken();
    auto packet = decode<QuorumPacket>(stream.substr(0, end));
    if (!packet) return packet.error();
    stream.remove_prefix(end);
    return Taken(std::move(*packet));
}

} // namespace zk::jute
