// The records that servers say to each other on the quorum port. A QuorumPacket has no length before it: the stream is a
// plain sequence of packets, except that the snapshot's bytes follow a SNAP packet directly (see tree/snapshot.h).
#pragma once

#include "jute/client_records.h"

namespace zk::jute {

enum class PacketType : std::int32_t {
    Request = 1,            // learner to leader: a client's write, forwarded
    Proposal = 2,           // leader to follower: log this
    Ack = 3,                // follower to leader: logged and synced
    Commit = 4,             // leader to follower: apply it
    Ping = 5,               // both ways; the answer carries the sessions that were heard from
    Revalidate = 6,         // both ways: is this session alive?
    Sync = 7,               // leader to learner: everything before your sync is on its way
    Inform = 8,             // leader to observer: proposal and commit in one
    CommitAndActivate = 9,
    NewLeader = 10,
    FollowerInfo = 11,
    UpToDate = 12,
    Diff = 13,
    Trunc = 14,
    Snap = 15,
    ObserverInfo = 16,
    LeaderInfo = 17,
    AckEpoch = 18,
    InformAndActivate = 19,
};
std::string_view name(PacketType type);

struct QuorumPacket {
    std::int32_t type = 0;
    Zxid zxid;
    Buffer data;
    std::optional<std::vector<Id>> authinfo;
    ZK_FIELDS(QuorumPacket, type, zxid, data, authinfo);
};

inline constexpr std::int32_t kLearnerProtocol = 0x10000;

// The data of FOLLOWERINFO and OBSERVERINFO. Older peers send only the sid, or no configVersion.
struct LearnerInfo {
    Sid sid = 0;
    std::int32_t protocolVersion = kLearnerProtocol;
    std::int64_t configVersion = 0;
    ZK_FIELDS(LearnerInfo, sid, protocolVersion, configVersion);
};
Result<LearnerInfo> decodeLearnerInfo(std::string_view bytes);

// The data of a REQUEST. `body` runs to the end and has no length of its own.
struct ForwardedRequest {
    SessionId session = 0;
    std::int32_t cxid = 0;
    OpCode type = OpCode::Error;
    std::string body;
    bool operator==(const ForwardedRequest&) const = default;
};
std::string encode(const ForwardedRequest& request);
Result<ForwardedRequest> decodeForwardedRequest(std::string_view bytes);

// One session that a learner heard from since the last PING; the answer's data is a plain sequence of them.
struct SessionTouch {
    SessionId session = 0;
    std::int32_t timeoutMs = 0;
    ZK_FIELDS(SessionTouch, session, timeoutMs);
};
std::string encode(const std::vector<SessionTouch>& touches);
Result<std::vector<SessionTouch>> decodeTouches(std::string_view bytes);

// The data of REVALIDATE: a learner asks with the session and its timeout, the leader answers with the session and
// whether it lives.
struct RevalidateRequest {
    SessionId session = 0;
    std::int32_t timeoutMs = 0;
    ZK_FIELDS(RevalidateRequest, session, timeoutMs);
};
struct RevalidateReply {
    SessionId session = 0;
    bool valid = false;
    ZK_FIELDS(RevalidateReply, session, valid);
};

// The most bytes that a packet's data may have: a transaction and its header are never near it.
inline constexpr std::int32_t kPacketDataLimit = 16 * 1024 * 1024;

// Takes one packet off the front of `stream`. Null where the bytes at hand end inside the packet; then nothing is
// consumed. Errors: Errc::Malformed for a length that no packet has.
Result<std::optional<QuorumPacket>> takePacket(std::string_view& stream);

} // namespace zk::jute
