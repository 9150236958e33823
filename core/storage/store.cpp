#include "storage/store.h"

#include "storage/epochs.h"
#include "storage/snapshot_file.h"
#include "storage/txn_log.h"

#include <algorithm>

namespace zk::storage {

namespace {

// How many snapshots are tried, newest first.
constexpr std::size_t kSnapshotsTried = 100;

struct Found {
    Zxid zxid; // in the name
    std::string path;
};

std::string withoutTrailingSlash(std::string path) {
    while (path.size() > 1 && path.ends_with('/'))
        path.pop_back();
    return path;
}

// May `next` be the transaction right after `last`?
bool follows(Zxid last, Zxid next) {
    return next == last.next() || (next.epoch() > last.epoch() && next.counter() == 1);
}

class DiskStore : public Store {
  public:
    DiskStore(Disk& disk, StoreOptions options)
        : disk_(disk), options_(std::move(options)), snapDir_(options_.dataDir + "/version-2"),
          logDir_(options_.dataLogDir + "/version-2"),
          log_(disk, logDir_, options_.preallocateBytes, options_.forceSync) {}

    Result<void> prepare();

    Result<std::optional<StoredSnapshot>> newestSnapshot() override;
    Result<void> replay(Zxid after, const std::function<Result<void>(Zxid, std::string_view)>& take) override;
    Result<Zxid> lastLogged() override;
    Result<std::optional<std::int64_t>> currentEpoch() override;
    Result<std::optional<std::int64_t>> acceptedEpoch() override {
        return readEpoch(disk_, acceptedEpochPath());
    }

    Result<void> append(Zxid zxid, std::string_view txn) override;
    Result<void> sync() override { return broken_ ? Result<void>(*broken_) : fatal(log_.sync()); }
    void rollLog() override { log_.roll(); }
    Result<void> truncate(Zxid last) override;
    Result<void> setCurrentEpoch(std::int64_t epoch) override { return setEpoch(currentEpochPath(), epoch); }
    Result<void> setAcceptedEpoch(std::int64_t epoch) override {
        return setEpoch(acceptedEpochPath(), epoch);
    }

    Result<void> beginSnapshot(Zxid zxid) override;
    Result<void> snapshotPiece(std::string_view bodyBytes) override;
    Result<void> finishSnapshot(std::optional<std::uint64_t> digest) override;
    void abandonSnapshot() override { snapshot_.reset(); }

    Result<std::size_t> purge(int keep) override;
    std::uint64_t logBytes() const override { return log_.bytes(); }
    std::vector<std::string> takeWarnings() override { return std::exchange(warnings_, {}); }

  private:
    std::string currentEpochPath() const { return snapDir_ + "/currentEpoch"; }
    std::string acceptedEpochPath() const { return snapDir_ + "/acceptedEpoch"; }
    Result<void> setEpoch(const std::string& path, std::int64_t epoch) {
        return broken_ ? Result<void>(*broken_) : fatal(writeEpoch(disk_, path, epoch));
    }

    // The files of a kind by the zxid in their names, oldest first.
    Result<std::vector<Found>> files(const std::string& directory, std::string_view prefix);
    Result<void> requireDirectories();
    Result<void> lockDirectories();
    Result<void> refuseMisplaced();
    Result<void> removeUnfinished();
    // Removes a last log that holds nothing, cuts a torn tail, and learns the last record.
    Result<void> mendLastLog();
    Result<void> syncWhatIsThere();
    Result<void> cutLog(const std::string& path, std::uint64_t end);
    // Where the record `last`, or what stands before it, ends in a log; 0: the log holds nothing up to it.
    struct Cut {
        std::uint64_t end = 0;
        bool found = false;
        bool more = false; // records follow
    };
    Result<Cut> cutAfter(const std::string& path, Zxid last);
    Result<void> removeAll(const std::vector<Found>& doomed, const std::string& directory);
    // Hands the records of one log that are newer than `last` on, and moves `last` along.
    Result<LogScan> replayLog(const std::string& path, Zxid& last, bool& begun,
                              const std::function<Result<void>(Zxid, std::string_view)>& take);

    // A failed write leaves nobody knowing what is on the disk: from then on nothing is written any more.
    Result<void> fatal(Result<void> done) {
        if (!done && !broken_)
            broken_ = Error{done.error().code, done.error().message() +
                                                   "; nothing more is written until the server starts again"};
        return done;
    }

    Disk& disk_;
    StoreOptions options_;
    std::string snapDir_, logDir_;
    std::vector<std::unique_ptr<DirectoryLock>> locks_;
    LogWriter log_;
    std::unique_ptr<SnapshotWriter> snapshot_;
    std::optional<Zxid> lastRecord_;    // in the logs, what is not yet synced included
    std::optional<Zxid> wholeSnapshot_; // the newest one known to be whole
    bool snapshotsRead_ = false;
    std::vector<std::string> warnings_;
    std::optional<Error> broken_;
};

Result<void> DiskStore::prepare() {
    log_.limitSize(options_.logSizeLimit);
    if (!isBuilt(options_.compression))
        return Error{Errc::Missing, "snapshots cannot be compressed with snappy: this build has no snappy; write gz, or nothing"};
    if (auto done = requireDirectories(); !done) return done;
    if (auto done = disk_.makeDirectories(snapDir_); !done) return done;
    if (auto done = disk_.makeDirectories(logDir_); !done) return done;
    if (auto done = lockDirectories(); !done) return done;
    if (auto done = refuseMisplaced(); !done) return done;
    if (auto done = removeUnfinished(); !done) return done;
    if (auto done = mendLastLog(); !done) return done;
    return syncWhatIsThere();
}

Result<void> DiskStore::requireDirectories() {
    for (const std::string& directory : {options_.dataDir, options_.dataLogDir}) {
        if (options_.createDirectories) break;
        const auto there = disk_.exists(directory);
        if (!there) return there.error();
        if (!*there)
            return Error{Errc::Missing, directory + " is not there, and datadir.autocreate is false: make it, or remove "
                                                    "that line"};
    }
    return {};
}

// A server that was killed may have left what the system has not yet made durable. Others will rely on what
// we read.
Result<void> DiskStore::syncWhatIsThere() {
    const auto logs = files(logDir_, "log");
    if (!logs) return logs.error();
    if (!logs->empty()) {
        const auto file = disk_.open(logs->back().path);
        if (!file) return file.error();
        if (auto done = (*file)->sync(); !done) return done;
    }
    if (auto done = disk_.syncDirectory(logDir_); !done || snapDir_ == logDir_) return done;
    return disk_.syncDirectory(snapDir_);
}

Result<void> DiskStore::lockDirectories() {
    for (const std::string& directory : {options_.dataDir, options_.dataLogDir}) {
        if (!locks_.empty() && options_.dataDir == options_.dataLogDir) break;
        auto lock = disk_.lock(directory);
        if (!lock) return lock.error();
        locks_.push_back(std::move(*lock));
    }
    return {};
}

// Logs beside the snapshots, where another directory is configured, are data that we would otherwise pass
// over.
Result<void> DiskStore::refuseMisplaced() {
    if (snapDir_ == logDir_) return {};
    const auto refuse = [](const Found& file, const char* key, const std::string& directory) {
        return Error{Errc::Missing, file.path + " is not in " + directory + ", where " + key +
                                        " says that it is; move it there, or correct " + key};
    };
    const auto logs = files(snapDir_, "log");
    if (!logs) return logs.error();
    if (!logs->empty()) return refuse(logs->front(), "dataLogDir", logDir_);
    const auto snapshots = files(logDir_, "snapshot");
    if (!snapshots) return snapshots.error();
    if (!snapshots->empty()) return refuse(snapshots->front(), "dataDir", snapDir_);
    return {};
}

Result<void> DiskStore::removeUnfinished() {
    const auto names = disk_.list(snapDir_);
    if (!names) return names.error();
    for (const std::string& name : *names)
        if (name.starts_with(kUnfinishedPrefix))
            if (auto done = disk_.remove(snapDir_ + "/" + name); !done) return done;
    return {};
}

Result<std::vector<Found>> DiskStore::files(const std::string& directory, std::string_view prefix) {
    const auto names = disk_.list(directory);
    if (!names) return names.error();
    std::vector<Found> found;
    for (const std::string& name : *names)
        if (const auto zxid = zxidOfName(prefix, name)) found.push_back({*zxid, directory + "/" + name});
    std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.zxid < b.zxid; });
    return found;
}

Result<void> DiskStore::mendLastLog() {
    lastRecord_.reset();
    auto logs = files(logDir_, "log");
    if (!logs) return logs.error();
    for (; !logs->empty(); logs->pop_back()) {
        const std::string& path = logs->back().path;
        const auto scan =
            scanLog(disk_, path, [](Zxid, std::string_view, std::uint64_t) { return Result<void>(); });
        if (!scan) return scan.error();
        if (scan->last) {
            lastRecord_ = scan->last;
            if (!scan->torn) return {};
            warnings_.push_back(*scan->torn + "; it was never acknowledged and has been cut");
            return cutLog(path, scan->end);
        }
        warnings_.push_back(path + " holds no transaction, a crash left it so; it has been removed");
        if (auto done = disk_.remove(path); !done) return done;
        if (auto done = disk_.syncDirectory(logDir_); !done) return done;
    }
    return {};
}

Result<void> DiskStore::cutLog(const std::string& path, std::uint64_t end) {
    const auto file = disk_.open(path);
    if (!file) return file.error();
    if (auto done = (*file)->truncate(end); !done) return done;
    return (*file)->sync();
}

Result<std::optional<StoredSnapshot>> DiskStore::newestSnapshot() {
    auto snapshots = files(snapDir_, "snapshot");
    if (!snapshots) return snapshots.error();
    std::optional<StoredSnapshot> whole;
    std::optional<Error> newestDamage;
    Zxid damaged(-1);
    for (std::size_t tried = 0; !whole && !snapshots->empty() && tried < kSnapshotsTried; ++tried) {
        const Found& file = snapshots->back();
        auto snapshot = readSnapshot(disk_, file.path, file.zxid);
        if (snapshot) {
            whole = std::move(*snapshot);
            break;
        }
        if (!newestDamage) newestDamage = snapshot.error(), damaged = file.zxid;
        warnings_.push_back(snapshot.error().message() + "; an older snapshot is tried");
        snapshots->pop_back();
    }
    wholeSnapshot_.reset();
    if (whole) wholeSnapshot_ = whole->zxid;
    // Older data may stand in for it only where the logs lead as far as the damaged one did.
    if (newestDamage && damaged > std::max(wholeSnapshot_.value_or(Zxid(-1)), lastRecord_.value_or(Zxid(-1))))
        return Error{newestDamage->code,
                     newestDamage->message() +
                         ", and no log leads as far; restore the file, or empty this server's "
                         "directory and let it copy its data from the others"};
    snapshotsRead_ = true;
    return whole;
}

Result<void> DiskStore::replay(Zxid after, const std::function<Result<void>(Zxid, std::string_view)>& take) {
    const auto logs = files(logDir_, "log");
    if (!logs) return logs.error();
    std::size_t index = 0;
    while (index + 1 < logs->size() && (*logs)[index + 1].zxid <= after)
        ++index;
    Zxid last = after;
    bool begun = false;
    for (; index < logs->size(); ++index) {
        const std::string& path = (*logs)[index].path;
        const auto scan = replayLog(path, last, begun, take);
        if (!scan) return scan.error();
        if (!scan->torn) continue;
        if (index + 1 == logs->size()) // it was whole when the store was opened
            return Error{Errc::Corrupt, *scan->torn + "; it was whole before"};
        warnings_.push_back(*scan->torn + "; the next log goes on behind it");
    }
    return {};
}

Result<LogScan> DiskStore::replayLog(const std::string& path, Zxid& last, bool& begun,
                                     const std::function<Result<void>(Zxid, std::string_view)>& take) {
    const Zxid after = last;
    return scanLog(disk_, path, [&](Zxid zxid, std::string_view txn, std::uint64_t end) -> Result<void> {
        if (zxid <= last) {
            if (zxid > after)
                warnings_.push_back(path + " holds transaction " + hex(zxid) + " behind " + hex(last) +
                                    "; it has been passed over");
            return {};
        }
        if (!follows(last, zxid)) {
            const std::string gap =
                "transaction " + hex(zxid) + " follows " + hex(last) +
                ", those between them are missing; restore the log that holds them, or empty "
                "this server's directory and let it copy its data from the others";
            if (!begun) return Error{Errc::Missing, "in " + path + " " + gap};
            return Error{Errc::Corrupt,
                         path + " at offset " + std::to_string(end - txn.size() - 13) + ": " + gap};
        }
        begun = true;
        last = zxid;
        return take(zxid, txn);
    });
}

Result<Zxid> DiskStore::lastLogged() {
    if (!snapshotsRead_)
        if (const auto snapshot = newestSnapshot(); !snapshot) return snapshot.error();
    return std::max(wholeSnapshot_.value_or(Zxid(0)), lastRecord_.value_or(Zxid(0)));
}

Result<std::optional<std::int64_t>> DiskStore::currentEpoch() {
    const auto epoch = readEpoch(disk_, currentEpochPath());
    if (!epoch || !*epoch || !lastRecord_ || lastRecord_->epoch() <= **epoch) return epoch;
    // A crash between the writing and the renaming of the epoch that the log already has.
    const auto next = readEpoch(disk_, currentEpochPath() + ".tmp");
    if (!next || *next != lastRecord_->epoch()) return epoch;
    warnings_.push_back(currentEpochPath() +
                        ".tmp holds the epoch of the last transaction; it has been taken");
    if (auto done = setCurrentEpoch(**next); !done) return done.error();
    return *next;
}

Result<void> DiskStore::append(Zxid zxid, std::string_view txn) {
    if (broken_) return *broken_;
    if (lastRecord_ && zxid <= *lastRecord_)
        return Error{Errc::Corrupt,
                     "transaction " + hex(zxid) + " cannot be logged behind " + hex(*lastRecord_)};
    lastRecord_ = zxid;
    return fatal(log_.append(zxid, txn));
}

Result<DiskStore::Cut> DiskStore::cutAfter(const std::string& path, Zxid last) {
    Cut cut;
    const auto scan =
        scanLog(disk_, path, [&](Zxid zxid, std::string_view, std::uint64_t end) -> Result<void> {
            if (zxid > last) cut.more = true;
            if (cut.more) return {};
            cut.end = end;
            cut.found = zxid == last;
            return {};
        });
    if (!scan) return scan.error();
    return cut;
}

Result<void> DiskStore::removeAll(const std::vector<Found>& doomed, const std::string& directory) {
    if (doomed.empty()) return {};
    for (const Found& file : doomed)
        if (auto done = disk_.remove(file.path); !done) return done;
    return disk_.syncDirectory(directory);
}

Result<void> DiskStore::truncate(Zxid last) {
    if (auto done = sync(); !done) return done;
    abandonSnapshot();
    auto snapshots = files(snapDir_, "snapshot");
    if (!snapshots) return snapshots.error();
    auto logs = files(logDir_, "log");
    if (!logs) return logs.error();

    // What is newer goes, the newest first: a crash between leaves no hole.
    std::vector<Found> newerSnapshots, newerLogs;
    for (; !snapshots->empty() && snapshots->back().zxid > last; snapshots->pop_back())
        newerSnapshots.push_back(snapshots->back());
    for (; !logs->empty() && logs->back().zxid > last; logs->pop_back())
        newerLogs.push_back(logs->back());
    Cut cut;
    if (!logs->empty()) {
        const auto found = cutAfter(logs->back().path, last);
        if (!found) return found.error();
        cut = *found;
    }
    const bool atSnapshot = !snapshots->empty() && snapshots->back().zxid == last;
    if ((!cut.found && !atSnapshot) || (snapshots->empty() && !newerSnapshots.empty()))
        return Error{Errc::Missing,
                     "cannot go back to transaction " + hex(last) + ": " + logDir_ +
                         " has no such transaction, or no snapshot as old; empty this server's "
                         "directory and let it copy its data from the others"};
    log_.close();
    snapshotsRead_ = false;
    if (auto done = fatal(removeAll(newerSnapshots, snapDir_)); !done) return done;
    if (auto done = fatal(removeAll(newerLogs, logDir_)); !done) return done;
    if (cut.more)
        if (auto done = fatal(cutLog(logs->back().path, cut.end)); !done) return done;
    return fatal(mendLastLog());
}

Result<void> DiskStore::beginSnapshot(Zxid zxid) {
    if (broken_) return *broken_;
    snapshot_ = std::make_unique<SnapshotWriter>(disk_, snapDir_, zxid, options_.compression);
    return snapshot_->begin();
}

Result<void> DiskStore::snapshotPiece(std::string_view bodyBytes) {
    if (broken_) return *broken_;
    if (!snapshot_) return Error{Errc::Missing, "no snapshot is being written"};
    return snapshot_->piece(bodyBytes);
}

Result<void> DiskStore::finishSnapshot(std::optional<std::uint64_t> digest) {
    if (broken_) return *broken_;
    if (!snapshot_) return Error{Errc::Missing, "no snapshot is being written"};
    const auto snapshot = std::move(snapshot_);
    auto done = fatal(snapshot->finish(digest, options_.serializeLastProcessedZxid));
    if (done) wholeSnapshot_ = std::max(wholeSnapshot_.value_or(snapshot->zxid()), snapshot->zxid());
    return done;
}

Result<std::size_t> DiskStore::purge(int keep) {
    if (broken_) return *broken_;
    const auto snapshots = files(snapDir_, "snapshot");
    if (!snapshots) return snapshots.error();
    std::size_t oldest = snapshots->size();
    int kept = 0;
    for (; kept < std::max(keep, 1) && oldest > 0; --oldest) {
        const auto whole = looksWhole(disk_, (*snapshots)[oldest - 1].path);
        if (!whole) return whole.error();
        if (*whole) ++kept;
    }
    if (kept < std::max(keep, 1)) return std::size_t(0);
    auto logs = files(logDir_, "log");
    if (!logs) return logs.error();
    // The log that begins at or before the oldest kept snapshot holds what follows it.
    const Zxid needed = (*snapshots)[oldest].zxid;
    std::size_t firstNeeded = 0;
    while (firstNeeded + 1 < logs->size() && (*logs)[firstNeeded + 1].zxid <= needed)
        ++firstNeeded;
    logs->resize(std::min(firstNeeded, logs->size()));
    const std::vector<Found> old(snapshots->begin(),
                                 snapshots->begin() + static_cast<std::ptrdiff_t>(oldest));
    if (auto done = removeAll(old, snapDir_); !done) return done.error();
    if (auto done = removeAll(*logs, logDir_); !done) return done.error();
    return old.size() + logs->size();
}

} // namespace

Result<std::unique_ptr<Store>> Store::open(Disk& disk, StoreOptions options) {
    if (options.dataLogDir.empty()) options.dataLogDir = options.dataDir;
    options.dataDir = withoutTrailingSlash(options.dataDir);
    options.dataLogDir = withoutTrailingSlash(options.dataLogDir);
    auto store = std::make_unique<DiskStore>(disk, std::move(options));
    if (auto done = store->prepare(); !done) return done.error();
    return std::unique_ptr<Store>(std::move(store));
}

} // namespace zk::storage
