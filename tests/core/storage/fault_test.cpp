// A workload of every kind of write meets a fault at each of its disk operations in turn. Whatever the fault,
// a store that is opened afterwards holds every acknowledged write, nothing that was never written, and goes
// on.
#include "storage/memory_disk.h"
#include "tests/core/storage/fixture.h"

#include <iostream>

namespace zk::storage {
namespace {

const StoreOptions kOptions{"data", "logs", 1024};

// What a server that was told of these acknowledgements believes to be on its disk.
struct Believed {
    std::vector<Zxid> attempted;  // in order, since the beginning
    std::size_t acknowledged = 0; // so many of them must be there
    Zxid snapshotAcknowledged;
    bool snapshotAny = false;
    std::vector<std::int64_t> epochs{0}; // the last acknowledged one, and the one attempted after it
};

// Runs until the first error, as a server does.
class Workload {
  public:
    explicit Workload(Disk& disk) : disk_(disk) {}
    Believed believed;

    bool run() {
        auto store = Store::open(disk_, kOptions);
        if (!store) return false;
        store_ = std::move(*store);

        return snapshot(Zxid(0)) && epoch(1) && append(1, 1, 12, 3) && snapshot(Zxid(1, 6)) &&
               append(1, 13, 20, 4) && snapshot(Zxid(1, 20)) && append(1, 21, 40, 5) && truncate(30) &&
               epoch(2) && append(2, 1, 10, 2) && snapshot(Zxid(2, 10)) && store_->purge(2) &&
               append(2, 11, 20, 10) && epoch(3) && append(3, 1, 4, 1);
    }

    // The store after its first error: it must not write again.
    void expectBroken() {
        if (!store_) return;
        const Zxid next =
            believed.attempted.empty() ? Zxid(1) : Zxid(believed.attempted.back().epoch() + 1, 1);
        EXPECT_FALSE(store_->append(next, txnBytes(next)) && store_->sync()) << "a store that failed goes on";
    }
    bool broken =
        false; // the failure was in what breaks a store: all but the first pieces of a snapshot and purge

  private:
    bool append(std::int64_t epoch, std::uint32_t first, std::uint32_t last, std::uint32_t group) {
        for (std::uint32_t counter = first; counter <= last; ++counter) {
            const Zxid zxid(epoch, counter);
            believed.attempted.push_back(zxid);
            if (!store_->append(zxid, txnBytes(zxid, std::string(counter * 7, 'x')))) return failed();
            if (counter % group != 0 && counter != last) continue;
            if (!store_->sync()) return failed();
            believed.acknowledged = believed.attempted.size();
        }
        return true;
    }

    bool snapshot(Zxid zxid) {
        if (!store_->beginSnapshot(zxid)) return false;
        const std::string body = snapshotBody({"/" + hex(zxid)});
        if (!store_->snapshotPiece(body.substr(0, 50)) || !store_->snapshotPiece(body.substr(50)))
            return false;
        if (!store_->finishSnapshot(zxid.value)) return failed();
        believed.snapshotAcknowledged = zxid;
        believed.snapshotAny = true;
        store_->rollLog();
        return true;
    }

    bool truncate(std::size_t keep) {
        const Zxid last = believed.attempted[keep - 1];
        believed.acknowledged = keep; // while it is cut, what follows may be there or not
        if (!store_->truncate(last)) return false;
        believed.attempted.resize(keep);
        return true;
    }

    bool epoch(std::int64_t value) {
        believed.epochs.push_back(value);
        if (!store_->setCurrentEpoch(value)) return failed();
        believed.epochs = {value};
        return true;
    }

    bool failed() {
        broken = true;
        return false;
    }

    Disk& disk_;
    std::unique_ptr<Store> store_;
};

void verify(Disk& disk, const Believed& believed, const std::string& when) {
    SCOPED_TRACE(when);
    Zxid next;
    {
        auto opened = Store::open(disk, kOptions);
        ASSERT_TRUE(opened) << opened.error().message();
        Store& store = **opened;
        const auto snapshot = store.newestSnapshot();
        ASSERT_TRUE(snapshot) << snapshot.error().message();
        Zxid base;
        if (*snapshot) {
            base = (*snapshot)->zxid;
            EXPECT_EQ((*snapshot)->body, snapshotBody({"/" + hex(base)}));
            if (base.value != 0) {
                EXPECT_EQ((*snapshot)->digest, static_cast<std::uint64_t>(base.value));
            }
        }
        if (believed.snapshotAny) {
            EXPECT_GE(base, believed.snapshotAcknowledged);
        }

        // Snapshot and log together give a beginning of what was attempted, as long as what was acknowledged.
        std::size_t place = 0;
        while (place < believed.attempted.size() && believed.attempted[place] <= base)
            ++place;
        const auto done = store.replay(base, [&](Zxid zxid, std::string_view txn) -> Result<void> {
            if (place == believed.attempted.size() || believed.attempted[place] != zxid ||
                txn != txnBytes(zxid, std::string(zxid.counter() * 7, 'x')))
                return Error{Errc::Corrupt, hex(zxid) + " was never written there"};
            ++place;
            return {};
        });
        ASSERT_TRUE(done) << done.error().message();
        EXPECT_GE(place, believed.acknowledged);
        const Zxid last = place == 0 ? base : std::max(base, believed.attempted[place - 1]);
        EXPECT_EQ(*store.lastLogged(), last);

        const auto epoch = store.currentEpoch();
        ASSERT_TRUE(epoch) << epoch.error().message();
        EXPECT_NE(std::find(believed.epochs.begin(), believed.epochs.end(), epoch->value_or(0)),
                  believed.epochs.end());

        next = Zxid(last.epoch() + 1, 1);
        ASSERT_TRUE(store.append(next, txnBytes(next)));
        ASSERT_TRUE(store.sync());
    }
    auto again = Store::open(disk, kOptions);
    ASSERT_TRUE(again) << again.error().message();
    EXPECT_EQ(*(*again)->lastLogged(), next);
}

std::uint64_t operationsOfAWholeRun() {
    MemoryDisk disk;
    Believed believed;
    std::uint64_t count = 0;
    {
        Workload workload(disk);
        EXPECT_TRUE(workload.run());
        believed = workload.believed;
        count = disk.operations();
    }
    verify(disk, believed, "no fault");
    return count;
}

class Faults : public testing::TestWithParam<Fault> {};

TEST_P(Faults, AtEveryOperation) {
    const std::uint64_t count = operationsOfAWholeRun();
    std::cout << count << " disk operations, each of which fails once" << std::endl;
    ASSERT_GT(count, 100u);
    for (std::uint64_t n = 1; n <= count && !HasFatalFailure(); ++n) {
        MemoryDisk disk;
        disk.failAt(n, GetParam());
        Believed believed;
        {
            Workload workload(disk);
            const bool whole = workload.run();
            if (workload.broken) workload.expectBroken();
            EXPECT_TRUE(!whole || GetParam() != Fault::Crash || n == count) << n;
            believed = workload.believed;
        }
        const std::string when = "operation " + std::to_string(n);
        verify(*disk.survivors(), believed, when + ", then everything unsynced is lost");
        for (std::uint64_t seed = 1; seed <= 8 && !HasFatalFailure(); ++seed)
            verify(*disk.survivors(n * 100 + seed), believed,
                   when + ", seed " + std::to_string(n * 100 + seed));
        if (GetParam() != Fault::Crash) verify(disk, believed, when + ", then only the server starts again");
    }
}

INSTANTIATE_TEST_SUITE_P(Storage, Faults, testing::Values(Fault::Fail, Fault::Tear, Fault::Crash),
                         [](const auto& test) {
                             return test.param == Fault::Fail   ? "Fail"
                                    : test.param == Fault::Tear ? "Tear"
                                                                : "Crash";
                         });

TEST(Fault, FailedSyncIsFinal) {
    MemoryDisk disk;
    const auto store = *Store::open(disk, kOptions);
    appendAll(*store, 1, 3);
    ASSERT_TRUE(store->append(Zxid(4), txnBytes(Zxid(4))));
    disk.failAt(disk.operations() + 2, Fault::Fail); // the write goes, its sync does not
    EXPECT_FALSE(store->sync());
    const auto operations = disk.operations();
    const auto again = store->sync();
    ASSERT_FALSE(again);
    EXPECT_NE(again.error().message().find("nothing more is written"), std::string::npos);
    EXPECT_FALSE(store->append(Zxid(5), txnBytes(Zxid(5))));
    EXPECT_FALSE(store->setCurrentEpoch(1));
    EXPECT_FALSE(store->setAcceptedEpoch(1));
    EXPECT_FALSE(store->beginSnapshot(Zxid(3)));
    EXPECT_FALSE(store->truncate(Zxid(2)));
    EXPECT_FALSE(store->purge(1));
    EXPECT_EQ(disk.operations(), operations) << "the disk was asked again";
    EXPECT_EQ(replayed(**Store::open(*disk.survivors(), kOptions)), zxids(1, 3));
}

TEST(Fault, AppendsNeverTouchTheDisk) {
    MemoryDisk disk;
    const auto store = *Store::open(disk, kOptions);
    const auto operations = disk.operations();
    for (const Zxid zxid : zxids(1, 100))
        ASSERT_TRUE(store->append(zxid, txnBytes(zxid)));
    EXPECT_EQ(disk.operations(), operations);
}

} // namespace
} // namespace zk::storage
