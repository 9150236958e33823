#include "base/checksum.h"

#include <gtest/gtest.h>

#include <string>

namespace zk {
namespace {

TEST(Checksum, KnowsThePublishedValues) {
    EXPECT_EQ(crc32(""), 0u);
    EXPECT_EQ(crc32("123456789"), 0xCBF43926u);
    EXPECT_EQ(adler32(""), 1u);
    EXPECT_EQ(adler32("Wikipedia"), 0x11E60398u);
}

TEST(Checksum, CarriesOnOverPieces) {
    std::string bytes;
    for (int index = 0; index < 10'000; ++index)
        bytes.push_back(static_cast<char>(index * 7));
    for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, std::size_t{5553}, bytes.size()}) {
        const std::string_view front = std::string_view(bytes).substr(0, cut),
                               back = std::string_view(bytes).substr(cut);
        EXPECT_EQ(crc32(back, crc32(front)), crc32(bytes));
        EXPECT_EQ(adler32(back, adler32(front)), adler32(bytes));
    }
}

} // namespace
} // namespace zk
