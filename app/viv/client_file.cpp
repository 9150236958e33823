#include "client_file.h"

#include "config/properties.h"
#include "config/tls_keys.h"

namespace zk::viv {

Result<std::optional<TlsOptions>> readClientFile(std::string_view text, const std::string& file) {
    const auto properties = config::readProperties(text, file);
    if (!properties) return Error{Errc::Malformed, properties.error().message()};
    TlsOptions options;
    bool secure = false;
    for (const config::Property& property : *properties) {
        const auto wrong = [&](const std::string& what) {
            return Error{Errc::Malformed, file + ":" + std::to_string(property.line) + ": " + property.key + " " + what};
        };
        constexpr std::string_view kPrefix = "zookeeper.";
        std::string_view key = property.key;
        if (key.starts_with(kPrefix)) key.remove_prefix(kPrefix.size());
        if (key == "client.secure") {
            const auto yes = config::truth(property.value);
            if (!yes) return wrong("is neither true nor false; write one of them");
            secure = *yes;
            continue;
        }
        if ((key == "ssl.crl" || key == "ssl.ocsp") && config::truth(property.value) != std::optional(false))
            return wrong("asks for revoked certificates to be looked up, which is not built; remove it");
        bool taken = false;
        if (const auto what = config::takeTlsKey(key, property.value, options, taken)) return wrong(*what);
    }
    if (!secure) return std::optional<TlsOptions>();
    return std::optional(options);
}

} // namespace zk::viv
