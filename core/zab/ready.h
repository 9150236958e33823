// What the Zab machines ask of the server they stand in: duties, in the order in which they are to be done.
//
// The server does `persist` in order, ahead of everything else that waits for it; sends `sendNow` at once; and sends
// `sendAfterSync` only when every persist duty of this Ready, and of all Readies before it, is durable. A Ready never
// waits for the one before it: several may be on their way to the disk at once.
#pragma once

#include "base/ids.h"
#include "base/time.h"
#include "jute/quorum_records.h"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace zk::zab {

// A connection on the quorum port, as the driver numbers them; never used again.
using LinkId = std::uint64_t;

// A transaction's bytes (TxnHeader + body + digest), shared by the log, the links and the committed log.
using TxnBytes = std::shared_ptr<const std::string>;

struct LogEntry {
    Zxid zxid;
    TxnBytes txn;
};

// --- Duties of the disk ---
struct Append { LogEntry entry; };
struct Truncate { Zxid last; };            // then load the tree anew and call Learner::truncated
struct InstallSnapshot { Zxid zxid; };     // make the tree that the SnapshotSink built the current one, and save it
struct SetAcceptedEpoch { std::int64_t epoch; };
struct SetCurrentEpoch { std::int64_t epoch; };
using Persist = std::variant<Append, Truncate, InstallSnapshot, SetAcceptedEpoch, SetCurrentEpoch>;

// A sync whose turn has come: to be answered once so many of the Ready's committed entries are applied, and before the next.
struct DueSync {
    std::size_t behind = 0;
    std::uint64_t token = 0; // of a leader's own client
};

struct Send {
    LinkId link = 0;
    std::string bytes;
};

// Where a leader reads a consistent snapshot of its tree from, for one SNAP stream: the body up to and with the "/" that
// ends it. The trailer that follows on the wire is the machines' own.
class SnapshotSource {
  public:
    virtual ~SnapshotSource() = default;
    virtual Zxid zxid() const = 0;
    // Appends the next piece; false once there is none left.
    virtual bool next(std::string& out) = 0;
};

// Where a learner puts the SNAP stream's body. A snapshot that failed or was left half read is the server's to forget: it
// gives a new sink to each Learner.
class SnapshotSink {
  public:
    virtual ~SnapshotSink() = default;
    // How many bytes of the front were the snapshot's; done() afterwards tells whether it is whole.
    virtual Result<std::size_t> feed(std::string_view bytes) = 0;
    virtual bool done() const = 0;
};

} // namespace zk::zab
