#include "shell_session.h"

#include "shell_print.h"

#include <boost/json/serialize.hpp>

#include <condition_variable>
#include <mutex>

namespace zk::viv {

using Clock = std::chrono::steady_clock;
using client::SessionState;

namespace {

constexpr std::chrono::seconds kCompletionPatience{1};

std::string listed(const client::ConnectString& connect) {
    std::string text;
    for (const client::Address& server : connect.servers)
        text += (text.empty() ? "" : ",") + toString(server);
    return text;
}

} // namespace

Outcome notConnected(const std::string& sentence, bool json) {
    if (!json) return {kStatusNoConnection, {}, sentence + "\n"};
    const boost::json::object out{{"error", "NotConnected"}, {"message", sentence}};
    return {kStatusNoConnection, boost::json::serialize(out) + "\n", {}};
}

struct ShellSession::Shared {
    std::mutex mutex;
    std::condition_variable changed;
    client::Status status;
    Clock::time_point alone = Clock::now(); // since when there has been no server, while there is none
};

ShellSession::ShellSession(ensemble::Dialer& dialer, client::Options options, bool json,
                           client::Watcher watched, std::chrono::milliseconds patience)
    : shared_(std::make_shared<Shared>()), servers_(listed(options.connect)), json_(json),
      watched_(std::move(watched)), patience_(patience) {
    connection_ = dialer.dial(std::move(options), [shared = shared_](const client::Status& status) {
        const std::lock_guard lock(shared->mutex);
        const bool was = shared->status.state == SessionState::Connected;
        if (was && status.state != SessionState::Connected) shared->alone = Clock::now();
        shared->status = status;
        shared->changed.notify_all();
    });
}

ShellSession::~ShellSession() = default;

client::Status ShellSession::status() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->status;
}

void ShellSession::awaitServer(std::chrono::milliseconds most) {
    std::unique_lock lock(shared_->mutex);
    shared_->changed.wait_for(lock, most,
                              [this] { return shared_->status.state != SessionState::Connecting; });
}

Outcome ShellSession::run(const Command& command) {
    const auto outcome = std::make_shared<std::optional<Outcome>>();
    const auto issue = [shared = shared_, outcome, command, json = json_,
                        watched = watched_](client::Client& client) {
        const Runner runner{client, json, watched};
        runner.run(command, [shared, outcome](Outcome result) {
            const std::lock_guard lock(shared->mutex);
            *outcome = std::move(result);
            shared->changed.notify_all();
        });
    };
    connection_->use(issue);
    std::unique_lock lock(shared_->mutex);
    for (;;) {
        if (*outcome) return std::move(**outcome);
        if (shared_->status.state != SessionState::Connecting) {
            shared_->changed.wait(lock);
        } else if (shared_->changed.wait_until(lock, shared_->alone + patience_) == std::cv_status::timeout &&
                   !*outcome && shared_->status.state == SessionState::Connecting) {
            const std::string& why = shared_->status.lastError;
            return notConnected("Not connected to " + servers_ + (why.empty() ? "" : ": " + why), json_);
        }
    }
}

std::vector<std::string> ShellSession::children(const std::string& path) {
    const auto names = std::make_shared<std::optional<std::vector<std::string>>>();
    connection_->use([shared = shared_, names, path](client::Client& client) {
        client.getChildren(path, {}, [shared, names](Result<client::Children> children) {
            const std::lock_guard lock(shared->mutex);
            *names = children ? std::move(children->names) : std::vector<std::string>();
            shared->changed.notify_all();
        });
    });
    std::unique_lock lock(shared_->mutex);
    shared_->changed.wait_for(lock, kCompletionPatience, [&] { return names->has_value(); });
    return names->value_or(std::vector<std::string>());
}

} // namespace zk::viv
