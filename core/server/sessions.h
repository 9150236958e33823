// Sessions: who is connected to the ensemble, and who has been silent for too long.
//
// The table is kept by the server that decides about expiry: a leader, or a server that stands alone. Sessions lie in
// buckets of one tick, so that a touch is one hash probe and time passing costs nothing for each idle session. A session
// belongs to an owner, the link its client speaks through; a request that comes through another one is refused.
// Rules: Apache's SessionTrackerImpl, ExpiryQueue and LeaderSessionTracker.
#pragma once

#include "base/time.h"
#include "jute/client_records.h"

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace zk::server {

// Through whom a session's requests come: 0 nobody yet, kOwnerSelf a client of our own, else a learner's link.
using Owner = std::uint64_t;
inline constexpr Owner kOwnerNone = 0;
inline constexpr Owner kOwnerSelf = UINT64_MAX;

// The 16 bytes with which a client proves that a session is its own: those that every server of Apache's computes.
std::string passwordOf(SessionId session);

// Makes session ids: the server's id in the highest byte, then the start's wall clock, then a counter.
class SessionIds {
  public:
    SessionIds(Sid server, WallTime start);
    SessionId next();

  private:
    SessionId next_;
};

class Sessions {
  public:
    // `standalone`: an unknown session's request fails with UnknownSession, as a server alone says it; a leader says
    // SessionExpired.
    Sessions(std::chrono::milliseconds tick, bool standalone) : tick_(tick.count()), standalone_(standalone) {}

    // Begins to watch over a session; one that is known already is only touched.
    void open(SessionId session, std::int32_t timeoutMs, Instant now);
    // False where there is no such session or it is closing.
    bool touch(SessionId session, std::int32_t timeoutMs, Instant now);
    // From now on its requests come through this owner.
    void setOwner(SessionId session, Owner owner);
    // May a request of this session that came through `owner` be carried out? A session without an owner gets this one.
    jute::ErrorCode check(SessionId session, Owner owner);
    void setClosing(SessionId session);
    void remove(SessionId session);

    // Those whose time is up, in the order of their ids within a bucket; each is told once and counts as closing.
    std::vector<SessionId> takeExpired(Instant now);
    // When takeExpired() can next give anything.
    Instant nextExpiry() const;
    std::size_t size() const { return sessions_.size(); }
    // Milliseconds of the driver's clock -> the sessions that expire then.
    std::map<std::int64_t, std::set<SessionId>> expiries() const;

  private:
    struct Session {
        std::int64_t bucket = 0;
        Owner owner = kOwnerNone;
        bool closing = false;
    };
    std::int64_t bucketFor(Instant now, std::int32_t timeoutMs) const;
    void leaveBucket(SessionId id, const Session& session);

    std::int64_t tick_;
    bool standalone_;
    std::unordered_map<SessionId, Session> sessions_;
    std::map<std::int64_t, std::unordered_set<SessionId>> buckets_;
};

} // namespace zk::server
