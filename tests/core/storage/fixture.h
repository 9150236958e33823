// What the tests of storage share: transactions, a snapshot's body, and reading a whole store back.
#pragma once

#include "jute/archive.h"
#include "storage/store.h"

#include <gtest/gtest.h>

namespace zk::storage {

// A transaction as the log sees one: 32 bytes of header and a body.
inline std::string txnBytes(Zxid zxid, std::string_view body = "body") {
    std::string bytes;
    jute::Writer out(bytes);
    out.i64(0x1234);
    out.i32(7);
    out.i64(zxid.value);
    out.i64(1'700'000'000'000);
    out.i32(5);
    out.raw(body);
    return bytes;
}

// One session, one ACL list, the root and `paths`.
inline std::string snapshotBody(const std::vector<std::string>& paths = {}) {
    std::string bytes;
    jute::Writer out(bytes);
    out.i32(1);
    out.i64(0x100000000000001);
    out.i32(30000);
    out.i32(1);
    out.i64(1);
    out.i32(1);
    out.i32(31);
    out.bytes("world");
    out.bytes("anyone");
    const auto node = [&out](std::string_view path) {
        out.bytes(path);
        out.bytes("data of " + std::string(path));
        out.i64(1);
        out.raw(std::string(60, '\0'));
    };
    node("");
    for (const std::string& path : paths)
        node(path);
    out.bytes("/");
    return bytes;
}

inline std::vector<Zxid> replayed(Store& store, Zxid after = Zxid(0)) {
    std::vector<Zxid> zxids;
    const auto done = store.replay(after, [&](Zxid zxid, std::string_view) {
        zxids.push_back(zxid);
        return Result<void>();
    });
    EXPECT_TRUE(done) << done.error().message();
    return zxids;
}

inline std::vector<Zxid> zxids(std::int64_t first, std::int64_t last) {
    std::vector<Zxid> list;
    for (std::int64_t value = first; value <= last; ++value)
        list.push_back(Zxid(value));
    return list;
}

inline void writeSnapshot(Store& store, Zxid zxid, std::optional<std::uint64_t> digest = 0xABCD,
                          const std::vector<std::string>& paths = {}) {
    ASSERT_TRUE(store.beginSnapshot(zxid));
    ASSERT_TRUE(store.snapshotPiece(snapshotBody(paths)));
    const auto done = store.finishSnapshot(digest);
    ASSERT_TRUE(done) << done.error().message();
}

inline void appendAll(Store& store, std::int64_t first, std::int64_t last) {
    for (const Zxid zxid : zxids(first, last)) {
        const auto done = store.append(zxid, txnBytes(zxid));
        ASSERT_TRUE(done) << done.error().message();
    }
    const auto done = store.sync();
    ASSERT_TRUE(done) << done.error().message();
}

} // namespace zk::storage
