// The files of a data directory, as the store reads them: logs, snapshots, epochs.
#include "input.h"
#include "targets.h"

#include "jute/txn.h"
#include "storage/epochs.h"
#include "storage/memory_disk.h"
#include "storage/snapshot_file.h"
#include "storage/txn_log.h"

namespace zk::fuzz {

namespace {

using storage::MemoryDisk;

const storage::StoreOptions kOptions{"data", "", 4096};

void put(MemoryDisk& disk, const std::string& path, std::string_view bytes) {
    require(disk.makeDirectories("data/version-2").has_value() && storage::replaceFile(disk, path, bytes).has_value());
}

// The zxids that the store gives back; null where it refuses.
std::optional<std::vector<Zxid>> replayed(storage::Store& store) {
    std::vector<Zxid> zxids;
    const auto done = store.replay(Zxid(INT64_MIN), [&](Zxid zxid, std::string_view txn) {
        require(txn.size() >= 32); // a header at least
        zxids.push_back(zxid);
        return Result<void>();
    });
    if (!done) return std::nullopt;
    return zxids;
}

// What opens must go on: a transaction more, and all of it is there after a crash.
void appendAndReopen(MemoryDisk& disk, storage::Store& store, std::vector<Zxid> before) {
    const auto last = store.lastLogged();
    if (!last || last->value < 0 || last->value == INT64_MAX) return;
    jute::TxnHeader header;
    header.zxid = last->next();
    if (!store.append(header.zxid, jute::encode(header)) || !store.sync()) return; // its file may exist already
    before.push_back(header.zxid);
    const auto survivor = disk.survivors();
    const auto again = storage::Store::open(*survivor, kOptions);
    require(again.has_value());
    require(replayed(**again) == before);
}

} // namespace

void txnLog(std::string_view bytes) {
    MemoryDisk disk;
    put(disk, "data/version-2/log.1", bytes);
    std::uint64_t end = 0;
    const auto scan =
        storage::scanLog(disk, "data/version-2/log.1", [&](Zxid, std::string_view, std::uint64_t next) -> Result<void> {
            require(next > end && next <= bytes.size());
            end = next;
            return {};
        });
    if (scan) require(scan->end <= bytes.size() && (!scan->last || scan->end == end));
    const auto store = storage::Store::open(disk, kOptions);
    if (!store) return;
    const auto zxids = replayed(**store);
    if (zxids) appendAndReopen(disk, **store, *zxids);
}

void snapshotFile(std::string_view bytes) {
    MemoryDisk disk;
    put(disk, "data/version-2/snapshot.0", bytes);
    require(storage::looksWhole(disk, "data/version-2/snapshot.0").has_value());
    const auto read = storage::readSnapshot(disk, "data/version-2/snapshot.0", Zxid(0));
    if (!read) return;
    // What was read is written again and read again.
    storage::SnapshotWriter writer(disk, "data/version-2", Zxid(7));
    require(writer.begin().has_value() && writer.piece(read->body).has_value());
    require(writer.finish(0xABCD, true).has_value());
    const auto again = storage::readSnapshot(disk, "data/version-2/snapshot.7", Zxid(7));
    require(again.has_value() && again->body == read->body && again->digest == 0xABCD);
}

// The same bytes as a snapshot in each kind of compression.
void compressedSnapshot(std::string_view bytes) {
    MemoryDisk disk;
    for (const char* const name : {"data/version-2/snapshot.2.gz", "data/version-2/snapshot.2.snappy"}) {
        put(disk, name, bytes);
        require(storage::looksWhole(disk, name).has_value());
        const auto read = storage::readSnapshot(disk, name, Zxid(2));
        if (!read) require(read.error().message().find(name) != std::string::npos);
    }
}

void epochFile(std::string_view bytes) {
    MemoryDisk disk;
    put(disk, "data/version-2/currentEpoch", bytes);
    const auto epoch = storage::readEpoch(disk, "data/version-2/currentEpoch");
    if (!epoch) return;
    require(epoch->has_value() && **epoch >= 0);
    require(storage::writeEpoch(disk, "data/version-2/currentEpoch", **epoch).has_value());
    const auto again = storage::readEpoch(disk, "data/version-2/currentEpoch");
    require(again.has_value() && *again == *epoch);
}

} // namespace zk::fuzz
