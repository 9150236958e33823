#include "tree/tree_state.h"

namespace zk::tree {

std::int32_t AclTable::use(const std::vector<jute::Acl>& acl) {
    if (acl.empty()) return kOpen;
    const auto [at, isNew] = byList_.try_emplace(acl, last_ + 1);
    if (isNew) byId_[++last_].acl = acl;
    ++byId_.at(at->second).uses;
    return at->second;
}

void AclTable::useId(std::int32_t id) {
    if (const auto at = byId_.find(id); at != byId_.end()) ++at->second.uses;
}

void AclTable::release(std::int32_t id) {
    const auto at = byId_.find(id);
    if (at == byId_.end() || --at->second.uses > 0) return;
    byList_.erase(at->second.acl);
    byId_.erase(at);
}

void AclTable::load(std::int32_t id, std::vector<jute::Acl> acl) {
    byList_[acl] = id;
    byId_[id].acl = std::move(acl);
    last_ = std::max(last_, id);
}

void AclTable::dropUnused() {
    std::erase_if(byId_, [this](const auto& entry) {
        if (entry.second.uses > 0) return false;
        if (const auto at = byList_.find(entry.second.acl); at != byList_.end() && at->second == entry.first)
            byList_.erase(at);
        return true;
    });
}

const std::vector<jute::Acl>& AclTable::list(std::int32_t id) const {
    static const std::vector<jute::Acl> open = jute::openAcl();
    static const std::vector<jute::Acl> closed{{0, {"world", "anyone"}}};
    if (id == kOpen) return open;
    const auto at = byId_.find(id);
    return at == byId_.end() ? closed : at->second.acl;
}

} // namespace zk::tree
