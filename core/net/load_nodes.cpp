#include "net/load_nodes.h"

#include "net/load.h"
#include "net/load_session.h"

#include <algorithm>
#include <cstdio>

namespace zk::net {

using jute::ErrorCode;
using jute::OpCode;

namespace {

constexpr Duration kQuietTime = std::chrono::seconds(1);

double secondsSince(Instant begin) {
    return std::chrono::duration<double>(now() - begin).count();
}

class NodeLoad {
  public:
    explicit NodeLoad(const NodeLoadOptions& options) : options_(options) {}

    Result<void> open() {
        for (int index = 0; index < options_.sessions; ++index)
            connect(options_.inFlight);
        return workUntil(
            [this] { return std::ranges::all_of(sessions_, [](const auto& one) { return one->ready(); }); },
            kLoadPatience, "The servers do not give a session each");
    }

    Result<void> createRoot() {
        const auto answered = once(loadFrame(OpCode::Create, creation(options_.root, {})));
        if (!answered) return answered.error();
        for (const auto& [err, count] : *answered)
            if (static_cast<ErrorCode>(err) != ErrorCode::NodeExists)
                return Error{client::toErrorCode(static_cast<ErrorCode>(err)),
                             options_.root + " cannot be created: " +
                                 std::string(jute::describe(static_cast<ErrorCode>(err)))};
        return {};
    }

    // Sends one request for each znode, over all sessions at once. How many were refused.
    template <class Frame>
    Result<std::uint64_t> forEach(Frame frameOf) {
        int next = 0;
        std::string frame;
        for (const auto& session : sessions_)
            session->feed([&]() -> const std::string* {
                if (next == options_.count) return nullptr;
                frame = frameOf(path(next++));
                return &frame;
            });
        Instant heard = now();
        std::uint64_t refused = 0, answered = 0;
        const auto count = [&] {
            for (const auto& session : sessions_) {
                const LoadSession::Counts counts = session->take();
                if (counts.answered > 0) heard = now();
                answered += counts.answered;
                for (const auto& [err, times] : counts.refusals)
                    refused += times;
            }
            return next == options_.count && answered == static_cast<std::uint64_t>(next);
        };
        Result<void> done =
            workUntil([&] { return count() || now() - heard > kLoadPatience; }, std::chrono::hours(24), "");
        for (const auto& session : sessions_)
            session->feed({});
        if (!done) return done.error();
        if (answered < static_cast<std::uint64_t>(options_.count))
            return missing("Of " + std::to_string(options_.count) + " requests only " +
                           std::to_string(answered) + " were answered");
        return refused;
    }

    Result<std::uint64_t> create() {
        const std::string value(options_.valueBytes, 'v');
        return forEach([&](const std::string& at) { return loadFrame(OpCode::Create, creation(at, value)); });
    }
    Result<std::uint64_t> remove() {
        return forEach([](const std::string& at) {
            return loadFrame(OpCode::Delete, jute::encode(jute::DeleteRequest{at, -1}));
        });
    }
    Result<void> removeRoot() {
        const auto removed =
            once(loadFrame(OpCode::Delete, jute::encode(jute::DeleteRequest{options_.root, -1})));
        return removed ? Result<void>() : removed.error();
    }

    // One getChildren in the first session, while another reads one small znode after the other.
    Result<void> list(NodeLoadResult& result) {
        LoadSession& reader = connect(1);
        if (auto ready =
                workUntil([&] { return reader.ready(); }, kLoadPatience, "The server gives no more sessions");
            !ready)
            return ready;
        const std::string read =
            loadFrame(OpCode::Exists, jute::encode(jute::ReadRequest{options_.root, false}));
        reader.feed([&read] { return &read; });
        const Instant quietEnd = now() + kQuietTime;
        if (auto quiet = workUntil([&] { return now() >= quietEnd; }, kQuietTime + kLoadPatience, ""); !quiet)
            return quiet;
        result.quietWait = longest(reader.take());
        const std::string listing =
            loadFrame(OpCode::GetChildren, jute::encode(jute::ReadRequest{options_.root, false}));
        LoadSession& lister = *sessions_.front();
        const std::uint64_t bytesBefore = lister.bytesReceived();
        const Instant begin = now();
        lister.feed([&listing, left = 1]() mutable { return left-- > 0 ? &listing : nullptr; });
        auto listed =
            workUntil([&] { return lister.idle(); }, kLoadPatience, "The server does not list the znodes");
        lister.feed({});
        reader.feed({});
        if (!listed) return listed;
        result.listSeconds = secondsSince(begin);
        result.listBytes = lister.bytesReceived() - bytesBefore;
        // The read that was under way when the last byte came is one of those that may have waited.
        if (auto idle = workUntil([&] { return reader.idle(); }, kLoadPatience, "Answers are missing"); !idle)
            return idle;
        result.listWait = longest(reader.take());
        return {};
    }

  private:
    LoadSession& connect(int inFlight) {
        const auto& server = options_.servers[sessions_.size() % options_.servers.size()];
        return *sessions_.emplace_back(std::make_unique<LoadSession>(loop_, server, inFlight));
    }

    std::string path(int number) const {
        char name[16];
        std::snprintf(name, sizeof name, "/n%09d", number);
        return options_.root + name;
    }
    static std::string creation(const std::string& at, const std::string& value) {
        return jute::encode(jute::CreateRequest{at, value, jute::openAcl(), 0});
    }
    static Duration longest(const LoadSession::Counts& counts) {
        const auto most = std::ranges::max_element(counts.microseconds);
        return std::chrono::microseconds(most == counts.microseconds.end() ? 0 : *most);
    }
    static Error missing(std::string what) {
        return {client::toErrorCode(ErrorCode::OperationTimeout), std::move(what)};
    }

    Result<std::map<std::int32_t, std::uint64_t>> once(const std::string& frame) {
        LoadSession& first = *sessions_.front();
        first.feed([&frame, left = 1]() mutable { return left-- > 0 ? &frame : nullptr; });
        const auto done =
            workUntil([&] { return first.idle(); }, kLoadPatience, "The server does not answer");
        first.feed({});
        if (!done) return done.error();
        return first.take().refusals;
    }

    template <class Done>
    Result<void> workUntil(Done done, Duration patience, const std::string& what) {
        const Instant until = now() + patience;
        for (;;) {
            for (const auto& session : sessions_)
                if (!session->fault().empty())
                    return Error{client::toErrorCode(ErrorCode::ConnectionLoss), session->fault()};
            if (done()) return {};
            if (now() >= until)
                return missing(what + " within " + std::to_string(kLoadPatience.count()) + " s");
            loop_.turn(std::min(until, now() + kQuietTime));
        }
    }

    const NodeLoadOptions& options_;
    Loop loop_;
    std::vector<std::unique_ptr<LoadSession>> sessions_;
};

} // namespace

Result<NodeLoadResult> loadNodes(const NodeLoadOptions& options) {
    NodeLoad load(options);
    NodeLoadResult result;
    if (const auto opened = load.open(); !opened) return opened.error();
    if (const auto created = load.createRoot(); !created) return created.error();
    const Instant begin = now();
    const auto refused = load.create();
    if (!refused) return refused.error();
    result.createSeconds = secondsSince(begin);
    result.refused = *refused;
    if (const auto listed = load.list(result); !listed) return listed.error();
    return result;
}

Result<void> removeNodes(const NodeLoadOptions& options) {
    NodeLoad load(options);
    if (const auto opened = load.open(); !opened) return opened;
    if (const auto removed = load.remove(); !removed) return removed.error();
    return load.removeRoot();
}

} // namespace zk::net
