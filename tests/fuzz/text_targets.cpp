// Text that users and other servers write: zoo.cfg, the answers to four-letter words, connect strings.
#include "input.h"
#include "targets.h"

#include "admin/status.h"
#include "client/client.h"
#include "config/config.h"
#include "config/properties.h"

namespace zk::fuzz {

// The bytes as a zoo.cfg, and as a zoo.cfg of a server whose myid says 1. What was understood says the same when it is
// written and read again.
void zooCfg(std::string_view bytes) {
    for (const bool hasId : {false, true}) {
        const auto myid = [&](const std::string&) { return hasId ? std::optional<std::string>("1\n") : std::nullopt; };
        const auto parsed = config::parse(bytes, "zoo.cfg", myid);
        if (!parsed) {
            require(!parsed.error().message().empty());
            continue;
        }
        const std::string text = config::write(parsed->config);
        (void)config::quorumText(parsed->config);
        (void)parsed->config.quorum();
        const auto again = config::parse(text, "zoo.cfg", myid);
        require(again.has_value() && config::write(again->config) == text);
    }
}

void monitorWords(std::string_view bytes) {
    for (const auto& [key, value] : admin::parseMntr(bytes)) require(bytes.find(key) != bytes.npos);
    for (const auto& [key, value] : admin::parseSrvr(bytes)) require(bytes.find(key) != bytes.npos);
    (void)admin::isWord(bytes);
    (void)admin::answer(bytes, {}, {"*"});
}

void connectString(std::string_view bytes) {
    const auto parsed = client::parseConnectString(bytes);
    if (!parsed) return;
    require(!parsed->servers.empty());
    std::string text;
    for (const auto& server : parsed->servers) text += (text.empty() ? "" : ",") + client::toString(server);
    const auto again = client::parseConnectString(text + parsed->chroot);
    require(again.has_value() && again->servers == parsed->servers && again->chroot == parsed->chroot);
}

} // namespace zk::fuzz
