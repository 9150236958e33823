// Stream::Impl: a connection, for stream.cpp, and for the Listener and Dial that make them.
//
// Always true: while TLS is not through (phase_ is not Open) nothing is handed to the user and nothing of `out` is written.
// A plain connection costs one test of `guarded` a read and a write more than it would without TLS.
#pragma once

#include "net/sockets.h"
#include "net/tls.h"

#include <boost/asio/ip/tcp.hpp>

namespace zk::net {

// What went wrong on a socket, as a person says it.
std::string sentence(const boost::system::error_code& error);

struct Stream::Impl : std::enable_shared_from_this<Impl>, TlsSession::Wire {
    using tcp = boost::asio::ip::tcp;
    using error_code = boost::system::error_code;
    enum class Phase {
        Open,     // bytes flow
        Sounding, // TLS or not? The first byte tells
        Greeting, // the TLS handshake
    };

    Impl(Loop& of, tcp::socket open);

    void start(StreamUser& by, std::string& from);
    void read();
    void write();
    void closeWhenWritten(Duration patience);
    void resume();
    void close();

    // --- TlsSession::Wire ---
    std::size_t receive(char* into, std::size_t room, error_code& error) override;
    std::size_t transmit(const char* bytes, std::size_t size, error_code& error) override;

    Loop& loop;
    tcp::socket socket;
    Timer deadline; // of the handshake, then of a close
    StreamUser* user = nullptr;
    std::string* out = nullptr;
    std::string address;
    std::uint16_t port = 0;
    bool reading = false, waiting = false, paused = false, closing = false;
    bool guarded = false; // TLS is spoken, or may be
    bool left = false;    // TLS holds bytes that it has received and not given yet
    Phase phase = Phase::Open;
    Security security;
    std::unique_ptr<TlsSession> session;

  private:
    void readable(error_code error);
    void readableGuarded(error_code error);
    void writeGuarded();
    void written(std::size_t size);
    void writable();
    void sound();
    void greet();
    void awaitWritable(void (Impl::*then)());
    void settle();
    void end(const std::string& why);
};

} // namespace zk::net
