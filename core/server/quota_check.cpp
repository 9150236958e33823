// Whether a change may go beyond the quota that it counts into. Judged by the numbers of what has been
// applied, as Apache does: of requests that are on their way at the same time, all may pass.
#include "server/prepare.h"
#include "tree/path.h"

namespace zk::server {

using jute::ErrorCode;

// A quota's own znodes hold what every server reads while it applies transactions: what cannot be read, or
// stands where no quota can be, ends an Apache server.
bool Preparer::isFitForQuota(std::string_view path, const Buffer& data) {
    const auto of = tree::quotaSubject(path);
    if (!of) return true;
    return !of->empty() && data && tree::QuotaNumbers::parse(*data);
}

ErrorCode Preparer::checkQuota(std::string_view path, std::int64_t count, std::int64_t bytes) {
    if (!config_.enforceQuota) return ErrorCode::Ok;
    const std::string_view of = outstanding_.tree().quotaOf(path);
    if (of.empty()) return ErrorCode::Ok;
    // Without its numbers a quota limits nothing.
    if (outstanding_.tree().find(tree::quotaStatsPath(of)) == nullptr) return ErrorCode::Ok;
    const tree::QuotaNumbers limits = outstanding_.tree().quotaNumbers(tree::quotaLimitsPath(of));
    const tree::QuotaNumbers now = outstanding_.tree().quotaNumbers(tree::quotaStatsPath(of));
    const auto exceeds = [&](const char* what, std::int64_t change, std::int64_t present, std::int64_t soft,
                             std::int64_t hard) {
        const std::int64_t limit = hard > -1 ? hard : soft;
        if (change == 0 || limit < 0 || present + change <= limit) return false;
        excesses_.push_back({"the quota of " + std::string(of) +
                                 " is exceeded: " + std::to_string(present + change) + " " + what + ", the " +
                                 (hard > -1 ? "hard" : "soft") + " limit is " + std::to_string(limit),
                             std::string(path), hard > -1});
        return hard > -1;
    };
    const bool refused = exceeds("znodes", count, now.count(), limits.count(), limits.countHardLimit()) ||
                         exceeds("bytes", bytes, now.bytes(), limits.bytes(), limits.byteHardLimit());
    return refused ? ErrorCode::QuotaExceeded : ErrorCode::Ok;
}

} // namespace zk::server
