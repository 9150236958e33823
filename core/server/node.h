// Node: a whole ZooKeeper server as one single-threaded machine: sessions, request pipeline, data tree, election and Zab.
//
// It has no sockets, threads, clocks or disks. A driver (net::Host in real time, sim::World in virtual time) owns it,
// feeds it what happened, and does what take() returns:
//
//     node.start(now, wall);
//     for (;;) {                       // one turn
//         ... feed inputs: client bytes, election messages, quorum bytes, completed store duties, tick()
//         Ready ready = node.take();
//         ... queue ready.store on the disk thread, in order; report each batch's end with stored()
//         ... send ready.election; dial and hang up quorum links; write what stands in the dirty links' `out`
//         ... wake up at ready.wakeAt at the latest
//     }
//
// One batch of store duties is on its way at a time: the next Ready::store comes after stored().
//
// All calls come on one thread. A broken promise of our own throws BrokenPromise: the driver then drops the node. A disk
// that fails ends the node too: it says so in the trace, drops its clients and links, and its state is Crashed; from then
// on it does nothing, and the driver drops it.
#pragma once

#include "admin/commands.h"
#include "config/config.h"
#include "election/election.h"
#include "server/recovery.h"
#include "trace/trace.h"
#include "zab/ready.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace zk::server {

using zab::LinkId;

// A client's connection. The driver owns it from accepted() to closed(); the node writes to `out`.
struct ClientLink {
    std::uint64_t id = 0;   // never used again by the same node
    std::string address;    // "127.0.0.1", without the port
    std::uint16_t port = 0;
    std::string out;        // bytes to send; the driver takes them away as it writes
    bool closing = false;   // close once `out` is empty; read nothing more
    bool paused = false;    // read nothing until the node clears it and names the link in Ready::resumed
    bool dirty = false;     // stands in Ready::dirty already
    bool listing = false;   // more follows once `out` has been written: then take() is due
    bool greeting = false;  // set by the driver before accepted(): a TLS handshake comes first; the node clears it
    bool secure = false;    // TLS is spoken on it
};

// --- Duties of the disk thread, in order ---
struct AppendTxn { Zxid zxid; zab::TxnBytes txn; };
struct TruncateLog { Zxid last; };       // and recover anew: Performed::recovered
struct CutLog { Zxid last; };            // cuts what lies after a snapshot that a leader sent
struct WriteAcceptedEpoch { std::int64_t epoch; };
struct WriteCurrentEpoch { std::int64_t epoch; };
struct BeginSnapshot { Zxid zxid; };
struct SnapshotPiece { std::string body; };
struct FinishSnapshot { std::optional<std::uint64_t> digest; };
struct AbandonSnapshot {};
struct RollLog {};
struct Purge { int keep = 3; };
using StoreDuty = std::variant<AppendTxn, TruncateLog, CutLog, WriteAcceptedEpoch, WriteCurrentEpoch, BeginSnapshot,
                               SnapshotPiece, FinishSnapshot, AbandonSnapshot, RollLog, Purge>;

// Carries out a batch on the store and makes all of it durable with one sync. Runs on the disk thread.
// `recovered` is set where the batch held a TruncateLog (which, with what follows it, may be only the last of a batch).
struct Performed {
    Result<void> result;
    std::unique_ptr<Recovered> recovered;
    std::vector<std::string> warnings; // what the store mended or could not clean up
};
Performed perform(storage::Store& store, const config::ServerConfig& config, std::vector<StoreDuty>& duties);

struct ElectionMessage {
    Sid to = 0;
    std::string payload;
};
struct DialQuorum {
    LinkId link = 0; // chosen by the node; answered by quorumConnected or quorumClosed
    Sid to = 0;
};
struct QuorumBytes {
    LinkId link = 0;
    std::string bytes;
};

struct Ready {
    std::vector<StoreDuty> store;     // one batch; its number is storeBatch. Report stored(storeBatch, ...) when durable
    std::uint64_t storeBatch = 0;
    std::vector<ElectionMessage> election;
    bool connectElectionPeers = false;
    std::vector<DialQuorum> dial;
    std::vector<QuorumBytes> quorum;
    std::vector<LinkId> hangUp;       // quorum links; after their bytes have been written
    std::vector<ClientLink*> dirty;   // `out` has bytes, or closing was set
    std::vector<ClientLink*> resumed; // read on
    bool dropClients = false;         // close every client connection at once (the server stopped serving)
    Instant wakeAt = kNever;
};

// A connection whose client does not read its answers is not answered further.
inline constexpr std::size_t kOutputLimit = 4 * 1024 * 1024;

class Node {
  public:
    // `recovered`: what recover() read from the disk. `seed`: for session ids and jitter. The sink outlives the node.
    Node(config::ServerConfig config, Recovered recovered, std::uint64_t seed, trace::Sink& sink);
    ~Node();

    void start(Instant now, WallTime wall);
    // Time passes: call at Ready::wakeAt, and before feeding the inputs of a turn.
    void tick(Instant now, WallTime wall);

    // --- Clients ---
    // The link lives until closed(). A refused one (too many connections, not serving) has closing set at once.
    void accepted(ClientLink& link);
    // The link's TLS handshake is through. `subject`: the name in the client's certificate, which has been checked; null
    // where it showed none.
    void secured(ClientLink& link, const std::string* subject);
    // Takes whole frames (or a four-letter word) off the front of `bytes`; how many bytes it took. It stops early when
    // the link is paused or closing, and while more than kOutputLimit bytes wait in `out`: offer the rest again once the
    // link is resumed, or `out` has been written.
    std::size_t received(ClientLink& link, std::string_view bytes);
    void closed(ClientLink& link);

    // --- Election port: whole messages without their length ---
    void electionMessage(Sid from, std::string_view payload);
    // A message to this peer was dropped because there was no connection.
    void electionUndelivered(Sid to);

    // --- Quorum port ---
    void quorumAccepted(LinkId link); // the driver numbers incoming links from 2^63 up, the node its own from 1
    void quorumConnected(LinkId link);
    void quorumReceived(LinkId link, std::string_view bytes);
    void quorumWritable(LinkId link); // everything given for this link has been written
    void quorumClosed(LinkId link, std::string_view why);

    // --- Disk ---
    void stored(std::uint64_t batch, Performed performed);

    // Says goodbye in an orderly way: no more requests, a last snapshot is not taken. Then the driver drops the node.
    void stop();

    Ready take();

    trace::ServerState state() const;
    bool serving() const;
    Zxid lastZxid() const;
    std::int64_t epoch() const;
    // Everything that the words, the admin commands and the window tell. Not for each turn: it walks tables.
    admin::NodeStatus status(admin::StatusDetail detail = admin::StatusDetail::Usual) const;
    // An AdminServer's command, with what it changes. Of `snapshot` it answers nothing but a refusal: Granted, the driver
    // calls takeSnapshot() and streams the file.
    struct Commanded {
        admin::CommandResponse response;
        bool snapshot = false; // granted: `response` is to be thrown away
    };
    Commanded command(const admin::CommandRequest& request);
    // Writes a snapshot of the tree as it is now; `done` is told its zxid once it is durable, null where it was given up.
    void takeSnapshot(std::function<void(std::optional<Zxid>)> done);
    const tree::DataTree& tree() const;
    // What only the driver knows of a status: envi's lines, open files. Asked by each status(), four-letter words included.
    void onStatus(std::function<void(admin::NodeStatus&)> complete);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace zk::server
