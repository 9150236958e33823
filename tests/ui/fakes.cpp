#include "tests/ui/fakes.h"

#include "tree/path.h"

#include <chrono>

namespace viv::test {

using zk::client::Options;
using zk::client::SessionState;
using zk::client::Status;
using zk::ensemble::Verb;
using zk::jute::ErrorCode;
using zk::jute::EventType;
using zk::trace::Event;
using zk::trace::Kind;
using zk::trace::ServerState;

Worker::Worker() {
    thread_ = std::thread([this] {
        std::unique_lock lock(mutex_);
        while (true) {
            there_.wait(lock, [this] { return ends_ || !queue_.empty(); });
            if (queue_.empty()) return;
            auto work = std::move(queue_.front());
            queue_.pop_front();
            lock.unlock();
            work();
            work = nullptr;
            lock.lock();
        }
    });
}

Worker::~Worker() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    there_.notify_one();
    thread_.join();
}

void Worker::post(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(work));
    there_.notify_one();
}

// The znodes.

FakeZooKeeper::FakeZooKeeper() {
    nodes_["/"];
    std::string path = "/zookeeper";
    create(path, std::string(), zk::jute::CreateMode::Persistent, 0, nullptr);
}

FakeZooKeeper::Node* FakeZooKeeper::find(const std::string& path) {
    const auto at = nodes_.find(path);
    return at == nodes_.end() ? nullptr : &at->second;
}

ErrorCode FakeZooKeeper::create(std::string& path, zk::Buffer data, zk::jute::CreateMode mode,
                                std::int64_t session, zk::jute::Stat* stat) {
    const std::string parentPath(zk::tree::parentOf(path));
    Node* parent = find(parentPath);
    if (parent == nullptr) return ErrorCode::NoNode;
    if (isSequential(mode)) {
        std::string digits = std::to_string(parent->sequence++);
        path += std::string(10 - digits.size(), '0') + digits;
    }
    if (find(path) != nullptr) return ErrorCode::NodeExists;
    zxid_ = zxid_.next();
    Node& node = nodes_[path];
    node.data = std::move(data);
    node.stat.czxid = node.stat.mzxid = node.stat.pzxid = zxid_;
    node.stat.ctime = node.stat.mtime = 1700000000000;
    node.stat.dataLength = std::int32_t(node.data ? node.data->size() : 0);
    if (isEphemeral(mode)) node.stat.ephemeralOwner = session;
    if (mode == zk::jute::CreateMode::Container)
        node.stat.ephemeralOwner = std::numeric_limits<std::int64_t>::min();
    parent->children.insert(std::string(zk::tree::nameOf(path)));
    parent->stat.numChildren = std::int32_t(parent->children.size());
    parent->stat.pzxid = zxid_;
    ++parent->stat.cversion;
    if (stat != nullptr) *stat = node.stat;
    fire(dataWatches_, EventType::Created, path);
    fire(childWatches_, EventType::ChildrenChanged, parentPath);
    return ErrorCode::Ok;
}

ErrorCode FakeZooKeeper::remove(const std::string& path, std::int32_t version) {
    Node* node = find(path);
    if (node == nullptr) return ErrorCode::NoNode;
    if (version != -1 && version != node->stat.version) return ErrorCode::BadVersion;
    if (!node->children.empty()) return ErrorCode::NotEmpty;
    zxid_ = zxid_.next();
    nodes_.erase(path);
    const std::string parentPath(zk::tree::parentOf(path));
    Node& parent = *find(parentPath);
    parent.children.erase(std::string(zk::tree::nameOf(path)));
    parent.stat.numChildren = std::int32_t(parent.children.size());
    parent.stat.pzxid = zxid_;
    ++parent.stat.cversion;
    fire(dataWatches_, EventType::Deleted, path);
    fire(childWatches_, EventType::Deleted, path);
    fire(childWatches_, EventType::ChildrenChanged, parentPath);
    return ErrorCode::Ok;
}

ErrorCode FakeZooKeeper::set(const std::string& path, zk::Buffer data, std::int32_t version,
                             zk::jute::Stat* stat) {
    ++setsSeen;
    lastSetVersion = version;
    Node* node = find(path);
    if (node == nullptr) return ErrorCode::NoNode;
    if (version != -1 && version != node->stat.version) return ErrorCode::BadVersion;
    zxid_ = zxid_.next();
    node->data = std::move(data);
    node->stat.mzxid = zxid_;
    ++node->stat.version;
    node->stat.dataLength = std::int32_t(node->data ? node->data->size() : 0);
    if (stat != nullptr) *stat = node->stat;
    fire(dataWatches_, EventType::DataChanged, path);
    return ErrorCode::Ok;
}

void FakeZooKeeper::watchData(const std::string& path, zk::client::Watcher watcher) {
    if (watcher) dataWatches_.emplace(path, std::move(watcher));
}
void FakeZooKeeper::watchChildren(const std::string& path, zk::client::Watcher watcher) {
    if (watcher) childWatches_.emplace(path, std::move(watcher));
}

void FakeZooKeeper::fire(Watches& watches, EventType type, const std::string& path) {
    const auto [begin, end] = watches.equal_range(path);
    std::vector<zk::client::Watcher> fired;
    for (auto at = begin; at != end; ++at)
        fired.push_back(std::move(at->second));
    watches.erase(begin, end);
    for (const auto& watcher : fired)
        watcher({type, path});
}

// The clients.

namespace {

zk::Error errorOf(ErrorCode code) {
    return {zk::client::toErrorCode(code), {}};
}

class FakeClient : public zk::client::Client {
  public:
    FakeClient(FakeZooKeeper& keeper, Options options, std::int64_t session)
        : keeper_(keeper), options_(std::move(options)) {
        status_.session = session;
        status_.state = SessionState::Connected;
        status_.server = options_.connect.servers.empty() ? zk::client::Address{"fake", 2181}
                                                          : options_.connect.servers.front();
        status_.timeout = options_.sessionTimeout;
        status_.roundTrip = std::chrono::microseconds(400);
    }

    void create(std::string path, zk::Buffer data, std::vector<zk::jute::Acl>, zk::jute::CreateMode mode,
                zk::client::Callback<zk::client::Created> done) override {
        zk::client::Created created;
        const auto code = refuse()
                              ? ErrorCode::NotReadOnly
                              : keeper_.create(path, std::move(data), mode, status_.session, &created.stat);
        if (code != ErrorCode::Ok) return done(errorOf(code));
        created.path = path;
        done(created);
    }
    void createTtl(std::string path, zk::Buffer data, std::vector<zk::jute::Acl> acl, zk::jute::CreateMode mode,
                   std::chrono::milliseconds, zk::client::Callback<zk::client::Created> done) override {
        create(std::move(path), std::move(data), std::move(acl), mode, std::move(done));
    }
    void remove(std::string path, std::int32_t version, zk::client::Callback<void> done) override {
        const auto code = refuse() ? ErrorCode::NotReadOnly : keeper_.remove(path, version);
        code == ErrorCode::Ok ? done(zk::Result<void>()) : done(errorOf(code));
    }
    void exists(std::string path, zk::client::Watcher watcher,
                zk::client::Callback<std::optional<zk::jute::Stat>> done) override {
        keeper_.watchData(path, std::move(watcher));
        const auto* node = keeper_.find(path);
        done(node == nullptr ? std::optional<zk::jute::Stat>() : std::optional(node->stat));
    }
    void getData(std::string path, zk::client::Watcher watcher,
                 zk::client::Callback<zk::client::Data> done) override {
        const auto* node = keeper_.find(path);
        if (node == nullptr) return done(errorOf(ErrorCode::NoNode));
        keeper_.watchData(path, std::move(watcher));
        done(zk::client::Data{node->data, node->stat});
    }
    void setData(std::string path, zk::Buffer data, std::int32_t version,
                 zk::client::Callback<zk::jute::Stat> done) override {
        zk::jute::Stat stat;
        const auto code =
            refuse() ? ErrorCode::NotReadOnly : keeper_.set(path, std::move(data), version, &stat);
        code == ErrorCode::Ok ? done(stat) : done(errorOf(code));
    }
    void getChildren(std::string path, zk::client::Watcher watcher,
                     zk::client::Callback<zk::client::Children> done) override {
        const auto* node = keeper_.find(path);
        if (node == nullptr) return done(errorOf(ErrorCode::NoNode));
        if (keeper_.forbidden.contains(path)) return done(errorOf(ErrorCode::NoAuth));
        keeper_.watchChildren(path, std::move(watcher));
        done(zk::client::Children{{node->children.begin(), node->children.end()}, node->stat});
    }
    void getAcl(std::string path, zk::client::Callback<zk::client::AclAndStat> done) override {
        const auto* node = keeper_.find(path);
        if (node == nullptr) return done(errorOf(ErrorCode::NoNode));
        done(zk::client::AclAndStat{node->acl, node->stat});
    }
    void setAcl(std::string, std::vector<zk::jute::Acl>, std::int32_t,
                zk::client::Callback<zk::jute::Stat> done) override {
        done(errorOf(ErrorCode::Unimplemented));
    }
    void sync(std::string, zk::client::Callback<void> done) override { done({}); }
    void multi(std::vector<zk::client::Op>,
               zk::client::Callback<std::vector<zk::client::OpOutcome>> done) override {
        done(errorOf(ErrorCode::Unimplemented));
    }
    template <class T>
    using Done = zk::client::Callback<T>;
    void multiRead(std::vector<zk::client::ReadOp>, Done<std::vector<zk::client::ReadOutcome>> done) override {
        done(errorOf(ErrorCode::Unimplemented));
    }
    void getAllChildrenNumber(std::string, Done<std::int32_t> done) override { done(0); }
    void getEphemerals(std::string, Done<std::vector<std::string>> done) override { done(std::vector<std::string>()); }
    void whoAmI(Done<std::vector<zk::jute::ClientInfo>> done) override { done(std::vector<zk::jute::ClientInfo>()); }
    void addWatch(std::string, zk::jute::AddWatchMode, zk::client::Watcher, Done<void> done) override { done({}); }
    void checkWatches(std::string, zk::jute::WatcherType, Done<void> done) override { done({}); }
    void removeWatches(std::string, zk::jute::WatcherType, bool, Done<void> done) override { done({}); }
    void addAuth(zk::client::Identity, zk::client::Callback<void> done) override { done({}); }
    void request(zk::jute::OpCode, std::string, zk::client::Callback<std::string> done) override {
        done(errorOf(ErrorCode::Unimplemented));
    }
    void close(std::function<void()> done) override { done(); }
    zk::client::RequestNumber lastRequest() const override { return 0; }
    bool cancel(zk::client::RequestNumber) override { return false; }
    void setMaxReplyBytes(std::size_t) override {}
    zk::client::Subscription subscribe(std::function<void(const Status&)>) override { return nullptr; }
    Status status() const override {
        Status now = status_;
        now.lastZxid = keeper_.zxid();
        now.watches = keeper_.watches();
        return now;
    }
    void onStatus(std::function<void(const Status&)> callback) override { callback_ = std::move(callback); }

    void expire() {
        status_.state = SessionState::Expired;
        if (callback_) callback_(status_);
    }
    void begin() { callback_(status()); }

  private:
    bool refuse() const { return options_.readOnly; }

    FakeZooKeeper& keeper_;
    const Options options_;
    Status status_;
    std::function<void(const Status&)> callback_;
};

} // namespace

struct FakeDialer::Live {
    FakeZooKeeper keeper;
    std::vector<std::weak_ptr<FakeClient>> clients;
    std::int64_t sessions = 0x100000000000001;
    Worker worker; // first to go
};

namespace {
class FakeConnection : public zk::ensemble::Dialer::Connection {
  public:
    FakeConnection(std::shared_ptr<FakeClient> client, Worker& worker)
        : client_(std::move(client)), worker_(worker) {}
    ~FakeConnection() override {
        worker_.post([client = std::move(client_)] {});
    }
    void use(std::function<void(zk::client::Client&)> work) override {
        worker_.post([client = client_, work = std::move(work)] { work(*client); });
    }

  private:
    std::shared_ptr<FakeClient> client_;
    Worker& worker_;
};
} // namespace

FakeDialer::FakeDialer() : live_(std::make_shared<Live>()) {}
FakeDialer::~FakeDialer() = default;

std::shared_ptr<zk::ensemble::Dialer::Connection>
FakeDialer::dial(Options options, std::function<void(const Status&)> onStatus) {
    auto client = std::make_shared<FakeClient>(live_->keeper, std::move(options), live_->sessions++);
    client->onStatus(std::move(onStatus));
    live_->worker.post([live = live_.get(), client] {
        live->clients.push_back(client);
        client->begin();
    });
    return std::make_shared<FakeConnection>(client, live_->worker);
}

void FakeDialer::inZooKeeper(const std::function<void(FakeZooKeeper&)>& work) {
    std::mutex mutex;
    std::condition_variable finished;
    bool done = false;
    live_->worker.post([&] {
        work(live_->keeper);
        const std::lock_guard lock(mutex);
        done = true;
        finished.notify_one();
    });
    std::unique_lock lock(mutex);
    finished.wait(lock, [&] { return done; });
}

void FakeDialer::expireAll() {
    live_->worker.post([live = live_.get()] {
        for (const auto& client : live->clients)
            if (const auto held = client.lock()) held->expire();
    });
}

// The ensemble.

FakeEnsemble::FakeEnsemble(int servers) {
    view_.name = "lab";
    for (int i = 0; i < servers; ++i)
        addLocked(false);
}

FakeEnsemble::~FakeEnsemble() = default;

void FakeEnsemble::addLocked(bool observer) {
    zk::ensemble::ServerView server;
    server.sid = zk::Sid(view_.servers.size()) + 1;
    server.observer = observer;
    server.clientPort = std::uint16_t(2180 + server.sid);
    server.quorumPort = std::uint16_t(2887 + server.sid);
    server.electionPort = std::uint16_t(3887 + server.sid);
    server.directory = "/tmp";
    view_.servers.push_back(server);
    view_.connectString +=
        (view_.connectString.empty() ? "127.0.0.1:" : ",127.0.0.1:") + std::to_string(server.clientPort);
}

zk::ensemble::EnsembleView FakeEnsemble::view() const {
    const std::lock_guard lock(mutex_);
    return view_;
}

std::vector<Verb> FakeEnsemble::verbs() const {
    return {Verb::Start, Verb::Stop, Verb::Crash, Verb::Restart, Verb::Pause, Verb::Resume};
}

void FakeEnsemble::tell(Event event) {
    const std::lock_guard lock(observing_);
    event.atNs = std::chrono::steady_clock::now().time_since_epoch().count();
    event.wallMs = 1700000000000 + event.atNs / 1000000 % 1000000;
    if (observer_ != nullptr) observer_->event(event);
}

void FakeEnsemble::setState(zk::Sid sid, ServerState state, std::int64_t epoch) {
    Event event;
    event.kind = std::int32_t(Kind::StateChanged);
    event.server = sid;
    event.state = std::int32_t(state);
    event.epoch = epoch;
    {
        const std::lock_guard lock(mutex_);
        for (auto& server : view_.servers) {
            if (server.sid != sid) continue;
            server.state = state;
            server.epoch = epoch;
            server.serving = state == ServerState::Leading || state == ServerState::Following;
            event.zxid = server.zxid;
        }
    }
    tell(event);
}

static bool takesPart(ServerState state) {
    return state != ServerState::Stopped && state != ServerState::Crashed && state != ServerState::Paused;
}

// The highest id that runs leads, the others follow.
void FakeEnsemble::electLocked(std::vector<Event>& events) {
    zk::ensemble::ServerView* leader = nullptr;
    std::size_t up = 0;
    for (auto& server : view_.servers) {
        if (!takesPart(server.state)) continue;
        ++up;
        if (!server.observer) leader = &server;
    }
    const bool quorum = up * 2 > view_.servers.size();
    const bool led = std::any_of(view_.servers.begin(), view_.servers.end(),
                                 [](const auto& server) { return server.state == ServerState::Leading; });
    if (quorum && !led) ++epoch_, counter_ = 0;
    for (auto& server : view_.servers) {
        if (!takesPart(server.state)) continue;
        const bool leads = led ? server.state == ServerState::Leading : &server == leader;
        const ServerState next = !quorum           ? ServerState::Looking
                                 : leads           ? ServerState::Leading
                                 : server.observer ? ServerState::Observing
                                                   : ServerState::Following;
        server.serving = quorum;
        server.epoch = epoch_;
        if (server.state == next) continue;
        server.state = next;
        Event event;
        event.kind = std::int32_t(Kind::StateChanged);
        event.server = server.sid;
        event.state = std::int32_t(next);
        event.epoch = epoch_;
        event.zxid = server.zxid;
        events.push_back(event);
    }
}

void FakeEnsemble::act(Verb verb, zk::Sid sid, std::function<void(std::string)> done) {
    worker_.post([this, verb, sid, done = std::move(done)] {
        const ServerState next = verb == Verb::Stop    ? ServerState::Stopped
                                 : verb == Verb::Crash ? ServerState::Crashed
                                 : verb == Verb::Pause ? ServerState::Paused
                                                       : ServerState::Looking;
        setState(sid, next, epoch_);
        std::vector<Event> events;
        {
            const std::lock_guard lock(mutex_);
            electLocked(events);
        }
        for (const Event& event : events)
            tell(event);
        done("");
    });
}

void FakeEnsemble::actOnAll(Verb verb, std::function<void(std::string)> done) {
    const auto servers = view().servers;
    for (const auto& server : servers)
        act(
            verb, server.sid, server.sid == servers.back().sid ? done : [](const std::string&) {});
}

void FakeEnsemble::addServer(bool observer, std::function<void(std::string)> done) {
    worker_.post([this, observer, done = std::move(done)] {
        {
            const std::lock_guard lock(mutex_);
            addLocked(observer);
        }
        done("");
    });
}

void FakeEnsemble::status(zk::Sid, std::function<void(std::optional<zk::admin::NodeStatus>)> done) {
    done(std::nullopt);
}

void FakeEnsemble::observe(zk::ensemble::Observer* observer) {
    const std::lock_guard lock(observing_);
    observer_ = observer;
}

void FakeEnsemble::commit(std::uint32_t count) {
    std::vector<Event> events;
    {
        const std::lock_guard lock(mutex_);
        for (std::uint32_t i = 0; i < count; ++i) {
            ++counter_;
            for (auto& server : view_.servers) {
                if (!server.serving) continue;
                server.zxid = zk::Zxid(epoch_, counter_);
                Event event;
                event.kind = std::int32_t(Kind::Committed);
                event.server = server.sid;
                event.zxid = server.zxid;
                events.push_back(event);
            }
        }
    }
    for (const Event& event : events)
        tell(event);
}

void FakeStage::openLab(zk::ensemble::LabOptions options, std::function<void(zk::Result<Opened>)> done) {
    if (!refuse.empty()) return done(zk::Error{zk::make_error_code(zk::Errc::Malformed), refuse});
    auto ensemble = std::make_shared<FakeEnsemble>(options.servers);
    last = ensemble;
    done(Opened{ensemble, attached});
}

} // namespace viv::test
