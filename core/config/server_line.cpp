#include "config/server_line.h"

#include "config/parser.h"

#include <charconv>

namespace zk::config {

namespace {

constexpr const char* kForm =
    "; write host:quorumPort:electionPort, then :observer where it is one, then ;clientPort "
    "where it says its client port";

std::optional<std::uint16_t> portNumber(std::string_view text) {
    const auto number = wholeNumber(text);
    if (!number || *number < 1 || *number > 65535) return {};
    return static_cast<std::uint16_t>(*number);
}

// The parts between colons; colons in brackets do not part, and the brackets are taken off. Null where they
// do not match.
std::optional<std::vector<std::string>> splitAtColons(std::string_view text) {
    std::vector<std::string> parts(1);
    bool bracketed = false;
    for (const char c : text) {
        if (c == '[' || c == ']') {
            if (bracketed == (c == '[') || (c == '[' && !parts.back().empty())) return {};
            bracketed = !bracketed;
        } else if (c == ':' && !bracketed) {
            parts.emplace_back();
        } else {
            parts.back().push_back(c);
        }
    }
    if (bracketed) return {};
    return parts;
}

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

} // namespace

std::optional<std::int64_t> wholeNumber(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || failure != std::errc() || end != text.data() + text.size()) return {};
    return value;
}

boost::system::result<Server, std::string> parseServerLine(Sid sid, std::string_view value) {
    if (value.find('|') != std::string_view::npos)
        return std::string("names several addresses, which this server cannot use yet; give one");
    const auto semicolon = value.find(';');
    const auto parts = splitAtColons(trimmed(value.substr(0, semicolon)));
    if (!parts) return std::string("has brackets that do not match") + kForm;
    if (parts->size() < 3 || parts->size() > 4)
        return std::string("does not have a host, a quorum port and an election port") + kForm;
    Server server;
    server.sid = sid;
    const std::string& host = (*parts)[0];
    if (host.empty()) return std::string("has no host") + kForm;
    const auto quorum = portNumber((*parts)[1]), election = portNumber((*parts)[2]);
    if (!quorum) return "has the quorum port \"" + (*parts)[1] + "\", which is no number from 1 to 65535";
    if (!election) return "has the election port \"" + (*parts)[2] + "\", which is no number from 1 to 65535";
    server.quorum = {host, *quorum};
    server.election = {host, *election};
    if (parts->size() == 4) {
        const std::string role = lowered((*parts)[3]);
        if (role != "participant" && role != "observer")
            return "has the role \"" + (*parts)[3] + "\"; write participant or observer";
        server.role = role == "observer" ? Role::Observer : Role::Participant;
    }
    if (semicolon == std::string_view::npos) return server;
    const auto client = splitAtColons(trimmed(value.substr(semicolon + 1)));
    const auto port = client && client->size() <= 2 ? portNumber(client->back()) : std::nullopt;
    if (!port) return std::string("has no client port from 1 to 65535 behind the semicolon") + kForm;
    server.client = {client->size() == 2 ? client->front() : std::string(), *port};
    return server;
}

std::string text(const Endpoint& endpoint) {
    const std::string host =
        endpoint.host.find(':') == std::string::npos ? endpoint.host : "[" + endpoint.host + "]";
    return host + ":" + std::to_string(endpoint.port);
}

std::string text(const Server& server) {
    std::string line = text(server.quorum) + ":" + std::to_string(server.election.port) +
                       (server.role == Role::Observer ? ":observer" : ":participant");
    if (server.client)
        line += ";" + text(Endpoint{server.client->host.empty() ? "0.0.0.0" : server.client->host,
                                    server.client->port});
    return line;
}

} // namespace zk::config
