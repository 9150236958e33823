// Stream: one connection, plain or with TLS, on its loop.
#include "net/clock.h"
#include "net/stream_impl.h"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

namespace zk::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t kKeepCapacity = 256 * 1024; // an idle `out` keeps no more memory than this

std::string plainAddress(const asio::ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

} // namespace

std::string sentence(const error_code& error) {
    if (error == asio::error::eof) return "the other side closed the connection";
    if (error == asio::error::connection_reset) return "the other side reset the connection";
    if (error == asio::error::connection_refused) return "nobody listens there (connection refused)";
    return error.message();
}

Stream::Impl::Impl(Loop& of, tcp::socket open) : loop(of), socket(std::move(open)), deadline(of) {
    error_code error;
    socket.non_blocking(true, error);
    socket.set_option(tcp::no_delay(true), error);
    const auto peer = socket.remote_endpoint(error);
    address = plainAddress(peer.address());
    port = peer.port();
}

void Stream::Impl::start(StreamUser& by, std::string& from) {
    user = &by;
    out = &from;
    if (!guarded) return read();
    phase = security.alsoPlain ? Phase::Sounding : Phase::Greeting;
    deadline.at(now() + security.patience, [self = shared_from_this()] {
        if (self->phase != Phase::Open) self->end("the TLS handshake was not over in time");
    });
    session = std::make_unique<TlsSession>(security.context, *this, security.host);
    if (security.context->side() == TlsContext::Side::Client) greet();
    else read();
}

void Stream::Impl::read() {
    if (reading || paused || user == nullptr) return;
    reading = true;
    const auto ready = [self = shared_from_this()](const error_code& error) {
        self->reading = false;
        if (self->user != nullptr && !self->paused) self->readable(error);
    };
    if (left) asio::post(socket.get_executor(), [ready] { ready({}); });
    else socket.async_wait(tcp::socket::wait_read, ready);
}

void Stream::Impl::readable(error_code error) {
    if (guarded) return readableGuarded(error);
    std::size_t size = 0;
    if (!error) size = socket.read_some(asio::buffer(loop.scratch()), error);
    if (error == asio::error::would_block) return read();
    if (error) return end(sentence(error));
    user->received(std::string_view(loop.scratch().data(), size));
    read();
}

void Stream::Impl::readableGuarded(error_code error) {
    if (error) return end(sentence(error));
    if (phase == Phase::Sounding) return sound();
    if (phase == Phase::Greeting) return greet();
    std::string& room = loop.scratch();
    std::size_t size = 0;
    auto step = TlsSession::Step::Done;
    while (step == TlsSession::Step::Done && size < room.size()) {
        std::size_t more = 0;
        step = session->read(room.data() + size, room.size() - size, more);
        size += more;
    }
    left = step == TlsSession::Step::Done;
    const std::string fault = session->fault();
    if (size > 0) user->received(std::string_view(room.data(), size));
    if (user == nullptr) return;
    if (step == TlsSession::Step::Closed || step == TlsSession::Step::Failed) return end(fault);
    if (step == TlsSession::Step::WantsWrite) return awaitWritable(&Impl::read);
    read();
}

// TLS begins with a byte that begins no frame and no four-letter word.
void Stream::Impl::sound() {
    char first = 0;
    error_code error;
    const std::size_t size = socket.receive(asio::buffer(&first, 1), tcp::socket::message_peek, error);
    if (error == asio::error::would_block) return read();
    if (error || size == 0) return end(error ? sentence(error) : "the other side closed the connection");
    if (first == kTlsHandshakeByte) {
        phase = Phase::Greeting;
        return greet();
    }
    phase = Phase::Open;
    guarded = false;
    deadline.cancel();
    session.reset();
    security.context.reset();
    readable({});
}

void Stream::Impl::greet() {
    switch (session->handshake()) {
    case TlsSession::Step::WantsRead: return read();
    case TlsSession::Step::WantsWrite: return awaitWritable(&Impl::greet);
    case TlsSession::Step::Closed:
    case TlsSession::Step::Failed: return end(session->fault());
    case TlsSession::Step::Done: break;
    }
    phase = Phase::Open;
    left = true; // what came behind the handshake
    deadline.cancel();
    user->secured(session->peer());
    if (user != nullptr) write();
    if (user != nullptr) read();
}

void Stream::Impl::awaitWritable(void (Impl::*then)()) {
    socket.async_wait(tcp::socket::wait_write, [self = shared_from_this(), then](const error_code& failed) {
        if (self->user == nullptr) return;
        if (failed) self->end(sentence(failed));
        else ((*self).*then)();
    });
}

void Stream::Impl::write() {
    if (user == nullptr || waiting || out->empty()) return settle();
    if (guarded) return writeGuarded();
    error_code error;
    const std::size_t size = socket.write_some(asio::buffer(*out), error);
    if (error && error != asio::error::would_block) return end(sentence(error));
    written(size);
}

void Stream::Impl::writeGuarded() {
    if (phase != Phase::Open) return;
    std::size_t size = 0;
    const TlsSession::Step step = session->write(*out, size);
    if (step == TlsSession::Step::Closed || step == TlsSession::Step::Failed) return end(session->fault());
    written(size);
}

// So much of `out` has gone.
void Stream::Impl::written(std::size_t size) {
    if (size == out->size()) {
        out->clear();
        if (out->capacity() > kKeepCapacity) out->shrink_to_fit();
        user->drained();
        return settle();
    }
    out->erase(0, size);
    waiting = true;
    awaitWritable(&Impl::writable);
}

void Stream::Impl::writable() {
    waiting = false;
    write();
}

// Closes where that was asked for and all is written.
void Stream::Impl::settle() {
    if (user != nullptr && closing && out->empty()) end("closed");
}

void Stream::Impl::end(const std::string& why) {
    StreamUser* told = user;
    close();
    if (told != nullptr) told->lost(why);
}

void Stream::Impl::closeWhenWritten(Duration patience) {
    if (user == nullptr || closing) return;
    closing = paused = true;
    if (phase != Phase::Open) return end("closed");
    deadline.at(now() + patience, [self = shared_from_this()] { self->end("closed before everything was written"); });
    write();
}

void Stream::Impl::resume() {
    if (closing) return;
    paused = false;
    read();
}

void Stream::Impl::close() {
    user = nullptr;
    out = nullptr;
    deadline.cancel();
    error_code ignored;
    if (session && socket.is_open()) session->goodbye();
    if (socket.is_open()) socket.shutdown(tcp::socket::shutdown_both, ignored);
    socket.close(ignored);
}

std::size_t Stream::Impl::receive(char* into, std::size_t room, error_code& error) {
    return socket.read_some(asio::buffer(into, room), error);
}

std::size_t Stream::Impl::transmit(const char* bytes, std::size_t size, error_code& error) {
    return socket.write_some(asio::buffer(bytes, size), error);
}

// --- Stream ---

Stream::Stream(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Stream::~Stream() { impl_->close(); }

void Stream::secure(Security security) {
    impl_->security = std::move(security);
    impl_->guarded = true;
}

void Stream::start(StreamUser& user, std::string& out) {
    const auto alive = impl_;
    alive->start(user, out);
}

void Stream::flush() {
    const auto alive = impl_;
    alive->write();
}

void Stream::pause() { impl_->paused = true; }
void Stream::resume() { impl_->resume(); }

void Stream::closeWhenWritten(Duration patience) {
    const auto alive = impl_;
    alive->closeWhenWritten(patience);
}

void Stream::close() { impl_->close(); }

void Stream::keepAlive() {
    error_code ignored;
    impl_->socket.set_option(asio::socket_base::keep_alive(true), ignored);
}

bool Stream::isOpen() const { return impl_->socket.is_open(); }
const std::string& Stream::address() const { return impl_->address; }
std::uint16_t Stream::port() const { return impl_->port; }

} // namespace zk::net
