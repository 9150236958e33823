// SHA-2 against what Python's hashlib says, and around the edges of its blocks.
#include "tree/sha2.h"

#include "base/bytes.h"

#include <gtest/gtest.h>

namespace zk::tree {
namespace {

std::string hexOf(std::string_view algorithm, std::string_view bytes) {
    const auto digest = sha2(algorithm, bytes);
    return toHex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

TEST(Sha2, TheStandardsExamples) {
    EXPECT_EQ(hexOf("SHA-224", ""),
              "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f");
    EXPECT_EQ(hexOf("SHA-224", "abc"),
              "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7");
    EXPECT_EQ(hexOf("SHA-256", ""),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(hexOf("SHA-256", "abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hexOf("SHA-384", ""),
              "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da"
              "274edebfe76f65fbd51ad2f14898b95b");
    EXPECT_EQ(hexOf("SHA-384", "abc"),
              "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
              "8086072ba1e7cc2358baeca134c825a7");
    EXPECT_EQ(hexOf("SHA-512", ""),
              "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
              "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e");
    EXPECT_EQ(hexOf("SHA-512", "abc"),
              "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
              "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

TEST(Sha2, AroundABlocksEnd) {
    EXPECT_EQ(hexOf("SHA-256", std::string(55, 'x')),
              "d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072");
    EXPECT_EQ(hexOf("SHA-256", std::string(56, 'x')),
              "04c26261370ee7541549d16dee320c723e3fd14671e66a099afe0a377c16888e");
    EXPECT_EQ(hexOf("SHA-256", std::string(64, 'x')),
              "7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c");
    EXPECT_EQ(hexOf("SHA-512", std::string(111, 'x')),
              "9a2a120825c2319867758ec277924f6faa254968bf752046dacdd948d8ad299b"
              "10359fd04bfd7d3810b5fa1b16a294236138baff981cbb85248478053ac4d3dd");
    EXPECT_EQ(hexOf("SHA-512", std::string(112, 'x')),
              "a3722b515ef40c910f2419f6e0da8ca51d410114ce6272faae64045f9e9f630e"
              "7fa8dd5a3243c9860b899d148c3da4bc0f9e07454542604d030bb55531fe0d5b");
    EXPECT_EQ(hexOf("SHA-512", std::string(128, 'x')),
              "e2e22f8422b54b06e35c3ea30a383d1de7a8fbc27992923074103117020d8dd7"
              "024c3ecf7d6d1a15a6de5a75ff32fb486b9e8ced4c02ffe05822bf2cb734d0e0");
}

} // namespace
} // namespace zk::tree
