#include "client/recipes/lock.h"

#include "base/assert.h"

#include <algorithm>

namespace zk::client::recipes {

using jute::ErrorCode;

namespace {

constexpr std::string_view kExclusive = "__lock__", kShared = "__rlock__";

std::optional<std::int32_t> placeOf(std::string_view name, bool readersToo) {
    if (const auto number = numberOf(name, kExclusive)) return number;
    return readersToo ? numberOf(name, kShared) : std::nullopt;
}

} // namespace

std::string_view name(LockState state) {
    switch (state) {
    case LockState::Free: return "free";
    case LockState::Waiting: return "waiting";
    case LockState::Held: return "held";
    case LockState::Doubtful: return "doubtful";
    case LockState::Lost: return "lost";
    }
    return "unknown";
}

Lock::Lock(Client& client, std::string path, std::string guid, LockKind kind, Buffer data)
    : client_(client), path_(std::move(path)), kind_(kind),
      seat_(client, path_, std::move(guid), std::string(kind == LockKind::Read ? kShared : kExclusive),
            std::move(data)) {}

Lock::~Lock() = default;

void Lock::acquire(Callback<void> done) {
    ZK_ASSERT(state_ == LockState::Free || state_ == LockState::Lost);
    life_.renew();
    done_ = std::move(done);
    watched_ = false;
    state_ = LockState::Waiting;
    subscription_ = client_.subscribe(life_.bind([this](const Status& status) { session(status); }));
    seat_.take(life_.bind([this](Result<std::string> seat) {
        if (!seat) return become(LockState::Free, seat.error());
        own_ = std::move(*seat);
        look();
    }));
}

void Lock::release(std::function<void()> done) {
    const auto alive = whole_.watch();
    if (state_ == LockState::Waiting)
        become(LockState::Free, withdrawn("the lock was given up before it was held"));
    else if (state_ != LockState::Free)
        become(LockState::Free);
    if (!alive.expired()) seat_.leave(std::move(done));
}

void Lock::look() {
    persistChildren(client_, path_, {}, life_.bind([this](Result<Children> children) {
        if (!children) return become(LockState::Free, children.error());
        decide(children->names);
    }));
}

void Lock::decide(const std::vector<std::string>& names) {
    const auto place = placeOf(own_, true);
    if (std::ranges::find(names, own_) == names.end()) { // somebody has deleted it: to the end of the line
        seat_.take(life_.bind([this](Result<std::string> seat) {
            if (!seat) return become(LockState::Free, seat.error());
            own_ = std::move(*seat);
            look();
        }));
        return;
    }
    const std::string* before = nullptr;
    std::optional<std::int32_t> nearest;
    for (const std::string& each : names) {
        const auto number = placeOf(each, kind_ == LockKind::Write);
        if (!number || *number >= *place || (nearest && *number < *nearest)) continue;
        nearest = number;
        before = &each;
    }
    before ? await(below(path_, *before)) : verify();
}

// A read and not exists(): that would leave a watch on a znode which is gone and never comes again.
void Lock::await(const std::string& predecessor) {
    persistData(client_, predecessor, life_.bind([this](const WatchEvent&) { look(); }),
                life_.bind([this](const Result<Data>& data) {
                    if (data) return;
                    if (is(data.error(), ErrorCode::NoNode)) return look();
                    become(LockState::Free, data.error());
                }));
}

// We are the first. Our own znode is watched from here on, as only its end can take the lock away.
void Lock::verify() {
    Watcher gone;
    if (!watched_)
        gone = life_.bind([this](const WatchEvent& event) {
            watched_ = false;
            event.type == jute::EventType::Deleted ? become(LockState::Lost) : verify();
        });
    persistData(client_, below(path_, own_), gone, life_.bind([this](const Result<Data>& data) {
        if (!data && state_ == LockState::Waiting) {
            if (is(data.error(), ErrorCode::NoNode)) return look();
            return become(LockState::Free, data.error());
        }
        if (!data && !is(data.error(), ErrorCode::NoNode)) return;
        if (data) watched_ = true;
        const bool connected = client_.status().state == SessionState::Connected;
        if (!data) return become(LockState::Lost);
        if (state_ == LockState::Waiting || (state_ == LockState::Doubtful && connected))
            become(LockState::Held);
    }));
}

void Lock::session(const Status& status) {
    if (isOver(status.state)) {
        const Error error = overError(status);
        if (state_ == LockState::Waiting) return become(LockState::Free, error);
        return become(LockState::Lost);
    }
    if (status.state == SessionState::Connecting && state_ == LockState::Held)
        return become(LockState::Doubtful);
    if (status.state == SessionState::Connected && state_ == LockState::Doubtful) verify();
}

void Lock::become(LockState state, Result<void> outcome) {
    const bool over = state == LockState::Free || state == LockState::Lost;
    if (over) { // nothing that is still under way matters any more
        life_.renew();
        subscription_.reset();
        seat_.leave();
    }
    const auto alive = whole_.watch();
    state_ = state;
    const auto changed = changed_;
    if (state != LockState::Doubtful)
        if (const auto done = std::exchange(done_, {})) done(std::move(outcome));
    if (!alive.expired() && state_ == state && changed) changed(state);
}

void Lock::contenders(Callback<std::vector<std::string>> done) {
    struct Listing {
        std::vector<std::pair<std::int32_t, std::string>> line;
        std::vector<std::string> found;
        std::size_t left = 0;
        Callback<std::vector<std::string>> done;
    };
    persistChildren(client_, path_, {},
                    [&client = client_, path = path_, done = std::move(done)](Result<Children> children) {
                        if (!children && is(children.error(), ErrorCode::NoNode))
                            return done(std::vector<std::string>());
                        if (!children) return done(children.error());
                        const auto listing = std::make_shared<Listing>();
                        for (std::string& each : children->names)
                            if (const auto number = placeOf(each, true))
                                listing->line.emplace_back(*number, std::move(each));
                        std::ranges::sort(listing->line);
                        listing->left = listing->line.size();
                        listing->done = done;
                        if (listing->left == 0) return done(std::vector<std::string>());
                        // Answers come in the order of the requests.
                        for (const auto& [number, each] : listing->line)
                            persistData(client, below(path, each), {}, [listing](const Result<Data>& data) {
                                if (data) listing->found.push_back(data->bytes.value_or(""));
                                if (--listing->left == 0) listing->done(std::move(listing->found));
                            });
                    });
}

} // namespace zk::client::recipes
