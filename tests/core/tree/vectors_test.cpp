// What Apache 3.8.0 wrote: our tree reads it, agrees with its digests and writes the same bytes.
#include "tests/core/tree/fixture.h"

#include <algorithm>

namespace zk::tree {
namespace {

constexpr std::size_t kFileHeader = 16;

struct Loaded {
    std::unique_ptr<DataTree> tree;
    std::string body;
    std::int64_t digestZxid = 0, digest = 0;
};

Loaded loadSnapshot(const std::string& name, Zxid zxid) {
    const std::string file = vectorFile(name);
    Loader loader;
    const auto taken = loader.feed(std::string_view(file).substr(kFileHeader));
    EXPECT_TRUE(taken && loader.done()) << name;
    jute::Reader tail(std::string_view(file).substr(kFileHeader + *taken + 8 + 5));
    Loaded loaded{loader.finish(zxid), file.substr(kFileHeader, *taken), 0, 0};
    loaded.digestZxid = tail.i64();
    EXPECT_EQ(tail.i32(), 2);
    loaded.digest = tail.i64();
    return loaded;
}

std::vector<jute::Txn> readLog(const std::string& name) {
    const std::string file = vectorFile(name);
    std::vector<jute::Txn> txns;
    jute::Reader in(std::string_view(file).substr(kFileHeader));
    for (in.i64(); in.ok(); in.i64()) {
        const auto bytes = in.ustring();
        if (bytes.empty()) break;
        in.i8();
        auto txn = jute::decodeTxn(bytes);
        EXPECT_TRUE(txn.has_value());
        if (txn) txns.push_back(*txn);
    }
    return txns;
}

// The records of a body that follow its sessions and ACLs, sorted: Java's order is that of its hash tables.
std::vector<std::string> nodesOf(std::string_view body) {
    jute::Reader in(body);
    for (auto left = in.i32(); left > 0; --left)
        in.raw(12);
    for (auto left = in.i32(); left > 0; --left) {
        std::vector<jute::Acl> acl;
        in.i64();
        jute::read(in, acl);
    }
    std::vector<std::string> nodes;
    for (;;) {
        const std::size_t start = in.offset();
        if (in.ustring() == "/" || !in.ok()) break;
        in.buffer();
        in.raw(68);
        nodes.emplace_back(body.substr(start, in.offset() - start));
    }
    EXPECT_EQ(in.left(), 0u);
    std::sort(nodes.begin(), nodes.end());
    return nodes;
}

TEST(ApacheVectors, TheFirstSnapshotIsAFreshTree) {
    const Loaded loaded = loadSnapshot("snapshot.0", Zxid(0));
    DataTree fresh;
    EXPECT_EQ(fresh.digest(), 0x51c6d660u);
    EXPECT_EQ(loaded.tree->digest(), fresh.digest());
    EXPECT_EQ(nodesOf(loaded.body), nodesOf(bodyOf(*loaded.tree)));
    const auto config = [](const std::string& record) { return record.find("config") != std::string::npos; };
    auto theirs = nodesOf(loaded.body), ours = nodesOf(bodyOf(fresh));
    EXPECT_EQ(std::erase_if(theirs, config), 1u);
    EXPECT_EQ(std::erase_if(ours, config), 1u);
    EXPECT_EQ(theirs, ours);
    EXPECT_EQ(fresh.znodeCount(), 5u);
    EXPECT_EQ(fresh.approximateDataSize(), 44u);
}

TEST(ApacheVectors, TheConfigurationIsStoredAlike) {
    const Loaded loaded = loadSnapshot("snapshot.ensemble.0", Zxid(0));
    const Znode* const theirs = loaded.tree->find("/zookeeper/config");
    ASSERT_NE(theirs, nullptr);
    DataTree tree;
    tree.setConfig(*theirs->data(), theirs->persisted().mtime);
    EXPECT_EQ(tree.find("/zookeeper/config")->persisted(), theirs->persisted());
    EXPECT_EQ(bodyOf(tree).size(), loaded.body.size());
    EXPECT_EQ(nodesOf(bodyOf(tree)), nodesOf(loaded.body));
}

TEST(ApacheVectors, EveryLoggedDigestIsOurs) {
    DataTree tree;
    int compared = 0;
    for (const char* name : {"log.1", "log.13"}) {
        for (const jute::Txn& txn : readLog(name)) {
            const Applied applied = tree.apply(txn);
            EXPECT_FALSE(applied.digestDiffers) << jute::describe(txn);
            compared += txn.digest ? 1 : 0;
        }
    }
    EXPECT_GT(compared, 35);
    EXPECT_EQ(tree.find("/a")->data(), "v13");
    EXPECT_EQ(tree.find("/gone"), nullptr);
    EXPECT_EQ(tree.find("/eph2"), nullptr);
}

TEST(ApacheVectors, ASnapshotLoadsAgreesWithItsDigestAndComesOutAgain) {
    const Loaded loaded = loadSnapshot("snapshot.11", Zxid(0x11));
    const std::string ours = bodyOf(*loaded.tree);
    EXPECT_EQ(nodesOf(ours), nodesOf(loaded.body));
    EXPECT_EQ(ours.size(), loaded.body.size());
    EXPECT_EQ(loaded.tree->sessions().size(), 1u);
    DataTree replayed;
    for (const jute::Txn& txn : readLog("log.1"))
        if (txn.header.zxid <= Zxid(loaded.digestZxid)) replayed.apply(txn);
    EXPECT_EQ(static_cast<std::int64_t>(replayed.digest()), loaded.digest);
}

} // namespace
} // namespace zk::tree
