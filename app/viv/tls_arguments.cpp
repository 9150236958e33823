#include "tls_arguments.h"

#include "client_file.h"

#include <CLI/CLI.hpp>

#include <fstream>
#include <sstream>

namespace zk::viv {

void addTlsOptions(CLI::App& command, TlsArguments& to) {
    command.add_option("--client-configuration", to.file,
                       "FILE with zookeeper.client.secure and the zookeeper.ssl.* keys, as zkCli takes it");
    command.add_flag("--tls", to.tls, "Speak TLS, and trust the authorities that this system trusts");
    command.add_option("--trust", to.trust, "Speak TLS, and trust the authorities in FILE (PEM, PKCS12)");
    command.add_option("--cert", to.own, "Speak TLS, and show the certificate in FILE, which holds its key too (PEM)");
}

Result<std::optional<TlsOptions>> tlsOptions(const TlsArguments& arguments) {
    std::optional<TlsOptions> options;
    if (!arguments.file.empty()) {
        std::ifstream in(arguments.file, std::ios::binary);
        std::ostringstream text;
        if (in) text << in.rdbuf();
        if (!in) return Error{Errc::Malformed, arguments.file + " cannot be read; check its path and its permissions"};
        auto read = readClientFile(text.view(), arguments.file);
        if (!read) return read.error();
        options = std::move(*read);
    }
    if (arguments.tls || !arguments.trust.empty() || !arguments.own.empty()) {
        if (!options) options.emplace();
        if (!arguments.trust.empty()) options->trustStore = {arguments.trust, {}, {}, {}};
        if (!arguments.own.empty()) options->keyStore = {arguments.own, {}, {}, {}};
    }
    return options;
}

} // namespace zk::viv
