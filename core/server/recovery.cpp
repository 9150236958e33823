#include "server/recovery.h"

#include "server/store_queue.h"

namespace zk::server {

namespace {

// The snapshot of a server that never ran.
Result<void> writeFirstSnapshot(storage::Store& store, tree::DataTree& tree, bool withDigest) {
    if (auto begun = store.beginSnapshot(Zxid()); !begun) return begun;
    tree::View view(tree);
    for (bool more = true; more;) {
        std::string piece;
        more = view.next(piece, kSnapshotPieceBytes);
        if (auto written = store.snapshotPiece(piece); !written) return written;
    }
    return store.finishSnapshot(withDigest ? std::optional(tree.digest()) : std::nullopt);
}

Result<std::unique_ptr<tree::DataTree>> load(const storage::StoredSnapshot& snapshot, tree::TreeOptions options) {
    tree::Loader loader(options);
    const auto taken = loader.feed(snapshot.body);
    if (!taken) return Error{storage::Errc::Corrupt, snapshot.file + ": " + taken.error().message()};
    if (!loader.done())
        return Error{storage::Errc::Corrupt, snapshot.file + ": the snapshot's znodes end before their end mark"};
    return loader.finish(snapshot.zxid);
}

// Compares the tree with the digest that the snapshot's file promises at a certain transaction.
void checkDigest(const std::optional<storage::StoredSnapshot>& snapshot, Recovered& recovered) {
    if (!snapshot || !snapshot->digest || snapshot->digestZxid != recovered.tree->lastZxid()) return;
    if (*snapshot->digest == recovered.tree->digest()) return;
    recovered.warnings.push_back(snapshot->file + ": the tree at " + hex(snapshot->digestZxid) +
                                 " has another digest than the snapshot says");
}

Result<void> replayLog(storage::Store& store, const std::optional<storage::StoredSnapshot>& snapshot,
                       Recovered& recovered, std::size_t commitLogCount) {
    checkDigest(snapshot, recovered);
    return store.replay(recovered.tree->lastZxid(), [&](Zxid zxid, std::string_view bytes) -> Result<void> {
        const auto txn = jute::decodeTxn(bytes);
        if (!txn)
            return Error{storage::Errc::Corrupt, "transaction " + hex(zxid) + " in the log: " + txn.error().message()};
        recovered.tree->apply(*txn);
        ++recovered.replayed;
        checkDigest(snapshot, recovered);
        recovered.committedLog.push_back({zxid, std::make_shared<const std::string>(bytes)});
        if (recovered.committedLog.size() > commitLogCount) recovered.committedLog.pop_front();
        return {};
    });
}

Result<void> readEpochs(storage::Store& store, const config::ServerConfig& config, Recovered& recovered) {
    const std::int64_t ofLog = recovered.lastLogged.epoch();
    recovered.currentEpoch = recovered.acceptedEpoch = ofLog;
    if (config.standalone()) return {};
    const auto current = store.currentEpoch();
    if (!current) return current.error();
    const auto accepted = store.acceptedEpoch();
    if (!accepted) return accepted.error();
    if (*current) recovered.currentEpoch = **current;
    else if (auto written = store.setCurrentEpoch(ofLog); !written) return written;
    if (*accepted) recovered.acceptedEpoch = **accepted;
    else if (auto written = store.setAcceptedEpoch(ofLog); !written) return written;
    // A crash between the history of an epoch that was accepted and the word that it is ours. What we hold is a prefix of
    // that history, so we may vote with it.
    if (ofLog > recovered.currentEpoch && ofLog <= recovered.acceptedEpoch) {
        if (auto written = store.setCurrentEpoch(ofLog); !written) return written;
        recovered.warnings.push_back("the last logged transaction, " + hex(recovered.lastLogged) +
                                     ", is newer than the current epoch, " + std::to_string(recovered.currentEpoch) +
                                     ": a crash came between them, and the current epoch is now " +
                                     std::to_string(ofLog));
        recovered.currentEpoch = ofLog;
    }
    if (ofLog > recovered.currentEpoch)
        return Error{storage::Errc::Corrupt, "the current epoch, " + std::to_string(recovered.currentEpoch) +
                                                 ", is older than the last logged transaction, " +
                                                 hex(recovered.lastLogged) +
                                                 ": the file currentEpoch does not belong to this log"};
    if (recovered.acceptedEpoch < recovered.currentEpoch)
        return Error{storage::Errc::Corrupt, "the accepted epoch, " + std::to_string(recovered.acceptedEpoch) +
                                                 ", is less than the current epoch, " +
                                                 std::to_string(recovered.currentEpoch) +
                                                 ": the epoch files do not belong together"};
    return {};
}

} // namespace

Result<Recovered> recover(storage::Store& store, const config::ServerConfig& config,
                          const std::function<Instant()>& clock) {
    const auto instant = [&clock] { return clock ? clock() : Instant(); };
    const Instant begun = instant();
    Recovered recovered;
    const auto snapshot = store.newestSnapshot();
    if (!snapshot) return snapshot.error();
    if (*snapshot) {
        auto tree = load(**snapshot, treeOptions(config));
        if (!tree) return tree.error();
        recovered.tree = std::move(*tree);
    } else {
        const auto lastLogged = store.lastLogged();
        if (!lastLogged) return lastLogged.error();
        if (lastLogged->value != 0)
            return Error{storage::Errc::Missing,
                         "there are transaction logs up to " + hex(*lastLogged) + " but no whole snapshot that they start "
                         "from: put the snapshot back, or empty the data directory so that the ensemble fills it anew"};
        if (!config.dbAutocreate)
            return Error{storage::Errc::Missing, "there is no snapshot in " + config.dataDir +
                                                     " and db.autocreate is false: put the data there, or remove that line"};
        recovered.tree = std::make_unique<tree::DataTree>(treeOptions(config));
        if (auto written = writeFirstSnapshot(store, *recovered.tree, config.digestEnabled); !written) return written.error();
    }
    const Instant loaded = instant();
    if (auto replayed = replayLog(store, *snapshot, recovered, config.commitLogCount); !replayed) return replayed.error();
    recovered.snapshotTime = loaded - begun;
    recovered.replayTime = instant() - loaded;
    recovered.lastLogged = recovered.tree->lastZxid();
    if (auto epochs = readEpochs(store, config, recovered); !epochs) return epochs.error();
    for (std::string& warning : store.takeWarnings()) recovered.warnings.push_back(std::move(warning));
    return recovered;
}

} // namespace zk::server
