#include "base/rng.h"
#include "tests/core/tree/fixture.h"

namespace zk::tree {
namespace {

// Changes the tree at random: creates, sets, deletes and ACLs, many of them ahead of the view and of new
// znodes.
void mutate(Maker& make, Rng& rng) {
    const std::string path = "/n" + std::to_string(rng.below(40)) + (rng.chance(0.5) ? "/c" : "");
    switch (rng.below(4)) {
    case 0: make.create(path, "made " + std::to_string(rng.next())); return;
    case 1: make.remove(path); return;
    case 2:
        make.set(path, rng.chance(0.2) ? Buffer() : Buffer("set " + std::to_string(rng.next())), 3);
        return;
    default:
        make.setAcl(path, {{static_cast<std::int32_t>(rng.below(31) + 1), {"world", "anyone"}}}, 2);
        return;
    }
}

std::unique_ptr<DataTree> load(std::string_view body, Zxid zxid) {
    Loader loader;
    const auto taken = loader.feed(body);
    EXPECT_TRUE(taken && *taken == body.size());
    EXPECT_TRUE(loader.done());
    return loader.finish(zxid);
}

TEST(View, StaysAsItWasWhileTheTreeChangesBetweenAnyTwoRecords) {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        Rng rng(seed);
        DataTree tree;
        Maker make{tree};
        for (int step = 0; step < 200; ++step)
            mutate(make, rng);
        const std::string expected = bodyOf(tree);
        const std::uint64_t digest = tree.digest();
        const Zxid zxid = tree.lastZxid();

        View view(tree);
        std::string body;
        while (view.next(body, 1))
            for (int step = 0; step < 3; ++step)
                mutate(make, rng);
        ASSERT_EQ(body, expected) << "seed " << seed;
        EXPECT_EQ(view.zxid(), zxid);
        EXPECT_NE(tree.lastZxid(), zxid);
        const auto loaded = load(body, zxid);
        EXPECT_EQ(loaded->digest(), digest);
        EXPECT_EQ(loaded->digest(), view.digest());
        EXPECT_EQ(bodyOf(*loaded), expected);
    }
}

TEST(View, SeveralLiveAtOnceEachAtItsMoment) {
    Rng rng(7);
    DataTree tree;
    Maker make{tree};
    std::vector<std::pair<std::unique_ptr<View>, std::string>> views;
    for (int round = 0; round < 4; ++round) {
        for (int step = 0; step < 60; ++step)
            mutate(make, rng);
        const std::string expected = bodyOf(tree);
        views.emplace_back(tree.view(), expected);
    }
    for (int step = 0; step < 100; ++step)
        mutate(make, rng);
    for (auto& [view, expected] : views)
        EXPECT_EQ(bodyOf(*view), expected);
}

TEST(Loader, TakesPiecesOfAnySizeAndNoByteTooMany) {
    DataTree tree;
    Maker make{tree};
    make.apply(jute::OpCode::CreateSession, jute::CreateSessionTxn{4000});
    make.create("/a", "", true);
    make.create("/b", std::nullopt);
    const std::string body = bodyOf(tree);
    Loader loader;
    for (const char byte : body)
        ASSERT_EQ(*loader.feed({&byte, 1}), 1u);
    ASSERT_TRUE(loader.done());
    EXPECT_EQ(bodyOf(*loader.finish(Zxid(3))), body);
    Loader greedy;
    EXPECT_EQ(*greedy.feed(body + "BenWasHere"), body.size());
}

TEST(Loader, RefusesDamage) {
    DataTree tree;
    const std::string body = bodyOf(tree);
    for (std::size_t size = 0; size < body.size(); ++size) {
        Loader loader;
        ASSERT_TRUE(loader.feed(std::string_view(body).substr(0, size)).has_value());
        EXPECT_FALSE(loader.done());
    }
    for (const char* hex : {"ffffffff", "00000000ffffffff", "0000000000000000ffffffff",
                            "000000000000000000000001"
                            "2f",
                            "0000000000000000"
                            "00000002"
                            "6162"
                            "7fffffff"}) {
        Loader loader;
        const auto result = loader.feed(*fromHex(hex));
        ASSERT_FALSE(result.has_value()) << hex;
        EXPECT_EQ(result.error().code, make_error_code(Errc::Malformed));
    }
}

} // namespace
} // namespace zk::tree
