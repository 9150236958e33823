#include "net/embedded.h"

#include "net/config_file.h"
#include "net/sockets.h"

#include <filesystem>

namespace zk::net {

using ensemble::Verb;
using trace::ServerState;

struct EmbeddedEnsemble::Slot : trace::Sink {
    Slot(EmbeddedEnsemble& of, const LabServer& server)
        : owner(of), sid(server.sid()), configFile(server.configFile), host(sid, *this, [this] { owner.tellChanged(); }, [this] { return owner.openDisk(); }) {}

    void event(const trace::Event& event) override { owner.tell(event); }
    bool wantsTransactions() const override { return owner.transactions_ || owner.othersTransactions_; }
    bool runs() const {
        const ServerState state = host.view().state;
        return state != ServerState::Stopped && state != ServerState::Crashed;
    }

    EmbeddedEnsemble& owner;
    const Sid sid;
    const std::string configFile;
    Host host;
};

namespace {

// Collects the outcomes of several requests, and reports them as one.
class Outcomes {
  public:
    Outcomes(std::size_t count, std::function<void(std::string)> done) : left_(count), done_(std::move(done)) {}

    void add(const std::string& problem) {
        {
            const std::lock_guard lock(mutex_);
            if (!problem.empty()) problems_ += (problems_.empty() ? "" : "\n") + problem;
            if (--left_ > 0) return;
        }
        done_(problems_);
    }

  private:
    std::mutex mutex_;
    std::size_t left_;
    std::string problems_;
    std::function<void(std::string)> done_;
};

} // namespace

EmbeddedEnsemble::EmbeddedEnsemble(std::string directory, std::vector<LabServer> servers, std::optional<VolatileDisk> memory)
    : directory_(std::move(directory)), memory_(std::move(memory)), disk_(openDisk()), servers_(std::move(servers)) {
    for (const LabServer& server : servers_) slots_.push_back(std::make_unique<Slot>(*this, server));
}

EmbeddedEnsemble::~EmbeddedEnsemble() {
    worker_.finish();
    for (const auto& slot : slots_) slot->host.stop([](const std::string&) {}); // all of them at once
    slots_.clear();
}

std::unique_ptr<storage::Disk> EmbeddedEnsemble::openDisk() const {
    return memory_ ? std::make_unique<VolatileDisk>(*memory_) : storage::systemDisk();
}

ensemble::EnsembleView EmbeddedEnsemble::view() const {
    const std::lock_guard lock(mutex_);
    ensemble::EnsembleView view;
    if (!memory_) view.directory = directory_;
    view.name = std::filesystem::path(directory_).filename().string();
    for (std::size_t index = 0; index < servers_.size(); ++index) {
        const LabServer& server = servers_[index];
        const HostView host = slots_[index]->host.view();
        ensemble::ServerView one;
        one.sid = server.sid();
        one.state = host.state;
        one.observer = server.observer();
        one.serving = host.serving;
        one.host = server.config.client.host;
        one.clientPort = host.clientPort != 0 ? host.clientPort : server.config.client.port;
        if (const auto self = server.config.servers.find(one.sid); self != server.config.servers.end()) {
            one.quorumPort = self->second.quorum.port;
            one.electionPort = self->second.election.port;
        }
        if (!memory_) one.directory = server.directory;
        one.epoch = host.epoch;
        one.zxid = host.zxid;
        one.problem = host.problem;
        if (!view.connectString.empty()) view.connectString += ',';
        view.connectString += hostAndPort(one.host, one.clientPort);
        view.servers.push_back(std::move(one));
    }
    return view;
}

std::vector<Verb> EmbeddedEnsemble::verbs() const {
    return {Verb::Start, Verb::Stop, Verb::Crash, Verb::Restart, Verb::Pause, Verb::Resume};
}

EmbeddedEnsemble::Slot* EmbeddedEnsemble::find(Sid sid) const {
    const std::lock_guard lock(mutex_);
    for (const auto& slot : slots_)
        if (slot->sid == sid) return slot.get();
    return nullptr;
}

void EmbeddedEnsemble::act(Verb verb, Sid sid, std::function<void(std::string)> done) {
    Slot* const slot = find(sid);
    if (slot != nullptr) return act(verb, *slot, std::move(done));
    worker_.post([sid, done = std::move(done)] { done("There is no server " + std::to_string(sid) + " in this ensemble."); });
}

void EmbeddedEnsemble::act(Verb verb, Slot& slot, std::function<void(std::string)> done) {
    Host& host = slot.host;
    const auto load = [this, file = slot.configFile] {
        const auto disk = openDisk();
        auto parsed = loadConfig(*disk, file);
        if (parsed) parsed->config.keepsHistory = !memory_;
        return parsed;
    };
    const auto start = [&] { host.start(load, std::move(done)); };
    switch (verb) {
    case Verb::Start: return start();
    case Verb::Stop: return host.stop(std::move(done));
    case Verb::Crash: return host.kill(std::move(done));
    case Verb::Restart: host.stop([](const std::string&) {}); return start();
    case Verb::Pause: return host.pause(std::move(done));
    case Verb::Resume: return host.resume(std::move(done));
    }
}

// To those to whom it applies: starting all leaves those that run as they are.
void EmbeddedEnsemble::actOnAll(Verb verb, std::function<void(std::string)> done) {
    std::vector<Slot*> chosen;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& slot : slots_) {
            const bool paused = slot->host.view().state == ServerState::Paused;
            const bool applies = verb == Verb::Restart || (verb == Verb::Start ? !slot->runs() : slot->runs());
            if (applies && (verb == Verb::Pause ? !paused : verb == Verb::Resume ? paused : true))
                chosen.push_back(slot.get());
        }
    }
    if (chosen.empty()) return worker_.post([done = std::move(done)] { done({}); });
    const auto outcomes = std::make_shared<Outcomes>(chosen.size(), std::move(done));
    for (Slot* const slot : chosen) act(verb, *slot, [outcomes](const std::string& problem) { outcomes->add(problem); });
}

void EmbeddedEnsemble::addServer(bool observer, std::function<void(std::string)> done) {
    worker_.post([this, observer, done = std::move(done)] { done(add(observer)); });
}

// On the worker's thread, the only one that changes servers_ and slots_.
std::string EmbeddedEnsemble::add(bool observer) {
    std::vector<LabServer> servers = servers_;
    for (const auto& slot : slots_)
        if (slot->runs())
            return "Servers can be added before the first start only: the others' configuration must name them. Stop the "
                   "ensemble, and make a new one for more servers.";
    if (const auto added = addToLayout(*disk_, directory_, servers, observer); !added) return added.error().message();
    auto slot = std::make_unique<Slot>(*this, servers.back());
    {
        const std::lock_guard lock(mutex_);
        servers_ = std::move(servers);
        slots_.push_back(std::move(slot));
    }
    tellChanged();
    return {};
}

void EmbeddedEnsemble::status(Sid sid, std::function<void(std::optional<admin::NodeStatus>)> done) {
    if (Slot* const slot = find(sid)) slot->host.status(std::move(done));
    else worker_.post([done = std::move(done)] { done(std::nullopt); });
}

void EmbeddedEnsemble::observe(ensemble::Observer* observer) {
    const std::lock_guard lock(observerMutex_);
    observer_ = observer;
}

void EmbeddedEnsemble::observeForOthers(ensemble::Observer* observer) {
    const std::lock_guard lock(observerMutex_);
    others_ = observer;
}

void EmbeddedEnsemble::listenToTransactions(bool on) { transactions_ = on; }
void EmbeddedEnsemble::othersListenToTransactions(bool on) { othersTransactions_ = on; }

void EmbeddedEnsemble::tell(const trace::Event& event) {
    const std::lock_guard lock(observerMutex_);
    if (observer_ != nullptr) observer_->event(event);
    if (others_ != nullptr) others_->event(event);
}

void EmbeddedEnsemble::tellChanged() {
    const std::lock_guard lock(observerMutex_);
    if (observer_ != nullptr) observer_->changed();
    if (others_ != nullptr) others_->changed();
}

} // namespace zk::net
