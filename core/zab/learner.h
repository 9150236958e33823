// Learner: Zab as a follower or an observer speaks it, towards the leader that the election named.
//
// Life: construct -> connected() -> FOLLOWERINFO ... synchronised, NEWLEADER acknowledged -> UPTODATE: it serves. When the
// link breaks or the leader falls silent it says so in `failed`, and the server looks for a leader again.
// No transaction is acknowledged before the NEWLEADER ACK, and none before its sync: ACKs are given out in sendAfterSync, in
// the Ready that appends what they acknowledge; synced() only tells the story. While the disk truncates or installs, the
// leader's bytes are kept. Rules: Apache's Learner, Follower and Observer (of 3.9, where they differ); protocol notes 5.
#pragma once

#include "trace/trace.h"
#include "zab/ready.h"

namespace zk::zab {

struct LearnerOptions {
    Sid self = 0;
    Sid leader = 0;
    bool observer = false;
    std::int64_t configVersion = 0;
    Duration tick{};
    int initLimit = 10, syncLimit = 5;
};

struct LearnerReady {
    std::vector<Persist> persist;
    std::string sendNow, sendAfterSync;  // bytes for the one link
    std::vector<LogEntry> committed;     // apply, in order
    std::vector<jute::RevalidateReply> revalidated;
    std::vector<DueSync> syncs;          // those that we forwarded, oldest first
    std::optional<std::int64_t> agreedEpoch; // set once
    bool established = false;            // set once: serve clients from now on
    std::string failed;                  // not empty: why; hang up and look for a leader again
    Instant wakeAt = kNever;
};

class Learner {
  public:
    Learner(Instant now, LearnerOptions options, Zxid lastLogged, std::int64_t currentEpoch,
            std::int64_t acceptedEpoch, SnapshotSink& sink, trace::Tracer& tracer);
    ~Learner();

    void connected(Instant now);
    void received(Instant now, std::string_view bytes); // any piece of the stream
    void closed(Instant now, std::string_view why);
    void tick(Instant now);

    // Answers to the duties Truncate and InstallSnapshot: the tree is loaded and everything before is durable.
    void truncated(Instant now, Result<void> result);
    void installed(Instant now, Result<void> result);
    // Our log is durable up to and with this zxid.
    void synced(Instant now, Zxid upTo);

    // --- The server's part, once established ---
    void forward(const jute::ForwardedRequest& request, const std::vector<jute::Id>& authinfo);
    void revalidate(SessionId session, std::int32_t timeoutMs);
    // A client of ours was heard from; told to the leader with the next PING.
    void touch(SessionId session, std::int32_t timeoutMs);

    bool isEstablished() const;
    Zxid lastLogged() const;
    LearnerReady take();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace zk::zab
