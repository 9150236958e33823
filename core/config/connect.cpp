#include "config/connect.h"

#include "config/properties.h"
#include "config/server_line.h"

namespace zk::config {

namespace {

bool everywhere(const std::string& host) { return host.empty() || host == "0.0.0.0" || host == "::"; }

Error bad(const std::string& file, const Property& property, const std::string& what) {
    return {Errc::BadValue, file + ":" + std::to_string(property.line) + ": " + property.key + " " + what};
}

} // namespace

Result<std::string> connectStringOf(std::string_view text, const std::string& file) {
    const auto properties = readProperties(text, file);
    if (!properties) return properties.error();
    constexpr std::string_view prefix = "server.";
    std::vector<Server> servers;
    Endpoint own;
    for (const Property& property : *properties) {
        if (property.key == "clientPortAddress") own.host = property.value;
        if (property.key == "clientPort") {
            const auto port = wholeNumber(property.value);
            if (!port || *port < 0 || *port > UINT16_MAX)
                return bad(file, property, "is \"" + property.value + "\"; write a port, such as 2181");
            own.port = static_cast<std::uint16_t>(*port);
        }
        if (!property.key.starts_with(prefix)) continue;
        const auto sid = wholeNumber(std::string_view(property.key).substr(prefix.size()));
        if (!sid) return bad(file, property, "has no number; write server.1=host:2888:3888");
        auto server = parseServerLine(*sid, property.value);
        if (!server) return bad(file, property, server.error());
        servers.push_back(std::move(*server));
    }
    if (servers.empty()) servers.push_back({0, {"127.0.0.1", 0}, {}, Role::Participant, own});
    std::string all;
    for (const Server& server : servers) {
        Endpoint client = server.client.value_or(Endpoint{{}, own.port});
        if (everywhere(client.host)) client.host = server.quorum.host;
        if (client.port == 0)
            return Error{Errc::Missing, file + ": no clientPort is named; add clientPort=2181, or the port behind each server's line"};
        all += (all.empty() ? "" : ",") + zk::config::text(client);
    }
    return all;
}

} // namespace zk::config
