// The text of mntr, and the wordings that it shares with the other four-letter words. Private to core/admin.
//
// Keys of Apache's mntr that ours leaves out, and why:
//   zk_avg_/min_/max_/cnt_/sum_/pNN_ of a summary   no summaries are kept, only the totals that stand here
//   zk_jvm_..., and what counts Java's collector     there is no JVM
#pragma once

#include "admin/status.h"

namespace zk::admin {

std::string monitorText(const NodeStatus& status);
// "leader", "follower", "observer", "standalone" or "read-only".
std::string_view modeOf(const NodeStatus& status);
// Rounded to four decimals, without zeros at the end but the first: 3.0, 1.587.
std::string decimal(double value);

} // namespace zk::admin
