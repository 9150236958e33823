#include "subtree.h"

#include "shell_run.h"

#include "tree/path.h"

#include <algorithm>
#include <deque>

namespace zk::viv {

using client::Callback;
using client::Children;
using jute::ErrorCode;

namespace {

bool isNoNode(const Error& error) {
    return client::toErrorCode(error) == ErrorCode::NoNode;
}

// Parents first, and a whole subtree before the next sibling: the slash sorts below every other letter.
bool treeOrder(const std::string& left, const std::string& right) {
    return std::ranges::lexicographical_compare(left, right, [](char a, char b) {
        const auto rank = [](char letter) {
            return letter == '/' ? 0 : static_cast<int>(static_cast<unsigned char>(letter)) + 1;
        };
        return rank(a) < rank(b);
    });
}

struct Listing : std::enable_shared_from_this<Listing> {
    client::Client& client;
    Callback<std::vector<std::string>> done;
    std::vector<std::string> found;
    std::deque<std::string> todo;
    std::size_t underWay = 0;
    std::optional<Error> error;

    Listing(client::Client& session, Callback<std::vector<std::string>> callback)
        : client(session), done(std::move(callback)) {}

    void next() {
        while (!error && !todo.empty() && underWay < kWindow) {
            std::string path = std::move(todo.front());
            todo.pop_front();
            ++underWay;
            client.getChildren(path, {}, [self = shared_from_this(), path](Result<Children> children) {
                --self->underWay;
                self->take(path, std::move(children));
                self->next();
            });
        }
        if (underWay > 0 || !done) return;
        const auto callback = std::exchange(done, {});
        if (error) return callback(*error);
        std::ranges::sort(found, treeOrder);
        callback(std::move(found));
    }
    void take(const std::string& path, Result<Children> children) {
        if (!children) {
            if (!isNoNode(children.error()) || found.empty()) error = children.error();
            return;
        }
        found.push_back(path);
        for (const std::string& name : children->names)
            todo.push_back(tree::join(path, name));
    }
};

struct Deletion : std::enable_shared_from_this<Deletion> {
    client::Client& client;
    const std::size_t window;
    Callback<std::size_t> done;
    std::vector<std::string> todo; // the last one first
    std::size_t underWay = 0, deleted = 0;
    std::optional<Error> error;

    Deletion(client::Client& session, std::size_t most, Callback<std::size_t> callback)
        : client(session), window(most), done(std::move(callback)) {}

    void next() {
        // One session's requests are carried out in order, so a parent may be asked for while its children
        // are under way.
        while (!error && !todo.empty() && underWay < window) {
            std::string path = std::move(todo.back());
            todo.pop_back();
            ++underWay;
            client.remove(std::move(path), -1, [self = shared_from_this()](Result<void> result) {
                --self->underWay;
                if (result)
                    ++self->deleted;
                else if (!isNoNode(result.error()) && !self->error)
                    self->error = result.error();
                self->next();
            });
        }
        if (underWay > 0 || !done) return;
        const auto callback = std::exchange(done, {});
        if (error)
            callback(*error);
        else
            callback(deleted);
    }
};

} // namespace

void listSubtree(client::Client& client, std::string path, Callback<std::vector<std::string>> done) {
    const auto listing = std::make_shared<Listing>(client, std::move(done));
    listing->todo.push_back(std::move(path));
    listing->next();
}

void deleteSubtree(client::Client& client, std::string path, std::size_t window, Callback<std::size_t> done) {
    listSubtree(client, path,
                [&client, path, window, done = std::move(done)](Result<std::vector<std::string>> paths) {
                    if (!paths) return done(paths.error());
                    const auto deletion = std::make_shared<Deletion>(client, window, done);
                    for (std::string& found : *paths)
                        if (path != "/" || (found != "/" && !tree::isReserved(found)))
                            deletion->todo.push_back(std::move(found));
                    deletion->next();
                });
}

} // namespace zk::viv
