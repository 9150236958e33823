#include "net/dialer.h"

#include "net/clock.h"

#include <atomic>
#include <map>
#include <thread>

namespace zk::net {

namespace {

constexpr Duration kClosePatience = std::chrono::seconds(1);

// What the dialer's thread owns. Connections that outlive the dialer find `transports` empty and do nothing.
struct Floor {
    Loop loop;
    std::map<std::uint64_t, std::unique_ptr<Transport>> transports;
    bool ending = false;

    void close(std::uint64_t id) {
        const auto found = transports.find(id);
        if (found == transports.end()) return;
        found->second->close(kClosePatience, [this, id] {
            transports.erase(id);
            if (ending && transports.empty()) loop.stop();
        });
    }

    void end() {
        ending = true;
        if (transports.empty()) return loop.stop();
        std::vector<std::uint64_t> open;
        for (const auto& [id, transport] : transports) open.push_back(id);
        for (const std::uint64_t id : open) close(id);
    }
};

class LocalConnection : public ensemble::Dialer::Connection {
  public:
    LocalConnection(std::shared_ptr<Floor> floor, std::uint64_t id) : floor_(std::move(floor)), id_(id) {}
    ~LocalConnection() override {
        floor_->loop.post([floor = floor_.get(), id = id_] { floor->close(id); });
    }

    void use(std::function<void(client::Client&)> work) override {
        floor_->loop.post([floor = floor_.get(), id = id_, work = std::move(work)] {
            const auto found = floor->transports.find(id);
            if (found != floor->transports.end()) found->second->use(work);
        });
    }

  private:
    std::shared_ptr<Floor> floor_;
    const std::uint64_t id_;
};

class LocalDialer : public ensemble::Dialer {
  public:
    LocalDialer() : thread_([this] { floor_->loop.run([] {}); }) {}
    ~LocalDialer() override {
        floor_->loop.post([floor = floor_.get()] { floor->end(); });
        thread_.join();
    }

    std::shared_ptr<Connection> dial(client::Options options, std::function<void(const client::Status&)> onStatus) override {
        const std::uint64_t id = ++lastId_;
        floor_->loop.post([floor = floor_.get(), id, options = std::move(options), onStatus = std::move(onStatus)] {
            floor->transports[id] = std::make_unique<Transport>(floor->loop, options, onStatus);
        });
        return std::make_shared<LocalConnection>(floor_, id);
    }

  private:
    std::shared_ptr<Floor> floor_ = std::make_shared<Floor>();
    std::atomic<std::uint64_t> lastId_ = 0;
    std::thread thread_;
};

} // namespace

std::unique_ptr<ensemble::Dialer> makeDialer() { return std::make_unique<LocalDialer>(); }

BlockingSession::BlockingSession(client::Options options, std::function<void(const client::Status&)> onStatus)
    : transport_(std::make_unique<Transport>(loop_, std::move(options), std::move(onStatus))) {}

BlockingSession::~BlockingSession() {
    bool closed = false;
    transport_->close(kClosePatience, [&closed] { closed = true; });
    while (!closed) loop_.turn(kNever);
}

bool BlockingSession::runUntil(const std::function<bool()>& done, Duration patience) {
    const Instant until = now() + patience;
    while (!done()) {
        const Instant instant = now();
        if (instant >= until) return false;
        loop_.turn(until);
    }
    return true;
}

client::Status BlockingSession::status() {
    client::Status status;
    use([&status](client::Client& client) { status = client.status(); });
    return status;
}

} // namespace zk::net
