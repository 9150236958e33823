#include "tree/sha1.h"

#include "base/bytes.h"

#include <bit>
#include <cstdint>
#include <string>

namespace zk::tree {

namespace {

constexpr std::size_t kBlock = 64, kLength = 8; // bytes

struct Hash {
    std::uint32_t word[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};

    void add(const char* block) {
        std::uint32_t schedule[80];
        for (std::size_t at = 0; at < 16; ++at) schedule[at] = loadBigEndian<std::uint32_t>(block + 4 * at);
        for (std::size_t at = 16; at < 80; ++at)
            schedule[at] =
                std::rotl(schedule[at - 3] ^ schedule[at - 8] ^ schedule[at - 14] ^ schedule[at - 16], 1);
        auto [a, b, c, d, e] = word;
        for (std::size_t at = 0; at < 80; ++at) {
            const std::uint32_t mixed = at < 20   ? ((b & c) | (~b & d)) + 0x5A827999
                                        : at < 40 ? (b ^ c ^ d) + 0x6ED9EBA1
                                        : at < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC
                                                  : (b ^ c ^ d) + 0xCA62C1D6;
            const std::uint32_t next = std::rotl(a, 5) + mixed + e + schedule[at];
            e = d, d = c, c = std::rotl(b, 30), b = a, a = next;
        }
        word[0] += a, word[1] += b, word[2] += c, word[3] += d, word[4] += e;
    }
};

} // namespace

std::array<unsigned char, 20> sha1(std::string_view bytes) {
    std::string padded(bytes);
    padded += '\x80';
    padded.resize((padded.size() + kLength + kBlock - 1) / kBlock * kBlock);
    storeBigEndian(padded.data() + padded.size() - kLength, static_cast<std::uint64_t>(bytes.size()) * 8);
    Hash hash;
    for (std::size_t at = 0; at < padded.size(); at += kBlock) hash.add(padded.data() + at);
    std::array<unsigned char, 20> digest{};
    for (std::size_t at = 0; at < digest.size(); ++at)
        digest[at] = static_cast<unsigned char>(hash.word[at / 4] >> (24 - 8 * (at % 4)));
    return digest;
}

} // namespace zk::tree
