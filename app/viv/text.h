// Bytes as they can be shown: are they text, and if not, as base64.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace zk::viv {

// Valid UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool isText(std::string_view bytes);
std::string base64(std::string_view bytes);
// Nothing where the text is not base64.
std::optional<std::string> fromBase64(std::string_view text);
// Sixteen bytes a line: their place, their values, and the letters among them.
std::string hexDump(std::string_view bytes);

} // namespace zk::viv
