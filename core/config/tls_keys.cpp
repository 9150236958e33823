#include "config/tls_keys.h"

#include "config/server_line.h"

#include <algorithm>
#include <climits>

namespace zk::config {

namespace {

using Wrong = std::optional<std::string>;

std::string uppered(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    return text;
}

Wrong takeStore(std::string_view key, const std::string& value, KeyStore& to, bool& taken) {
    if (key == "location") return to.location = value, std::nullopt;
    if (key == "password") return to.password = value, std::nullopt;
    if (key == "passwordPath") return to.passwordPath = value, std::nullopt;
    if (key == "type") {
        to.type = uppered(value);
        if (to.type == "JKS" || to.type == "BCFKS")
            return "is a format of Java's own, which is not read here; convert the file with keytool -importkeystore "
                   "-srckeystore FILE -destkeystore FILE.p12 -deststoretype PKCS12, and name that one";
        if (to.type != "PEM" && to.type != "PKCS12" && !to.type.empty())
            return "is no format of key stores; write PEM or PKCS12";
        return std::nullopt;
    }
    taken = false;
    return std::nullopt;
}

Wrong takeProtocols(const std::vector<std::string>& names, TlsOptions& to) {
    if (names.empty()) return "names no protocol; write TLSv1.2, TLSv1.3 or both";
    for (const std::string& name : names)
        if (name != "TLSv1.2" && name != "TLSv1.3")
            return "names a protocol that is not spoken here; write TLSv1.2, TLSv1.3 or both";
    to.protocols = names;
    return std::nullopt;
}

} // namespace

std::optional<bool> truth(std::string_view value) {
    const std::string upper = uppered(std::string(value));
    if (upper == "TRUE") return true;
    if (upper == "FALSE") return false;
    return std::nullopt;
}

std::vector<std::string> listed(std::string_view value) {
    std::vector<std::string> parts;
    while (!value.empty()) {
        const std::size_t comma = value.find(',');
        std::string_view part = value.substr(0, comma);
        value.remove_prefix(comma == std::string_view::npos ? value.size() : comma + 1);
        while (part.starts_with(' ')) part.remove_prefix(1);
        while (part.ends_with(' ')) part.remove_suffix(1);
        if (!part.empty()) parts.emplace_back(part);
    }
    return parts;
}

Wrong takeTlsKey(std::string_view key, const std::string& value, TlsOptions& to, bool& taken) {
    constexpr std::string_view kKeyStore = "ssl.keyStore.", kTrustStore = "ssl.trustStore.";
    taken = true;
    if (key.starts_with(kKeyStore)) return takeStore(key.substr(kKeyStore.size()), value, to.keyStore, taken);
    if (key.starts_with(kTrustStore)) return takeStore(key.substr(kTrustStore.size()), value, to.trustStore, taken);
    if (key == "ssl.protocol") {
        // As in Java: the newest that may be spoken. What is listed goes before it.
        if (value != "TLSv1.2" && value != "TLSv1.3" && value != "TLS")
            return "is no protocol that is spoken here; write TLSv1.3 or TLSv1.2";
        if (to.protocols.empty() && value == "TLSv1.2") to.protocols = {"TLSv1.2"};
        return std::nullopt;
    }
    if (key == "ssl.enabledProtocols") return takeProtocols(listed(value), to);
    if (key == "ssl.ciphersuites") return to.ciphersuites = listed(value), std::nullopt;
    if (key == "ssl.clientAuth") {
        const std::string who = uppered(value);
        if (who == "NONE") to.clientAuth = ClientAuth::None;
        else if (who == "WANT") to.clientAuth = ClientAuth::Want;
        else if (who == "NEED" || who.empty()) to.clientAuth = ClientAuth::Need;
        else return "is none of need, want and none; write one of them";
        return std::nullopt;
    }
    if (key == "ssl.hostnameVerification" || key == "client.certReload") {
        const auto yes = truth(value);
        if (!yes) return "is neither true nor false; write one of them";
        (key == "client.certReload" ? to.reload : to.hostnameVerification) = *yes;
        return std::nullopt;
    }
    if (key == "ssl.handshakeDetectionTimeoutMillis") {
        const auto ms = wholeNumber(value);
        if (!ms || *ms < 1 || *ms > INT_MAX) return "is not possible; give milliseconds from 1 up";
        to.handshakeTimeout = std::chrono::milliseconds(*ms);
        return std::nullopt;
    }
    taken = false;
    return std::nullopt;
}

} // namespace zk::config
