#include "election/connection.h"

#include <algorithm>
#include <array>

namespace zk::election {

Connection afterDialling(Sid self, Sid peer) {
    return self > peer ? Connection::Keep : Connection::HangUp;
}

Connection afterAccepting(Sid self, Sid peer) {
    if (peer == self) return Connection::HangUp;
    return peer > self ? Connection::Keep : Connection::DialBack; // kAnonymous is larger than every id
}

std::vector<std::string> dialable(const Handshake& handshake) {
    constexpr std::array<std::string_view, 6> wildcards{"0.0.0.0",         "[::]", "::", "[0:0:0:0:0:0:0:0]",
                                                        "0:0:0:0:0:0:0:0", "*"};
    std::vector<std::string> addresses;
    for (const std::string& address : handshake.addresses) {
        const std::string_view host = std::string_view(address).substr(0, address.rfind(':'));
        if (std::find(wildcards.begin(), wildcards.end(), host) == wildcards.end())
            addresses.push_back(address);
    }
    return addresses;
}

} // namespace zk::election
