// A small world for the server's tests: Nodes on disks in memory, joined by links that deliver in order, in virtual time,
// and clients that speak frames. Nothing happens but in settle() and pass().
#pragma once

#include "server/node.h"
#include "server/sessions.h"
#include "storage/memory_disk.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>

namespace zk::server::testing {

using jute::ErrorCode;
using jute::OpCode;
using std::chrono::milliseconds;

class Recorder : public trace::Sink {
  public:
    void event(const trace::Event& event) override { events.push_back(event); }
    std::size_t count(trace::Kind kind) const {
        return static_cast<std::size_t>(
            std::count_if(events.begin(), events.end(), [&](const trace::Event& one) { return one.what() == kind; }));
    }
    bool says(trace::Kind kind, std::string_view text) const {
        return std::any_of(events.begin(), events.end(), [&](const trace::Event& one) {
            return one.what() == kind && one.text.find(text) != std::string::npos;
        });
    }
    std::vector<trace::Event> events;
};

// One server: its disk outlives its Nodes.
struct Server {
    config::ServerConfig config;
    std::shared_ptr<storage::MemoryDisk> disk = std::make_shared<storage::MemoryDisk>();
    std::unique_ptr<storage::Store> store;
    Recorder trace;
    std::unique_ptr<Node> node;
    bool diskHeld = false; // batches wait in `held`
    std::deque<std::pair<std::uint64_t, std::vector<StoreDuty>>> held;
    std::size_t batches = 0;
    bool cutOff = false; // nothing reaches it and nothing leaves it
    Instant wakeAt = kNever;

    Result<void> boot(std::uint64_t seed) {
        auto opened = storage::Store::open(*disk, {config.dataDir, "", 64 * 1024, true, true});
        if (!opened) return opened.error();
        store = std::move(*opened);
        auto recovered = recover(*store, config);
        if (!recovered) return recovered.error();
        node = std::make_unique<Node>(config, std::move(*recovered), seed, trace);
        return {};
    }
};

struct Frame {
    std::int32_t xid = 0;
    Zxid zxid;
    ErrorCode err = ErrorCode::Ok;
    std::string body;
};

class World;

// A client on one connection.
class TestClient {
  public:
    TestClient(World& world, Sid server, std::string address = "127.0.0.1");
    ~TestClient();
    TestClient(const TestClient&) = delete;
    TestClient& operator=(const TestClient&) = delete;

    // The handshake; true where a session is open afterwards.
    bool connect(std::int32_t timeoutMs = 10000, SessionId session = 0, std::string password = std::string(16, '\0'),
                 Zxid lastSeen = {}, std::optional<bool> readOnly = false);
    void raw(std::string_view bytes);
    // Sends and does not wait.
    std::int32_t send(OpCode op, std::string_view body = {}, std::optional<std::int32_t> xid = {});
    template <jute::Record Record>
    std::int32_t send(OpCode op, const Record& record) {
        return send(op, jute::encode(record));
    }
    // Sends, lets the world settle, and takes the answer of that request.
    Frame call(OpCode op, std::string_view body = {}, std::optional<std::int32_t> xid = {});
    template <jute::Record Record>
    Frame call(OpCode op, const Record& record) {
        return call(op, jute::encode(record));
    }
    // The frames that have come and have not been taken.
    std::deque<Frame> frames;
    std::optional<Frame> take(std::int32_t xid);
    std::vector<jute::WatcherEvent> events();

    Frame create(const std::string& path, const std::string& data = "", std::int32_t flags = 0,
                 std::vector<jute::Acl> acl = jute::openAcl()) {
        return call(OpCode::Create, jute::CreateRequest{path, data, std::move(acl), flags});
    }
    Frame remove(const std::string& path, std::int32_t version = -1) {
        return call(OpCode::Delete, jute::DeleteRequest{path, version});
    }
    Frame set(const std::string& path, const std::string& data, std::int32_t version = -1) {
        return call(OpCode::SetData, jute::SetDataRequest{path, data, version});
    }
    Frame get(const std::string& path, bool watch = false) {
        return call(OpCode::GetData, jute::ReadRequest{path, watch});
    }
    Frame exists(const std::string& path, bool watch = false) {
        return call(OpCode::Exists, jute::ReadRequest{path, watch});
    }
    Frame children(const std::string& path, bool watch = false) {
        return call(OpCode::GetChildren, jute::ReadRequest{path, watch});
    }
    Frame auth(const std::string& scheme, const std::string& secret) {
        return call(OpCode::Auth, jute::encode(jute::AuthPacket{0, scheme, secret}), jute::kXidAuth);
    }

    void pump(); // parses what the server has written
    ClientLink link;
    SessionId session = 0;
    std::string password;
    jute::ConnectResponse response;
    std::string text; // of a four-letter word
    bool open = true;
    bool reads = true; // takes what the server has written

  private:
    friend class World;
    World& world_;
    Sid server_;
    std::string unread_, unsent_;
    bool handshaken_ = false;
    std::int32_t xid_ = 0;
};

class World {
  public:
    // `servers` 0: one that stands alone, with the id 1.
    explicit World(int servers = 0, std::function<void(config::ServerConfig&)> adjust = {});

    Server& server(Sid sid = 1) { return servers_.at(sid); }
    Node& node(Sid sid = 1) { return *servers_.at(sid).node; }
    // Starts it on what its disk holds.
    void start(Sid sid);
    // Kills it: what was not synced is lost.
    void crash(Sid sid);
    // Delivers and performs everything that is due now.
    void settle();
    // One turn of one server; true where anything happened.
    bool turnOf(Sid sid) { return turn(sid); }
    // Lets time pass, in steps of 10 ms.
    void pass(Duration time);
    // Lets time pass until a leader serves; 0 after a minute without one.
    Sid awaitLeader();
    bool awaitServing(Sid sid);
    // Performs what a held disk has been given.
    void releaseDisk(Sid sid);
    Instant now() const { return now_; }
    // May change what goes from one server to another on the quorum port.
    std::function<void(Sid from, Sid to, std::string& bytes)> tamper;

  private:
    friend class TestClient;
    struct Message {
        enum class Kind { Election, Accepted, Connected, Bytes, Closed } kind = Kind::Election;
        Sid from = 0, to = 0;
        LinkId link = 0;
        std::string bytes;
    };
    struct End {
        Sid sid = 0;
        LinkId link = 0;
        auto operator<=>(const End&) const = default;
    };
    bool turn(Sid sid);
    void perform(Sid sid, std::uint64_t batch, std::vector<StoreDuty>& duties);
    void deliver(Message message);
    void dropLinks(Sid sid);
    WallTime wall() const { return {1'700'000'000'000 + std::chrono::duration_cast<milliseconds>(now_.time_since_epoch()).count()}; }

    std::map<Sid, Server> servers_;
    std::deque<Message> messages_;
    std::map<End, End> peers_;
    std::vector<TestClient*> clients_;
    Instant now_{std::chrono::seconds(1000)};
    std::uint64_t links_ = 0, seed_ = 1, clientLinks_ = 0;
};

} // namespace zk::server::testing
