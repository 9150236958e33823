// What the recipes share: asking again after a lost connection, the life of an object that callbacks belong
// to, names.
//
// Always true of every recipe: it works on the Client's thread, never blocks, and holds no timer: what is
// asked while there is no connection waits in the client. The client outlives it. It may be destroyed at any
// time, within its own callbacks too, and calls nothing back after that. What ends it is the end of the
// session, and that is told as an error.
#pragma once

#include "base/rng.h"
#include "client/client.h"

namespace zk::client::recipes {

// 32 hexadecimal digits: what tells a contender's znode from every other's. Seed the generator differently in
// each process.
std::string makeGuid(Rng& rng);

// The path of a child.
std::string below(const std::string& parent, std::string_view name);
// The last part of a path.
std::string_view nameIn(std::string_view path);

inline bool is(const Error& error, jute::ErrorCode code) {
    return toErrorCode(error) == code;
}
// The state of a session that will not come back.
bool isOver(SessionState state);
// Why it will not. Precondition: isOver(status.state).
Error overError(const Status& status);
// What a request that its own caller takes back ends with.
Error withdrawn(const std::string& what);

// Binds callbacks to the life of an object: once that is over, a bound one does nothing when it is called.
class Life {
  public:
    template <class Function>
    auto bind(Function function) const {
        return [alive = std::weak_ptr<char>(token_), function = std::move(function)](auto&&... arguments) {
            if (!alive.expired()) function(std::forward<decltype(arguments)>(arguments)...);
        };
    }
    std::weak_ptr<char> watch() const { return token_; }
    // Ends what was bound so far, and begins anew.
    void renew() { token_ = std::make_shared<char>(); }

  private:
    std::shared_ptr<char> token_ = std::make_shared<char>();
};

// Asks until the answer is not that the connection was lost: for requests that may be carried out twice
// without harm.
template <class T>
void persist(std::function<void(Callback<T>)> ask, Callback<T> done) {
    ask([ask, done](Result<T> result) {
        if (!result && is(result.error(), jute::ErrorCode::ConnectionLoss)) return persist<T>(ask, done);
        done(std::move(result));
    });
}

void persistChildren(Client& client, const std::string& path, Watcher watcher, Callback<Children> done);
void persistData(Client& client, const std::string& path, Watcher watcher, Callback<Data> done);
void persistExists(Client& client, const std::string& path, Watcher watcher,
                   Callback<std::optional<jute::Stat>> done);
// Brings this server up to everything that the leader had decided before: a request whose answer was lost is
// seen after it if it was carried out at all.
void persistSync(Client& client, const std::string& path, Callback<void> done);
// Deletes the znode; it may be gone already.
void persistRemove(Client& client, const std::string& path, Callback<void> done);
// Creates what is missing of a path, open to all.
void ensurePath(Client& client, std::string path, Callback<void> done);

} // namespace zk::client::recipes
