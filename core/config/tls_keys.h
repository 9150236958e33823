// The ssl.* keys of a zoo.cfg, and of the file that a client is configured by.
#pragma once

#include "base/tls_options.h"

#include <optional>
#include <string>
#include <string_view>

namespace zk::config {

// `key` without "zookeeper." in front. Sets `taken` where it is one of these. What comes back is what is wrong with the
// value: the half of a sentence, without the value itself.
std::optional<std::string> takeTlsKey(std::string_view key, const std::string& value, TlsOptions& to, bool& taken);

// "true" or "false" in any case.
std::optional<bool> truth(std::string_view value);

// The parts of "a, b,c", without blanks around them; empty ones are left out.
std::vector<std::string> listed(std::string_view value);

} // namespace zk::config
