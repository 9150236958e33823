// The disk thread's side: carries out a batch of duties on the store.
#include "server/node.h"
#include "server/overloaded.h"

namespace zk::server {

namespace {

class Performer {
  public:
    Performer(storage::Store& store, Performed& performed) : store_(store), performed_(performed) {}

    // Makes what was appended durable.
    Result<void> sync() {
        if (!unsynced_) return {};
        unsynced_ = false;
        return store_.sync();
    }

    Result<void> carryOut(StoreDuty& duty) {
        return std::visit(
            Overloaded{
                [&](AppendTxn& append) -> Result<void> {
                    unsynced_ = true;
                    return store_.append(append.zxid, *append.txn);
                },
                [&](TruncateLog& truncate) -> Result<void> {
                    truncated_ = true;
                    return synced([&] { return store_.truncate(truncate.last); });
                },
                [&](CutLog& cut) -> Result<void> { return synced([&] { return store_.truncate(cut.last); }); },
                // An epoch vouches for the log before it: the log goes first.
                [&](WriteAcceptedEpoch& write) -> Result<void> {
                    return synced([&] { return store_.setAcceptedEpoch(write.epoch); });
                },
                [&](WriteCurrentEpoch& write) -> Result<void> {
                    return synced([&] { return store_.setCurrentEpoch(write.epoch); });
                },
                [&](BeginSnapshot& begin) -> Result<void> { return store_.beginSnapshot(begin.zxid); },
                [&](SnapshotPiece& piece) -> Result<void> { return store_.snapshotPiece(piece.body); },
                [&](FinishSnapshot& finish) -> Result<void> { return store_.finishSnapshot(finish.digest); },
                [&](AbandonSnapshot&) -> Result<void> {
                    store_.abandonSnapshot();
                    return {};
                },
                [&](RollLog&) -> Result<void> {
                    return synced([&]() -> Result<void> {
                        store_.rollLog();
                        return {};
                    });
                },
                [&](Purge& purge) -> Result<void> {
                    // Old files that stay do no harm.
                    if (const auto purged = store_.purge(purge.keep); !purged)
                        performed_.warnings.push_back("old files could not be removed: " + purged.error().message());
                    return {};
                }},
            duty);
    }

    bool truncated() const { return truncated_; }

  private:
    template <class Step>
    Result<void> synced(Step step) {
        if (auto done = sync(); !done) return done;
        return step();
    }

    storage::Store& store_;
    Performed& performed_;
    bool unsynced_ = false, truncated_ = false;
};

} // namespace

Performed perform(storage::Store& store, const config::ServerConfig& config, std::vector<StoreDuty>& duties) {
    Performed performed;
    Performer performer(store, performed);
    for (StoreDuty& duty : duties) {
        performed.result = performer.carryOut(duty);
        if (!performed.result) return performed;
    }
    performed.result = performer.sync();
    if (performed.result && performer.truncated()) {
        auto recovered = recover(store, config);
        if (recovered) performed.recovered = std::make_unique<Recovered>(std::move(*recovered));
        else performed.result = recovered.error();
    }
    for (std::string& warning : store.takeWarnings()) performed.warnings.push_back(std::move(warning));
    return performed;
}

} // namespace zk::server
