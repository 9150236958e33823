// Zab's machines with a peer that says anything at all, at each step of their lives.
#include "input.h"
#include "targets.h"

#include "jute/txn.h"
#include "tree/data_tree.h"
#include "zab/leader.h"
#include "zab/learner.h"
#include "zab/packet.h"

namespace zk::fuzz {

namespace {

using jute::PacketType;
using zab::LinkId;

constexpr std::int64_t kOldEpoch = 1, kNewEpoch = 2;
constexpr Duration kTick = std::chrono::seconds(2);
const Zxid kLastLogged(kOldEpoch, 5);

zab::TxnBytes setData(Zxid zxid) {
    jute::Txn txn;
    txn.header.zxid = zxid;
    txn.header.type = static_cast<std::int32_t>(jute::OpCode::SetData);
    txn.body = jute::SetDataTxn{"/", "x", 1};
    return std::make_shared<const std::string>(jute::encode(txn));
}

class TreeSource : public zab::SnapshotSource {
  public:
    explicit TreeSource(Zxid zxid) : zxid_(zxid) {}
    Zxid zxid() const override { return zxid_; }
    bool next(std::string& out) override { return view_->next(out, 100); }

  private:
    Zxid zxid_;
    tree::DataTree tree_;
    std::unique_ptr<tree::View> view_ = tree_.view();
};

class TreeSink : public zab::SnapshotSink {
  public:
    Result<std::size_t> feed(std::string_view bytes) override { return loader_.feed(bytes); }
    bool done() const override { return loader_.done(); }

  private:
    tree::Loader loader_;
};

std::string packet(PacketType type, Zxid zxid, std::optional<std::string_view> data = {}) {
    std::string bytes;
    zab::appendPacket(bytes, type, zxid, data);
    return bytes;
}

std::string number(std::int32_t value) {
    std::string bytes;
    jute::Writer(bytes).i32(value);
    return bytes;
}

// The leader of three voters and an observer, with the disk and the tree that it stands on.
class LeaderStage : zab::History {
  public:
    LeaderStage() {
        for (std::uint32_t counter = 1; counter <= kLastLogged.counter(); ++counter)
            log_.push_back({Zxid(kOldEpoch, counter), setData(Zxid(kOldEpoch, counter))});
        zab::LeaderOptions options;
        options.self = 1;
        options.quorum = Quorum({1, 2, 3});
        options.everyone = {1, 2, 3, 4};
        options.config = "server.1=a:1:2:participant\nversion=0";
        options.tick = kTick;
        leader_.emplace(now_, std::move(options), kLastLogged, kOldEpoch, kOldEpoch, static_cast<zab::History&>(*this),
                        voice_);
    }
    void accept(LinkId link) { leader_->accepted(now_, link); }
    void receive(LinkId link, std::string_view bytes) {
        leader_->received(now_, link, bytes);
        pump();
    }
    void announce(LinkId link) {
        accept(link);
        receive(link, packet(PacketType::FollowerInfo, Zxid(kOldEpoch, 0), jute::encode(jute::LearnerInfo{2})));
    }
    void establish(LinkId link) {
        announce(link);
        receive(link, packet(PacketType::AckEpoch, kLastLogged, number(kOldEpoch)));
        receive(link, packet(PacketType::Ack, Zxid(kNewEpoch, 0)));
        require(leader_->isEstablished());
        propose();
        propose();
    }
    void propose() {
        if (!leader_->isEstablished()) return;
        const Zxid zxid = leader_->lastProposed().next();
        leader_->propose(now_, zxid, setData(zxid));
        pump();
    }
    // Lets it notice that nobody says anything more.
    void end() {
        for (int step = 0; step < 40 && wakeAt_ != kNever; ++step) {
            now_ = std::max(now_, wakeAt_);
            leader_->tick(now_);
            pump();
        }
        require(over_);
    }

  private:
    Zxid lastProcessed() const override { return log_.back().zxid; }
    const std::deque<zab::LogEntry>& committedLog() const override { return log_; }
    std::unique_ptr<zab::SnapshotSource> openSnapshot() override { return std::make_unique<TreeSource>(lastProcessed()); }

    void pump() {
        zab::LeaderReady ready = leader_->take();
        wakeAt_ = ready.wakeAt;
        over_ = over_ || !ready.steppedDown.empty();
        Zxid durable;
        for (const auto& duty : ready.persist)
            if (const auto* append = std::get_if<zab::Append>(&duty)) durable = append->entry.zxid;
        for (const zab::LogEntry& entry : ready.committed) {
            require(entry.zxid > lastProcessed());
            log_.push_back(entry);
        }
        for (const zab::RevalidateAsk& ask : ready.revalidate)
            leader_->revalidated(ask.link, ask.session, ask.session % 2 == 0);
        for (const zab::Forwarded& one : ready.requests) {
            if (one.request.type == jute::OpCode::Sync) leader_->syncFor(one.link);
            else propose();
        }
        for (const zab::Send& send : ready.sendNow) leader_->writable(send.link);
        (void)leader_->learners();
        if (durable == Zxid()) return;
        leader_->synced(now_, durable);
        pump();
    }

    Deaf deaf_;
    trace::Tracer voice_{1, deaf_};
    std::deque<zab::LogEntry> log_;
    Instant now_{}, wakeAt_{};
    bool over_ = false;
    std::optional<zab::Leader> leader_;
};

// A learner with its disk and its tree, at the other end of a leader's link.
class LearnerStage {
  public:
    LearnerStage() {
        zab::LearnerOptions options;
        options.self = 2;
        options.leader = 1;
        options.tick = kTick;
        learner_.emplace(now_, options, kLastLogged, kOldEpoch, kOldEpoch, sink_, voice_);
        learner_->connected(now_);
        pump();
    }
    void receive(std::string_view bytes) {
        learner_->received(now_, bytes);
        pump();
    }
    void use() {
        learner_->forward({0x77, 1, jute::OpCode::Sync, "path"}, {{"ip", "127.0.0.1"}});
        learner_->revalidate(0x78, 10000);
        learner_->touch(0x77, 10000);
        pump();
    }
    void end() {
        for (int step = 0; step < 5 && !failed_; ++step) {
            now_ = std::max(now_, wakeAt_);
            learner_->tick(now_);
            pump();
        }
        require(failed_);
    }

  private:
    void pump() {
        zab::LearnerReady ready = learner_->take();
        if (ready.wakeAt != kNever) wakeAt_ = ready.wakeAt;
        failed_ = failed_ || !ready.failed.empty();
        for (const auto& duty : ready.persist) {
            if (const auto* append = std::get_if<zab::Append>(&duty)) {
                require(append->entry.zxid > logged_);
                logged_ = append->entry.zxid;
            } else if (const auto* cut = std::get_if<zab::Truncate>(&duty)) {
                require(cut->last <= logged_);
                logged_ = applied_ = cut->last;
                learner_->truncated(now_, {});
            } else if (const auto* snapshot = std::get_if<zab::InstallSnapshot>(&duty)) {
                require(sink_.done());
                logged_ = applied_ = snapshot->zxid;
                learner_->installed(now_, {});
            }
        }
        for (const zab::LogEntry& entry : ready.committed) {
            require(entry.zxid > applied_ && entry.zxid <= logged_);
            applied_ = entry.zxid;
        }
        if (!ready.persist.empty()) {
            learner_->synced(now_, logged_);
            pump();
        }
    }

    Deaf deaf_;
    trace::Tracer voice_{2, deaf_};
    TreeSink sink_;
    Zxid logged_ = kLastLogged, applied_ = kLastLogged;
    Instant now_{}, wakeAt_{};
    bool failed_ = false;
    std::optional<zab::Learner> learner_;
};

} // namespace

// The bytes from a stranger, from a learner that has announced itself, and from one that is synchronised.
void leader(std::string_view bytes) {
    constexpr LinkId known = 10, stranger = 11;
    for (const int step : {0, 1, 2}) {
        LeaderStage stage;
        if (step == 1) stage.announce(known);
        if (step == 2) stage.establish(known);
        if (step != 1) stage.accept(stranger);
        inPieces(bytes, [&](std::string_view piece) {
            if (step != 0) stage.receive(known, piece);
            if (step != 1) stage.receive(stranger, piece);
        });
        stage.propose();
        stage.end();
    }
}

// The bytes behind each of a leader's packets: LEADERINFO, DIFF, a proposal, NEWLEADER, UPTODATE.
void learner(std::string_view bytes) {
    const Zxid next(kOldEpoch, kLastLogged.counter() + 1);
    const std::vector<std::string> story = {
        packet(PacketType::LeaderInfo, Zxid(kNewEpoch, 0), number(jute::kLearnerProtocol)),
        packet(PacketType::Diff, next),
        packet(PacketType::Proposal, next, *setData(next)),
        packet(PacketType::NewLeader, Zxid(kNewEpoch, 0), "version=0"),
        packet(PacketType::UpToDate, zab::kNoZxid),
    };
    for (std::size_t step = 0; step <= story.size(); ++step) {
        LearnerStage stage;
        for (std::size_t index = 0; index < step; ++index) stage.receive(story[index]);
        if (step == story.size()) stage.use();
        inPieces(bytes, [&](std::string_view piece) { stage.receive(piece); });
        stage.end();
    }
}

} // namespace zk::fuzz
