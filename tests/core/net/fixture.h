// What the tests of net share: a directory of their own, waiting with a deadline, a record of what servers told.
#pragma once

#include "net/dialer.h"
#include "net/host.h"
#include "net/sockets.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

namespace zk::net {

using namespace std::chrono_literals;

// A directory that goes with the test.
class Directory {
  public:
    Directory() {
        std::string pattern = (std::filesystem::temp_directory_path() / "vivarium-net-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~Directory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

// Looks again and again until it is so; false once the deadline has passed.
inline bool eventually(const std::function<bool()>& isSo, std::chrono::milliseconds patience = 10s) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!isSo()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::yield();
    }
    return true;
}

// Calls an asynchronous request and waits for its outcome.
inline std::string outcome(const std::function<void(std::function<void(std::string)>)>& request) {
    auto promise = std::make_shared<std::promise<std::string>>();
    auto future = promise->get_future();
    request([promise](std::string problem) { promise->set_value(std::move(problem)); });
    if (future.wait_for(20s) != std::future_status::ready) return "no outcome in time";
    return future.get();
}

class Record : public trace::Sink {
  public:
    void event(const trace::Event& event) override {
        const std::lock_guard lock(mutex_);
        events_.push_back(event);
    }
    bool wantsTransactions() const override { return false; }
    bool has(const std::function<bool(const trace::Event&)>& matches) const {
        const std::lock_guard lock(mutex_);
        for (const trace::Event& event : events_)
            if (matches(event)) return true;
        return false;
    }
    bool says(trace::Kind kind, const std::string& part) const {
        return has([&](const trace::Event& event) {
            return event.what() == kind && event.text.find(part) != std::string::npos;
        });
    }
    std::string text() const {
        const std::lock_guard lock(mutex_);
        std::string all;
        for (const trace::Event& event : events_) all += std::to_string(event.server) + " " + sentence(event) + "\n";
        return all;
    }

  private:
    mutable std::mutex mutex_;
    std::vector<trace::Event> events_;
};

// A plain socket of the test's own, for what no good client says.
class Raw : StreamUser {
  public:
    explicit Raw(std::uint16_t port) {
        dial_ = std::make_unique<Dial>(loop_, "127.0.0.1", port, 5s, [this](Result<std::unique_ptr<Stream>> stream) {
            if (!stream) return;
            stream_ = std::move(*stream);
            stream_->start(*this, out_);
        });
        wait([this] { return stream_ != nullptr; });
    }
    void send(std::string_view bytes) {
        out_ += bytes;
        stream_->flush();
    }
    // Until the server has closed it.
    std::string readAll() {
        wait([this] { return lost_; });
        return in_;
    }
    bool closed() { return wait([this] { return lost_; }); }
    // Until what has come in is so; false where the server closes it before, or the patience ends.
    bool waitFor(const std::function<bool(const std::string&)>& isSo) {
        wait([&] { return lost_ || isSo(in_); });
        return isSo(in_);
    }
    const std::string& in() const { return in_; }

  private:
    bool wait(const std::function<bool()>& done) {
        const auto until = Instant(std::chrono::steady_clock::now().time_since_epoch()) + 10s;
        while (!done()) {
            if (Instant(std::chrono::steady_clock::now().time_since_epoch()) > until) return false;
            loop_.turn(until);
        }
        return true;
    }
    void received(std::string_view bytes) override { in_ += bytes; }
    void lost(std::string_view) override { lost_ = true; }

    Loop loop_;
    std::unique_ptr<Dial> dial_;
    std::unique_ptr<Stream> stream_;
    std::string in_, out_;
    bool lost_ = false;
};

inline client::Options optionsFor(std::vector<std::uint16_t> ports) {
    client::Options options;
    for (const std::uint16_t port : ports) options.connect.servers.push_back({"127.0.0.1", port});
    options.sessionTimeout = 10s;
    return options;
}

inline Result<client::Created> create(BlockingSession& session, const std::string& path, const std::string& data,
                                      jute::CreateMode mode = jute::CreateMode::Persistent) {
    return session.ask<client::Created>(
        [&](client::Client& client, client::Callback<client::Created> done) {
            client.create(path, data, jute::openAcl(), mode, std::move(done));
        },
        10s);
}

inline Result<client::Data> get(BlockingSession& session, const std::string& path) {
    return session.ask<client::Data>(
        [&](client::Client& client, client::Callback<client::Data> done) { client.getData(path, {}, std::move(done)); }, 10s);
}

} // namespace zk::net
