#include "net/control.h"

#include "net/clock.h"

#include <algorithm>
#include <future>

namespace zk::net {

namespace {

constexpr std::size_t kEventsWaiting = 16 * 1024;            // more are left out: the view tells where servers stand
constexpr std::size_t kOutputLimit = 32 * 1024 * 1024;       // of one who does not read
constexpr std::size_t kConnectionLimit = 64;
constexpr Duration kViewEvery = std::chrono::milliseconds(100); // zxids move on without a word
constexpr Duration kHelloPatience = std::chrono::seconds(5);

// Takes as long for a wrong token as for a right one.
bool same(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    unsigned difference = 0;
    for (std::size_t index = 0; index < a.size(); ++index) difference |= static_cast<unsigned char>(a[index] ^ b[index]);
    return difference == 0;
}

} // namespace

struct ControlServer::Connection : StreamUser {
    Connection(ControlServer& of, std::uint64_t number, std::unique_ptr<Stream> open)
        : owner(of), id(number), stream(std::move(open)), deadline(of.thread_->loop()) {}

    void received(std::string_view bytes) override {
        in.append(bytes);
        const std::string input = std::move(in);
        in.clear();
        ControlServer& server = owner;
        const std::uint64_t self = id;
        std::size_t at = 0;
        for (;;) {
            const auto frame = takeFrame(input, at);
            if (!frame) return server.remove(self);
            if (!*frame) break;
            if (!take(**frame)) return server.remove(self);
            if (!server.connections_.contains(self)) return; // it did not read what we said
        }
        in = input.substr(at);
    }

    bool take(std::string_view payload) {
        if (greeted) {
            const auto request = jute::decode<ControlRequest>(payload);
            if (request) owner.carryOut(id, *request);
            return request.has_value();
        }
        const auto hello = jute::decode<ControlHello>(payload);
        if (!hello || hello->version != kControlVersion || !same(hello->token, owner.token_)) return false;
        greeted = true;
        deadline.cancel();
        owner.say(*this, {static_cast<std::int32_t>(ControlWhat::View), 0, {}, encodeView(owner.ensemble_.view())});
        return true;
    }

    void lost(std::string_view) override { owner.remove(id); }

    ControlServer& owner;
    const std::uint64_t id;
    std::unique_ptr<Stream> stream;
    Timer deadline; // to say hello
    std::string in, out;
    bool greeted = false, transactions = false;
};

Result<std::unique_ptr<ControlServer>> ControlServer::open(EmbeddedEnsemble& ensemble, std::string token) {
    std::unique_ptr<ControlServer> server(new ControlServer(ensemble, std::move(token)));
    std::promise<Result<void>> opened;
    server->thread_->post([&] {
        auto listener = Listener::open(server->thread_->loop(), "127.0.0.1", 0, 0, "control port");
        if (!listener) return opened.set_value(listener.error());
        server->listener_ = std::move(*listener);
        server->port_ = server->listener_->port();
        server->listener_->accept([self = server.get()](std::unique_ptr<Stream> stream) { self->accepted(std::move(stream)); },
                                  [](const std::string&) {});
        server->watchView();
        opened.set_value({});
    });
    if (const auto result = opened.get_future().get(); !result) return result.error();
    ensemble.observeForOthers(server.get());
    return server;
}

ControlServer::ControlServer(EmbeddedEnsemble& ensemble, std::string token)
    : ensemble_(ensemble), token_(std::move(token)), events_(kEventsWaiting), viewTimer_(thread_->loop()) {}

ControlServer::~ControlServer() {
    ensemble_.observeForOthers(nullptr);
    thread_->post([this] {
        viewTimer_.cancel();
        listener_.reset();
        connections_.clear();
    });
    thread_->finish();
}

void ControlServer::onShutDown(std::function<void()> shutDown) {
    thread_->post([this, shutDown = std::move(shutDown)] { shutDown_ = shutDown; });
}

void ControlServer::event(const trace::Event& event) {
    if (events_.put(event)) thread_->post([this] { tellEvents(); });
}

void ControlServer::changed() {
    thread_->post([this] { tellView(); });
}

void ControlServer::accepted(std::unique_ptr<Stream> stream) {
    if (connections_.size() >= kConnectionLimit) return;
    const std::uint64_t id = ++lastId_;
    Connection& connection =
        *connections_.emplace(id, std::make_unique<Connection>(*this, id, std::move(stream))).first->second;
    connection.deadline.at(now() + kHelloPatience, [this, id] { remove(id); });
    connection.stream->start(connection, connection.out);
}

void ControlServer::remove(std::uint64_t connection) {
    const auto found = connections_.find(connection);
    if (found == connections_.end()) return;
    found->second->stream->close();
    // Later: its own calls may still be under way.
    thread_->post([this, gone = std::make_shared<std::unique_ptr<Connection>>(std::move(found->second))] {
        bool anyone = false;
        for (const auto& [id, one] : connections_) anyone = anyone || one->transactions;
        ensemble_.othersListenToTransactions(anyone);
    });
    connections_.erase(found);
}

void ControlServer::carryOut(std::uint64_t connection, const ControlRequest& request) {
    // Outcomes come on the hosts' threads, perhaps after our end.
    const auto done = [this, thread = thread_, connection, id = request.id](const std::string& problem) {
        thread->post([this, connection, id, problem] { answer(connection, id, problem, {}); });
    };
    const auto verb = static_cast<ensemble::Verb>(request.verb);
    if (const auto known = ensemble_.verbs(); std::find(known.begin(), known.end(), verb) == known.end())
        return done("This verb is not known here: the programs are of different versions.");
    switch (static_cast<ControlOp>(request.op)) {
    case ControlOp::Act: return ensemble_.act(verb, request.sid, done);
    case ControlOp::ActOnAll: return ensemble_.actOnAll(verb, done);
    case ControlOp::AddServer: return ensemble_.addServer(request.flag, done);
    case ControlOp::Status:
        return ensemble_.status(request.sid, [this, thread = thread_, connection,
                                              id = request.id](const std::optional<admin::NodeStatus>& status) {
            thread->post([this, connection, id, body = status ? encodeStatus(*status) : std::string()] {
                answer(connection, id, {}, body);
            });
        });
    case ControlOp::Transactions:
        connections_.at(connection)->transactions = request.flag;
        for (const auto& [id, one] : connections_)
            if (one->transactions) return ensemble_.othersListenToTransactions(true);
        return ensemble_.othersListenToTransactions(false);
    case ControlOp::ShutDown:
        if (!shutDown_)
            return done("The ensemble is hosted by a window, which stays open: its servers can be stopped, and closing the "
                        "window ends it.");
        done({});
        thread_->post([shutDown = shutDown_] { shutDown(); }); // after the answer is written
        return;
    }
    done("This request is not known here: the programs are of different versions.");
}

void ControlServer::answer(std::uint64_t connection, std::int64_t id, std::string problem, std::string body) {
    tellEvents(); // what happened comes before what came of it
    tellView();
    const auto found = connections_.find(connection);
    if (found == connections_.end()) return;
    say(*found->second, {static_cast<std::int32_t>(ControlWhat::Answer), id, std::move(problem), std::move(body)});
}

void ControlServer::tellEvents() {
    const auto taken = events_.take();
    for (const trace::Event& event : taken.values) {
        const ControlMessage message{static_cast<std::int32_t>(ControlWhat::Event), 0, {}, jute::encode(event)};
        for (const auto& [id, connection] : connections_)
            if (connection->greeted) appendFrame(connection->out, message);
    }
    std::vector<std::uint64_t> open;
    for (const auto& [id, connection] : connections_) open.push_back(id);
    for (const std::uint64_t id : open)
        if (const auto found = connections_.find(id); found != connections_.end()) {
            if (found->second->out.size() > kOutputLimit) remove(id);
            else found->second->stream->flush();
        }
}

void ControlServer::tellView() {
    if (connections_.empty()) return;
    std::string view = encodeView(ensemble_.view());
    if (view == toldView_) return;
    toldView_ = std::move(view);
    std::vector<Connection*> told;
    for (const auto& [id, connection] : connections_)
        if (connection->greeted) told.push_back(connection.get());
    for (Connection* const connection : told)
        say(*connection, {static_cast<std::int32_t>(ControlWhat::View), 0, {}, toldView_});
}

void ControlServer::watchView() {
    tellView();
    viewTimer_.at(now() + kViewEvery, [this] { watchView(); });
}

void ControlServer::say(Connection& connection, const ControlMessage& message) {
    appendFrame(connection.out, message);
    connection.stream->flush();
}

} // namespace zk::net
