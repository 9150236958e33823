// A data directory that Apache ZooKeeper 3.8.0 wrote (tests/vectors/storage), read and written again.
#include "storage/memory_disk.h"
#include "tests/core/storage/fixture.h"

namespace zk::storage {
namespace {

const std::string kVectors = VIV_TESTS_DIR "/vectors/storage/";

std::string vectorBytes(const std::string& name) {
    const auto bytes = readFile(*systemDisk(), kVectors + name);
    EXPECT_TRUE(bytes) << bytes.error().message();
    return bytes ? *bytes : std::string();
}

class ApacheDirectory : public testing::Test {
  protected:
    ApacheDirectory() {
        EXPECT_TRUE(disk_.makeDirectories("data/version-2"));
        for (const char* name : {"log.1", "log.2d", "log.4f", "snapshot.0", "snapshot.2b", "snapshot.4d"})
            EXPECT_TRUE(replaceFile(disk_, std::string("data/version-2/") + name, vectorBytes(name)));
        store_ = *Store::open(disk_, {"data", "", 65536});
    }

    MemoryDisk disk_;
    std::unique_ptr<Store> store_;
};

TEST_F(ApacheDirectory, IsRead) {
    const auto snapshot = store_->newestSnapshot()->value();
    EXPECT_EQ(snapshot.zxid, Zxid(0x4d));
    EXPECT_EQ(snapshot.digestZxid, Zxid(0x4e));
    EXPECT_EQ(snapshot.digest, 0x27c2d1e78cu);
    EXPECT_EQ(snapshot.body.size(), 10210u);
    EXPECT_EQ(replayed(*store_), zxids(1, 0x6b));
    EXPECT_EQ(replayed(*store_, snapshot.zxid), zxids(0x4e, 0x6b));
    EXPECT_EQ(*store_->lastLogged(), Zxid(0x6b));
    EXPECT_TRUE(store_->takeWarnings().empty());
}

TEST_F(ApacheDirectory, LogIsWrittenTheSameToTheByte) {
    MemoryDisk other;
    const auto ours = *Store::open(other, {"data", "", 65536});
    ASSERT_TRUE(store_->replay(Zxid(0), [&](Zxid zxid, std::string_view txn) {
        if (zxid == Zxid(0x2d) || zxid == Zxid(0x4f)) ours->rollLog();
        return ours->append(zxid, txn);
    }));
    ASSERT_TRUE(ours->sync());
    for (const char* name : {"log.1", "log.2d", "log.4f"})
        EXPECT_EQ(*readFile(other, std::string("data/version-2/") + name), vectorBytes(name)) << name;
}

TEST_F(ApacheDirectory, SnapshotIsWrittenTheSameToTheByte) {
    for (const char* name : {"snapshot.4d", "snapshot.2b"}) // the older ones come to light
        ASSERT_TRUE(disk_.remove(std::string("data/version-2/") + name));
    const auto first = store_->newestSnapshot()->value();
    EXPECT_EQ(first.zxid, Zxid(0));
    EXPECT_FALSE(first.digest);
    MemoryDisk other;
    StoreOptions options{"data", "", 65536};
    options.serializeLastProcessedZxid = false; // 3.8 has no part 8
    const auto ours = *Store::open(other, options);
    ASSERT_TRUE(ours->beginSnapshot(Zxid(0)));
    ASSERT_TRUE(ours->snapshotPiece(first.body));
    ASSERT_TRUE(ours->finishSnapshot(0x51c6d660));
    EXPECT_EQ(*readFile(other, "data/version-2/snapshot.0"), vectorBytes("snapshot.0"));
}

} // namespace
} // namespace zk::storage
