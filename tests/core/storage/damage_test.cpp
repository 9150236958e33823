// What open, replay and newestSnapshot make of files that are not as they were written.
#include "base/checksum.h"
#include "storage/memory_disk.h"
#include "storage/snapshot_file.h"
#include "storage/txn_log.h"
#include "tests/core/storage/fixture.h"

namespace zk::storage {
namespace {

const StoreOptions kOptions{"data", "", 4096};
const std::string kLog = "data/version-2/log.1";
constexpr std::size_t kRecord = 12 + 36 + 1; // of txnBytes(zxid)
constexpr std::size_t kRecords = 5;

class Damage : public testing::Test {
  protected:
    Damage() {
        const auto store = *Store::open(disk_, kOptions);
        appendAll(*store, 1, kRecords);
        whole_ = *readFile(disk_, kLog);
        EXPECT_EQ(store->logBytes(), 16 + kRecords * kRecord);
    }

    void put(const std::string& bytes) { ASSERT_TRUE(replaceFile(disk_, kLog, bytes)); }

    // What a server that opens the log and replays it finds.
    Result<std::vector<Zxid>> read() {
        auto store = Store::open(disk_, kOptions);
        if (!store) return store.error();
        std::vector<Zxid> found;
        const auto done = (*store)->replay(Zxid(0), [&](Zxid zxid, std::string_view) {
            found.push_back(zxid);
            return Result<void>();
        });
        if (!done) return done.error();
        warnings_ = (*store)->takeWarnings();
        return found;
    }

    void expectCorrupt(std::size_t offset) {
        const auto found = read();
        ASSERT_FALSE(found) << "accepted " << found->size() << " records";
        EXPECT_EQ(found.error().code, make_error_code(Errc::Corrupt));
        EXPECT_NE(
            found.error().message().find(kLog + " is damaged at offset " + std::to_string(offset) + ":"),
            std::string::npos)
            << found.error().message();
    }

    MemoryDisk disk_;
    std::string whole_;
    std::vector<std::string> warnings_;
};

// Cut anywhere: what is whole is kept, and what follows is cut with a warning.
TEST_F(Damage, LogCutAtEveryByte) {
    for (std::size_t size = 0; size <= 16 + kRecords * kRecord; ++size) {
        put(whole_.substr(0, size));
        const auto found = read();
        ASSERT_TRUE(found) << size << ": " << found.error().message();
        const std::size_t records = size < 16 ? 0 : (size - 16) / kRecord;
        EXPECT_EQ(*found, zxids(1, static_cast<std::int64_t>(records))) << size;
        // The first four bytes of a record are zeros, as if they were reserved ones.
        const bool clean = records > 0 && (size - 16) % kRecord <= 4;
        EXPECT_EQ(warnings_.size(), clean ? 0u : 1u) << size;
        EXPECT_EQ(*disk_.exists(kLog), records > 0) << size;
        if (records > 0) {
            EXPECT_EQ(readFile(disk_, kLog)->size(), clean ? size : 16 + records * kRecord);
        }
    }
}

// As above, but with the reserved zeros behind it, as a write that was torn leaves it.
TEST_F(Damage, LogTornAtEveryByteBeforeItsZeros) {
    for (std::size_t size = 0; size <= 16 + kRecords * kRecord; ++size) {
        put(whole_.substr(0, size) + std::string(whole_.size() - size, '\0'));
        const auto found = read();
        const std::size_t records = size < 16 ? 0 : (size - 16) / kRecord;
        ASSERT_TRUE(found) << size << ": " << found.error().message();
        EXPECT_EQ(*found, zxids(1, static_cast<std::int64_t>(records))) << size;
    }
}

// Any one byte changed: an error or, in the last record's length or mark alone, a torn tail. Never a wrong
// record.
TEST_F(Damage, EveryByteChanged) {
    const std::size_t last = 16 + (kRecords - 1) * kRecord;
    for (std::size_t at = 0; at < last + kRecord; ++at) {
        if (at >= 8 && at < 16) continue; // the database id: nobody reads it
        std::string bytes = whole_;
        bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
        put(bytes);
        const std::size_t inRecord = at < 16 ? 0 : (at - 16) % kRecord;
        const bool lengthOrMark = (inRecord >= 8 && inRecord < 12) || inRecord == kRecord - 1;
        if (at >= last && lengthOrMark) {
            const auto found = read();
            if (found) {
                EXPECT_EQ(*found, zxids(1, kRecords - 1)) << at;
                EXPECT_EQ(warnings_.size(), 1u);
            }
        } else {
            expectCorrupt(at < 16 ? 0 : at - inRecord);
        }
    }
}

TEST_F(Damage, ZerosInTheMiddleAreDamage) {
    std::string bytes = whole_;
    bytes.replace(16 + kRecord, kRecord, kRecord, '\0');
    put(bytes);
    expectCorrupt(16 + kRecord);
}

TEST_F(Damage, LostHeaderIsDamage) {
    std::string bytes = whole_;
    bytes.replace(0, 16, 16, '\0');
    put(bytes);
    expectCorrupt(0);
}

TEST_F(Damage, HugeLengthIsATornTail) {
    std::string bytes = whole_.substr(0, 16 + 2 * kRecord) + std::string(4, '\0') + "abcd\x7f\xff\xff\xff" +
                        std::string(100, 'x');
    put(bytes);
    EXPECT_EQ(*read(), zxids(1, 2));
    bytes = whole_.substr(0, 16 + 2 * kRecord) + std::string(4, '\0') + "abcd\xff\xff\xff\xff" +
            std::string(100, '\0');
    put(bytes);
    EXPECT_EQ(*read(), zxids(1, 2));
}

TEST_F(Damage, RecordTooShortForAHeaderIsDamage) {
    const std::string txn = "short";
    std::string record(12, '\0');
    storeBigEndian(record.data(), static_cast<std::uint64_t>(adler32(txn)));
    storeBigEndian(record.data() + 8, static_cast<std::int32_t>(txn.size()));
    put(whole_.substr(0, 16 + kRecord) + record + txn + "B");
    expectCorrupt(16 + kRecord);
}

// Apache does not cut a torn tail: it begins a new log behind it.
TEST_F(Damage, TornTailBeforeTheNextLog) {
    put(whole_.substr(0, 16 + 3 * kRecord + 20));
    {
        MemoryDisk other;
        const auto store = *Store::open(other, kOptions);
        appendAll(*store, 4, 6);
        ASSERT_TRUE(replaceFile(disk_, "data/version-2/log.4", *readFile(other, "data/version-2/log.4")));
        ASSERT_TRUE(replaceFile(disk_, "data/version-2/log.5", ""));
    }
    EXPECT_EQ(*read(), zxids(1, 6));
    EXPECT_EQ(warnings_.size(), 2u);
    put(whole_.substr(0, 16 + 2 * kRecord + 20)); // now transaction 3 is lost
    const auto found = read();
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, make_error_code(Errc::Corrupt));
    EXPECT_NE(found.error().message().find("log.4 at offset 16"), std::string::npos)
        << found.error().message();
}

TEST_F(Damage, NotALog) {
    put("something else entirely");
    expectCorrupt(0);
}

class SnapshotDamage : public testing::Test {
  protected:
    SnapshotDamage() {
        const auto store = *Store::open(disk_, kOptions);
        writeSnapshot(*store, Zxid(3), 0x1234, {"/a"});
        whole_ = *readFile(disk_, kFile);
    }

    Result<StoredSnapshot> read(const std::string& bytes) {
        EXPECT_TRUE(replaceFile(disk_, kFile, bytes));
        return readSnapshot(disk_, kFile, Zxid(3));
    }

    const std::string kFile = "data/version-2/snapshot.3";
    MemoryDisk disk_;
    std::string whole_;
};

TEST_F(SnapshotDamage, SealedPartsAreOptionalFromTheEnd) {
    EXPECT_EQ(read(whole_)->digest, 0x1234u);
    EXPECT_EQ(read(whole_.substr(0, whole_.size() - 21))->digest, 0x1234u);
    EXPECT_FALSE(read(whole_.substr(0, whole_.size() - 21 - 33))->digest);
}

TEST_F(SnapshotDamage, CutAtEveryByte) {
    for (std::size_t size = 0; size < whole_.size(); ++size) {
        if (size == whole_.size() - 21 || size == whole_.size() - 21 - 33)
            continue; // whole without the optional parts
        const auto snapshot = read(whole_.substr(0, size));
        ASSERT_FALSE(snapshot) << size;
        EXPECT_EQ(snapshot.error().code, make_error_code(Errc::Corrupt));
        EXPECT_NE(snapshot.error().message().find(kFile + " is damaged at offset "), std::string::npos);
    }
}

TEST_F(SnapshotDamage, EveryByteChanged) {
    for (std::size_t at = 0; at < whole_.size(); ++at) {
        std::string bytes = whole_;
        bytes[at] = static_cast<char>(bytes[at] ^ 0x11);
        EXPECT_FALSE(read(bytes)) << at;
    }
    EXPECT_FALSE(read(whole_ + "x"));
}

TEST(Names, OnlyThoseOfTheirKind) {
    EXPECT_EQ(nameOf("log", Zxid(0x1F0000000A)), "log.1f0000000a");
    EXPECT_EQ(zxidOfName("log", "log.1f0000000A"), Zxid(0x1F0000000A));
    EXPECT_EQ(zxidOfName("snapshot", "snapshot.0"), Zxid(0));
    for (const std::string name :
         {"log", "log.", "log.x", "log.1.gz", "logs.1", "log-1", "log.11111111111111111", "alog.1"})
        EXPECT_FALSE(zxidOfName("log", name)) << name;
}

} // namespace
} // namespace zk::storage
