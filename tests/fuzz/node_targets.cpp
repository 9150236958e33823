// A whole server with a client, a peer or a disk that holds anything at all. The disk is in memory and answers at once.
#include "input.h"
#include "targets.h"

#include "base/checksum.h"
#include "server/node.h"
#include "storage/memory_disk.h"
#include "storage/snapshot_file.h"
#include "zab/packet.h"

#include <deque>

namespace zk::fuzz {

namespace {

using jute::PacketType;
using namespace std::chrono_literals;

config::ServerConfig configuration(int servers) {
    config::ServerConfig config;
    config.dataDir = "data";
    config.tickTime = 2s;
    config.preallocateKilobytes = 4;
    config.whitelist = {"*"};
    config.snapCount = 20;
    for (Sid sid = 1; sid <= servers; ++sid) {
        config::Server server;
        server.sid = sid;
        server.quorum = {"127.0.0.1", static_cast<std::uint16_t>(2887 + sid)};
        server.election = {"127.0.0.1", static_cast<std::uint16_t>(3887 + sid)};
        config.servers[sid] = server;
        config.self = 1;
    }
    return config;
}

const storage::StoreOptions kOptions{"data", "", 4096};

struct Client {
    server::ClientLink link;
    std::string unread; // given to it, not taken by the node yet
};

// Plays the driver of server 1.
class Stage {
  public:
    explicit Stage(int servers = 0) : config_(configuration(servers)) {}

    storage::MemoryDisk& disk() { return disk_; }
    // False where the disk's content is refused.
    bool start() {
        auto store = storage::Store::open(disk_, kOptions);
        if (!store) return false;
        store_ = std::move(*store);
        auto recovered = server::recover(*store_, config_);
        if (!recovered) return false;
        node_.emplace(config_, std::move(*recovered), 1, deaf_);
        node_->start(now_, wall());
        pump();
        return true;
    }
    server::Node& node() { return *node_; }

    // --- Clients ---
    Client& connect() {
        Client& client = clients_.emplace_back();
        client.link.id = clients_.size();
        client.link.address = "127.0.0.1";
        client.link.port = 40000;
        node_->accepted(client.link);
        pump();
        return client;
    }
    Client& open() {
        Client& client = connect();
        jute::ConnectRequest request;
        request.timeoutMs = 10000;
        request.password = std::string(16, '\0');
        std::string frame;
        jute::Writer(frame).bytes(encode(request));
        receive(client, frame);
        return client;
    }
    void receive(Client& client, std::string_view bytes) {
        if (client.link.closing) return;
        client.unread += bytes;
        offer(client);
        pump();
    }
    void request(Client& client, jute::OpCode op, std::string_view body) {
        std::string frame;
        jute::Writer(frame).bytes(jute::encode(jute::RequestHeader{1, static_cast<std::int32_t>(op)}) + std::string(body));
        receive(client, frame);
    }

    // --- Peers ---
    void vote(Sid from, Sid leader) {
        election::Notification notification;
        notification.vote = {leader, Zxid(), 1, 0};
        notification.config = config::quorumText(config_);
        message(from, election::encode(notification));
    }
    void message(Sid from, std::string_view payload) {
        tick();
        node_->electionMessage(from, payload);
        pump();
    }
    // Makes it lead, with the link of server 2 as far as asked: 0 accepted, 1 synchronised.
    void lead(bool established) {
        vote(2, 1);
        pass(1s);
        require(node_->state() == trace::ServerState::Leading);
        link_ = std::uint64_t{1} << 63;
        node_->quorumAccepted(link_);
        pump();
        if (!established) return;
        quorum(packet(PacketType::FollowerInfo, Zxid(), jute::encode(jute::LearnerInfo{2})));
        quorum(packet(PacketType::AckEpoch, Zxid(), std::string(4, '\0')));
        quorum(packet(PacketType::Ack, Zxid(1, 0)));
        require(node_->serving());
    }
    // Makes it follow server 3: as soon as the link is up, or until it serves.
    void follow(bool established) {
        vote(3, 3);
        pass(1s);
        require(node_->state() == trace::ServerState::Following && dialled_ != 0);
        link_ = dialled_;
        node_->quorumConnected(link_);
        pump();
        if (!established) return;
        quorum(packet(PacketType::LeaderInfo, Zxid(1, 0), std::string("\0\1\0\0", 4)));
        quorum(packet(PacketType::Diff, Zxid()));
        quorum(packet(PacketType::NewLeader, Zxid(1, 0), config::quorumText(config_)));
        quorum(packet(PacketType::UpToDate, zab::kNoZxid));
        require(node_->serving());
    }
    void quorum(std::string_view bytes) {
        tick();
        node_->quorumReceived(link_, bytes);
        node_->quorumWritable(link_);
        pump();
    }
    static std::string packet(PacketType type, Zxid zxid, std::optional<std::string_view> data = {}) {
        std::string bytes;
        zab::appendPacket(bytes, type, zxid, data);
        return bytes;
    }

    // Lets time pass, from one alarm to the next.
    void pass(Duration time) {
        const Instant end = now_ + time;
        for (int turns = 0; turns < 200 && now_ < end; ++turns) {
            now_ = std::clamp(wakeAt_, now_ + 1ms, end);
            tick();
            pump();
        }
    }
    // It has not given up, it tells about itself, and what its disk holds is what it has logged.
    void end() {
        require(node_->state() != trace::ServerState::Crashed);
        (void)admin::answer("mntr", node_->status(), {"*"});
        (void)admin::answer("cons", node_->status(), {"*"});
        while (!clients_.empty()) {
            node_->closed(clients_.front().link);
            clients_.pop_front(); // the link is gone before the node's next turn
        }
        pump();
        const bool standalone = config_.standalone();
        const std::uint64_t digest = node_->tree().digest();
        const Zxid last = node_->lastZxid();
        node_.reset();
        store_.reset();
        auto again = storage::Store::open(disk_, kOptions);
        require(again.has_value());
        const auto recovered = server::recover(**again, config_);
        require(recovered.has_value() && recovered->lastLogged >= last);
        require(!standalone || (recovered->tree->digest() == digest && recovered->lastLogged == last));
    }

  private:
    WallTime wall() const { return {std::chrono::duration_cast<std::chrono::milliseconds>(now_.time_since_epoch()).count()}; }
    void tick() { node_->tick(now_, wall()); }
    void offer(Client& client) {
        for (std::size_t taken = 1; taken > 0 && !client.unread.empty();) {
            client.link.out.clear();
            taken = node_->received(client.link, client.unread);
            require(taken <= client.unread.size());
            client.unread.erase(0, taken);
        }
    }
    void pump() {
        for (bool more = true; more;) {
            server::Ready ready = node_->take();
            wakeAt_ = ready.wakeAt;
            for (const server::DialQuorum& dial : ready.dial) dialled_ = dial.link;
            for (server::ClientLink* link : ready.dirty) link->out.clear();
            more = !ready.store.empty() || !ready.resumed.empty();
            if (!ready.store.empty())
                node_->stored(ready.storeBatch, server::perform(*store_, config_, ready.store));
            for (Client& client : clients_)
                if (std::find(ready.resumed.begin(), ready.resumed.end(), &client.link) != ready.resumed.end()) offer(client);
        }
    }

    const config::ServerConfig config_;
    Deaf deaf_;
    storage::MemoryDisk disk_;
    std::unique_ptr<storage::Store> store_;
    std::deque<Client> clients_; // their links stay where they are
    Instant now_{std::chrono::seconds(1000)}, wakeAt_{};
    zab::LinkId link_ = 0, dialled_ = 0;
    std::optional<server::Node> node_;
};

void put(storage::MemoryDisk& disk, const std::string& path, std::string_view bytes) {
    require(disk.makeDirectories("data/version-2").has_value() && storage::replaceFile(disk, path, bytes).has_value());
}

// The log with checksums that fit, so that what it says gets through.
std::string mended(std::string log) {
    constexpr std::size_t fileHeader = 16, header = 12;
    for (std::size_t at = fileHeader; at + header <= log.size();) {
        const auto size = loadBigEndian<std::int32_t>(log.data() + at + 8);
        if (size <= 0 || at + header + static_cast<std::size_t>(size) + 1 > log.size()) break;
        const auto txn = std::string_view(log).substr(at + header, static_cast<std::size_t>(size));
        storeBigEndian(log.data() + at, static_cast<std::uint64_t>(adler32(txn)));
        at += header + txn.size() + 1;
    }
    return log;
}

// A standalone server that has come through takes clients and their writes as if nothing had been.
void requireServing(Stage& stage) {
    Client& client = stage.open();
    require(!client.link.closing);
    stage.request(client, jute::OpCode::Create, jute::encode(jute::CreateRequest{"/after", "", jute::openAcl(), 0}));
    require(!client.link.closing);
    stage.end();
}

} // namespace

// The bytes as the log or, where they begin as one, the snapshot of a server's data directory. Checksums are set right.
void dataDirectory(std::string_view bytes) {
    Stage stage;
    put(stage.disk(), "data/myid", "1");
    if (bytes.starts_with("ZKSN")) {
        bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 16));
        tree::Loader loader;
        const auto taken = loader.feed(bytes);
        storage::SnapshotWriter writer(stage.disk(), "data/version-2", Zxid(0x11));
        require(writer.begin().has_value() && writer.piece(bytes.substr(0, taken ? *taken : bytes.size())).has_value());
        require(writer.finish(std::nullopt, true).has_value());
    } else {
        put(stage.disk(), "data/version-2/log.1", mended(std::string(bytes)));
        tree::DataTree tree;
        const auto view = tree.view();
        std::string body;
        while (view->next(body, 4096)) {}
        storage::SnapshotWriter writer(stage.disk(), "data/version-2", Zxid());
        require(writer.begin().has_value() && writer.piece(body).has_value());
        require(writer.finish(std::nullopt, true).has_value());
    }
    if (!stage.start()) return;
    requireServing(stage);
}

// The bytes as all that a client says, and as what it says once its session is open.
void nodeClient(std::string_view bytes) {
    Stage stage;
    require(stage.start());
    Client& fresh = stage.connect();
    Client& opened = stage.open();
    inPieces(bytes, [&](std::string_view piece) {
        stage.receive(fresh, piece);
        stage.receive(opened, piece);
    });
    stage.pass(30s);
    requireServing(stage);
}

// The bytes on the quorum port: from a stranger and from a follower to a leader; from a leader at its first word and
// while it leads to a follower that has clients of its own.
void nodeQuorum(std::string_view bytes) {
    for (const bool leads : {true, false}) {
        for (const bool established : {false, true}) {
            Stage stage(3);
            require(stage.start());
            if (leads) stage.lead(established);
            else stage.follow(established);
            if (established) {
                stage.open();
                if (leads) stage.quorum(Stage::packet(PacketType::Ack, Zxid(1, 1)));
            }
            inPieces(bytes, [&](std::string_view piece) { stage.quorum(piece); });
            stage.pass(60s);
            stage.end();
        }
    }
}

// Messages on the election port: a byte for who says it, two for the length, the payload, and 50 ms after each.
void nodeElection(std::string_view bytes) {
    Stage stage(3);
    require(stage.start());
    while (bytes.size() >= 3) {
        const Sid from = static_cast<signed char>(bytes[0]);
        const std::size_t size = std::min<std::size_t>(loadBigEndian<std::uint16_t>(bytes.data() + 1), bytes.size() - 3);
        stage.message(from, bytes.substr(3, size));
        stage.pass(50ms);
        bytes.remove_prefix(3 + size);
    }
    stage.pass(60s);
    stage.end();
}

} // namespace zk::fuzz
