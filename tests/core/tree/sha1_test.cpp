// SHA-1 against the examples of FIPS 180-4, and around the edges of its blocks.
#include "tree/sha1.h"

#include "base/bytes.h"

#include <gtest/gtest.h>

namespace zk::tree {
namespace {

std::string hexOf(std::string_view bytes) {
    const auto digest = sha1(bytes);
    return toHex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

TEST(Sha1, TheStandardsExamples) {
    EXPECT_EQ(hexOf(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    EXPECT_EQ(hexOf("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(hexOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    EXPECT_EQ(hexOf(std::string(1'000'000, 'a')), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

TEST(Sha1, AroundABlocksEnd) {
    EXPECT_EQ(hexOf(std::string(55, 'x')), "cef734ba81a024479e09eb5a75b6ddae62e6abf1");
    EXPECT_EQ(hexOf(std::string(56, 'x')), "901305367c259952f4e7af8323f480d59f81335b");
    EXPECT_EQ(hexOf(std::string(63, 'x')), "0ddc4e0cccd9a12850deb5abb0853a4425559fec");
    EXPECT_EQ(hexOf(std::string(64, 'x')), "bb2fa3ee7afb9f54c6dfb5d021f14b1ffe40c163");
    EXPECT_EQ(hexOf(std::string(65, 'x')), "78c741ddc482e4cdf8c474a0876347a0905b6233");
    EXPECT_EQ(hexOf(std::string(119, 'x')), "4300320394f7ee239bcdce7d3b8bcee173a0cd5c");
    EXPECT_EQ(hexOf(std::string(120, 'x')), "ceb2821639c4b6dcb10bce0e522ca2e608ce056d");
}

} // namespace
} // namespace zk::tree
