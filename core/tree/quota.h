// Quotas: what may stand below a path, and what does. The limits of /a lie in the data of /zookeeper/quota/a/
// zookeeper_limits, the present numbers in that of zookeeper_stats beside it, which every tree brings up to
// date itself, as part of each change below /a. Rules: Apache's StatsTrack, Quotas and DataTree.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace zk::tree {

inline constexpr std::string_view kQuotaRoot = "/zookeeper/quota";
inline constexpr std::string_view kQuotaLimits = "zookeeper_limits";
inline constexpr std::string_view kQuotaStats = "zookeeper_stats";

// The data of such a znode: "count=4,bytes=5" and, behind a further "=", ";byteHardLimit=6;countHardLimit=7"
// and whatever else stands there. A number that is not there reads as -1: no limit.
class QuotaNumbers {
  public:
    // Null where Apache could not read it.
    static std::optional<QuotaNumbers> parse(std::string_view text);
    std::string text() const;

    std::int64_t count() const { return get("count"); }
    std::int64_t bytes() const { return get("bytes"); }
    std::int64_t countHardLimit() const { return get("countHardLimit"); }
    std::int64_t byteHardLimit() const { return get("byteHardLimit"); }
    void set(std::int64_t count, std::int64_t bytes) { values_["count"] = count, values_["bytes"] = bytes; }

  private:
    std::int64_t get(std::string_view key) const {
        const auto at = values_.find(key);
        return at == values_.end() ? -1 : at->second;
    }
    std::map<std::string, std::int64_t, std::less<>> values_;
};

// "/zookeeper/quota/a/zookeeper_limits" for "/a".
std::string quotaLimitsPath(std::string_view of);
std::string quotaStatsPath(std::string_view of);
// Is it a path of a quota's limits or numbers? Then of which path's quota: "" for a place that no quota can
// have.
std::optional<std::string_view> quotaSubject(std::string_view path);

} // namespace zk::tree
