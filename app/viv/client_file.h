// The properties file that Apache's zkCli takes with -client-configuration.
#pragma once

#include "base/result.h"
#include "base/tls_options.h"

#include <optional>
#include <string>
#include <string_view>

namespace zk::viv {

// What a client's properties file says: "zookeeper.client.secure=true" and the zookeeper.ssl.* keys; keys of other things
// are passed over. Null where it does not ask for TLS.
Result<std::optional<TlsOptions>> readClientFile(std::string_view text, const std::string& file);

} // namespace zk::viv
