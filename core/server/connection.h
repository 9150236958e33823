// Connection: what the server knows of one client's connection: its session, its identities, and the requests that wait
// for their turn. Requests are answered strictly in order: a read behind a write that is on its way waits for it.
#pragma once

#include "server/node.h"
#include "tree/data_tree.h"

#include <deque>
#include <memory>
#include <optional>

namespace zk::server {

// Who asked for a transaction, so that its answer finds the way back; connection 0: nobody here.
struct Origin {
    std::uint64_t connection = 0;
    std::uint64_t number = 0; // Pending::number
};

// A request that has come and is not answered yet.
struct Pending {
    enum class Kind {
        OnItsWay, // a write or a sync: the commit answers it
        Waiting,  // a read behind one of those; `bytes` is its body
        Answered, // its answer lies in `bytes` until those before it are answered
    };
    std::uint64_t number = 0;
    std::int32_t xid = 0;
    jute::OpCode op = jute::OpCode::Error;
    Kind kind = Kind::OnItsWay;
    Instant since{};
    std::size_t size = 0; // of the request
    std::string bytes;
};

// The answer to a getChildren of very many, which goes out piece by piece. Whatever else the connection is told meanwhile
// waits in `behind`.
struct Listing {
    std::shared_ptr<tree::DataTree> tree; // outlives the walk
    std::unique_ptr<tree::ChildWalk> walk;
    std::optional<jute::Stat> stat; // ends the answer to a getChildren2
    std::string behind;
};

// Names that one listing writes in a turn, how many bytes may wait to be taken before it goes on, and how many bytes of
// names an answer can have: its length is a 32-bit number.
inline constexpr std::size_t kListedInATurn = 4000, kListingOutput = 256 * 1024, kLargestListing = INT32_MAX - 1024;

struct Latency {
    std::int64_t count = 0, sumMs = 0, minMs = 0, maxMs = 0, lastMs = 0;
    void add(std::int64_t ms) {
        minMs = count == 0 ? ms : std::min(minMs, ms);
        maxMs = std::max(maxMs, ms);
        lastMs = ms, sumMs += ms, ++count;
    }
    double averageMs() const { return count == 0 ? 0 : static_cast<double>(sumMs) / static_cast<double>(count); }
};

// The last, smallest and largest of some sizes; -1 before the first.
struct Sizes {
    std::int64_t last = -1, least = -1, most = -1;
    void add(std::size_t size) {
        last = static_cast<std::int64_t>(size);
        least = least < 0 ? last : std::min(least, last);
        most = std::max(most, last);
    }
};

// Requests of one connection that may wait before it is paused, and how few must be left before it is resumed.
inline constexpr std::size_t kPauseAt = 1000, kResumeAt = 500;

// Identities that one connection may prove.
inline constexpr std::size_t kIdentitiesMax = 1000;

struct Connection {
    enum class Stage {
        New,     // nothing but a four-letter word or a ConnectRequest may come
        Opening, // its session is being made or looked up
        Open,
        Closed,  // nothing more is read or written
    };

    explicit Connection(ClientLink& ofLink) : link(ofLink), identities{{"ip", ofLink.address}} {}

    ClientLink& link;
    Stage stage = Stage::New;
    SessionId session = 0;
    std::int32_t timeoutMs = 0;
    bool closesWhenAnswered = false; // its session is closed
    std::optional<Instant> atTheDoor; // since when its next request has waited to be let into the pipeline
    bool saysReadOnly = false; // the ConnectRequest carried the flag, so the answer must
    std::vector<jute::Id> identities;
    std::deque<Pending> pending;
    std::unique_ptr<Listing> listing;
    // Where the next answer or event is written.
    std::string& output() { return listing ? listing->behind : link.out; }
    std::uint64_t lastNumber = 0;

    std::int64_t received = 0, sent = 0, establishedMs = 0, lastCxid = 0, lastResponseMs = 0;
    Zxid lastZxid;
    Instant lastHeard{};
    jute::OpCode lastOp = jute::OpCode::Error;
    Latency latency;
};

} // namespace zk::server
