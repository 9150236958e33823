// SHA-1 (FIPS 180-4), for the identities of the digest scheme and nothing else: it protects no secret by today's measure,
// but it is what Apache's servers store. Pure; from any thread.
#pragma once

#include <array>
#include <string_view>

namespace zk::tree {

std::array<unsigned char, 20> sha1(std::string_view bytes);

} // namespace zk::tree
