// Compressed snapshots, and those that Apache compressed (tests/vectors).
#include "fixture.h"

#include "storage/compression.h"
#include "storage/memory_disk.h"
#include "storage/txn_log.h"

#include <fstream>
#include <iterator>

namespace zk::storage {
namespace {

std::string packed(Compression method, const std::string& bytes, std::size_t step) {
    const auto compressor = compressorFor(method);
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += step) compressor->add(std::string_view(bytes).substr(at, step), out);
    compressor->finish(out);
    return out;
}

const Compression kMethods[] = {Compression::Gz, Compression::Snappy};

TEST(Compression, WhatWasPackedComesBack) {
    std::string bytes;
    for (int line = 0; line < 20000; ++line) bytes += "line " + std::to_string(line * 7919) + "\n";
    for (const Compression method : kMethods) {
        ASSERT_TRUE(isBuilt(method));
        for (const std::size_t step : {std::size_t{17}, std::size_t{32768}, bytes.size()}) {
            const auto plain = decompressed(packed(method, bytes, step), method, "file");
            ASSERT_TRUE(plain) << plain.error().message();
            EXPECT_EQ(*plain, bytes);
        }
        EXPECT_LT(packed(method, bytes, 4096).size(), bytes.size() * 2 / 3);
        EXPECT_EQ(*decompressed(packed(method, "", 1), method, "file"), "");
    }
}

TEST(Compression, DamageIsSaidWithTheFile) {
    for (const Compression method : kMethods) {
        const std::string whole = packed(method, snapshotBody({"/a", "/b"}), 100);
        for (const std::string& bytes : {std::string(), whole.substr(0, whole.size() - 1), whole.substr(0, 12), "x" + whole,
                                         whole + "y"}) {
            const auto plain = decompressed(bytes, method, "snapshot.7");
            ASSERT_FALSE(plain) << bytes.size();
            EXPECT_EQ(plain.error().code, make_error_code(Errc::Corrupt));
            EXPECT_EQ(plain.error().message().substr(0, 21), "snapshot.7 is damaged");
        }
    }
}

TEST(Compression, AStoreWritesAndReadsEveryKind) {
    MemoryDisk disk;
    Zxid zxid(0);
    for (const auto& [method, extension] : {std::pair{Compression::None, ""}, std::pair{Compression::Gz, ".gz"},
                                            std::pair{Compression::Snappy, ".snappy"}}) {
        StoreOptions options{"/data", "", 4096};
        options.compression = method;
        auto store = Store::open(disk, options);
        ASSERT_TRUE(store);
        zxid = zxid.next();
        writeSnapshot(**store, zxid, 0xABCD, {"/a"});
        EXPECT_TRUE(*disk.exists("/data/version-2/" + nameOf("snapshot", zxid) + extension));
        const auto newest = (*store)->newestSnapshot();
        ASSERT_TRUE(newest) << newest.error().message();
        ASSERT_TRUE(*newest);
        EXPECT_EQ((*newest)->zxid, zxid);
        EXPECT_EQ((*newest)->body, snapshotBody({"/a"}));
        EXPECT_EQ((*newest)->digest, 0xABCDU);
        if (method == Compression::Snappy) {
            const auto purged = (*store)->purge(1);
            ASSERT_TRUE(purged);
            EXPECT_EQ(*purged, 2U) << "the older ones, of every kind";
        }
    }
}

// What a live server with zookeeper.snapshot.compression.method wrote.
TEST(Compression, ApachesAreRead) {
    for (const char* const name : {"snapshot.2.gz", "snapshot.2.snappy"}) {
        std::ifstream file(std::string(VIV_TESTS_DIR) + "/vectors/" + name, std::ios::binary);
        ASSERT_TRUE(file) << name;
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        MemoryDisk disk;
        auto store = Store::open(disk, StoreOptions{"/data", "", 4096});
        ASSERT_TRUE(store);
        ASSERT_TRUE(replaceFile(disk, std::string("/data/version-2/") + name, bytes));
        const auto newest = (*store)->newestSnapshot();
        ASSERT_TRUE(newest) << newest.error().message();
        ASSERT_TRUE(*newest) << name;
        EXPECT_EQ((*newest)->zxid, Zxid(2));
        EXPECT_NE((*newest)->body.find("/compressed"), std::string::npos);
    }
}

TEST(LogSize, AFileThatHasGrownBeyondItsLimitIsFollowedByANewOne) {
    MemoryDisk disk;
    StoreOptions options{"/data", "", 0};
    options.logSizeLimit = 1000;
    auto store = Store::open(disk, options);
    ASSERT_TRUE(store);
    writeSnapshot(**store, Zxid(0));
    for (std::int64_t zxid = 1; zxid <= 100; ++zxid) appendAll(**store, zxid, zxid);
    EXPECT_EQ(replayed(**store), zxids(1, 100));
    std::size_t logs = 0;
    for (const std::string& name : *disk.list("/data/version-2")) logs += name.starts_with("log.") ? 1 : 0;
    EXPECT_GE(logs, 4U);
    EXPECT_LE((*store)->logBytes(), 1100U);
}

TEST(Autocreate, ADirectoryThatIsNotThereIsNotMadeWhereThatIsForbidden) {
    MemoryDisk disk;
    StoreOptions options{"/data", "", 4096};
    options.createDirectories = false;
    const auto store = Store::open(disk, options);
    ASSERT_FALSE(store);
    EXPECT_NE(store.error().message().find("datadir.autocreate"), std::string::npos);
    ASSERT_TRUE(disk.makeDirectories("/data"));
    EXPECT_TRUE(Store::open(disk, options));
}

} // namespace
} // namespace zk::storage
