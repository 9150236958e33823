// The keys of a zoo.cfg, and the system properties "zookeeper.<key>", of Apache's 3.8 and 3.9: each with what this server
// does about it. None is passed over in silence. resources/help/configuration.md says the same for people.
#pragma once

#include <string_view>
#include <vector>

namespace zk::config {

enum class Handling {
    Honoured, // as Apache's
    Warned,   // has no effect here; a line in the log says why
    Refused,  // the server does not start: to go on without it would be unsafe, or mean something else
};

struct KeyRow {
    std::string_view name;  // without "zookeeper."; one that ends in "*" stands for every key that begins so
    std::string_view usual; // Apache's default; empty: unset
    Handling handling = Handling::Honoured;
    std::string_view reason = {}; // of Warned and Refused: why, and what to do
};

const std::vector<KeyRow>& keyRows();
// `key` without "zookeeper." in front of it. Null where Apache has no such key.
const KeyRow* findKey(std::string_view key);
// What the key is said to be, is what this server does anyway: nothing to warn of.
bool saysTheUsual(const KeyRow& row, std::string_view value);

} // namespace zk::config
