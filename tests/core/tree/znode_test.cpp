// What a znode holds, however often and in whichever way it changes; and its children read piece by piece.
#include "fixture.h"

#include "base/rng.h"

namespace zk::tree {

using jute::OpCode;

TEST(Znode, HoldsDataOfAnySizeAfterDataOfAnyOther) {
    DataTree tree;
    Maker make{tree};
    const std::vector<Buffer> sizes = {
        std::nullopt,           std::string(),          std::string("x"),
        std::string(100, 'a'),  std::string(1024, 'b'), std::string(1025, 'c'),
        std::string(5000, 'd'), std::string(5000, 'e'), std::string(5001, 'f')};
    for (std::size_t first = 0; first < sizes.size(); ++first) {
        const std::string path = "/n" + std::to_string(first);
        make.create(path, sizes[first]);
        std::int32_t version = 0;
        for (const Buffer& then : sizes) {
            for (const Buffer& data : {sizes[first], then}) {
                make.set(path, data, ++version);
                const Znode& znode = *tree.find(path);
                ASSERT_EQ(znode.data().has_value(), data.has_value());
                ASSERT_EQ(Buffer(znode.data().value_or("")), data.value_or(""));
                ASSERT_EQ(znode.stat().dataLength, static_cast<std::int32_t>(data.value_or("").size()));
                ASSERT_EQ(znode.stat().version, version);
            }
        }
    }
    Loader loader;
    ASSERT_TRUE(loader.feed(bodyOf(tree)));
    EXPECT_EQ(loader.finish(tree.lastZxid())->digest(), tree.digest())
        << "computed anew from all that it holds";
}

TEST(Znode, IsFoundUnderItsWholePathOnly) {
    DataTree tree;
    Maker make{tree};
    make.create("/ab");
    make.create("/ab/c");
    make.create("/ab/c/ab");
    for (const char* path : {"/ab", "/ab/c", "/ab/c/ab"}) {
        ASSERT_NE(tree.find(path), nullptr);
        EXPECT_EQ(tree.find(path)->diskPath(), path);
        EXPECT_TRUE(tree.find(path)->isAt(path));
    }
    const Znode& deep = *tree.find("/ab/c/ab");
    for (const char* path : {"", "/", "ab", "/ab", "/c/ab", "b/c/ab", "ab/c/ab", "/b/c/ab", "/ab/d/ab",
                             "//ab/c/ab", "/x/ab/c/ab"})
        EXPECT_FALSE(deep.isAt(path)) << path;
    EXPECT_TRUE(tree.find("/")->isAt(""));
    EXPECT_EQ(tree.find("/")->diskPath(), "");
}

namespace {

std::multiset<std::string> names(const std::string& bytes, std::size_t expected) {
    std::multiset<std::string> found;
    jute::Reader in(bytes);
    while (in.left() > 0 && in.ok())
        found.emplace(in.ustring());
    EXPECT_TRUE(in.ok());
    EXPECT_EQ(found.size(), expected);
    return found;
}

} // namespace

// Whatever happens between two pieces, the walk tells the children of its beginning, in as many bytes as it
// promised.
TEST(ChildWalk, TellsTheChildrenOfItsBeginning) {
    Rng chance(7);
    for (int round = 0; round < 200; ++round) {
        DataTree tree;
        Maker make{tree};
        make.create("/p");
        make.create("/q");
        std::multiset<std::string> before;
        const auto count = static_cast<int>(chance.below(12));
        for (int index = 0; index < count; ++index) {
            const std::string name(1 + chance.below(3), static_cast<char>('a' + index));
            make.create("/p/" + name);
            before.insert(name);
        }
        const auto walk = tree.walkChildren(*tree.find("/p"));
        EXPECT_EQ(walk->count(), before.size());
        std::string bytes;
        for (bool more = true; more;) {
            for (int step = 0; step < 3; ++step) {
                const std::string name(1 + chance.below(3), static_cast<char>('a' + chance.below(14)));
                const std::string path = (chance.below(5) == 0 ? "/q/" : "/p/") + name;
                if (chance.below(2) == 0)
                    make.create(path);
                else
                    make.remove(path);
            }
            more = walk->next(bytes, 1);
        }
        EXPECT_EQ(bytes.size(), walk->nameBytes() + 4 * walk->count());
        EXPECT_EQ(names(bytes, before.size()), before) << "round " << round;
    }
}

TEST(ChildWalk, OutlivesItsParent) {
    DataTree tree;
    Maker make{tree};
    make.create("/p");
    make.create("/p/a");
    make.create("/p/b");
    const auto walk = tree.walkChildren(*tree.find("/p"));
    for (const char* path : {"/p/a", "/p/b", "/p"})
        make.remove(path);
    for (int index = 0; index < 100; ++index) { // what stands where it stood is another's
        make.create("/r" + std::to_string(index));
        make.create("/r" + std::to_string(index) + "/x");
        make.remove("/r" + std::to_string(index) + "/x");
    }
    std::string bytes;
    EXPECT_FALSE(walk->next(bytes, 10));
    EXPECT_EQ(names(bytes, 2), (std::multiset<std::string>{"a", "b"}));
}

} // namespace zk::tree
