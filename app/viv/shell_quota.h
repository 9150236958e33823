// A quota as its znode holds it: /zookeeper/quota<path>/zookeeper_limits and, beside it, zookeeper_stats.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zk::viv {

// -1: no limit.
struct Quota {
    std::int64_t count = -1, bytes = -1, hardCount = -1, hardBytes = -1;
    bool operator==(const Quota&) const = default;
};

// "count=5,bytes=-1=;byteHardLimit=-1;countHardLimit=-1", as the other tools write it.
std::string toText(const Quota& quota);
// What is missing or is no number is -1, as servers read it.
Quota parseQuota(std::string_view text);

} // namespace zk::viv
