// Store: one server's data on disk, in Apache's formats: transaction logs, snapshots, currentEpoch and acceptedEpoch.
//
// Layout: <dataDir>/myid, <dataDir>/version-2/snapshot.<zxid>, currentEpoch, acceptedEpoch;
// <dataLogDir>/version-2/log.<zxid>. Always true: what sync() has returned for survives a crash at any moment; a torn
// tail of the last log is cut when the store is opened; any other damage is an error that names file and offset.
// A store belongs to one thread at a time; every call may block.
#pragma once

#include "base/ids.h"
#include "storage/compression.h"
#include "storage/disk.h"

#include <functional>
#include <optional>

namespace zk::storage {

struct StoreOptions {
    std::string dataDir;
    std::string dataLogDir;                           // empty: dataDir
    std::uint64_t preallocateBytes = 64 * 1024 * 1024; // a log grows by steps of this; labs use little
    bool forceSync = true;                            // zookeeper.forceSync=no: trust the operating system
    bool serializeLastProcessedZxid = true;           // 3.9's part 8 of a snapshot; 3.8 reads it without complaint
    std::uint64_t logSizeLimit = 0;                   // bytes of one log file; 0: no limit
    Compression compression = Compression::None;      // of the snapshots that are written; every kind is read
    bool createDirectories = true;                    // else dataDir and dataLogDir must be there
};

// A snapshot as it is found on disk: its body (see tree::View) without header and seals, which have been checked.
struct StoredSnapshot {
    Zxid zxid;
    std::string body;
    std::optional<std::uint64_t> digest; // with the zxid it belongs to; none where the file has none or zxid 0
    Zxid digestZxid;
    std::string file;
};

class Store {
  public:
    // Locks the directories and makes them where they are missing.
    static Result<std::unique_ptr<Store>> open(Disk& disk, StoreOptions options);
    virtual ~Store() = default;

    // --- Reading, at the start and after a truncation ---
    // The newest snapshot that is whole; older ones are tried where it is not (a warning each). Null: there is none.
    virtual Result<std::optional<StoredSnapshot>> newestSnapshot() = 0;
    // Calls `take` with each transaction after `after`, in order, as the bytes of TxnHeader + body + digest.
    // Errors: Corrupt, with file and offset; and whatever `take` returns.
    virtual Result<void> replay(Zxid after, const std::function<Result<void>(Zxid, std::string_view)>& take) = 0;
    // The zxid of the last transaction in the logs; that of the newest snapshot where there is none.
    virtual Result<Zxid> lastLogged() = 0;
    // Null where the file is missing.
    virtual Result<std::optional<std::int64_t>> currentEpoch() = 0;
    virtual Result<std::optional<std::int64_t>> acceptedEpoch() = 0;

    // --- Writing ---
    // Appends one transaction (TxnHeader + body + digest). Durable after sync().
    virtual Result<void> append(Zxid zxid, std::string_view txn) = 0;
    virtual Result<void> sync() = 0;
    // The next append starts a new log file, as after each snapshot.
    virtual void rollLog() = 0;
    // Cuts everything after `last`. Errors: Missing, where no log holds `last` and it is not a snapshot's zxid.
    virtual Result<void> truncate(Zxid last) = 0;
    // Both are durable on return.
    virtual Result<void> setCurrentEpoch(std::int64_t epoch) = 0;
    virtual Result<void> setAcceptedEpoch(std::int64_t epoch) = 0;

    // A snapshot arrives in pieces, beside appends; it exists, durable, once finishSnapshot has returned.
    virtual Result<void> beginSnapshot(Zxid zxid) = 0;
    virtual Result<void> snapshotPiece(std::string_view bodyBytes) = 0;
    virtual Result<void> finishSnapshot(std::optional<std::uint64_t> digest) = 0;
    virtual void abandonSnapshot() = 0;

    // Keeps the `keep` newest snapshots and the logs that they need; removes the rest. The number of files removed.
    virtual Result<std::size_t> purge(int keep) = 0;

    virtual std::uint64_t logBytes() const = 0; // in the current log file
    // What open() and the reading calls mended or passed over, a sentence each, since the last call.
    virtual std::vector<std::string> takeWarnings() = 0;
};

} // namespace zk::storage
