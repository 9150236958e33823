// The options of a command that speaks TLS.
#pragma once

#include "base/result.h"
#include "base/tls_options.h"

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace zk::viv {

struct TlsArguments {
    std::string file, trust, own;
    bool tls = false;
};

void addTlsOptions(CLI::App& command, TlsArguments& to);

// Null: a plain connection is asked for. Errors: Errc::Malformed with a sentence that names the file and the line.
Result<std::optional<TlsOptions>> tlsOptions(const TlsArguments& arguments);

} // namespace zk::viv
