#include "sim/checkers.h"

#include <functional>

namespace zk::sim {

void CommittedPrefix::appended(Sid server, Zxid zxid, const std::string& txn) {
    logged_[server][zxid] = std::hash<std::string>()(txn);
}

void CommittedPrefix::event(const trace::Event& event) {
    if (event.what() != trace::Kind::Committed) return;
    const auto& log = logged_[event.server];
    const auto entry = log.find(event.zxid);
    if (entry == log.end()) {
        violations_.push_back("server " + std::to_string(event.server) + " committed " + hex(event.zxid) +
                              ", which it never logged");
        return;
    }
    const auto [first, isFirst] = commits_.emplace(event.zxid, std::pair(event.server, entry->second));
    if (!isFirst && first->second.second != entry->second)
        violations_.push_back("servers " + std::to_string(first->second.first) + " and " + std::to_string(event.server) +
                              " committed different transactions as " + hex(event.zxid));
}

} // namespace zk::sim
