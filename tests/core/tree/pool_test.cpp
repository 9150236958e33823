// The memory of a tree's znodes: blocks that do not overlap, and that serve again once they are given back.
#include "tree/pool.h"

#include "base/rng.h"

#include <algorithm>
#include <cstdint>
#include <gtest/gtest.h>

namespace zk::tree {

TEST(Pool, BlocksOfAllSizesKeepToThemselves) {
    struct Block {
        char* bytes;
        std::size_t size;
        char mark;
    };
    Pool pool;
    Rng chance(3);
    std::vector<Block> blocks;
    const auto intact = [](const Block& block) {
        return std::all_of(block.bytes, block.bytes + block.size,
                           [&](char byte) { return byte == block.mark; });
    };
    for (int step = 0; step < 20000; ++step) {
        if (blocks.size() > 500 || (!blocks.empty() && chance.below(3) == 0)) {
            std::swap(blocks[chance.below(blocks.size())], blocks.back());
            ASSERT_TRUE(intact(blocks.back()));
            pool.release(blocks.back().bytes, blocks.back().size);
            blocks.pop_back();
            continue;
        }
        const std::size_t size = 8 + chance.below(1300); // some of them too large for the pool itself
        Block block{static_cast<char*>(pool.allocate(size)), size, static_cast<char>(step)};
        ASSERT_EQ(reinterpret_cast<std::uintptr_t>(block.bytes) % alignof(void*), 0u);
        std::fill_n(block.bytes, size, block.mark);
        blocks.push_back(block);
    }
    for (const Block& block : blocks) {
        EXPECT_TRUE(intact(block));
        pool.release(block.bytes, block.size);
    }
}

TEST(Pool, ABlockThatIsGivenBackServesTheNextOfItsSize) {
    Pool pool;
    void* const first = pool.allocate(201);
    void* const other = pool.allocate(201);
    pool.release(first, 201);
    EXPECT_NE(pool.allocate(100), first);
    EXPECT_EQ(pool.allocate(207), first) << "both are of 208 bytes";
    EXPECT_NE(pool.allocate(201), other);
}

} // namespace zk::tree
