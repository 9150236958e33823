// Which of two servers keeps the connection between their election ports: there is one a pair, the one that
// the server with the larger id dialled. Decisions only; the driver holds the sockets. Rules: Apache's
// QuorumCnxManager.
#pragma once

#include "election/election.h"

namespace zk::election {

enum class Connection {
    Keep,     // messages flow on it; it takes the place of an older one to the same server
    HangUp,   // close it: the other side dials back, or it is ourselves
    DialBack, // close it and dial the other side
};

// We dialled and have sent our handshake.
Connection afterDialling(Sid self, Sid peer);
// We accepted and have read the peer's handshake. An anonymous peer is kept; the driver gives it an id below
// 0.
Connection afterAccepting(Sid self, Sid peer);

// The addresses of a handshake that one can dial: a wildcard ("0.0.0.0:3888") tells nothing.
std::vector<std::string> dialable(const Handshake& handshake);

} // namespace zk::election
