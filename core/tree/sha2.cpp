#include "tree/sha2.h"

#include "base/assert.h"
#include "base/bytes.h"

#include <array>
#include <bit>
#include <cstdint>
#include <string>

namespace zk::tree {

namespace {

// The first 64 bits of the fractions of the cube roots of the first 80 primes; the shorter hashes use 32 of them.
constexpr std::array<std::uint64_t, 80> kRounds = {
    0x428A2F98D728AE22, 0x7137449123EF65CD, 0xB5C0FBCFEC4D3B2F, 0xE9B5DBA58189DBBC,
    0x3956C25BF348B538, 0x59F111F1B605D019, 0x923F82A4AF194F9B, 0xAB1C5ED5DA6D8118,
    0xD807AA98A3030242, 0x12835B0145706FBE, 0x243185BE4EE4B28C, 0x550C7DC3D5FFB4E2,
    0x72BE5D74F27B896F, 0x80DEB1FE3B1696B1, 0x9BDC06A725C71235, 0xC19BF174CF692694,
    0xE49B69C19EF14AD2, 0xEFBE4786384F25E3, 0x0FC19DC68B8CD5B5, 0x240CA1CC77AC9C65,
    0x2DE92C6F592B0275, 0x4A7484AA6EA6E483, 0x5CB0A9DCBD41FBD4, 0x76F988DA831153B5,
    0x983E5152EE66DFAB, 0xA831C66D2DB43210, 0xB00327C898FB213F, 0xBF597FC7BEEF0EE4,
    0xC6E00BF33DA88FC2, 0xD5A79147930AA725, 0x06CA6351E003826F, 0x142929670A0E6E70,
    0x27B70A8546D22FFC, 0x2E1B21385C26C926, 0x4D2C6DFC5AC42AED, 0x53380D139D95B3DF,
    0x650A73548BAF63DE, 0x766A0ABB3C77B2A8, 0x81C2C92E47EDAEE6, 0x92722C851482353B,
    0xA2BFE8A14CF10364, 0xA81A664BBC423001, 0xC24B8B70D0F89791, 0xC76C51A30654BE30,
    0xD192E819D6EF5218, 0xD69906245565A910, 0xF40E35855771202A, 0x106AA07032BBD1B8,
    0x19A4C116B8D2D0C8, 0x1E376C085141AB53, 0x2748774CDF8EEB99, 0x34B0BCB5E19B48A8,
    0x391C0CB3C5C95A63, 0x4ED8AA4AE3418ACB, 0x5B9CCA4F7763E373, 0x682E6FF3D6B2B8A3,
    0x748F82EE5DEFB2FC, 0x78A5636F43172F60, 0x84C87814A1F0AB72, 0x8CC702081A6439EC,
    0x90BEFFFA23631E28, 0xA4506CEBDE82BDE9, 0xBEF9A3F7B2C67915, 0xC67178F2E372532B,
    0xCA273ECEEA26619C, 0xD186B8C721C0C207, 0xEADA7DD6CDE0EB1E, 0xF57D4F7FEE6ED178,
    0x06F067AA72176FBA, 0x0A637DC5A2C898A6, 0x113F9804BEF90DAE, 0x1B710B35131C471B,
    0x28DB77F523047D84, 0x32CAAB7B40C72493, 0x3C9EBE0A15C9BEBC, 0x431D67C49C100D4C,
    0x4CC5D4BECB3E42B6, 0x597F299CFC657E2A, 0x5FCB6FAB3AD6FAEC, 0x6C44198C4A475817};

// Likewise of the square roots of the first 16: eight for SHA-512 and SHA-256, eight for SHA-384 and SHA-224.
constexpr std::array<std::uint64_t, 16> kStart = {
    0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
    0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179,
    0xCBBB9D5DC1059ED8, 0x629A292A367CD507, 0x9159015A3070DD17, 0x152FECD8F70E5939,
    0x67332667FFC00B31, 0x8EB44A8768581511, 0xDB0C2E0D64F98FA7, 0x47B5481DBEFA4FA4};

// How the hashes of 32 and of 64 bits differ.
template <class Word>
struct Turns;
template <>
struct Turns<std::uint32_t> {
    static constexpr std::size_t rounds = 64;
    static constexpr int large0[3] = {2, 13, 22}, large1[3] = {6, 11, 25}, small0[3] = {7, 18, 3}, small1[3] = {17, 19, 10};
};
template <>
struct Turns<std::uint64_t> {
    static constexpr std::size_t rounds = 80;
    static constexpr int large0[3] = {28, 34, 39}, large1[3] = {14, 18, 41}, small0[3] = {1, 8, 7}, small1[3] = {19, 61, 6};
};

template <class Word>
Word large(Word x, const int (&by)[3]) {
    return std::rotr(x, by[0]) ^ std::rotr(x, by[1]) ^ std::rotr(x, by[2]);
}

template <class Word>
Word small(Word x, const int (&by)[3]) {
    return std::rotr(x, by[0]) ^ std::rotr(x, by[1]) ^ (x >> by[2]);
}

template <class Word>
void add(std::array<Word, 8>& hash, const char* block) {
    using T = Turns<Word>;
    std::array<Word, T::rounds> schedule;
    for (std::size_t at = 0; at < 16; ++at) schedule[at] = loadBigEndian<Word>(block + sizeof(Word) * at);
    for (std::size_t at = 16; at < T::rounds; ++at)
        schedule[at] = small(schedule[at - 2], T::small1) + schedule[at - 7] + small(schedule[at - 15], T::small0) +
                       schedule[at - 16];
    auto [a, b, c, d, e, f, g, h] = hash;
    for (std::size_t at = 0; at < T::rounds; ++at) {
        const Word constant = static_cast<Word>(kRounds[at] >> (64 - 8 * sizeof(Word)));
        const Word first = h + large(e, T::large1) + ((e & f) ^ (~e & g)) + constant + schedule[at];
        const Word second = large(a, T::large0) + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + first, d = c, c = b, b = a, a = first + second;
    }
    const std::array<Word, 8> more = {a, b, c, d, e, f, g, h};
    for (std::size_t at = 0; at < hash.size(); ++at) hash[at] += more[at];
}

template <class Word>
std::vector<unsigned char> hashed(std::array<Word, 8> hash, std::string_view bytes, std::size_t size) {
    constexpr std::size_t block = 16 * sizeof(Word), length = 2 * sizeof(Word);
    std::string padded(bytes);
    padded += '\x80';
    padded.resize((padded.size() + length + block - 1) / block * block);
    storeBigEndian(padded.data() + padded.size() - sizeof(std::uint64_t), static_cast<std::uint64_t>(bytes.size()) * 8);
    for (std::size_t at = 0; at < padded.size(); at += block) add(hash, padded.data() + at);
    std::vector<unsigned char> digest(size);
    for (std::size_t at = 0; at < size; ++at)
        digest[at] = static_cast<unsigned char>(hash[at / sizeof(Word)] >> (8 * (sizeof(Word) - 1 - at % sizeof(Word))));
    return digest;
}

} // namespace

std::vector<unsigned char> sha2(std::string_view algorithm, std::string_view bytes) {
    std::array<std::uint64_t, 8> wide{};
    std::array<std::uint32_t, 8> narrow{};
    const bool second = algorithm == "SHA-224" || algorithm == "SHA-384";
    for (std::size_t at = 0; at < 8; ++at) {
        wide[at] = kStart[second ? 8 + at : at];
        narrow[at] = static_cast<std::uint32_t>(second ? wide[at] : wide[at] >> 32);
    }
    if (algorithm == "SHA-256") return hashed(narrow, bytes, 32);
    if (algorithm == "SHA-224") return hashed(narrow, bytes, 28);
    if (algorithm == "SHA-384") return hashed(wide, bytes, 48);
    ZK_ASSERT(algorithm == "SHA-512");
    return hashed(wide, bytes, 64);
}

} // namespace zk::tree
