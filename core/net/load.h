// Load: sessions that keep a number of requests under way each, to see how many a server answers. Raw frames,
// made once, so that what is measured is the server and not this client; `Ceiling` says how far the client
// itself reaches.
//
// Works on the caller's thread, within the calls.
#pragma once

#include "client/client.h"

#include <memory>

namespace zk::net {

struct LoadOptions {
    std::vector<client::Address> servers; // the sessions go to them in turn
    int sessions = 8;
    int inFlight = 64; // requests under way in each session
    std::size_t valueBytes = 100;
    int keys = 1000;
    double writes = 0; // the share of setData; the rest is getData
    std::string root = "/viv-bench";
    std::uint64_t seed = 1; // of the order of the keys
    std::optional<TlsOptions> tls;
};

struct LoadRound {
    double seconds = 0;
    std::uint64_t operations = 0;
    std::uint64_t refused = 0; // of the operations: answered with an error
    Duration median{0}, p99{0},
        longest{0}; // of the time from request to answer, waiting in the pipeline included

    double perSecond() const { return seconds > 0 ? static_cast<double>(operations) / seconds : 0; }
};

class Load {
  public:
    explicit Load(LoadOptions options);
    ~Load();

    // Connects every session and writes every key. Errors: a sentence that names the server.
    Result<void> open();
    // Keeps the pipelines full for that long, then waits for the answers that are still missing.
    Result<LoadRound> run(Duration time);
    // Deletes the keys and closes the sessions.
    Result<void> close();

    struct Impl;

  private:
    std::unique_ptr<Impl> impl_;
};

inline constexpr std::chrono::seconds kLoadPatience{30}; // for a connection, and for answers that do not come

} // namespace zk::net
