#include "net/load.h"

#include "net/load_session.h"

#include <algorithm>

namespace zk::net {

using jute::ErrorCode;
using jute::OpCode;

struct Load::Impl {
    LoadOptions options;
    Loop loop;
    std::vector<std::unique_ptr<LoadSession>> sessions;
    LoadFrames frames;
    Rng rng;

    explicit Impl(LoadOptions given) : options(std::move(given)), rng(options.seed) {
        const std::string value(options.valueBytes, 'v');
        for (int key = 0; key < options.keys; ++key) {
            frames.reads.push_back(
                loadFrame(OpCode::GetData, jute::encode(jute::ReadRequest{path(key), false})));
            frames.writes.push_back(
                loadFrame(OpCode::SetData, jute::encode(jute::SetDataRequest{path(key), value, -1})));
        }
    }

    std::string path(int key) const { return options.root + "/" + std::to_string(key); }

    Error noAnswer(const std::string& what) const {
        return {client::toErrorCode(ErrorCode::OperationTimeout),
                what + " within " + std::to_string(kLoadPatience.count()) + " s"};
    }

    // Works until `done`, at most `patience` long.
    template <class Done>
    Result<void> workUntil(Done done, Duration patience, const std::string& missing) {
        const Instant until = now() + patience;
        for (;;) {
            for (const auto& session : sessions)
                if (!session->fault().empty())
                    return Error{client::toErrorCode(ErrorCode::ConnectionLoss), session->fault()};
            if (done()) return {};
            if (now() >= until) return noAnswer(missing);
            loop.turn(until);
        }
    }

    bool allIdle() const {
        return std::ranges::all_of(sessions, [](const auto& session) { return session->idle(); });
    }

    // Sends each of these once, over the first session, and gives the errors that were answered.
    Result<std::map<std::int32_t, std::uint64_t>> sendEach(const std::vector<std::string>& each) {
        std::size_t at = 0;
        sessions.front()->feed(
            [&]() -> const std::string* { return at < each.size() ? &each[at++] : nullptr; });
        const auto sent =
            workUntil([&] { return at == each.size() && sessions.front()->idle(); }, 10 * kLoadPatience,
                      "The server does not carry out the requests that prepare the load");
        sessions.front()->feed({});
        if (!sent) return sent.error();
        return sessions.front()->take().refusals;
    }

    Result<void> prepare() {
        std::vector<std::string> creates;
        const auto create = [&](const std::string& at) {
            creates.push_back(
                loadFrame(OpCode::Create, jute::encode(jute::CreateRequest{at, "", jute::openAcl(), 0})));
        };
        create(options.root);
        for (int key = 0; key < options.keys; ++key)
            create(path(key));
        for (const auto* each : {&creates, &frames.writes}) {
            const auto refusals = sendEach(*each);
            if (!refusals) return refusals.error();
            for (const auto& [err, count] : *refusals) {
                const auto code = static_cast<ErrorCode>(err);
                if (code != ErrorCode::NodeExists)
                    return Error{client::toErrorCode(code),
                                 "The keys below " + options.root +
                                     " cannot be written: " + std::string(jute::describe(code))};
            }
        }
        return {};
    }

    // Reads and writes by chance, in the proportion that was asked for.
    const std::string* next() {
        const std::size_t key = rng.below(frames.reads.size());
        const bool write = options.writes >= 1 || (options.writes > 0 && rng.chance(options.writes));
        return write ? &frames.writes[key] : &frames.reads[key];
    }

    LoadRound summary(double seconds) {
        LoadRound round;
        round.seconds = seconds;
        std::vector<std::uint32_t> times;
        for (const auto& session : sessions) {
            const LoadSession::Counts counts = session->take();
            round.operations += counts.answered;
            for (const auto& [err, count] : counts.refusals)
                round.refused += count;
            times.insert(times.end(), counts.microseconds.begin(), counts.microseconds.end());
        }
        if (times.empty()) return round;
        const auto at = [&times](double share) {
            const auto index = static_cast<std::size_t>(share * static_cast<double>(times.size() - 1));
            std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(index));
            return Duration(std::chrono::microseconds(times[index]));
        };
        round.median = at(0.5);
        round.p99 = at(0.99);
        round.longest = at(1);
        return round;
    }
};

Load::Load(LoadOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Load::~Load() = default;

Result<void> Load::open() {
    const LoadOptions& options = impl_->options;
    std::shared_ptr<const TlsContext> tls;
    if (options.tls) {
        auto context = TlsContext::make(*options.tls, TlsContext::Side::Client);
        if (!context) return context.error();
        tls = std::move(*context);
    }
    for (int index = 0; index < options.sessions; ++index) {
        const client::Address& server =
            options.servers[static_cast<std::size_t>(index) % options.servers.size()];
        impl_->sessions.push_back(std::make_unique<LoadSession>(impl_->loop, server, options.inFlight, tls));
    }
    const auto connected = impl_->workUntil(
        [this] {
            return std::ranges::all_of(impl_->sessions, [](const auto& session) { return session->ready(); });
        },
        kLoadPatience, "The servers do not give a session each");
    if (!connected) return connected;
    return impl_->prepare();
}

Result<LoadRound> Load::run(Duration time) {
    (void)impl_->summary(0); // what came before does not count
    const Instant begin = now(), end = begin + time;
    for (const auto& session : impl_->sessions)
        session->feed([impl = impl_.get()] { return impl->next(); });
    const auto worked = impl_->workUntil([end] { return now() >= end; }, time + kLoadPatience, "");
    for (const auto& session : impl_->sessions)
        session->feed({});
    if (!worked) return worked.error();
    const auto drained =
        impl_->workUntil([this] { return impl_->allIdle(); }, kLoadPatience, "Answers are missing");
    if (!drained) return drained.error();
    return impl_->summary(std::chrono::duration<double>(now() - begin).count());
}

Result<void> Load::close() {
    std::vector<std::string> deletes;
    const auto remove = [&](const std::string& at) {
        deletes.push_back(loadFrame(OpCode::Delete, jute::encode(jute::DeleteRequest{at, -1})));
    };
    for (int key = 0; key < impl_->options.keys; ++key)
        remove(impl_->path(key));
    remove(impl_->options.root);
    const auto deleted = impl_->sendEach(deletes);
    if (!deleted) return deleted.error();
    const std::string goodbye = loadFrame(OpCode::CloseSession, {});
    for (const auto& session : impl_->sessions) {
        session->feed([&goodbye, left = 1]() mutable { return left-- > 0 ? &goodbye : nullptr; });
    }
    (void)impl_->workUntil([this] { return impl_->allIdle(); }, kLoadPatience, "");
    impl_->sessions.clear();
    return {};
}

} // namespace zk::net
