#include "storage/memory_disk.h"
#include "tests/core/storage/fixture.h"

namespace zk::storage {
namespace {

const StoreOptions kOptions{"data", "logs", 4096};

class StoreTest : public testing::Test {
  protected:
    std::unique_ptr<Store> opened() {
        auto store = Store::open(disk_, kOptions);
        EXPECT_TRUE(store) << store.error().message();
        return store ? std::move(*store) : nullptr;
    }
    std::vector<std::string> logs() { return *disk_.list("logs/version-2"); }
    std::vector<std::string> snapshots() { return *disk_.list("data/version-2"); }

    MemoryDisk disk_;
};

TEST_F(StoreTest, NewDirectoriesAreEmpty) {
    const auto store = opened();
    EXPECT_FALSE(store->newestSnapshot()->has_value());
    EXPECT_EQ(*store->lastLogged(), Zxid(0));
    EXPECT_FALSE(store->currentEpoch()->has_value());
    EXPECT_FALSE(store->acceptedEpoch()->has_value());
    EXPECT_TRUE(replayed(*store).empty());
    EXPECT_TRUE(store->takeWarnings().empty());
    EXPECT_TRUE(store->sync()); // of nothing
    EXPECT_TRUE(logs().empty());
}

TEST_F(StoreTest, AppendsComeBackAsTheyWere) {
    {
        const auto store = opened();
        ASSERT_TRUE(store->append(Zxid(1), txnBytes(Zxid(1), "")));
        ASSERT_TRUE(store->append(Zxid(2), txnBytes(Zxid(2), std::string(3 << 20, 'x'))));
        ASSERT_TRUE(store->append(Zxid(3), txnBytes(Zxid(3), "BBBBB")));
        ASSERT_TRUE(store->sync());
        EXPECT_EQ(*store->lastLogged(), Zxid(3));
    }
    const auto store = opened();
    std::vector<std::string> txns;
    ASSERT_TRUE(store->replay(Zxid(0), [&](Zxid, std::string_view txn) {
        txns.emplace_back(txn);
        return Result<void>();
    }));
    EXPECT_EQ(txns,
              (std::vector<std::string>{txnBytes(Zxid(1), ""), txnBytes(Zxid(2), std::string(3 << 20, 'x')),
                                        txnBytes(Zxid(3), "BBBBB")}));
    EXPECT_EQ(replayed(*store, Zxid(2)), zxids(3, 3));
    EXPECT_TRUE(replayed(*store, Zxid(3)).empty());
}

TEST_F(StoreTest, WhatWasNotSyncedIsLostInACrash) {
    const auto store = opened();
    appendAll(*store, 1, 5);
    ASSERT_TRUE(store->append(Zxid(6), txnBytes(Zxid(6))));
    const auto after = disk_.survivors();
    EXPECT_EQ(replayed(**Store::open(*after, kOptions)), zxids(1, 5));
}

TEST_F(StoreTest, WhatAKilledServerLeftIsMadeDurableBeforeItIsReliedOn) {
    { appendAll(*opened(), 1, 3); }
    const std::string log = *readFile(disk_, "logs/version-2/log.1");
    MemoryDisk other;
    ASSERT_TRUE(other.makeDirectories("logs/version-2"));
    ASSERT_TRUE((*other.create("logs/version-2/log.1"))->write(0, log)); // neither synced
    ASSERT_TRUE(Store::open(other, kOptions));
    EXPECT_EQ(replayed(**Store::open(*other.survivors(), kOptions)), zxids(1, 3));
}

TEST_F(StoreTest, OneSyncIsOneWriteAndOneSync) {
    const auto store = opened();
    appendAll(*store, 1, 1);
    const auto before = disk_.operations();
    appendAll(*store, 2, 20);
    EXPECT_EQ(disk_.operations() - before, 2u);
}

TEST_F(StoreTest, LogsGrowByWholeSteps) {
    const auto store = opened();
    appendAll(*store, 1, 1);
    EXPECT_EQ(readFile(disk_, "logs/version-2/log.1")->size(), 16u + 2 * 4096);
    appendAll(*store, 2, 200);
    EXPECT_EQ((readFile(disk_, "logs/version-2/log.1")->size() - 16) % 4096, 0u);
    EXPECT_GT(store->logBytes(), 200u * 32);
    EXPECT_GE(readFile(disk_, "logs/version-2/log.1")->size(), store->logBytes() + 4096);
}

TEST_F(StoreTest, WithoutPreallocationALogHasNoPadding) {
    StoreOptions options = kOptions;
    options.preallocateBytes = 0;
    auto store = *Store::open(disk_, options);
    appendAll(*store, 1, 3);
    EXPECT_EQ(readFile(disk_, "logs/version-2/log.1")->size(), store->logBytes());
}

TEST_F(StoreTest, EachStartAndEachRollBeginsAFile) {
    {
        const auto store = opened();
        appendAll(*store, 1, 2);
        ASSERT_TRUE(store->append(Zxid(3), txnBytes(Zxid(3)))); // belongs to the old file
        store->rollLog();
        appendAll(*store, 4, 5);
    }
    { appendAll(*opened(), 6, 6); }
    EXPECT_EQ(logs(), (std::vector<std::string>{"log.1", "log.4", "log.6"}));
    EXPECT_EQ(replayed(*opened()), zxids(1, 6));
    EXPECT_EQ(replayed(*opened(), Zxid(4)), zxids(5, 6));
}

TEST_F(StoreTest, NamesAreLowerCaseHexadecimal) {
    const auto store = opened();
    writeSnapshot(*store, Zxid(0x1F0000000A));
    ASSERT_TRUE(store->append(Zxid(0x1F0000000B), txnBytes(Zxid(0x1F0000000B))));
    ASSERT_TRUE(store->sync());
    EXPECT_EQ(logs(), std::vector<std::string>{"log.1f0000000b"});
    EXPECT_EQ(snapshots(), std::vector<std::string>{"snapshot.1f0000000a"});
}

TEST_F(StoreTest, AppendMustGoForward) {
    const auto store = opened();
    appendAll(*store, 1, 5);
    EXPECT_FALSE(store->append(Zxid(5), txnBytes(Zxid(5))));
    EXPECT_FALSE(store->append(Zxid(4), txnBytes(Zxid(4))));
    EXPECT_TRUE(store->append(Zxid(6), txnBytes(Zxid(6))));
}

TEST_F(StoreTest, ReplayStopsAtTheTakersError) {
    const auto store = opened();
    appendAll(*store, 1, 5);
    const auto done = store->replay(Zxid(0), [](Zxid zxid, std::string_view) -> Result<void> {
        if (zxid == Zxid(3)) return Error{Errc::Io, "enough"};
        return {};
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message(), "enough");
}

TEST_F(StoreTest, HolesBetweenTransactionsAreErrors) {
    {
        const auto store = opened();
        for (const std::int64_t first : {1, 4, 7}) {
            appendAll(*store, first, first + 2);
            store->rollLog();
        }
    }
    ASSERT_TRUE(disk_.remove("logs/version-2/log.4"));
    const auto store = opened();
    const auto take = [](Zxid, std::string_view) { return Result<void>(); };
    EXPECT_EQ(store->replay(Zxid(0), take).error().code, make_error_code(Errc::Corrupt));
    EXPECT_EQ(store->replay(Zxid(3), take).error().code, make_error_code(Errc::Missing));
    EXPECT_TRUE(store->replay(Zxid(6), take));
}

TEST_F(StoreTest, ANewEpochIsNoHole) {
    const auto store = opened();
    for (const Zxid zxid : {Zxid(1, 1), Zxid(1, 2), Zxid(4, 1), Zxid(4, 2)})
        ASSERT_TRUE(store->append(zxid, txnBytes(zxid)));
    ASSERT_TRUE(store->sync());
    EXPECT_EQ(replayed(*store).size(), 4u);
}

TEST_F(StoreTest, SnapshotComesBack) {
    const auto store = opened();
    ASSERT_TRUE(store->beginSnapshot(Zxid(9)));
    for (const char c : snapshotBody({"/a", "/a/b"}))
        ASSERT_TRUE(store->snapshotPiece(std::string_view(&c, 1)));
    EXPECT_FALSE(store->newestSnapshot()->has_value()); // not before it is finished
    ASSERT_TRUE(store->finishSnapshot(0xFEDCBA9876543210));
    const auto snapshot = store->newestSnapshot()->value();
    EXPECT_EQ(snapshot.zxid, Zxid(9));
    EXPECT_EQ(snapshot.body, snapshotBody({"/a", "/a/b"}));
    EXPECT_EQ(snapshot.digest, 0xFEDCBA9876543210);
    EXPECT_EQ(snapshot.digestZxid, Zxid(9));
    EXPECT_EQ(snapshot.file, "data/version-2/snapshot.9");
    EXPECT_EQ(*store->lastLogged(), Zxid(9));
    EXPECT_FALSE(store->snapshotPiece("x"));
    EXPECT_FALSE(store->finishSnapshot({}));
}

TEST_F(StoreTest, SnapshotsWithoutDigestOrLastZxid) {
    StoreOptions options = kOptions;
    options.serializeLastProcessedZxid = false;
    const auto store = *Store::open(disk_, options);
    writeSnapshot(*store, Zxid(5), std::nullopt);
    EXPECT_EQ(readFile(disk_, "data/version-2/snapshot.5")->size(), 16 + snapshotBody().size() + 13);
    EXPECT_FALSE(store->newestSnapshot()->value().digest);
    writeSnapshot(*store, Zxid(0), 0x51c6d660);
    EXPECT_EQ(readFile(disk_, "data/version-2/snapshot.0")->size(), 16 + snapshotBody().size() + 13 + 33);
}

// Apache 3.8 would read a last zxid that stands alone as the beginning of a digest.
TEST_F(StoreTest, SnapshotsWithoutDigestHaveNoLastZxidEither) {
    const auto store = opened();
    writeSnapshot(*store, Zxid(5), std::nullopt);
    EXPECT_EQ(readFile(disk_, "data/version-2/snapshot.5")->size(), 16 + snapshotBody().size() + 13);
}

TEST_F(StoreTest, DigestOfZxidZeroIsNone) {
    const auto store = opened();
    writeSnapshot(*store, Zxid(0), 0x51c6d660);
    EXPECT_EQ(readFile(disk_, "data/version-2/snapshot.0")->size(),
              16 + snapshotBody().size() + 13 + 33 + 21);
    EXPECT_FALSE(store->newestSnapshot()->value().digest);
}

TEST_F(StoreTest, AbandonedAndUnfinishedSnapshotsLeaveNothing) {
    auto store = opened();
    ASSERT_TRUE(store->beginSnapshot(Zxid(1)));
    store->abandonSnapshot();
    EXPECT_TRUE(snapshots().empty());
    ASSERT_TRUE(store->beginSnapshot(Zxid(2)));
    ASSERT_TRUE(store->snapshotPiece("half of"));
    EXPECT_EQ(snapshots(), std::vector<std::string>{"unfinished.snapshot.2"});
    const auto after = disk_.survivors(3);
    ASSERT_TRUE(Store::open(*after, kOptions));
    EXPECT_TRUE(after->list("data/version-2")->empty());
}

TEST_F(StoreTest, OlderSnapshotStandsInWhereTheLogsLeadAsFar) {
    {
        const auto store = opened();
        writeSnapshot(*store, Zxid(0));
        appendAll(*store, 1, 5);
        writeSnapshot(*store, Zxid(5));
    }
    ASSERT_TRUE((*disk_.open("data/version-2/snapshot.5"))->write(30, "#"));
    const auto store = opened();
    EXPECT_EQ(store->newestSnapshot()->value().zxid, Zxid(0));
    const auto warnings = store->takeWarnings();
    ASSERT_EQ(warnings.size(), 1u);
    EXPECT_NE(warnings[0].find("snapshot.5 is damaged at offset "), std::string::npos) << warnings[0];
    EXPECT_TRUE(store->takeWarnings().empty());
    EXPECT_EQ(replayed(*store), zxids(1, 5));
    EXPECT_EQ(*store->lastLogged(), Zxid(5));
}

TEST_F(StoreTest, DamagedSnapshotBeyondTheLogsIsAnError) {
    {
        const auto store = opened();
        writeSnapshot(*store, Zxid(0));
        appendAll(*store, 1, 5);
        writeSnapshot(*store, Zxid(2, 7)); // came from a leader
    }
    ASSERT_TRUE((*disk_.open("data/version-2/snapshot.200000007"))->write(30, "#"));
    const auto store = opened();
    const auto snapshot = store->newestSnapshot();
    ASSERT_FALSE(snapshot);
    EXPECT_EQ(snapshot.error().code, make_error_code(Errc::Corrupt));
    EXPECT_NE(snapshot.error().message().find("snapshot.200000007 is damaged at offset"), std::string::npos);
    EXPECT_FALSE(store->lastLogged());
}

TEST_F(StoreTest, TruncateCutsAndNothingComesBack) {
    {
        const auto store = opened();
        writeSnapshot(*store, Zxid(0));
        appendAll(*store, 1, 10);
        store->rollLog();
        appendAll(*store, 11, 20);
        writeSnapshot(*store, Zxid(15));
        ASSERT_TRUE(store->append(Zxid(21), txnBytes(Zxid(21)))); // not synced
        ASSERT_TRUE(store->truncate(Zxid(7)));
        EXPECT_EQ(*store->lastLogged(), Zxid(7));
        EXPECT_EQ(replayed(*store), zxids(1, 7));
        EXPECT_EQ(store->newestSnapshot()->value().zxid, Zxid(0));
        EXPECT_EQ(logs(), std::vector<std::string>{"log.1"});
        appendAll(*store, 8, 9);
    }
    const auto after = disk_.survivors();
    EXPECT_EQ(replayed(**Store::open(*after, kOptions)), zxids(1, 9));
    EXPECT_EQ(*after->list("logs/version-2"), (std::vector<std::string>{"log.1", "log.8"}));
}

TEST_F(StoreTest, TruncateToALogsLastAndFirst) {
    const auto store = opened();
    writeSnapshot(*store, Zxid(0));
    appendAll(*store, 1, 3);
    store->rollLog();
    appendAll(*store, 4, 6);
    ASSERT_TRUE(store->truncate(Zxid(4)));
    EXPECT_EQ(replayed(*store), zxids(1, 4));
    ASSERT_TRUE(store->truncate(Zxid(3)));
    EXPECT_EQ(replayed(*store), zxids(1, 3));
    ASSERT_TRUE(store->truncate(Zxid(3)));
    ASSERT_TRUE(store->truncate(Zxid(0))); // the snapshot's
    EXPECT_TRUE(replayed(*store).empty());
    EXPECT_TRUE(logs().empty());
    appendAll(*store, 1, 2);
    EXPECT_EQ(replayed(*store), zxids(1, 2));
}

TEST_F(StoreTest, TruncateToWhatIsNotThereIsRefused) {
    const auto store = opened();
    appendAll(*store, 1, 3);
    for (const Zxid zxid : {Zxid(4), Zxid(1, 1), Zxid(0)}) {
        const auto done = store->truncate(zxid);
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, make_error_code(Errc::Missing));
        EXPECT_NE(done.error().message().find(hex(zxid)), std::string::npos);
    }
    writeSnapshot(*store, Zxid(3));
    EXPECT_FALSE(store->truncate(Zxid(2))); // no snapshot as old
    EXPECT_EQ(replayed(*store), zxids(1, 3));
    appendAll(*store, 4, 4); // a refusal breaks nothing
}

TEST_F(StoreTest, TruncateToASnapshotDropsLogsThatDisagree) {
    const auto store = opened();
    writeSnapshot(*store, Zxid(0));
    for (const Zxid zxid : {Zxid(1, 1), Zxid(1, 2), Zxid(1, 3)})
        ASSERT_TRUE(store->append(zxid, txnBytes(zxid)));
    writeSnapshot(*store, Zxid(1, 1)); // from the leader, who never saw 2 and 3
    ASSERT_TRUE(store->truncate(Zxid(1, 1)));
    EXPECT_EQ(*store->lastLogged(), Zxid(1, 1));
    ASSERT_TRUE(store->append(Zxid(2, 1), txnBytes(Zxid(2, 1))));
    ASSERT_TRUE(store->sync());
    EXPECT_EQ(replayed(*store, Zxid(1, 1)), std::vector<Zxid>{Zxid(2, 1)});
}

TEST_F(StoreTest, PurgeKeepsWhatTheKeptSnapshotsNeed) {
    const auto store = opened();
    writeSnapshot(*store, Zxid(0));
    for (std::int64_t first = 1; first <= 41; first += 10) {
        appendAll(*store, first, first + 9);
        writeSnapshot(*store, Zxid(first + 4));
        store->rollLog();
    }
    // Snapshots 0, 5, 15, 25, 35, 45; logs 1, 11, 21, 31, 41.
    EXPECT_EQ(*store->purge(10), 0u);
    EXPECT_EQ(*store->purge(3), 3u + 2u);
    EXPECT_EQ(snapshots(), (std::vector<std::string>{"snapshot.19", "snapshot.23", "snapshot.2d"}));
    EXPECT_EQ(logs(), (std::vector<std::string>{"log.15", "log.1f", "log.29"}));
    EXPECT_EQ(replayed(*store, Zxid(25)), zxids(26, 50));
    EXPECT_EQ(*store->purge(3), 0u);
}

TEST_F(StoreTest, PurgeDoesNotCountASnapshotThatIsNotWhole) {
    const auto store = opened();
    for (const std::int64_t zxid : {1, 2, 3, 4})
        writeSnapshot(*store, Zxid(zxid));
    ASSERT_TRUE((*disk_.open("data/version-2/snapshot.4"))->truncate(40));
    EXPECT_EQ(*store->purge(2), 1u);
    EXPECT_EQ(snapshots(), (std::vector<std::string>{"snapshot.2", "snapshot.3", "snapshot.4"}));
}

TEST_F(StoreTest, EpochsAreDurable) {
    const auto store = opened();
    ASSERT_TRUE(store->setAcceptedEpoch(7));
    ASSERT_TRUE(store->setCurrentEpoch(6));
    ASSERT_TRUE(store->setCurrentEpoch(7));
    const auto after = disk_.survivors();
    const auto again = *Store::open(*after, kOptions);
    EXPECT_EQ(*again->acceptedEpoch(), 7);
    EXPECT_EQ(*again->currentEpoch(), 7);
}

TEST_F(StoreTest, EpochThatIsNoNumberIsAnError) {
    const auto store = opened();
    for (const std::string text : {"", "x", "-1", "1 2", "99999999999999999999"}) {
        ASSERT_TRUE(replaceFile(disk_, "data/version-2/currentEpoch", text));
        const auto epoch = store->currentEpoch();
        ASSERT_FALSE(epoch) << text;
        EXPECT_EQ(epoch.error().code, make_error_code(Errc::Corrupt));
        EXPECT_NE(epoch.error().message().find("data/version-2/currentEpoch"), std::string::npos);
    }
    ASSERT_TRUE(replaceFile(disk_, "data/version-2/currentEpoch", "12\n"));
    EXPECT_EQ(*store->currentEpoch(), 12);
}

TEST_F(StoreTest, EpochWhoseRenamingACrashPreventedIsTaken) {
    const auto store = opened();
    ASSERT_TRUE(store->append(Zxid(3, 1), txnBytes(Zxid(3, 1))));
    ASSERT_TRUE(store->sync());
    ASSERT_TRUE(store->setCurrentEpoch(2));
    EXPECT_EQ(*store->currentEpoch(), 2);
    ASSERT_TRUE((*disk_.create("data/version-2/currentEpoch.tmp"))->write(0, "3"));
    EXPECT_EQ(*store->currentEpoch(), 3);
    EXPECT_EQ(*readFile(disk_, "data/version-2/currentEpoch"), "3");
}

TEST_F(StoreTest, SecondOpenerIsRefused) {
    auto store = opened();
    const auto other = Store::open(disk_, kOptions);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, make_error_code(Errc::Locked));
    store.reset();
    EXPECT_TRUE(Store::open(disk_, kOptions));
    EXPECT_TRUE(Store::open(disk_, StoreOptions{"one/", "one", 0}));
}

TEST_F(StoreTest, FilesInTheOtherDirectoryAreNotPassedOver) {
    StoreOptions together{"data", "", 0};
    {
        const auto store = *Store::open(disk_, together);
        appendAll(*store, 1, 2);
    }
    const auto store = Store::open(disk_, kOptions);
    ASSERT_FALSE(store);
    EXPECT_NE(store.error().message().find("data/version-2/log.1"), std::string::npos);
    EXPECT_NE(store.error().message().find("dataLogDir"), std::string::npos);
    StoreOptions swapped{"elsewhere", "data2", 0};
    { writeSnapshot(**Store::open(disk_, StoreOptions{"data2", "", 0}), Zxid(0)); }
    EXPECT_FALSE(Store::open(disk_, swapped));
}

} // namespace
} // namespace zk::storage
