#include "net/sockets.h"

#include "net/clock.h"
#include "net/port_holder.h"
#include "net/stream_impl.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace zk::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto kAcceptPause = std::chrono::milliseconds(200); // after a failed accept

std::chrono::steady_clock::time_point steady(Instant when) {
    return std::chrono::steady_clock::time_point(
        std::chrono::duration_cast<std::chrono::steady_clock::duration>(when.time_since_epoch()));
}

} // namespace

std::string hostAndPort(std::string_view host, std::uint16_t port) {
    const bool bracket = host.find(':') != std::string_view::npos;
    return (bracket ? "[" + std::string(host) + "]" : std::string(host)) + ":" + std::to_string(port);
}

// --- Loop ---

struct Loop::Impl {
    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> guard{context.get_executor()};
};

Loop::Loop() : impl_(std::make_unique<Impl>()), scratch_(kReadBytes, '\0') {}
Loop::~Loop() = default;

void Loop::post(std::function<void()> work) { asio::post(impl_->context, std::move(work)); }
void Loop::stop() { impl_->context.stop(); }
boost::asio::io_context& Loop::context() { return impl_->context; }

void Loop::run(const std::function<void()>& endOfTurn) {
    while (!impl_->context.stopped()) {
        impl_->context.run_one();
        for (int handlers = 1; handlers < kTurnHandlers && impl_->context.poll_one() > 0;) ++handlers;
        endOfTurn();
    }
    impl_->context.restart();
}

void Loop::turn(Instant until) {
    impl_->context.run_one_until(steady(until));
    for (int handlers = 1; handlers < kTurnHandlers && impl_->context.poll_one() > 0;) ++handlers;
}

// --- Timer ---

struct Timer::Impl {
    explicit Impl(Loop& loop) : timer(loop.context()) {}
    asio::steady_timer timer;
    std::uint64_t turn = 0; // of the latest at() or cancel(); an older wait is void
};

Timer::Timer(Loop& loop) : impl_(std::make_shared<Impl>(loop)) {}
Timer::~Timer() { cancel(); }

void Timer::at(Instant when, std::function<void()> due) {
    impl_->timer.expires_at(steady(when));
    impl_->timer.async_wait([impl = impl_, turn = ++impl_->turn, due = std::move(due)](const error_code&) {
        if (turn == impl->turn) due();
    });
}

void Timer::cancel() {
    ++impl_->turn;
    impl_->timer.cancel();
}

// --- Listener ---

struct Listener::Impl : std::enable_shared_from_this<Impl> {
    explicit Impl(Loop& of) : loop(of), acceptor(of.context()), pause(of) {}

    void next() {
        acceptor.async_accept([self = shared_from_this()](const error_code& error, tcp::socket socket) {
            if (!self->acceptor.is_open()) return;
            if (!error) {
                self->accepted(std::make_unique<Stream>(std::make_shared<Stream::Impl>(self->loop, std::move(socket))));
                if (self->acceptor.is_open()) self->next();
                return;
            }
            self->trouble("a connection to port " + std::to_string(self->port) + " could not be accepted: " +
                          error.message() + "; trying again");
            self->pause.at(now() + kAcceptPause, [self] { self->next(); });
        });
    }

    Loop& loop;
    tcp::acceptor acceptor;
    Timer pause;
    Accepted accepted;
    Trouble trouble;
    std::uint16_t port = 0;
};

namespace {

// Opens, binds and listens on one address. SO_REUSEADDR, so that a restart need not wait for old connections; not on
// Windows, where that would let two servers share a port.
error_code bind(tcp::acceptor& acceptor, const tcp::endpoint& endpoint, bool dualStack, int backlog) {
    error_code error;
    if (acceptor.is_open()) acceptor.close(error);
    acceptor.open(endpoint.protocol(), error);
#ifndef _WIN32
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
#endif
    if (!error && dualStack) acceptor.set_option(asio::ip::v6_only(false), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(backlog > 0 ? backlog : asio::socket_base::max_listen_connections, error);
    return error;
}

std::string cannotListen(const std::string& purpose, const std::string& where, std::uint16_t port, const error_code& error) {
    std::string text = "The " + purpose + " cannot be opened on " + where + ": ";
    if (error == asio::error::address_in_use) {
        const std::string holder = portHolder(port);
        return text + "the port is in use by " + (holder.empty() ? "another program" : holder) +
               ". Stop it or choose another port.";
    }
    if (error == asio::error::access_denied)
        return text + "the system does not allow it. Choose a port of 1024 or above.";
    return text + error.message() + ". Choose an address of this machine.";
}

} // namespace

Result<std::unique_ptr<Listener>> Listener::open(Loop& loop, const std::string& host, std::uint16_t port, int backlog,
                                                 const std::string& purpose) {
    auto impl = std::make_shared<Impl>(loop);
    error_code error;
    if (host.empty()) {
        error = bind(impl->acceptor, {tcp::v6(), port}, true, backlog);
        if (error == asio::error::address_family_not_supported || error == asio::error::no_protocol_option)
            error = bind(impl->acceptor, {tcp::v4(), port}, false, backlog);
    } else {
        tcp::resolver resolver(loop.context());
        const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive, error);
        if (!error) error = bind(impl->acceptor, found.begin()->endpoint(), false, backlog);
    }
    if (error) return Error{error, cannotListen(purpose, hostAndPort(host.empty() ? "*" : host, port), port, error)};
    impl->port = impl->acceptor.local_endpoint(error).port();
    return std::make_unique<Listener>(std::move(impl));
}

bool portIsFree(const std::string& host, std::uint16_t port) {
    asio::io_context context;
    tcp::acceptor acceptor(context);
    error_code error;
    const auto address = asio::ip::make_address(host, error);
    return !error && !bind(acceptor, {address, port}, false, 1);
}

Listener::Listener(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Listener::~Listener() {
    error_code ignored;
    impl_->acceptor.close(ignored);
    impl_->pause.cancel();
}

void Listener::accept(Accepted accepted, Trouble trouble) {
    impl_->accepted = std::move(accepted);
    impl_->trouble = std::move(trouble);
    impl_->next();
}

std::uint16_t Listener::port() const { return impl_->port; }

// --- Dial ---

struct Dial::Impl : std::enable_shared_from_this<Impl> {
    Impl(Loop& of, Done then) : loop(of), resolver(of.context()), socket(of.context()), deadline(of), done(std::move(then)) {}

    void start(const std::string& host, std::uint16_t port, Duration patience) {
        where = hostAndPort(host, port);
        deadline.at(now() + patience, [self = shared_from_this()] { self->fail({}, "no answer in time"); });
        resolver.async_resolve(host, std::to_string(port),
                               [self = shared_from_this()](const error_code& error, tcp::resolver::results_type found) {
                                   if (!self->done) return;
                                   if (error) return self->fail(error, "the name is not known: " + error.message());
                                   self->connect(std::move(found));
                               });
    }

    void connect(tcp::resolver::results_type found) {
        asio::async_connect(socket, found, [self = shared_from_this()](const error_code& error, const tcp::endpoint&) {
            if (!self->done) return;
            if (error) return self->fail(error, sentence(error));
            self->finish(std::make_unique<Stream>(std::make_shared<Stream::Impl>(self->loop, std::move(self->socket))));
        });
    }

    void fail(error_code error, const std::string& why) {
        if (!error) error = asio::error::timed_out;
        finish(Error{error, "cannot connect to " + where + ": " + why});
    }

    void finish(Result<std::unique_ptr<Stream>> result) {
        const Done told = std::exchange(done, nullptr);
        cancel();
        if (told) told(std::move(result));
    }

    void cancel() {
        done = nullptr;
        deadline.cancel();
        resolver.cancel();
        error_code ignored;
        socket.close(ignored);
    }

    Loop& loop;
    tcp::resolver resolver;
    tcp::socket socket;
    Timer deadline;
    Done done;
    std::string where;
};

Dial::Dial(Loop& loop, const std::string& host, std::uint16_t port, Duration patience, Done done)
    : impl_(std::make_shared<Impl>(loop, std::move(done))) {
    impl_->start(host, port, patience);
}

Dial::~Dial() { impl_->cancel(); }

} // namespace zk::net
