// SHA-2 (FIPS 180-4), for the identities of the digest scheme where a server is told to use it. Pure; from any thread.
#pragma once

#include <string_view>
#include <vector>

namespace zk::tree {

// By Java's name: SHA-224, SHA-256, SHA-384, SHA-512; any other is a broken promise.
std::vector<unsigned char> sha2(std::string_view algorithm, std::string_view bytes);

} // namespace zk::tree
