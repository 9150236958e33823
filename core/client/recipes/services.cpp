#include "client/recipes/services.h"

namespace zk::client::recipes {

void Discovery::start(Callback<Instances> changed) {
    roster_.start([this, changed = std::move(changed)](const Result<Roster::Members>& members) {
        instances_.clear();
        if (!members) return changed(members.error());
        for (const auto& [name, text] : *members) {
            const auto address = parseConnectString(text);
            if (address && address->servers.size() == 1 && address->chroot.empty())
                instances_[name] = address->servers.front();
        }
        changed(Instances(instances_));
    });
}

std::optional<Address> Discovery::next() {
    if (instances_.empty()) return std::nullopt;
    auto found = instances_.upper_bound(last_);
    if (found == instances_.end()) found = instances_.begin();
    last_ = found->first;
    return found->second;
}

} // namespace zk::client::recipes
