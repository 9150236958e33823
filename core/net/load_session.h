// LoadSession: one connection of a Load: keeps its pipeline full from a list or from a generator, and counts
// the answers.
#pragma once

#include "net/clock.h"
#include "net/sockets.h"
#include "net/tls.h"

#include "base/rng.h"
#include "client/client.h"

#include <functional>
#include <map>
#include <optional>

namespace zk::net {

// The frames of the requests for one key; their xids are filled in when they are sent.
struct LoadFrames {
    std::vector<std::string> reads, writes;
};
std::string loadFrame(jute::OpCode op, const std::string& body);

class LoadSession : private StreamUser {
  public:
    // Where the next frame comes from; null when there is none now. The bytes are copied at once.
    using Source = std::function<const std::string*()>;

    // `tls` null: plain.
    LoadSession(Loop& loop, client::Address server, int inFlight, std::shared_ptr<const TlsContext> tls = {});
    ~LoadSession() override;

    // Sends from this source from here on.
    void feed(Source source);
    bool ready() const { return welcomed_; }
    bool idle() const { return outstanding_ == 0; }
    std::uint64_t bytesReceived() const { return bytesReceived_; }
    // Why it is of no use any more; empty while it is.
    const std::string& fault() const { return fault_; }

    struct Counts {
        std::uint64_t answered = 0;
        std::map<std::int32_t, std::uint64_t> refusals; // by error
        std::vector<std::uint32_t> microseconds;        // of each answer
    };
    // What was counted since the last take.
    Counts take();

  private:
    void received(std::string_view bytes) override;
    void lost(std::string_view why) override;
    void dialled(Result<std::unique_ptr<Stream>> stream);
    bool frame(std::string_view payload, Instant at);
    void fill();
    void fail(const std::string& why);

    const client::Address server_;
    const std::shared_ptr<const TlsContext> tls_;
    std::unique_ptr<Dial> dial_;
    std::unique_ptr<Stream> stream_;
    std::string in_, out_;
    Source source_;
    std::vector<Instant> sentAt_; // a ring, by xid
    std::int32_t nextXid_ = 1, answeredXid_ = 0;
    std::size_t outstanding_ = 0;
    std::uint64_t bytesReceived_ = 0;
    bool welcomed_ = false;
    std::string fault_;
    Counts counts_;
};

} // namespace zk::net
