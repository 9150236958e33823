#include "client/recipes/common.h"

namespace zk::client::recipes {

using jute::ErrorCode;

std::string makeGuid(Rng& rng) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string guid;
    while (guid.size() < 32)
        guid += kDigits[rng.below(16)];
    return guid;
}

std::string below(const std::string& parent, std::string_view name) {
    return (parent == "/" ? "/" : parent + "/") + std::string(name);
}

std::string_view nameIn(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

bool isOver(SessionState state) {
    return state != SessionState::Connecting && state != SessionState::Connected;
}

Error overError(const Status& status) {
    const bool refused = status.state == SessionState::AuthFailed;
    const std::string why = status.state == SessionState::Closed ? "the session is closed" : status.lastError;
    return {toErrorCode(refused ? ErrorCode::AuthFailed : ErrorCode::SessionExpired), why};
}

Error withdrawn(const std::string& what) {
    return {boost::system::errc::make_error_code(boost::system::errc::operation_canceled), what};
}

void persistChildren(Client& client, const std::string& path, Watcher watcher, Callback<Children> done) {
    persist<Children>([&client, path, watcher](
                          Callback<Children> then) { client.getChildren(path, watcher, std::move(then)); },
                      std::move(done));
}

void persistData(Client& client, const std::string& path, Watcher watcher, Callback<Data> done) {
    persist<Data>(
        [&client, path, watcher](Callback<Data> then) { client.getData(path, watcher, std::move(then)); },
        std::move(done));
}

void persistExists(Client& client, const std::string& path, Watcher watcher,
                   Callback<std::optional<jute::Stat>> done) {
    using Found = std::optional<jute::Stat>;
    persist<Found>(
        [&client, path, watcher](Callback<Found> then) { client.exists(path, watcher, std::move(then)); },
        std::move(done));
}

void persistSync(Client& client, const std::string& path, Callback<void> done) {
    persist<void>([&client, path](Callback<void> then) { client.sync(path, std::move(then)); },
                  std::move(done));
}

void persistRemove(Client& client, const std::string& path, Callback<void> done) {
    persist<void>([&client, path](Callback<void> then) { client.remove(path, -1, std::move(then)); },
                  [done = std::move(done)](Result<void> removed) {
                      if (!removed && is(removed.error(), ErrorCode::NoNode)) removed = Result<void>();
                      if (done) done(std::move(removed));
                  });
}

void ensurePath(Client& client, std::string path, Callback<void> done) {
    if (path == "/") return client.sync(path, std::move(done)); // there is nothing to create
    const auto create = [&client, path](Callback<Created> then) {
        client.create(path, {}, jute::openAcl(), jute::CreateMode::Persistent, std::move(then));
    };
    persist<Created>(create, [&client, path, done = std::move(done)](const Result<Created>& created) {
        if (created || is(created.error(), ErrorCode::NodeExists)) return done({});
        const std::size_t slash = path.rfind('/');
        if (!is(created.error(), ErrorCode::NoNode) || slash == 0) return done(created.error());
        ensurePath(client, path.substr(0, slash), [&client, path, done](Result<void> parent) {
            if (!parent) return done(parent.error());
            ensurePath(client, path, done);
        });
    });
}

} // namespace zk::client::recipes
