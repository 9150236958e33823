#include "base/bytes.h"

#include "base/assert.h"
#include "base/ids.h"

#include <gtest/gtest.h>

namespace zk {
namespace {

TEST(Bytes, AreBigEndianBothWays) {
    char wire[8];
    storeBigEndian(wire, std::int32_t{0x01020304});
    EXPECT_EQ(toHex(std::string_view(wire, 4)), "01020304");
    storeBigEndian(wire, INT64_MIN + 1);
    EXPECT_EQ(toHex(std::string_view(wire, 8)), "8000000000000001");
    for (const std::int64_t value :
         {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, std::int64_t{255}, INT64_MAX}) {
        storeBigEndian(wire, value);
        EXPECT_EQ(loadBigEndian<std::int64_t>(wire), value);
    }
    for (const std::int32_t value : {INT32_MIN, -1, 0, 255, INT32_MAX}) {
        storeBigEndian(wire, value);
        EXPECT_EQ(loadBigEndian<std::int32_t>(wire), value);
    }
}

TEST(Hex, GivesEveryByteBack) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte)
        all.push_back(static_cast<char>(byte));
    EXPECT_EQ(fromHex(toHex(all)), all);
    EXPECT_EQ(fromHex("0AfF"), std::string("\x0a\xff"));
    EXPECT_EQ(fromHex(""), "");
}

TEST(Hex, RefusesWhatIsNotHex) {
    EXPECT_FALSE(fromHex("0"));
    EXPECT_FALSE(fromHex("0g"));
    EXPECT_FALSE(fromHex("0x00"));
    EXPECT_FALSE(fromHex("0 "));
}

TEST(Ids, PrintAsZooKeeperDoes) {
    EXPECT_EQ(hex(Zxid(1, 5)), "0x100000005");
    EXPECT_EQ(hex(Zxid(0)), "0x0");
    EXPECT_EQ(hex(std::int64_t{-1}), "0xffffffffffffffff");
}

TEST(Zxid, HoldsEpochAndCounter) {
    constexpr Zxid zxid(7, 0xFFFFFFFFu);
    static_assert(zxid.epoch() == 7 && zxid.counter() == 0xFFFFFFFFu);
    static_assert(Zxid(7, 1) < zxid && zxid < Zxid(8, 0));
    EXPECT_EQ(Zxid(7, 1).next(), Zxid(7, 2));
}

TEST(Assert, ThrowsWithTheConditionAndThePlace) {
    EXPECT_NO_THROW(ZK_ASSERT(1 + 1 == 2));
    try {
        ZK_ASSERT(1 + 1 == 3);
        FAIL();
    } catch (const BrokenPromise& broken) {
        EXPECT_NE(std::string(broken.what()).find("1 + 1 == 3"), std::string::npos);
        EXPECT_NE(std::string(broken.what()).find("bytes_test.cpp"), std::string::npos);
    }
}

} // namespace
} // namespace zk
