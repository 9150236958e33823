// Our own recipes, one session's, driven line by line on standard input; what happens is printed, a line each:
//
//     recipes_client HOST:PORT,HOST:PORT,HOST:PORT TIMEOUT_MS
//
//     lock exclusive|read|write PATH ID    release        "lock held", "lock doubtful", "lock lost", "released"
//     lead PATH ID                         stop           "leads true", "leads false"
//     contenders                                          "line a b c" (of the lock or the latch)
//     put PATH DATA PRIORITY, take PATH                   "put NAME", "took DATA"
//     enter PATH COUNT                     leave          "entered", "left"
//     add PATH DELTA                                      "counter 5"
//     join PATH DATA, update DATA          depart         "joined", "departed"
//     watch PATH, config PATH                             "members a=1 b=2", "value DATA VERSION", "value none"
//
// "error: ..." where something is refused. The end of the input closes the session; kill -9 does not.
#include "client/recipes/config_node.h"
#include "client/recipes/counter.h"
#include "client/recipes/double_barrier.h"
#include "client/recipes/leader_latch.h"
#include "client/recipes/presence.h"
#include "client/recipes/queue.h"
#include "client/recipes/roster.h"

#include "net/dialer.h"

#include <iostream>
#include <random>
#include <sstream>

namespace {

using namespace zk;
using namespace zk::client;
using namespace zk::client::recipes;

void say(const std::string& line) { std::cout << line << std::endl; }

// Says so where it is an error.
template <class T>
bool good(const Result<T>& result) {
    if (!result) say("error: " + std::string(jute::name(toErrorCode(result.error()))) + " " + result.error().message());
    return result.has_value();
}

// All of a session's recipes; on the dialer's thread.
struct Recipes {
    explicit Recipes(Client& theClient) : client(theClient), rng(std::random_device()()) {}

    void run(const std::string& line) {
        std::istringstream words(line);
        std::string verb, first, second, third;
        words >> verb >> first >> second >> third;
        if (verb == "lock") return runLock(first, second, third);
        if (verb == "release") return lock->release([] { say("released"); });
        if (verb == "lead") return runLatch(first, second);
        if (verb == "stop") return latch->stop([] { say("stopped"); });
        if (verb == "contenders") {
            const auto show = [](const Result<std::vector<std::string>>& line) {
                std::string text = "line";
                if (good(line))
                    for (const std::string& each : *line) text += " " + each;
                say(text);
            };
            return lock ? lock->contenders(show) : latch->contenders(show);
        }
        if (verb == "enter" || verb == "leave") return runBarrier(verb == "enter", first, second);
        if (verb == "join" || verb == "update" || verb == "depart") return runPresence(verb, first, second);
        if (verb == "watch" || verb == "config") return watch(verb == "watch", first);
        runValue(verb, first, second, third);
    }

    void runLock(const std::string& kind, const std::string& path, const std::string& id) {
        const LockKind which = kind == "read" ? LockKind::Read : kind == "write" ? LockKind::Write : LockKind::Exclusive;
        lock = std::make_unique<Lock>(client, path, makeGuid(rng), which, id);
        lock->onChange([](LockState state) { say("lock " + std::string(name(state))); });
        lock->acquire([](const Result<void>& held) { good(held); });
    }
    void runLatch(const std::string& path, const std::string& id) {
        latch = std::make_unique<LeaderLatch>(client, path, makeGuid(rng), id);
        latch->start([](const Result<bool>& leads) {
            if (good(leads)) say(*leads ? "leads true" : "leads false");
        });
    }
    void runBarrier(bool enters, const std::string& path, const std::string& count) {
        if (!enters) return barrier->leave([](const Result<void>& left) { if (good(left)) say("left"); });
        barrier = std::make_unique<DoubleBarrier>(client, path, makeGuid(rng), std::stoul(count));
        barrier->enter([](const Result<void>& entered) { if (good(entered)) say("entered"); });
    }
    void runPresence(const std::string& verb, const std::string& first, const std::string& second) {
        if (verb == "update") return presence->update(first);
        if (verb == "depart") return presence->withdraw([] { say("departed"); });
        presence = std::make_unique<Presence>(client, first, second);
        presence->onLost([](const Error& error) { say("lost: " + std::string(jute::name(toErrorCode(error)))); });
        presence->announce([](const Result<void>& there) { if (good(there)) say("joined"); });
    }
    void watch(bool group, const std::string& path) {
        if (group) {
            roster = std::make_unique<Roster>(client, path);
            return roster->start([](const Result<Roster::Members>& members) {
                if (!good(members)) return;
                std::string text = "members";
                for (const auto& [member, data] : *members) text += " " + member + "=" + data;
                say(text);
            });
        }
        config = std::make_unique<ConfigNode>(client, path);
        config->start([](const Result<std::optional<ConfigNode::Value>>& value) {
            if (good(value)) say(*value ? "value " + (*value)->data + " " + std::to_string((*value)->version) : "value none");
        });
    }
    void runValue(const std::string& verb, const std::string& path, const std::string& second, const std::string& third) {
        if (verb == "add") {
            return Counter(client, path).add(std::stoll(second), [](const Result<Counter::Value>& value) {
                if (good(value)) say("counter " + std::to_string(value->number));
            });
        }
        if (!queue) queue = std::make_unique<Queue>(client, path);
        if (verb == "put")
            return queue->put(second, std::stoi(third), [](const Result<std::string>& entry) { if (good(entry)) say("put " + *entry); });
        if (verb == "take")
            return queue->take([](const Result<Taken>& taken) {
                if (good(taken)) say("took " + taken->data + (taken->certain ? "" : " perhaps"));
            });
        say("error: no such line: " + verb);
    }

    Client& client;
    Rng rng;
    std::unique_ptr<Lock> lock;
    std::unique_ptr<LeaderLatch> latch;
    std::unique_ptr<DoubleBarrier> barrier;
    std::unique_ptr<Presence> presence;
    std::unique_ptr<Roster> roster;
    std::unique_ptr<ConfigNode> config;
    std::unique_ptr<Queue> queue;
};

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    Options options;
    options.connect = *parseConnectString(argv[1]);
    options.sessionTimeout = std::chrono::milliseconds(std::stoi(argv[2]));
    options.seed = std::random_device()();
    const auto dialer = net::makeDialer();
    auto connection = dialer->dial(options, [](const Status& status) { say("session " + std::string(name(status.state))); });
    auto recipes = std::make_shared<std::unique_ptr<Recipes>>(); // touched on the dialer's thread alone
    for (std::string line; std::getline(std::cin, line);)
        connection->use([recipes, line](Client& client) {
            if (!*recipes) *recipes = std::make_unique<Recipes>(client);
            (*recipes)->run(line);
        });
    connection->use([recipes](Client&) { recipes->reset(); });
    connection.reset();
    return 0;
}
