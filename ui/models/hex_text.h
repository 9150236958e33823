// Bytes as people read them: a hex dump with offsets and characters, and whether bytes are text at all.
#pragma once

#include <QString>

#include <string_view>

namespace viv {

// "00000010  7b 22 68 6f 73 74 22 3a  …  |{"host":|", sixteen bytes a line.
QString hexDump(std::string_view bytes);
// UTF-8 without control characters other than tab and line ends: can be edited as text and saved back byte
// for byte.
bool isText(std::string_view bytes);
// "JSON", "XML", "text", "binary", "empty": what the bytes look like.
QString kindOfBytes(std::string_view bytes);

} // namespace viv
