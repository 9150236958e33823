// Recipes on Apache's own C client, against the ensemble whose connect string is given:
//
//     c_recipes HOST:PORT,HOST:PORT,HOST:PORT SCENARIO
//
// SCENARIO lock: four sessions take a lock by turns, each watching the contender before it; one of them ends while it holds it.
// SCENARIO queue: two sessions put, two take. Both by the algorithms of ZooKeeper's recipes page, on the client's synchronous
// calls. Prints the first thing that is not as it should be and exits with 1.
#include <zookeeper/zookeeper.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

void require(bool kept, const std::string& what) {
    if (kept) return;
    std::cout << "not as it should be: " << what << std::endl;
    std::_Exit(1);
}

// One session, and a count of its watch events to wait on.
class Session {
  public:
    explicit Session(const char* servers) : handle_(zookeeper_init(servers, seen, 20000, nullptr, this, 0)) {
        require(handle_ != nullptr, "zookeeper_init");
        wait([this] { return connected_; }, "a connection");
    }
    ~Session() { require(zookeeper_close(handle_) == ZOK, "close"); }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    std::string create(const std::string& path, const std::string& data, int flags) {
        char made[256];
        const int code = zoo_create(handle_, path.c_str(), data.data(), static_cast<int>(data.size()),
                                    &ZOO_OPEN_ACL_UNSAFE, flags, made, sizeof made);
        require(code == ZOK || code == ZNODEEXISTS, "create " + path + ": " + zerror(code));
        return code == ZOK ? made : path;
    }
    // False where it was gone already.
    bool remove(const std::string& path) {
        const int code = zoo_delete(handle_, path.c_str(), -1);
        require(code == ZOK || code == ZNONODE, "delete " + path + ": " + zerror(code));
        return code == ZOK;
    }
    std::vector<std::string> children(const std::string& path, bool watched = false) {
        String_vector names{};
        require(zoo_wget_children(handle_, path.c_str(), watched ? seen : nullptr, this, &names) == ZOK, "children");
        std::vector<std::string> found(names.data, names.data + names.count);
        deallocate_String_vector(&names);
        std::sort(found.begin(), found.end());
        return found;
    }
    // Leaves a watch; false where there is no such znode.
    bool exists(const std::string& path) {
        Stat stat{};
        const int code = zoo_wexists(handle_, path.c_str(), seen, this, &stat);
        require(code == ZOK || code == ZNONODE, std::string("exists: ") + zerror(code));
        return code == ZOK;
    }
    bool get(const std::string& path, std::string& data) {
        char buffer[256];
        int length = sizeof buffer;
        const int code = zoo_get(handle_, path.c_str(), 0, buffer, &length, nullptr);
        require(code == ZOK || code == ZNONODE, std::string("get: ") + zerror(code));
        if (code == ZOK) data.assign(buffer, static_cast<std::size_t>(length));
        return code == ZOK;
    }
    int events() {
        const std::lock_guard lock(mutex_);
        return events_;
    }
    void waitForEventAfter(int before) {
        wait([this, before] { return events_ > before; }, "a watch event");
    }

  private:
    static void seen(zhandle_t*, int type, int state, const char*, void* context) {
        auto& self = *static_cast<Session*>(context);
        const std::lock_guard lock(self.mutex_);
        if (type == ZOO_SESSION_EVENT) self.connected_ = state == ZOO_CONNECTED_STATE;
        else ++self.events_;
        self.changed_.notify_all();
    }
    template <class Condition>
    void wait(Condition condition, const std::string& what) {
        std::unique_lock lock(mutex_);
        require(changed_.wait_for(lock, std::chrono::seconds(60), condition), what);
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    bool connected_ = false;
    int events_ = 0;
    zhandle_t* handle_;
};

// The znode with which the session holds the lock.
std::string acquire(Session& session) {
    const std::string own = session.create("/c-lock/n-", "", ZOO_EPHEMERAL | ZOO_SEQUENCE).substr(8);
    for (;;) {
        const auto line = session.children("/c-lock");
        const auto me = std::find(line.begin(), line.end(), own);
        require(me != line.end(), "our own znode is in line");
        if (me == line.begin()) return own;
        const int before = session.events();
        if (session.exists("/c-lock/" + *(me - 1))) session.waitForEventAfter(before);
    }
}

void lock(const char* servers) {
    Session(servers).create("/c-lock", "", 0);
    std::atomic<int> holders = 0, turns = 0;
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number)
        threads.emplace_back([&, number] {
            Session session(servers);
            for (int turn = 0; turn < 10; ++turn) {
                const std::string own = acquire(session);
                require(++holders == 1, "one holder at a time");
                ++turns;
                --holders;
                if (number == 0 && turn == 5) return; // its session ends, and the lock with it
                session.remove("/c-lock/" + own);
            }
        });
    for (std::thread& thread : threads) thread.join();
    require(turns == 36, "36 turns and not " + std::to_string(turns));
    require(Session(servers).children("/c-lock").empty(), "nobody is left in line");
}

void queue(const char* servers) {
    constexpr int kEach = 50;
    Session(servers).create("/c-queue", "", 0);
    std::mutex mutex;
    std::set<std::string> taken;
    std::atomic<int> count = 0;
    std::vector<std::thread> threads;
    for (int number = 0; number < 2; ++number) {
        threads.emplace_back([&, number] {
            Session session(servers);
            for (int entry = 0; entry < kEach; ++entry)
                session.create("/c-queue/q-", std::to_string(number) + "/" + std::to_string(entry), ZOO_SEQUENCE);
        });
        threads.emplace_back([&] {
            Session session(servers);
            int last[2] = {-1, -1}; // of each producer: its entries come in order
            while (count < 2 * kEach) {
                const int before = session.events();
                auto line = session.children("/c-queue", true);
                std::erase_if(line, [](const std::string& name) { return !name.starts_with("q-"); });
                for (const std::string& name : line) {
                    std::string data;
                    if (!session.get("/c-queue/" + name, data) || !session.remove("/c-queue/" + name)) continue;
                    const int producer = data[0] - '0', entry = std::stoi(data.substr(2));
                    require(entry > std::exchange(last[producer], entry), "first in, first out");
                    const std::lock_guard guard(mutex);
                    require(taken.insert(data).second, data + " is taken once");
                    ++count;
                }
                if (line.empty() && count < 2 * kEach) session.waitForEventAfter(before);
            }
            session.create("/c-queue/end-", "", ZOO_SEQUENCE | ZOO_EPHEMERAL); // wakes the other
        });
    }
    for (std::thread& thread : threads) thread.join();
    require(taken.size() == 2 * kEach, "all are taken");
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    zoo_set_debug_level(ZOO_LOG_LEVEL_ERROR);
    std::string(argv[2]) == "lock" ? lock(argv[1]) : queue(argv[1]);
    std::cout << "done" << std::endl;
    return 0;
}
