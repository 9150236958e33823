// The lines of a zoo.cfg that say who gets in, and how much is taken of each: Parser's part for TLS, identities, limits.
#include "config/parser.h"
#include "config/tls_keys.h"

#include <array>
#include <charconv>
#include <climits>

namespace zk::config {

namespace {

constexpr std::array<std::string_view, 5> kDigestAlgorithms = {"SHA1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"};

} // namespace

Parser::Done Parser::takeAccess(const Property& property, std::string_view key, bool& taken) {
    ServerConfig& config = parsed_.config;
    taken = true;
    if (key == "DigestAuthenticationProvider.superDigest") {
        const auto colon = property.value.find(':');
        if (!property.value.empty() &&
            (colon == std::string::npos || colon == 0 || colon + 1 == property.value.size()))
            return Error{Errc::BadValue, where(std::string(key)) + ": " + property.key +
                                             " must be user:digest; make one with Apache's "
                                             "DigestAuthenticationProvider or viv"};
        config.superDigest = property.value;
        return {};
    }
    if (key == "DigestAuthenticationProvider.digestAlg") {
        const std::string name = property.value == "SHA" || property.value == "SHA-1" ? "SHA1" : property.value;
        if (std::find(kDigestAlgorithms.begin(), kDigestAlgorithms.end(), name) == kDigestAlgorithms.end())
            return bad(property, "is not known here; write SHA1, SHA-224, SHA-256, SHA-384 or SHA-512");
        config.digestAlgorithm = name;
        return {};
    }
    if (key == "X509AuthenticationProvider.superUser") return config.x509SuperUser = property.value, Done();
    if (key == "authProvider.x509") {
        if (property.value != "org.apache.zookeeper.server.auth.X509AuthenticationProvider")
            return bad(property, "names a Java class, which cannot be loaded here; remove the line");
        config.x509Logins = true;
        return {};
    }
    if (key == "readonlymode.enabled") return boolean(property, config.readOnlyMode);
    taken = false;
    return {};
}

Parser::Done Parser::takeTls(const Property& property, std::string_view key, bool& taken) {
    ServerConfig& config = parsed_.config;
    taken = true;
    if (key == "secureClientPort") {
        if (!config.secureClient) config.secureClient.emplace();
        return number(property, config.secureClient->port, 0, 65535, "a port");
    }
    if (key == "secureClientPortAddress") {
        if (!config.secureClient) config.secureClient.emplace();
        return takeHost(property, config.secureClient->host), Done();
    }
    if (key == "client.portUnification") return boolean(property, config.portUnification);
    if (key == "ssl.authProvider") {
        if (property.value != "x509") return bad(property, "is not known here; write x509, or remove the line");
        return {};
    }
    if (auto wrong = takeTlsKey(key, property.value, config.tls, taken)) {
        if (key.ends_with(".password")) return Error{Errc::BadValue, where(std::string(key)) + ": " + property.key + " " + *wrong};
        return bad(property, *wrong);
    }
    return {};
}

Parser::Done Parser::takeClientLimits(const Property& property, std::string_view key, bool& taken) {
    Limits& limits = parsed_.config.limits;
    taken = true;
    if (key == "maxCnxns")
        return number(property, limits.maxCnxns, 0, INT_MAX, "a number of connections, 0 for no limit,");
    if (key == "netty.server.outstandingHandshake.limit")
        return number(property, limits.outstandingHandshakes, -1, INT_MAX, "a number of handshakes, -1 for no limit,");
    if (key == "largeRequestMaxBytes") return number(property, limits.largeRequestMaxBytes, 1, INT_MAX, "bytes");
    if (key == "largeRequestThreshold") {
        if (property.value == "0") return bad(property, "is not possible; give bytes, or -1 for no large requests");
        return number(property, limits.largeRequestThreshold, -1, INT_MAX, "bytes, -1 for no large requests,");
    }
    taken = false;
    return {};
}

Parser::Done Parser::share(const Property& property, double& to) {
    double value = 0;
    const char* const end = property.value.data() + property.value.size();
    const auto [stop, fault] = std::from_chars(property.value.data(), end, value);
    if (fault != std::errc() || stop != end || !(value >= 0 && value <= 1))
        return bad(property, "is not possible; give a number from 0 to 1");
    to = value;
    return {};
}

Parser::Done Parser::takeThrottles(const Property& property, std::string_view key, bool& taken) {
    ConnectionThrottle& connections = parsed_.config.limits.connections;
    RequestThrottle& requests = parsed_.config.limits.requests;
    const auto weight = [&](int& to) { return number(property, to, 1, INT_MAX / 1000, "a weight"); };
    taken = true;
    if (key == "connection_throttle_tokens")
        return number(property, connections.tokens, 0, INT_MAX / 1000, "a number of tokens, 0 for no limit,");
    if (key == "connection_throttle_fill_time") return milliseconds(property, connections.fillTime, 1);
    if (key == "connection_throttle_fill_count")
        return number(property, connections.fillCount, 1, INT_MAX / 1000, "a number of tokens");
    if (key == "connection_throttle_freeze_time") return milliseconds(property, connections.freezeTime, -1);
    if (key == "connection_throttle_drop_increase") return share(property, connections.dropIncrease);
    if (key == "connection_throttle_drop_decrease") return share(property, connections.dropDecrease);
    if (key == "connection_throttle_decrease_ratio") return share(property, connections.decreaseRatio);
    if (key == "connection_throttle_weight_enabled") return boolean(property, connections.weighted);
    if (key == "connection_throttle_global_session_weight") return weight(connections.globalWeight);
    if (key == "connection_throttle_local_session_weight") return weight(connections.localWeight);
    if (key == "connection_throttle_renew_session_weight") return weight(connections.renewWeight);
    if (key == "request_throttle_max_requests")
        return number(property, requests.maxRequests, 0, INT_MAX, "a number of requests, 0 for no limit,");
    if (key == "request_throttle_drop_stale") return boolean(property, requests.dropStale);
    if (key == "request_stale_latency_check") return boolean(property, requests.staleLatencyCheck);
    taken = false;
    return {};
}

Parser::Done Parser::checkTls() {
    ServerConfig& config = parsed_.config;
    if (has("secureClientPortAddress") && !has("secureClientPort"))
        return contradiction("secureClientPortAddress",
                             "secureClientPortAddress is given without a port; add secureClientPort=2281");
    const bool spoken = config.secureClient || config.portUnification;
    if (!spoken) return {};
    config.x509Logins = true;
    const std::string why = config.secureClient ? "secureClientPort" : "client.portUnification";
    if (config.tls.keyStore.location.empty())
        return contradiction(why, "TLS needs a key and a certificate; add ssl.keyStore.location=FILE, a PEM or PKCS12 file");
    if (config.tls.clientAuth != ClientAuth::None && config.tls.trustStore.location.empty())
        return contradiction(why, "clients' certificates could not be checked; add ssl.trustStore.location=FILE with the "
                                  "authorities that made them, or ssl.clientAuth=none");
    if (config.plainClients && config.secureClient && config.client.port != 0 &&
        config.client.port == config.secureClient->port)
        return contradiction("secureClientPort", "secureClientPort is the clientPort; give it another number, or write "
                                                 "client.portUnification=true in its place");
    return {};
}

} // namespace zk::config
