// Apache's own C client, put through an ordinary program's day against the ensemble whose connect string is given:
//
//     c_client HOST:PORT,HOST:PORT,HOST:PORT SCENARIO
//
// SCENARIO basics: create, read, watch, update, ephemeral, sequential, multi. SCENARIO reconnect: prints "ready" once an
// ephemeral is there, waits for a line on its input (the leader has been killed meanwhile), and goes on with the same
// session. Prints the first thing that is not as it should be and exits with 1.
#include <zookeeper/zookeeper.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <mutex>
#include <string>

namespace {

std::mutex mutex;
std::condition_variable changed;
bool connected = false;
int events = 0;
int lastEvent = 0;

void watch(zhandle_t*, int type, int state, const char*, void*) {
    const std::lock_guard lock(mutex);
    if (type == ZOO_SESSION_EVENT) {
        connected = state == ZOO_CONNECTED_STATE;
    } else {
        ++events;
        lastEvent = type;
    }
    changed.notify_all();
}

void require(bool kept, const std::string& what) {
    if (kept) return;
    std::cout << "not as it should be: " << what << std::endl;
    std::exit(1);
}

void waitFor(const std::function<bool()>& condition, const std::string& what) {
    std::unique_lock lock(mutex);
    require(changed.wait_for(lock, std::chrono::seconds(60), condition), what);
}

void is(int code, int expected, const std::string& what) {
    require(code == expected, what + ": " + zerror(code) + " instead of " + zerror(expected));
}

void basics(zhandle_t* zk) {
    char buffer[256];
    Stat stat{};
    int length = sizeof buffer;
    is(zoo_create(zk, "/c", "one", 3, &ZOO_OPEN_ACL_UNSAFE, 0, buffer, sizeof buffer), ZOK, "create");
    require(std::string(buffer) == "/c", "the created path");
    is(zoo_create(zk, "/c", "one", 3, &ZOO_OPEN_ACL_UNSAFE, 0, nullptr, 0), ZNODEEXISTS, "create again");
    is(zoo_wget(zk, "/c", watch, nullptr, buffer, &length, &stat), ZOK, "get");
    require(std::string(buffer, static_cast<std::size_t>(length)) == "one" && stat.version == 0, "the value");
    is(zoo_set2(zk, "/c", "three", 5, 0, &stat), ZOK, "set");
    require(stat.version == 1 && stat.dataLength == 5, "the stat after set");
    waitFor([] { return events == 1 && lastEvent == ZOO_CHANGED_EVENT; }, "a watch of the data");
    is(zoo_set(zk, "/c", "x", 1, 0), ZBADVERSION, "set with an old version");
    is(zoo_create(zk, "/c/e", "", 0, &ZOO_OPEN_ACL_UNSAFE, ZOO_EPHEMERAL, nullptr, 0), ZOK, "an ephemeral");
    is(zoo_exists(zk, "/c/e", 0, &stat), ZOK, "the ephemeral");
    require(stat.ephemeralOwner == zoo_client_id(zk)->client_id, "the ephemeral's owner");
    is(zoo_create(zk, "/c/e/x", "", 0, &ZOO_OPEN_ACL_UNSAFE, 0, nullptr, 0), ZNOCHILDRENFOREPHEMERALS, "below it");
    for (const char* expected : {"/c/s-0000000001", "/c/s-0000000002"}) {
        is(zoo_create(zk, "/c/s-", "", 0, &ZOO_OPEN_ACL_UNSAFE, ZOO_SEQUENCE, buffer, sizeof buffer), ZOK, "a sequential");
        require(std::string(buffer) == expected, std::string("the sequential is ") + buffer);
    }
    String_vector names{};
    is(zoo_wget_children(zk, "/c", watch, nullptr, &names), ZOK, "children");
    require(names.count == 3, "three children");
    deallocate_String_vector(&names);

    zoo_op_t ops[3];
    zoo_op_result_t results[3];
    zoo_create_op_init(&ops[0], "/c/m", "1", 1, &ZOO_OPEN_ACL_UNSAFE, 0, buffer, sizeof buffer);
    zoo_set_op_init(&ops[1], "/c/m", "2", 1, 0, &stat);
    zoo_check_op_init(&ops[2], "/c", 1);
    is(zoo_multi(zk, 3, ops, results), ZOK, "a multi");
    waitFor([] { return events == 2 && lastEvent == ZOO_CHILD_EVENT; }, "a watch of the children");
    zoo_delete_op_init(&ops[0], "/c/m", 1);
    zoo_check_op_init(&ops[1], "/c", 77);
    is(zoo_multi(zk, 2, ops, results), ZBADVERSION, "a multi that fails");
    is(results[0].err, ZOK, "its first part");
    is(results[1].err, ZBADVERSION, "its second part");
    is(zoo_exists(zk, "/c/m", 0, &stat), ZOK, "nothing of it was done");
    is(zoo_delete(zk, "/c", -1), ZNOTEMPTY, "delete of a parent");
}

void reconnect(zhandle_t* zk) {
    is(zoo_create(zk, "/r", "mine", 4, &ZOO_OPEN_ACL_UNSAFE, ZOO_EPHEMERAL, nullptr, 0), ZOK, "an ephemeral");
    const auto session = zoo_client_id(zk)->client_id;
    std::cout << "ready" << std::endl;
    std::string line;
    std::getline(std::cin, line);
    int code = ZCONNECTIONLOSS;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (code == ZCONNECTIONLOSS && std::chrono::steady_clock::now() < deadline) {
        waitFor([] { return connected; }, "the connection again");
        code = zoo_set(zk, "/r", "still", 5, -1);
    }
    is(code, ZOK, "a write after the leader's end");
    require(zoo_client_id(zk)->client_id == session, "the same session");
    Stat stat{};
    is(zoo_exists(zk, "/r", 0, &stat), ZOK, "the ephemeral");
    require(stat.ephemeralOwner == session, "its owner");
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    zoo_set_debug_level(ZOO_LOG_LEVEL_ERROR);
    zhandle_t* zk = zookeeper_init(argv[1], watch, 20000, nullptr, nullptr, 0);
    require(zk != nullptr, "zookeeper_init");
    waitFor([] { return connected; }, "a connection");
    std::string(argv[2]) == "basics" ? basics(zk) : reconnect(zk);
    is(zookeeper_close(zk), ZOK, "close");
    std::cout << "done" << std::endl;
    return 0;
}
