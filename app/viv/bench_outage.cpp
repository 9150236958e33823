#include "bench_outage.h"

#include "net/clock.h"
#include "net/dialer.h"

#include <random>

namespace zk::viv {

using jute::ErrorCode;

namespace {

constexpr std::chrono::seconds kFirstPatience{10};
// A session this short finds out soon that a server is gone without a word.
constexpr std::chrono::milliseconds kSessionTimeout{6000};

struct Writer : std::enable_shared_from_this<Writer> {
    net::BlockingSession& session;
    const std::string path;
    Outage outage;
    Instant last = net::now();
    bool writing = false;

    Writer(net::BlockingSession& of, std::string at) : session(of), path(std::move(at)) {}

    void write() {
        writing = true;
        session.use([this](client::Client& client) {
            client.setData(path, "x", -1, [self = shared_from_this()](const Result<jute::Stat>& stat) {
                self->wrote(stat.has_value());
            });
        });
    }
    void wrote(bool done) {
        writing = false;
        if (!done) {
            ++outage.failed;
            return;
        }
        const Instant at = net::now();
        outage.longest = std::max(outage.longest, at - last);
        last = at;
        ++outage.writes;
    }
};

} // namespace

Result<Outage> measureOutage(const client::ConnectString& connect, const std::string& path, Duration time) {
    client::Options options;
    options.connect = connect;
    options.sessionTimeout = kSessionTimeout;
    options.seed = std::random_device()();
    net::BlockingSession session(options);
    const auto created = session.ask<client::Created>(
        [&](client::Client& client, client::Callback<client::Created> done) {
            client.create(path, "", jute::openAcl(), jute::CreateMode::Persistent, std::move(done));
        },
        kFirstPatience);
    if (!created && client::toErrorCode(created.error()) != ErrorCode::NodeExists) {
        const std::string why = session.status().lastError;
        return Error{created.error().code, why.empty() ? created.error().message() : why};
    }
    const auto writer = std::make_shared<Writer>(session, path); // answers may come until the session is gone
    const Instant end = net::now() + time;
    while (net::now() < end) {
        writer->write();
        session.runUntil([&] { return !writer->writing; }, end - net::now());
    }
    Outage outage = writer->outage;
    outage.longest = std::max(outage.longest, end - writer->last);
    (void)session.ask<void>([&](client::Client& client,
                                client::Callback<void> done) { client.remove(path, -1, std::move(done)); },
                            kFirstPatience);
    return outage;
}

} // namespace zk::viv
