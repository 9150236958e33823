#include "client/recipes/presence.h"

namespace zk::client::recipes {

using jute::ErrorCode;

// Outlives the Presence as long as its znode has to be found and deleted.
struct Presence::State : std::enable_shared_from_this<State> {
    State(Client& owner, std::string where, Buffer bytes)
        : client(owner), path(std::move(where)), data(std::move(bytes)) {}

    enum class Phase { Idle, Creating, Blocked, There, Leaving };
    Client& client;
    const std::string path;
    Buffer data, written; // as it is to be, and as it was last written
    Phase phase = Phase::Idle;
    bool writing = false;
    bool leave = false; // as soon as the creation that is under way is answered
    Callback<void> done;
    std::function<void(const Error&)> lost;
    bool anew = false;                          // announced again before it was gone
    std::vector<std::function<void()>> waiting; // for its end
    Subscription subscription;

    void create() {
        phase = Phase::Creating;
        written = data;
        client.create(path, data, jute::openAcl(), jute::CreateMode::Ephemeral,
                      [self = shared_from_this()](const Result<Created>& created) {
                          if (created) return self->there();
                          const Error& error = created.error();
                          // NodeExists: it may be our own, of an answer that was lost.
                          if (is(error, ErrorCode::ConnectionLoss) || is(error, ErrorCode::NodeExists))
                              return self->find();
                          if (is(error, ErrorCode::NoNode)) return self->prepare();
                          self->fail(error);
                      });
    }
    void prepare() {
        ensurePath(client, path.substr(0, path.rfind('/')), [self = shared_from_this()](Result<void> made) {
            made ? self->again() : self->fail(made.error());
        });
    }
    void find() {
        persistSync(client, path, [self = shared_from_this()](Result<void> synced) {
            if (!synced) return self->fail(synced.error());
            persistData(self->client, self->path, self->watcher(), [self](const Result<Data>& found) {
                if (!found && is(found.error(), ErrorCode::NoNode)) return self->again();
                if (!found) return self->fail(found.error());
                if (found->stat.ephemeralOwner == self->client.status().session) return self->there();
                if (self->leave) return self->gone();
                self->phase = Phase::Blocked; // until the watch says that it has gone
            });
        });
    }

    Watcher watcher() {
        return [weak = weak_from_this()](const WatchEvent& event) {
            if (const auto self = weak.lock()) self->event(event);
        };
    }
    void event(const WatchEvent& event) {
        if (phase == Phase::Blocked) return find();
        if (phase == Phase::There && event.type == jute::EventType::Deleted) create();
    }
    // Leaves a watch on our own znode; of the children, which it never has, so that our own writes do not
    // fire it. Somebody may have deleted it already.
    void look() {
        persistChildren(client, path, watcher(), [self = shared_from_this()](const Result<Children>& found) {
            if (self->phase != Phase::There || found) return;
            is(found.error(), ErrorCode::NoNode) ? self->create() : self->fail(found.error());
        });
    }

    void again() { leave ? gone() : create(); }
    void there() {
        phase = Phase::There;
        if (leave) return remove();
        look();
        const auto told = std::exchange(done, {});
        if (data != written) write();
        if (told) told({});
    }
    void write() {
        if (writing || phase != Phase::There) return;
        writing = true;
        written = data;
        client.setData(path, data, -1, [self = shared_from_this()](const Result<jute::Stat>& stat) {
            self->writing = false;
            if (self->phase != Phase::There) return;
            if (!stat && is(stat.error(), ErrorCode::ConnectionLoss))
                return self->write(); // twice does no harm
            if (!stat && !is(stat.error(), ErrorCode::NoNode)) return self->fail(stat.error());
            if (self->data != self->written) self->write();
        });
    }
    void fail(const Error& error) {
        phase = Phase::Idle;
        subscription.reset();
        if (leave) return gone();
        if (const auto told = std::exchange(done, {})) return told(error);
        if (const auto told = std::exchange(lost, {})) told(error);
    }
    void over(const Status& status) {
        if (isOver(status.state) && (phase == Phase::There || phase == Phase::Blocked))
            fail(overError(status));
    }
    void withdraw(std::function<void()> then) {
        anew = false;
        if (then) waiting.push_back(std::move(then));
        if (leave) return;
        leave = true;
        subscription.reset();
        if (phase == Phase::Idle || phase == Phase::Blocked) return gone();
        if (phase == Phase::There) remove();
    }
    void remove() {
        phase = Phase::Leaving;
        persistRemove(client, path, [self = shared_from_this()](const Result<void>&) { self->gone(); });
    }
    void gone() {
        phase = Phase::Idle;
        leave = false;
        const auto told = std::exchange(waiting, {});
        if (std::exchange(anew, false)) create();
        for (const auto& then : told)
            then();
    }
};

Presence::Presence(Client& client, std::string path, Buffer data)
    : state_(std::make_shared<State>(client, std::move(path), std::move(data))) {}

Presence::~Presence() {
    state_->done = {};
    state_->lost = {};
    state_->waiting.clear();
    state_->withdraw({});
}

void Presence::announce(Callback<void> done) {
    state_->done = std::move(done);
    state_->subscription = state_->client.subscribe([weak = std::weak_ptr(state_)](const Status& status) {
        if (const auto self = weak.lock()) self->over(status);
    });
    state_->leave ? void(state_->anew = true) : state_->create();
}

void Presence::update(Buffer data) {
    state_->data = std::move(data);
    state_->write();
}

void Presence::withdraw(std::function<void()> done) {
    const auto state = state_; // `done` and the callback of announce() may destroy this
    const auto told = std::exchange(state->done, {});
    state->withdraw(std::move(done));
    if (told) told(withdrawn("it was withdrawn before it was there"));
}

void Presence::onLost(std::function<void(const Error&)> callback) {
    state_->lost = std::move(callback);
}

const std::string& Presence::path() const {
    return state_->path;
}

} // namespace zk::client::recipes
