#include "server/sessions.h"

#include <algorithm>

namespace zk::server {

std::string passwordOf(SessionId session) {
    constexpr std::uint64_t secret = 0xB3415C00, multiplier = 0x5DEECE66D, mask = (1ULL << 48) - 1;
    std::uint64_t state = ((static_cast<std::uint64_t>(session) ^ secret) ^ multiplier) & mask;
    std::string password;
    while (password.size() < jute::kPasswordSize) {
        state = (state * multiplier + 0xB) & mask;
        auto word = static_cast<std::uint32_t>(state >> 16);
        for (int byte = 0; byte < 4; ++byte, word >>= 8) password.push_back(static_cast<char>(word & 0xFF));
    }
    return password;
}

SessionIds::SessionIds(Sid server, WallTime start) {
    const auto clock = (static_cast<std::uint64_t>(start.ms) << 24) >> 8;
    next_ = static_cast<SessionId>(clock | (static_cast<std::uint64_t>(server) << 56));
}

SessionId SessionIds::next() {
    // This number would say that a znode is a container.
    if (next_ == INT64_MIN) ++next_;
    return next_++;
}

namespace {

std::int64_t milliseconds(Instant instant) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(instant.time_since_epoch()).count();
}

} // namespace

std::int64_t Sessions::bucketFor(Instant now, std::int32_t timeoutMs) const {
    return ((milliseconds(now) + timeoutMs) / tick_ + 1) * tick_;
}

void Sessions::leaveBucket(SessionId id, const Session& session) {
    const auto bucket = buckets_.find(session.bucket);
    if (bucket == buckets_.end()) return;
    bucket->second.erase(id);
    if (bucket->second.empty()) buckets_.erase(bucket);
}

void Sessions::open(SessionId session, std::int32_t timeoutMs, Instant now) {
    const auto [place, isNew] = sessions_.try_emplace(session);
    if (!isNew) {
        touch(session, timeoutMs, now);
        return;
    }
    place->second.bucket = bucketFor(now, timeoutMs);
    buckets_[place->second.bucket].insert(session);
}

bool Sessions::touch(SessionId session, std::int32_t timeoutMs, Instant now) {
    const auto place = sessions_.find(session);
    if (place == sessions_.end() || place->second.closing) return false;
    const std::int64_t bucket = bucketFor(now, timeoutMs);
    if (bucket == place->second.bucket) return true;
    leaveBucket(session, place->second);
    place->second.bucket = bucket;
    buckets_[bucket].insert(session);
    return true;
}

void Sessions::setOwner(SessionId session, Owner owner) {
    if (const auto place = sessions_.find(session); place != sessions_.end()) place->second.owner = owner;
}

jute::ErrorCode Sessions::check(SessionId session, Owner owner) {
    const auto place = sessions_.find(session);
    if (place == sessions_.end())
        return standalone_ ? jute::ErrorCode::UnknownSession : jute::ErrorCode::SessionExpired;
    if (place->second.closing) return jute::ErrorCode::SessionExpired;
    if (place->second.owner == kOwnerNone) place->second.owner = owner;
    return place->second.owner == owner ? jute::ErrorCode::Ok : jute::ErrorCode::SessionMoved;
}

void Sessions::setClosing(SessionId session) {
    if (const auto place = sessions_.find(session); place != sessions_.end()) place->second.closing = true;
}

void Sessions::remove(SessionId session) {
    const auto place = sessions_.find(session);
    if (place == sessions_.end()) return;
    leaveBucket(session, place->second);
    sessions_.erase(place);
}

std::vector<SessionId> Sessions::takeExpired(Instant now) {
    std::vector<SessionId> expired;
    const std::int64_t nowMs = milliseconds(now);
    while (!buckets_.empty() && buckets_.begin()->first <= nowMs) {
        const std::unordered_set<SessionId> bucket = std::move(buckets_.begin()->second);
        buckets_.erase(buckets_.begin());
        const auto first = static_cast<std::ptrdiff_t>(expired.size());
        for (const SessionId id : bucket) {
            Session& session = sessions_.at(id);
            if (!session.closing) expired.push_back(id);
            session.closing = true;
        }
        std::sort(expired.begin() + first, expired.end());
    }
    return expired;
}

Instant Sessions::nextExpiry() const {
    if (buckets_.empty()) return kNever;
    return Instant(std::chrono::milliseconds(buckets_.begin()->first));
}

std::map<std::int64_t, std::set<SessionId>> Sessions::expiries() const {
    std::map<std::int64_t, std::set<SessionId>> all;
    for (const auto& [at, bucket] : buckets_) all[at] = {bucket.begin(), bucket.end()};
    return all;
}

} // namespace zk::server
