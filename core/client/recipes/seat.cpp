#include "client/recipes/seat.h"

#include "base/assert.h"

#include <charconv>

namespace zk::client::recipes {

using jute::ErrorCode;

// Outlives the Seat as long as its znode has to be found and deleted.
struct Seat::State : std::enable_shared_from_this<State> {
    State(Client& owner, std::string path, std::string beginning, Buffer bytes)
        : client(owner), parent(std::move(path)), prefix(std::move(beginning)), data(std::move(bytes)) {}

    Client& client;
    const std::string parent, prefix;
    const Buffer data;
    Callback<std::string> done;                 // of a take under way
    Callback<std::string> next;                 // of a take that waits until the znode before is gone
    std::string name;                           // empty: none
    bool leaving = false;                       // what is under way is to be deleted once it is known
    std::vector<std::function<void()>> waiting; // for its end

    void create() {
        client.create(below(parent, prefix), data, jute::openAcl(), jute::CreateMode::EphemeralSequential,
                      [self = shared_from_this()](const Result<Created>& created) {
                          if (created) return self->found(std::string(nameIn(created->path)));
                          if (is(created.error(), ErrorCode::ConnectionLoss)) return self->find();
                          if (is(created.error(), ErrorCode::NoNode)) return self->prepare();
                          self->failed(created.error());
                      });
    }
    void prepare() {
        ensurePath(client, parent, [self = shared_from_this()](Result<void> made) {
            made ? self->create() : self->failed(made.error());
        });
    }
    // Nobody knows whether the creation was carried out. Without the sync the server at hand might not have
    // heard of it yet.
    void find() {
        persistSync(client, parent, [self = shared_from_this()](Result<void> synced) {
            if (!synced) return self->failed(synced.error());
            persistChildren(self->client, self->parent, {}, [self](const Result<Children>& children) {
                if (!children && is(children.error(), ErrorCode::NoNode)) return self->create();
                if (!children) return self->failed(children.error());
                for (const std::string& each : children->names)
                    if (each.starts_with(self->prefix)) return self->found(each);
                self->create();
            });
        });
    }
    void found(std::string itsName) {
        name = std::move(itsName);
        const auto told = std::exchange(done, {});
        if (leaving) return remove();
        if (told) told(name);
    }
    void failed(const Error& error) {
        const auto told = std::exchange(done, {});
        if (leaving) return gone();
        if (told) told(error);
    }
    void leave(std::function<void()> then) {
        next = {};
        if (then) waiting.push_back(std::move(then));
        if (leaving) return;
        leaving = true;
        if (!done) name.empty() ? gone() : remove();
    }
    void remove() {
        persistRemove(client, below(parent, name),
                      [self = shared_from_this()](const Result<void>&) { self->gone(); });
    }
    void gone() {
        leaving = false;
        name.clear();
        const auto told = std::exchange(waiting, {});
        if (next) begin(std::exchange(next, {}));
        for (const auto& then : told)
            then();
    }
    void begin(Callback<std::string> then) {
        name.clear();
        done = std::move(then);
        create();
    }
};

Seat::Seat(Client& client, std::string parent, std::string guid, std::string kind, Buffer data)
    : state_(std::make_shared<State>(client, std::move(parent), guid + kind, std::move(data))) {}

Seat::~Seat() {
    state_->leave({});
}

void Seat::take(Callback<std::string> done) {
    if (state_->leaving) {
        state_->next = std::move(done); // one znode at a time
        return;
    }
    ZK_ASSERT(!state_->done);
    state_->begin(std::move(done));
}

void Seat::leave(std::function<void()> done) {
    state_->leave(std::move(done));
}

std::optional<std::int32_t> numberOf(std::string_view name, std::string_view kind) {
    const std::size_t at = name.rfind(kind);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view digits = name.substr(at + kind.size());
    constexpr std::size_t kDigits = 10;
    if (digits.size() != kDigits + (digits.starts_with('-') ? 1 : 0)) return std::nullopt;
    std::int32_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

} // namespace zk::client::recipes
