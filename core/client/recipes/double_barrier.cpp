#include "client/recipes/double_barrier.h"

#include "base/assert.h"

#include <algorithm>

namespace zk::client::recipes {

using jute::ErrorCode;
using jute::EventType;

namespace {

constexpr std::string_view kReady = "ready";

} // namespace

DoubleBarrier::DoubleBarrier(Client& client, std::string path, std::string guid, std::size_t participants,
                             Buffer data)
    : client_(client), path_(std::move(path)), guid_(std::move(guid)), participants_(participants),
      data_(std::move(data)) {}

DoubleBarrier::~DoubleBarrier() {
    // A creation that is still under way is carried out before this, as one session's requests are.
    if (there_) persistRemove(client_, below(path_, guid_), {});
}

void DoubleBarrier::enter(Callback<void> done) {
    ZK_ASSERT(!done_);
    done_ = std::move(done);
    life_.renew();
    subscription_ = client_.subscribe(life_.bind([this](const Status& status) {
        if (isOver(status.state)) finish(overError(status));
    }));
    create();
}

void DoubleBarrier::create() {
    there_ = true;
    const auto ask = [&client = client_, path = below(path_, guid_), data = data_](Callback<Created> then) {
        client.create(path, data, jute::openAcl(), jute::CreateMode::Ephemeral, std::move(then));
    };
    persist<Created>(ask, life_.bind([this](const Result<Created>& created) {
        // It exists already: the answer to our own creation was lost, as nobody else has this guid.
        if (created || is(created.error(), ErrorCode::NodeExists)) return awaitReady();
        if (!is(created.error(), ErrorCode::NoNode)) return finish(created.error());
        ensurePath(client_, path_,
                   life_.bind([this](const Result<void>& made) { made ? create() : finish(made.error()); }));
    }));
}

void DoubleBarrier::awaitReady() {
    const Watcher created = life_.bind(
        [this](const WatchEvent& event) { event.type == EventType::Created ? finish({}) : awaitReady(); });
    persistExists(client_, below(path_, kReady), created,
                  life_.bind([this](const Result<std::optional<jute::Stat>>& ready) {
                      if (!ready) return finish(ready.error());
                      *ready ? finish({}) : count();
                  }));
}

void DoubleBarrier::count() {
    persistChildren(client_, path_, {}, life_.bind([this](const Result<Children>& children) {
        if (!children) return finish(children.error());
        if (children->names.size() >= participants_) open();
    }));
}

void DoubleBarrier::open() {
    const auto ask = [&client = client_, path = below(path_, kReady)](Callback<Created> then) {
        client.create(path, "", jute::openAcl(), jute::CreateMode::Persistent, std::move(then));
    };
    persist<Created>(ask, life_.bind([this](const Result<Created>& created) {
        const bool there = created || is(created.error(), ErrorCode::NodeExists);
        there ? finish({}) : finish(created.error());
    }));
}

void DoubleBarrier::leave(Callback<void> done) {
    ZK_ASSERT(!done_);
    done_ = std::move(done);
    life_.renew();
    subscription_ = client_.subscribe(life_.bind([this](const Status& status) {
        if (isOver(status.state)) finish(overError(status));
    }));
    persistRemove(client_, below(path_, kReady), life_.bind([this](const Result<void>& removed) {
        removed ? departNext() : finish(removed.error());
    }));
}

void DoubleBarrier::departNext() {
    persistChildren(client_, path_, {}, life_.bind([this](Result<Children> children) {
        if (!children && is(children.error(), ErrorCode::NoNode)) return finish({});
        if (!children) return finish(children.error());
        std::erase(children->names, kReady);
        std::ranges::sort(children->names);
        depart(children->names);
    }));
}

// `there`: who has not left yet, in order.
void DoubleBarrier::depart(const std::vector<std::string>& there) {
    if (there.empty()) return finish({});
    const bool first = there.front() == guid_;
    if (first && there.size() > 1) return await(there.back());
    if (!std::ranges::binary_search(there, guid_)) return await(there.front());
    persistRemove(client_, below(path_, guid_), life_.bind([this](const Result<void>& removed) {
        if (!removed) return finish(removed.error());
        there_ = false;
        departNext();
    }));
}

void DoubleBarrier::await(const std::string& name) {
    persistData(client_, below(path_, name), life_.bind([this](const WatchEvent&) { departNext(); }),
                life_.bind([this](const Result<Data>& data) {
                    if (data) return;
                    is(data.error(), ErrorCode::NoNode) ? departNext() : finish(data.error());
                }));
}

void DoubleBarrier::finish(Result<void> outcome) {
    life_.renew();
    subscription_.reset();
    if (const auto done = std::exchange(done_, {})) done(std::move(outcome));
}

} // namespace zk::client::recipes
