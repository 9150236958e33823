// Sockets: the one place that speaks to Asio. A Loop is an io_context that one thread runs in turns; Stream, Listener,
// Dial and Timer live on it. Everything above (connections, links, control port) is plain callbacks.
//
// All calls on these objects come on the loop's thread, except Loop::post and Loop::stop. Once an object is closed or
// destroyed it calls nothing back. Errors are sentences: what could not be done, where, and what to do.
#pragma once

#include "base/result.h"
#include "base/time.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace boost::asio {
class io_context;
}

namespace zk::net {

class TlsContext;
struct TlsPeer;

class Loop {
  public:
    Loop();
    ~Loop();

    // Any thread: `work` runs on the loop's thread.
    void post(std::function<void()> work);
    // Runs turns until stop(): what is ready, at most kTurnHandlers of it, then `endOfTurn`. What a handler throws comes
    // out of here; run() may be called again.
    void run(const std::function<void()>& endOfTurn);
    // Runs one turn on the caller's thread; waits until `until` at most for something to do.
    void turn(Instant until);
    // Any thread: run() returns after the turn that it is in.
    void stop();

    boost::asio::io_context& context();
    // What a read reads into, before the reader's callback takes it.
    std::string& scratch() { return scratch_; }

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
    std::string scratch_;
};

class Timer {
  public:
    explicit Timer(Loop& loop);
    ~Timer();
    // Calls `due` once at that time, instead of what was set before.
    void at(Instant when, std::function<void()> due);
    void cancel();

  private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

// Who uses a Stream. The bytes are valid during the call only. Any of these may close or destroy the stream.
class StreamUser {
  public:
    virtual ~StreamUser() = default;
    virtual void received(std::string_view bytes) = 0;
    // The TLS handshake is through; it comes before everything else. Not called where TLS is not spoken.
    virtual void secured(const TlsPeer&) {}
    // Everything that stood in `out` has been written.
    virtual void drained() {}
    // The connection is gone, also where closeWhenWritten() has finished; the last call.
    virtual void lost(std::string_view why) = 0;
};

// How TLS is spoken on a Stream.
struct Security {
    std::shared_ptr<const TlsContext> context;
    std::string host;       // a client's: whom it called
    bool alsoPlain = false; // a server's: who does not begin with TLS is served without
    Duration patience{};    // for the handshake
};

// A TCP connection, TCP_NODELAY on.
class Stream {
  public:
    struct Impl;
    explicit Stream(std::shared_ptr<Impl> impl);
    ~Stream(); // closes

    // Speak TLS on it. Before start().
    void secure(Security security);
    // Reads from here on. `out` holds what is to be written, in order; flush() takes it away from the front as the
    // socket takes it. Both outlive the stream or its close().
    void start(StreamUser& user, std::string& out);
    // One non-blocking write; what the socket does not take follows as soon as it can.
    void flush();
    // Reads no more until resume().
    void pause();
    void resume();
    // Writes what stands in `out`, then closes and calls lost(); after `patience` it closes anyway. Reads no more.
    void closeWhenWritten(Duration patience);
    void close();
    bool isOpen() const;
    // SO_KEEPALIVE: the system asks a silent peer whether it is there.
    void keepAlive();

    const std::string& address() const; // the peer's, "127.0.0.1"
    std::uint16_t port() const;

  private:
    std::shared_ptr<Impl> impl_;
};

class Listener {
  public:
    using Accepted = std::function<void(std::unique_ptr<Stream>)>;
    // Called with a sentence when accepting fails for a while (no file handles left, say); it goes on by itself.
    using Trouble = std::function<void(std::string)>;

    // Binds and listens; connections wait until accept(). Host empty: every address of this machine. Port 0: any free
    // one. `purpose` names the port in the error's sentence: "client port of server 1".
    static Result<std::unique_ptr<Listener>> open(Loop& loop, const std::string& host, std::uint16_t port, int backlog,
                                                  const std::string& purpose);
    ~Listener(); // closes
    void accept(Accepted accepted, Trouble trouble);
    std::uint16_t port() const;

    struct Impl;
    explicit Listener(std::shared_ptr<Impl> impl);

  private:
    std::shared_ptr<Impl> impl_;
};

// An attempt to connect. Destroying it gives it up.
class Dial {
  public:
    using Done = std::function<void(Result<std::unique_ptr<Stream>>)>;
    // Resolves, tries every address in turn, and reports once.
    Dial(Loop& loop, const std::string& host, std::uint16_t port, Duration patience, Done done);
    ~Dial();

  private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

// Could a server listen here now?
bool portIsFree(const std::string& host, std::uint16_t port);

// "host:port", IPv6 addresses in brackets.
std::string hostAndPort(std::string_view host, std::uint16_t port);

inline constexpr int kTurnHandlers = 512;            // handlers that a turn runs at most before its end
inline constexpr std::size_t kReadBytes = 64 * 1024; // one read takes at most this

} // namespace zk::net
