// What mntr, the command `monitor` and Prometheus tell, as one list of values under Apache's names. Private to core/admin.
#pragma once

#include "admin/status.h"

#include <variant>

namespace zk::admin {

struct MonitorValue {
    std::string name; // without "zk_"
    std::variant<std::int64_t, double, std::string> value;
};

// Gauges first, then counters, then every figure of every summary: avg_, min_, max_, cnt_, sum_, and p50_ to p999_ of the
// advanced ones.
std::vector<MonitorValue> monitorGauges(const NodeStatus& status);
std::vector<MonitorValue> monitorCounters(const NodeStatus& status);
// The counters that are kept by top-level znode: a_quota_exceeded_error_per_namespace.
std::vector<MonitorValue> monitorCounterSets(const NodeStatus& status);
std::vector<MonitorValue> monitorSummaries(const NodeStatus& status);

std::string monitorText(const NodeStatus& status);
// "leader", "follower", "observer", "standalone" or "read-only".
std::string_view modeOf(const NodeStatus& status);
// "leading - broadcast"; empty: not in an ensemble.
std::string peerStateOf(const NodeStatus& status);
// Rounded to four decimals, without zeros at the end but the first: 3.0, 1.587.
std::string decimal(double value);

} // namespace zk::admin
