#include "client/recipes/leader_latch.h"

namespace zk::client::recipes {

LeaderLatch::LeaderLatch(Client& client, std::string path, std::string guid, std::string id)
    : client_(client), lock_(client, std::move(path), std::move(guid), LockKind::Exclusive, std::move(id)) {
    lock_.onChange(life_.bind([this](LockState state) { heard(state); }));
}

void LeaderLatch::start(Callback<bool> changed) {
    changed_ = std::move(changed);
    told_ = false;
    contend();
}

void LeaderLatch::stop(std::function<void()> done) {
    changed_ = {};
    lock_.release(std::move(done));
}

void LeaderLatch::contend() {
    lock_.acquire(life_.bind([this](const Result<void>& held) {
        if (held) return; // heard() is told of it
        if (const auto last = std::exchange(changed_, {})) last(held.error());
    }));
}

void LeaderLatch::heard(LockState state) {
    if (state == LockState::Waiting || state == LockState::Free) return;
    if (state != LockState::Lost) return tell(state == LockState::Held);
    const Status status = client_.status();
    if (isOver(status.state)) {
        if (const auto last = std::exchange(changed_, {})) last(overError(status));
        return;
    }
    const auto alive = life_.watch();
    tell(false); // somebody deleted our znode: to the end of the line
    if (!alive.expired() && changed_ && lock_.state() == LockState::Lost) contend();
}

void LeaderLatch::tell(Result<bool> leads) {
    if (!changed_ || *leads == told_) return;
    told_ = *leads;
    const auto changed = changed_;
    changed(leads);
}

} // namespace zk::client::recipes
