// A small world for the Zab machines: one leader, learners on byte pipes that deliver pieces of random size,
// and for each a fake disk and a fake tree, which is no more than the list of the zxids that were applied.
#pragma once

#include "base/rng.h"
#include "jute/txn.h"
#include "zab/leader.h"
#include "zab/learner.h"
#include "zab/packet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace zk::zab::test {

inline constexpr Duration kTick = std::chrono::milliseconds(2000);

inline TxnBytes txnOf(Zxid zxid, std::size_t padding = 8) {
    jute::TxnHeader header;
    header.zxid = zxid;
    return std::make_shared<const std::string>(jute::encode(header) + std::string(padding, 'x'));
}

class Story : public trace::Sink {
  public:
    void event(const trace::Event& event) override {
        events.push_back(event);
        if (onEvent) onEvent(event);
    }
    bool wantsTransactions() const override { return true; }
    std::size_t count(trace::Kind kind) const {
        return static_cast<std::size_t>(std::count_if(
            events.begin(), events.end(), [kind](const auto& event) { return event.what() == kind; }));
    }
    std::string syncs() const {
        std::string all;
        for (const auto& event : events)
            if (event.what() == trace::Kind::SyncStarted) all += (all.empty() ? "" : " ") + event.text;
        return all;
    }
    std::vector<trace::Event> events;
    std::function<void(const trace::Event&)> onEvent;
};

// A snapshot's body: a count and the zxids, with padding that makes the stream longer than one piece.
struct FakeSource : SnapshotSource {
    FakeSource(Zxid at, std::vector<Zxid> zxids, std::size_t padding) : at_(at) {
        jute::Writer out(body_);
        out.i32(static_cast<std::int32_t>(zxids.size()));
        for (const Zxid zxid : zxids)
            out.i64(zxid.value);
        out.bytes(std::string(padding, 's'));
    }
    Zxid zxid() const override { return at_; }
    bool next(std::string& out) override {
        out += body_.substr(given_, 1000);
        given_ += 1000;
        return given_ < body_.size();
    }
    Zxid at_;
    std::string body_;
    std::size_t given_ = 0;
};

struct FakeSink : SnapshotSink {
    Result<std::size_t> feed(std::string_view bytes) override {
        const std::size_t before = body.size();
        body += bytes;
        jute::Reader in(body);
        std::vector<Zxid> read;
        jute::read(in, read);
        in.ustring();
        if (!in.ok()) return bytes.size();
        whole = true;
        zxids = read;
        body.resize(in.offset());
        return in.offset() - before;
    }
    bool done() const override { return whole; }
    std::string body;
    std::vector<Zxid> zxids;
    bool whole = false;
};

struct Server : History {
    explicit Server(Sid id) : sid(id), voice(id, story) {}

    // --- What survives a restart ---
    Sid sid;
    std::vector<Zxid> log; // durable
    std::int64_t acceptedEpoch = 0, currentEpoch = 0;

    // --- The running server ---
    Story story;
    trace::Tracer voice;
    std::unique_ptr<Leader> leader;
    std::unique_ptr<Learner> learner;
    FakeSink sink;
    std::vector<Zxid> applied;
    std::deque<LogEntry> recent;
    std::size_t snapshotPadding = 0;
    bool slowDisk = false, observer = false;
    LinkId link = 0;
    bool established = false;
    std::string ended;
    std::size_t syncsDue = 0;
    std::vector<std::uint64_t> localSyncs;
    std::vector<Forwarded> requests;
    std::vector<RevalidateAsk> asked;
    std::vector<jute::SessionTouch> touched;
    std::vector<jute::RevalidateReply> revalidated;
    struct Batch {
        std::vector<Persist> persist;
        std::vector<Send> sends;
    };
    std::deque<Batch> disk;

    void restart() {
        leader.reset();
        learner.reset();
        disk.clear();
        applied = log;
        recent.clear();
        for (const Zxid zxid : log)
            recent.push_back({zxid, txnOf(zxid)});
        sink = FakeSink();
        established = false;
        ended.clear();
    }
    void apply(const LogEntry& entry) {
        ASSERT_TRUE(applied.empty() || entry.zxid > applied.back());
        applied.push_back(entry.zxid);
        recent.push_back(entry);
    }
    Zxid lastProcessed() const override { return applied.empty() ? Zxid() : applied.back(); }
    const std::deque<LogEntry>& committedLog() const override { return recent; }
    std::unique_ptr<SnapshotSource> openSnapshot() override {
        return std::make_unique<FakeSource>(lastProcessed(), applied, snapshotPadding);
    }
};

class World {
  public:
    explicit World(std::set<Sid> voters, std::set<Sid> observers = {}) : quorum_(voters), everyone_(voters) {
        everyone_.insert(observers.begin(), observers.end());
        for (const Sid sid : everyone_) {
            servers.emplace(sid, std::make_unique<Server>(sid));
            servers[sid]->observer = observers.contains(sid);
        }
    }
    Server& operator[](Sid sid) { return *servers.at(sid); }

    void lead(Sid sid) {
        leaderSid = sid;
        Server& server = (*this)[sid];
        server.restart();
        LeaderOptions options;
        options.self = sid;
        options.quorum = quorum_;
        options.everyone = everyone_;
        options.config = "version=0";
        options.tick = kTick;
        server.leader = std::make_unique<Leader>(now, options, server.lastProcessed(), server.currentEpoch,
                                                 server.acceptedEpoch, server, server.voice);
    }
    void join(Sid sid) {
        Server& server = (*this)[sid];
        server.restart();
        LearnerOptions options;
        options.self = sid;
        options.leader = leaderSid;
        options.observer = server.observer;
        options.tick = kTick;
        server.learner = std::make_unique<Learner>(now, options, server.lastProcessed(), server.currentEpoch,
                                                   server.acceptedEpoch, server.sink, server.voice);
        server.link = ++lastLink_;
        pipes[server.link] = {sid, {}, {}};
        leading().leader->accepted(now, server.link);
        server.learner->connected(now);
    }
    void crash(Sid sid) {
        Server& server = (*this)[sid];
        server.learner.reset();
        server.disk.clear();
        pipes.erase(server.link);
        if (leading().leader) leading().leader->closed(now, server.link);
    }
    Server& leading() { return (*this)[leaderSid]; }

    void propose(std::size_t padding = 8) {
        Leader& leader = *leading().leader;
        const Zxid zxid = leader.lastProposed().next();
        leader.propose(now, zxid, txnOf(zxid, padding));
    }
    // Until nothing moves any more.
    void settle() {
        while (step()) {
        }
    }
    bool step() {
        bool moved = false;
        for (auto& [sid, server] : servers) {
            if (server->leader) moved |= takeLeader(*server);
            if (server->learner) moved |= takeLearner(*server);
            if (!server->slowDisk && !server->disk.empty()) {
                finishBatch(*server);
                moved = true;
            }
        }
        return deliver() || moved;
    }
    void finishBatch(Server& server);
    void pass(Duration time) {
        for (const Instant end = now + time; now < end;) {
            now += kTick / 4;
            for (auto& [sid, server] : servers) {
                server->voice.setTime(now, {});
                if (server->leader) server->leader->tick(now);
                if (server->learner) server->learner->tick(now);
            }
            settle();
        }
    }

    struct Pipe {
        Sid learner = 0;
        std::string toLeader, toLearner;
    };
    std::map<Sid, std::unique_ptr<Server>> servers;
    std::map<LinkId, Pipe> pipes;
    std::set<LinkId> closedByLeader;
    Sid leaderSid = 0;
    Instant now{};

  private:
    bool takeLeader(Server& server);
    bool takeLearner(Server& server);
    bool deliver();
    void sendOut(Server& server, Send& send);
    std::string piece(std::string& from) {
        const std::size_t size = 1 + rng_.below(from.size() < 4000 ? from.size() : from.size() / 2);
        std::string out = from.substr(0, size);
        from.erase(0, size);
        return out;
    }

    Quorum quorum_;
    std::set<Sid> everyone_;
    LinkId lastLink_ = 0;
    Rng rng_{7};
};

inline bool World::takeLeader(Server& server) {
    LeaderReady ready = server.leader->take();
    for (const LogEntry& entry : ready.committed)
        server.apply(entry);
    for (Send& send : ready.sendNow)
        sendOut(server, send);
    bool work = !ready.persist.empty() || !ready.sendAfterSync.empty();
    if (work) server.disk.push_back({std::move(ready.persist), std::move(ready.sendAfterSync)});
    work |= !ready.requests.empty() || !ready.revalidate.empty();
    for (const LinkId link : ready.close) {
        closedByLeader.insert(link);
        if (const auto pipe = pipes.find(link); pipe != pipes.end()) {
            Server& other = (*this)[pipe->second.learner];
            if (other.learner && other.link == link) other.learner->closed(now, "closed by the leader");
            pipes.erase(pipe);
        }
    }
    for (Forwarded& request : ready.requests) {
        if (request.request.type == jute::OpCode::Sync) server.leader->syncFor(request.link);
        server.requests.push_back(std::move(request));
    }
    for (const RevalidateAsk& ask : ready.revalidate) {
        server.asked.push_back(ask);
        server.leader->revalidated(ask.link, ask.session, ask.session == 77);
    }
    server.touched.insert(server.touched.end(), ready.touched.begin(), ready.touched.end());
    for (const DueSync& sync : ready.localSyncs) server.localSyncs.push_back(sync.token);
    server.established |= ready.established;
    if (!ready.steppedDown.empty()) server.ended = ready.steppedDown;
    return work || !ready.sendNow.empty() || !ready.close.empty() || !ready.committed.empty();
}

inline bool World::takeLearner(Server& server) {
    LearnerReady ready = server.learner->take();
    for (const LogEntry& entry : ready.committed)
        server.apply(entry);
    if (!ready.sendNow.empty()) {
        Send send{server.link, ready.sendNow};
        sendOut(server, send);
    }
    const bool work = !ready.persist.empty() || !ready.sendAfterSync.empty();
    if (work) server.disk.push_back({std::move(ready.persist), {{server.link, ready.sendAfterSync}}});
    server.established |= ready.established;
    server.syncsDue += ready.syncs.size();
    server.revalidated.insert(server.revalidated.end(), ready.revalidated.begin(), ready.revalidated.end());
    if (!ready.failed.empty()) {
        server.ended = ready.failed;
        if (pipes.erase(server.link) > 0) leading().leader->closed(now, server.link);
    }
    return work || !ready.sendNow.empty() || !ready.failed.empty() || !ready.committed.empty();
}

inline void World::sendOut(Server& server, Send& send) {
    const auto pipe = pipes.find(send.link);
    if (pipe == pipes.end()) return;
    (server.leader ? pipe->second.toLearner : pipe->second.toLeader) += send.bytes;
}

inline void World::finishBatch(Server& server) {
    Server::Batch batch = std::move(server.disk.front());
    server.disk.pop_front();
    std::optional<Zxid> upTo;
    bool truncated = false, installed = false;
    for (const Persist& duty : batch.persist) {
        if (const auto* append = std::get_if<Append>(&duty)) {
            server.log.push_back(append->entry.zxid);
            upTo = append->entry.zxid;
        } else if (const auto* truncate = std::get_if<Truncate>(&duty)) {
            std::erase_if(server.log, [&](Zxid zxid) { return zxid > truncate->last; });
            server.applied = server.log;
            std::erase_if(server.recent, [&](const LogEntry& entry) { return entry.zxid > truncate->last; });
            truncated = true;
        } else if (std::get_if<InstallSnapshot>(&duty)) {
            server.log = server.applied = server.sink.zxids;
            server.recent.clear();
            installed = true;
        } else if (const auto* accepted = std::get_if<SetAcceptedEpoch>(&duty)) {
            server.acceptedEpoch = accepted->epoch;
        } else if (const auto* current = std::get_if<SetCurrentEpoch>(&duty)) {
            server.currentEpoch = current->epoch;
        }
    }
    for (Send& send : batch.sends)
        sendOut(server, send);
    if (server.leader && upTo) server.leader->synced(now, *upTo);
    if (server.learner && upTo) server.learner->synced(now, *upTo);
    if (truncated) server.learner->truncated(now, Result<void>());
    if (installed) server.learner->installed(now, Result<void>());
}

inline bool World::deliver() {
    bool moved = false;
    std::vector<LinkId> ids;
    for (const auto& [id, pipe] : pipes)
        ids.push_back(id);
    for (const LinkId id : ids) {
        const auto found = pipes.find(id);
        if (found == pipes.end()) continue;
        Server& learner = (*this)[found->second.learner];
        if (!found->second.toLearner.empty() && learner.learner) {
            learner.learner->received(now, piece(found->second.toLearner));
            if (found->second.toLearner.empty()) leading().leader->writable(id);
            moved = true;
        }
        if (!found->second.toLeader.empty()) {
            leading().leader->received(now, id, piece(found->second.toLeader));
            moved = true;
        }
    }
    return moved;
}

} // namespace zk::zab::test
