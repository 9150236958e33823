// Limits: how much a server takes of its clients before it refuses or makes them wait. Names, units and defaults are those
// of Apache's 3.8 and 3.9.
#pragma once

#include <chrono>
#include <cstdint>

namespace zk::config {

// A bucket of tokens for sessions that are opened, and beside it a chance to be dropped (BLUE) that rises while the bucket
// is empty. Off while `tokens` is 0.
struct ConnectionThrottle {
    int tokens = 0;
    std::chrono::milliseconds fillTime{1};
    int fillCount = 1;
    std::chrono::milliseconds freezeTime{-1}; // between two changes of that chance; -1: none is dropped by chance
    double dropIncrease = 0.02, dropDecrease = 0.002, decreaseRatio = 0;
    bool weighted = false; // a session costs its weight, and the bucket is as many times larger as a new session weighs
    int globalWeight = 3, localWeight = 1, renewWeight = 2;
    bool operator==(const ConnectionThrottle&) const = default;
};

// Requests wait at the door while as many as this are in the pipeline. Off while `maxRequests` is 0.
struct RequestThrottle {
    int maxRequests = 0;
    bool dropStale = true;             // one that waited there, and whose connection is gone or too late, is not carried out
    bool staleLatencyCheck = false;    // too late: it waited for longer than its session's timeout
    bool operator==(const RequestThrottle&) const = default;
};

struct Limits {
    int maxCnxns = 0;                                    // in all; 0: no limit
    int outstandingHandshakes = -1;                      // TLS handshakes under way at once; below 1: no limit
    std::int64_t largeRequestMaxBytes = 100 * 1024 * 1024; // of all large requests in the pipeline
    std::int64_t largeRequestThreshold = -1;               // bytes above which a request is large; -1: none is
    ConnectionThrottle connections;
    RequestThrottle requests;
    bool operator==(const Limits&) const = default;
};

} // namespace zk::config
