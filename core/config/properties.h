// The lines of a Java properties file, which is what a zoo.cfg is: `key=value`, `key: value` or `key value`,
// comments behind
// "#" or "!" at the start of a line, a line that ends in a backslash goes on in the next one, \t \n \r \f
// \uXXXX and \anything stand for a character. Blanks around keys and values do not count, as in Apache's
// reader of the file.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace zk::config {

struct Property {
    std::string key, value;
    int line = 0; // where it begins, from 1
};

// In the order of the text. Errors: Unreadable, with file and line.
Result<std::vector<Property>> readProperties(std::string_view text, const std::string& file);

// A value as it must stand in such a file.
std::string escapeValue(std::string_view value);

} // namespace zk::config
