#include "net/run.h"

#include "net/clock.h"
#include "net/data_status.h"
#include "net/process_status.h"
#include "server/recovery.h"

#include <random>

namespace zk::net {

namespace {

storage::Compression compressionOf(const config::ServerConfig& config) {
    switch (config.snapshotCompression) {
    case config::Compression::Gz: return storage::Compression::Gz;
    case config::Compression::Snappy: return storage::Compression::Snappy;
    case config::Compression::None: break;
    }
    return storage::Compression::None;
}

storage::StoreOptions storeOptions(const config::ServerConfig& config) {
    storage::StoreOptions options;
    options.dataDir = config.dataDir;
    options.dataLogDir = config.dataLogDir;
    options.preallocateBytes = config.preallocateKilobytes * 1024;
    options.forceSync = config.forceSync;
    options.serializeLastProcessedZxid = config.serializeLastProcessedZxid;
    options.createDirectories = config.dataDirAutocreate;
    if (config.txnLogSizeLimitKilobytes > 0)
        options.logSizeLimit = static_cast<std::uint64_t>(config.txnLogSizeLimitKilobytes) * 1024;
    options.compression = compressionOf(config);
    return options;
}

std::uint64_t seed() {
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
}

} // namespace

Run::Run(Loop& loop, config::ServerConfig config, std::unique_ptr<storage::Disk> disk, trace::Sink& sink)
    : loop_(loop), config_(std::move(config)), tracer_(config_.self.value_or(1), sink), sink_(sink), disk_(std::move(disk), config_.fsyncWarning),
      timer_(loop) {}

Run::~Run() {
    *alive_ = false;
    queue_.reset(); // waits for the batch that is under way
}

Result<std::unique_ptr<Run>> Run::start(Loop& loop, config::ServerConfig config, std::unique_ptr<storage::Disk> disk,
                                        trace::Sink& sink) {
    std::unique_ptr<Run> run(new Run(loop, std::move(config), std::move(disk), sink));
    run->tracer_.setTime(now(), wallNow());
    auto store = storage::Store::open(run->disk_, storeOptions(run->config_));
    if (!store) return store.error();
    run->store_ = std::move(*store);
    if (const auto bound = run->bind(); !bound) return bound.error();
    if (const auto recovered = run->recover(); !recovered) return recovered.error();
    run->inTurn_ = true;
    run->node_->start(now(), wallNow());
    run->clients_->open();
    if (run->elections_) run->elections_->open();
    if (run->quorums_) run->quorums_->open();
    run->admin_ = std::make_unique<AdminServer>(*run, loop, run->config_, run->disk_, compressionOf(run->config_));
    run->again();
    return run;
}

Result<void> Run::bindClients(const std::string& whose) {
    ClientLinks::Doors doors;
    const auto open = [&](const config::Endpoint& where, const std::string& purpose, std::unique_ptr<Listener>& to) -> Result<void> {
        auto listener = Listener::open(loop_, where.host, where.port, config_.clientPortListenBacklog, purpose + whose);
        if (!listener) return listener.error();
        to = std::move(*listener);
        return {};
    };
    if (config_.secureClient || config_.portUnification) {
        auto tls = TlsSource::open(config_.tls, TlsContext::Side::Server);
        if (!tls) return tls.error();
        doors.tls = std::move(*tls);
    }
    if (config_.plainClients)
        if (auto bound = open(config_.client, "client port", doors.plain); !bound) return bound;
    if (config_.secureClient)
        if (auto bound = open(*config_.secureClient, "secure client port", doors.secure); !bound) return bound;
    doors.unified = config_.portUnification;
    clients_ = std::make_unique<ClientLinks>(*this, std::move(doors), config_.jutemaxbuffer);
    clients_->keepAlive(config_.clientTcpKeepAlive);
    return {};
}

Result<void> Run::bind() {
    const std::string whose = config_.standalone() ? "" : " of server " + std::to_string(*config_.self);
    if (auto bound = bindClients(whose); !bound) return bound;
    if (config_.standalone()) return {};

    const config::Server& self = config_.servers.at(*config_.self);
    const auto host = [&](const config::Endpoint& one) { return config_.quorumListenOnAllIPs ? std::string() : one.host; };
    auto election = Listener::open(loop_, host(self.election), self.election.port, 0, "election port" + whose);
    if (!election) return election.error();
    elections_ = std::make_unique<ElectionLinks>(*this, loop_, config_, std::move(*election));
    if (config_.role() == config::Role::Observer) {
        quorums_ = std::make_unique<QuorumLinks>(*this, loop_, config_, nullptr);
        return {};
    }
    auto quorum = Listener::open(loop_, host(self.quorum), self.quorum.port, 0, "quorum port" + whose);
    if (!quorum) return quorum.error();
    quorums_ = std::make_unique<QuorumLinks>(*this, loop_, config_, std::move(*quorum));
    return {};
}

Result<void> Run::recover() {
    auto recovered = server::recover(*store_, config_, now);
    if (!recovered) return recovered.error();
    node_ = std::make_unique<server::Node>(config_, std::move(*recovered), seed(), sink_);
    node_->onStatus([this](admin::NodeStatus& status) {
        fillProcessStatus(status);
        fillDataStatus(status, config_.dataDir, config_.dataLogDir);
        disk_.fillSyncTimes(status);
    });
    queue_ = std::make_unique<DiskQueue>(std::move(store_), config_, [this, alive = alive_] {
        loop_.post([this, alive] {
            if (*alive) collect();
        });
    });
    return {};
}

bool Run::collect() {
    std::vector<DiskQueue::Done> finished = queue_->takeDone();
    if (!finished.empty())
        for (std::string& warning : disk_.takeSlowSyncs()) log(trace::Severity::Warning, std::move(warning));
    for (DiskQueue::Done& done : finished) {
        if (!done.performed.result) fault_ = done.performed.result.error().message();
        for (std::size_t index = 0; index + 1 < done.batches.size(); ++index) node().stored(done.batches[index], {});
        node().stored(done.batches.back(), std::move(done.performed));
    }
    return !finished.empty();
}

server::Node& Run::node() {
    if (!inTurn_) {
        inTurn_ = true;
        const Instant instant = now();
        const WallTime wall = wallNow();
        tracer_.setTime(instant, wall);
        node_->tick(instant, wall);
    }
    return *node_;
}

void Run::finishTurn() {
    if (!inTurn_ && !anotherTurn_) return;
    anotherTurn_ = false;
    server::Ready ready = node_->take();
    if (!ready.store.empty()) queue_->submit(ready.storeBatch, std::move(ready.store));
    if (elections_) elections_->finish(ready);
    if (quorums_) quorums_->finish(ready);
    clients_->finish(ready);
    inTurn_ = false;
    if (anotherTurn_) loop_.post([] {}); // whose turn ends here again
    wake(ready.wakeAt);
}

// Leaves a wait that ends earlier as it is: waking up once too often is cheaper than setting the timer at each turn.
void Run::wake(Instant at) {
    if (at >= wakeAt_) return;
    wakeAt_ = at;
    timer_.at(at, [this] {
        wakeAt_ = kNever;
        node();
    });
}

void Run::stop() {
    node().stop();
    do {
        finishTurn();
        queue_->drain();
    } while (collect()); // the node gives one batch at a time
}

void Run::kill() { disk_.shut(); }

void Run::log(trace::Severity severity, std::string text) {
    tracer_.setTime(now(), wallNow());
    tracer_.log(severity, std::move(text));
}

void Run::tell(trace::Event event) {
    tracer_.setTime(now(), wallNow());
    tracer_.tell(std::move(event));
}

void Run::again() { anotherTurn_ = true; }

} // namespace zk::net
