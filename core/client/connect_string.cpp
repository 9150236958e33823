#include "client/client.h"

#include <charconv>

namespace zk::client {

namespace {

Error fault(std::string_view text, const std::string& what) {
    return {Errc::Malformed,
            "\"" + std::string(text) + "\" is not a connect string: " + what +
                ". Write it like 127.0.0.1:2181,127.0.0.1:2182 or zk.example.org:2181/chroot"};
}

// One "host", "host:port", "[v6]" or "[v6]:port"; nothing, and the reason in `why`, where it is none of them.
std::optional<Address> parseAddress(std::string_view text, std::string& why) {
    Address address;
    std::string_view port;
    bool hasPort = false;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos || (end + 1 < text.size() && text[end + 1] != ':')) {
            why = "an address in brackets ends with ] or ]:port";
            return std::nullopt;
        }
        address.host = text.substr(1, end - 1);
        hasPort = end + 1 < text.size();
        if (hasPort) port = text.substr(end + 2);
    } else {
        const std::size_t colon = text.rfind(':');
        if (colon != text.find(':')) {
            why = "an IPv6 address stands in brackets, [::1]:2181";
            return std::nullopt;
        }
        address.host = text.substr(0, colon);
        hasPort = colon != std::string_view::npos;
        if (hasPort) port = text.substr(colon + 1);
    }
    if (address.host.empty()) {
        why = "a host is missing";
        return std::nullopt;
    }
    if (address.host.find_first_of("[] \t") != std::string::npos) {
        why = "\"" + address.host + "\" is not a host";
        return std::nullopt;
    }
    if (hasPort) {
        const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
        if (error != std::errc() || end != port.data() + port.size() || address.port == 0) {
            why = "\"" + std::string(port) + "\" is not a port from 1 to 65535";
            return std::nullopt;
        }
    }
    return address;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// What is wrong with a chroot that begins with a slash and is not the root; empty where nothing is.
std::string chrootFault(std::string_view chroot) {
    for (std::size_t start = 1; start <= chroot.size();) {
        const std::size_t end = std::min(chroot.find('/', start), chroot.size());
        const std::string_view part = chroot.substr(start, end - start);
        if (part.empty()) return "the chroot has an empty part or ends with a slash";
        if (part == "." || part == "..") return "the chroot may not hold . or ..";
        start = end + 1;
    }
    return {};
}

} // namespace

Result<ConnectString> parseConnectString(std::string_view text) {
    ConnectString parsed;
    std::string_view hosts = trimmed(text);
    if (const std::size_t slash = hosts.find('/'); slash != std::string_view::npos) {
        const std::string_view chroot = hosts.substr(slash);
        if (chroot != "/") {
            if (const std::string why = chrootFault(chroot); !why.empty()) return fault(text, why);
            parsed.chroot = chroot;
        }
        hosts = hosts.substr(0, slash);
    }
    for (std::size_t start = 0; start <= hosts.size();) {
        const std::size_t end = std::min(hosts.find(',', start), hosts.size());
        std::string why;
        const auto address = parseAddress(trimmed(hosts.substr(start, end - start)), why);
        if (!address) return fault(text, why);
        parsed.servers.push_back(*address);
        start = end + 1;
    }
    return parsed;
}

std::string toString(const Address& address) {
    const bool v6 = address.host.find(':') != std::string::npos;
    return (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

} // namespace zk::client
