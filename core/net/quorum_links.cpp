#include "net/quorum_links.h"

#include <set>

namespace zk::net {

namespace {

constexpr Duration kConnectPatience = std::chrono::seconds(5);
constexpr std::size_t kLinkLimit = 512;                     // learners, and connections that have not said who they are
constexpr std::size_t kOutputLimit = 512 * 1024 * 1024;     // bytes for one link that does not read

} // namespace

struct QuorumLinks::Link : StreamUser {
    Link(QuorumLinks& of, server::LinkId number, std::unique_ptr<Stream> open)
        : owner(of), id(number), stream(std::move(open)) {}

    void received(std::string_view bytes) override { owner.turn_.node().quorumReceived(id, bytes); }
    void drained() override {
        if (hungUp) return;
        owner.turn_.node().quorumWritable(id);
        owner.turn_.again();
    }
    void lost(std::string_view why) override { owner.lose(id, why); }

    QuorumLinks& owner;
    const server::LinkId id;
    std::unique_ptr<Stream> stream;
    std::string out;
    bool hungUp = false; // by the node, which does not know it any more
};

QuorumLinks::QuorumLinks(Turn& turn, Loop& loop, const config::ServerConfig& config, std::unique_ptr<Listener> listener)
    : turn_(turn), loop_(loop), listener_(std::move(listener)) {
    for (const auto& [sid, server] : config.servers) peers_[sid] = server.quorum;
}

QuorumLinks::~QuorumLinks() = default;

void QuorumLinks::open() {
    if (!listener_) return;
    listener_->accept(
        [this](std::unique_ptr<Stream> stream) {
            if (links_.size() >= kLinkLimit) {
                turn_.log(trace::Severity::Warning, "quorum port: too many connections; closed " +
                                                        hostAndPort(stream->address(), stream->port()));
                return;
            }
            const server::LinkId id = lastIncoming_++;
            add(id, std::move(stream));
            turn_.node().quorumAccepted(id);
        },
        [this](std::string trouble) { turn_.log(trace::Severity::Warning, std::move(trouble)); });
}

void QuorumLinks::add(server::LinkId id, std::unique_ptr<Stream> stream) {
    Link& link = *links_.emplace(id, std::make_unique<Link>(*this, id, std::move(stream))).first->second;
    link.stream->start(link, link.out);
}

void QuorumLinks::dial(const server::DialQuorum& wanted) {
    const auto peer = peers_.find(wanted.to);
    if (peer == peers_.end()) {
        turn_.node().quorumClosed(wanted.link, "server " + std::to_string(wanted.to) + " is not in the configuration");
        return turn_.again();
    }
    dials_[wanted.link] = std::make_unique<Dial>(
        loop_, peer->second.host, peer->second.port, kConnectPatience,
        [this, id = wanted.link](Result<std::unique_ptr<Stream>> stream) {
            finishedDials_.push_back(std::move(dials_.extract(id).mapped()));
            if (!stream) return turn_.node().quorumClosed(id, stream.error().message());
            add(id, std::move(*stream));
            turn_.node().quorumConnected(id);
        });
}

void QuorumLinks::finish(server::Ready& ready) {
    for (const server::DialQuorum& wanted : ready.dial) dial(wanted);
    std::set<server::LinkId> written;
    for (server::QuorumBytes& one : ready.quorum) {
        const auto found = links_.find(one.link);
        if (found == links_.end()) continue;
        std::string& out = found->second->out;
        if (out.empty()) out = std::move(one.bytes);
        else out += one.bytes;
        written.insert(one.link);
    }
    for (const server::LinkId id : written) {
        const auto found = links_.find(id);
        if (found == links_.end()) continue;
        if (found->second->out.size() > kOutputLimit) lose(id, "it does not read what we send");
        else found->second->stream->flush();
    }
    for (const server::LinkId id : ready.hangUp) {
        dials_.erase(id);
        const auto found = links_.find(id);
        if (found == links_.end()) continue;
        found->second->hungUp = true;
        found->second->stream->closeWhenWritten(kClosePatience);
    }
    gone_.clear();
    finishedDials_.clear();
}

void QuorumLinks::lose(server::LinkId id, std::string_view why) {
    auto found = links_.extract(id);
    if (found.empty()) return;
    const bool tell = !found.mapped()->hungUp;
    found.mapped()->stream->close();
    gone_.push_back(std::move(found.mapped()));
    if (tell) turn_.node().quorumClosed(id, why);
    turn_.again(); // at whose end it is freed
}

} // namespace zk::net
