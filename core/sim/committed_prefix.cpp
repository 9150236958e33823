#include "sim/checkers.h"

#include <functional>

namespace zk::sim {

void CommittedPrefix::appended(Sid server, Zxid zxid, const std::string& txn) {
    const std::size_t hash = std::hash<std::string>()(txn);
    logged_[server][zxid] = hash;
    if (early_[server].erase(zxid) > 0) compare(server, zxid, hash);
}

void CommittedPrefix::event(const trace::Event& event) {
    if (event.what() != trace::Kind::Committed) return;
    Zxid& last = last_[event.server];
    if (event.zxid <= last)
        violations_.push_back("server " + std::to_string(event.server) + " committed " + hex(event.zxid) + " after " +
                              hex(last));
    last = event.zxid;
    const auto& log = logged_[event.server];
    if (const auto entry = log.find(event.zxid); entry != log.end()) compare(event.server, event.zxid, entry->second);
    else early_[event.server].insert(event.zxid);
}

void CommittedPrefix::restarted(Sid server) {
    last_.erase(server);
    early_.erase(server);
}

void CommittedPrefix::compare(Sid server, Zxid zxid, std::size_t hash) {
    const auto [first, isFirst] = commits_.emplace(zxid, std::pair(server, hash));
    if (!isFirst && first->second.second != hash)
        violations_.push_back("servers " + std::to_string(first->second.first) + " and " + std::to_string(server) +
                              " committed different transactions as " + hex(zxid));
}

} // namespace zk::sim
