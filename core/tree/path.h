// Znode paths: what is one, and how it splits. Rules: Apache's PathUtils.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace zk::tree {

// Nothing where `path` is a valid path; otherwise a sentence that says what is wrong with it. For a
// sequential create the caller checks path + "1".
std::string pathFault(std::string_view path);
inline bool isValidPath(std::string_view path) {
    return pathFault(path).empty();
}

// "/" for "/a"; "/a" for "/a/b". Precondition: a valid path other than "/".
std::string_view parentOf(std::string_view path);
// "b" for "/a/b".
std::string_view nameOf(std::string_view path);
// "/a" + "b" = "/a/b"; "/" + "b" = "/b".
std::string join(std::string_view parent, std::string_view child);
// "/zookeeper" and all below it.
bool isReserved(std::string_view path);
// The name with its sequence number: "lock-" and 7 give "lock-0000000007"; negative after 2^31 - 1, as %010d
// prints.
std::string sequential(std::string_view path, std::int32_t number);

} // namespace zk::tree
