// The election port: notifications and the handshake of its connections.
#include "input.h"
#include "targets.h"

#include "election/connection.h"

namespace zk::fuzz {

void electionMessage(std::string_view bytes) {
    const auto decoded = election::decodeNotification(bytes);
    if (!decoded) return;
    const auto again = election::decodeNotification(election::encode(*decoded));
    require(again.has_value() && again->state == decoded->state && again->vote == decoded->vote);
    require(again->config == decoded->config);
}

void electionHandshake(std::string_view bytes) {
    std::string_view stream = bytes;
    const auto taken = election::takeHandshake(stream);
    if (!taken || !*taken) {
        require(stream.size() == bytes.size());
        return;
    }
    require(stream.size() < bytes.size());
    (void)election::dialable(**taken);
    const std::string wire = election::encode(**taken);
    stream = wire;
    const auto again = election::takeHandshake(stream);
    require(again.has_value() && *again == *taken && stream.empty());
}

} // namespace zk::fuzz
