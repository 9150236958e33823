#include "net/transport.h"

#include "net/clock.h"

namespace zk::net {

namespace {

// The session's own deadline ends an attempt to connect much sooner; this only bounds it.
constexpr Duration kDialBound = std::chrono::minutes(1);

} // namespace

Transport::Transport(Loop& loop, client::Options options, std::function<void(const client::Status&)> onStatus)
    : loop_(loop), tlsOptions_(options.tls), session_(client::makeSession(std::move(options))), wake_(loop), dialLater_(loop), closing_(loop) {
    if (onStatus) session_->onStatus(std::move(onStatus));
    session_->start(now());
    pump();
}

Transport::~Transport() = default;

void Transport::use(const std::function<void(client::Client&)>& work) {
    session_->tick(now());
    work(*session_);
    pump();
}

void Transport::close(Duration patience, std::function<void()> done) {
    closed_ = std::move(done);
    const auto finish = [this] {
        if (const auto told = std::exchange(closed_, nullptr)) told();
    };
    closing_.at(now() + patience, finish);
    // Not from inside the session's own call: whoever is told may destroy this.
    use([this, finish](client::Client& client) { client.close([this, finish] { closing_.at(now(), finish); }); });
}

void Transport::received(std::string_view bytes) {
    session_->received(now(), bytes);
    pump();
}

void Transport::lost(std::string_view why) {
    session_->disconnected(now(), why);
    pump();
}

void Transport::pump() {
    client::SessionReady ready = session_->take();
    if (ready.wakeAt == kNever) wake_.cancel();
    else
        wake_.at(ready.wakeAt, [this] {
            session_->tick(now());
            pump();
        });
    if (ready.disconnect) {
        dialLater_.cancel();
        dial_.reset();
        stream_.reset();
    }
    if (ready.connect) {
        stream_.reset();
        sounding_.reset();
        out_.clear();
        dialLater_.at(ready.connectAt, [this, address = *ready.connect] { dial(address); });
    }
    if (ready.sound) sound(*ready.sound);
    if (ready.send.empty() || !stream_) return;
    out_ += ready.send;
    stream_->flush();
}

void Transport::sound(const client::Address& address) {
    std::shared_ptr<const TlsContext> tls;
    if (tlsOptions_) {
        auto context = tlsContext();
        if (!context) return;
        tls = std::move(*context);
    }
    sounding_ = std::make_unique<Sounding>(loop_, address, std::move(tls), [this, address](bool takesWrites) {
        // Not from inside the sounding's own call: what follows may destroy it.
        loop_.post([this, alive = std::weak_ptr(alive_), address, takesWrites] {
            if (alive.expired()) return;
            sounding_.reset();
            session_->sounded(now(), address, takesWrites);
            pump();
        });
    });
}

void Transport::dial(const client::Address& address) {
    dial_ = std::make_unique<Dial>(loop_, address.host, address.port, kDialBound, [this, address](Result<std::unique_ptr<Stream>> stream) {
        if (!stream) {
            session_->disconnected(now(), stream.error().message());
            return pump();
        }
        dialled(address, std::move(*stream));
    });
}

// Files that cannot be read now may be later: each attempt tries them again.
Result<std::shared_ptr<const TlsContext>> Transport::tlsContext() {
    if (!tls_) {
        auto opened = TlsSource::open(*tlsOptions_, TlsContext::Side::Client);
        if (!opened) return opened.error();
        tls_ = std::move(*opened);
    }
    std::string trouble, news; // the connection itself will say what is wrong
    return tls_->context(trouble, news);
}

void Transport::dialled(const client::Address& address, std::unique_ptr<Stream> stream) {
    stream_ = std::move(stream);
    out_.clear();
    if (tlsOptions_) {
        auto context = tlsContext();
        if (!context) {
            stream_.reset();
            session_->disconnected(now(), context.error().message());
            return pump();
        }
        stream_->secure({std::move(*context), address.host, false, tlsOptions_->handshakeTimeout});
        return stream_->start(*this, out_); // secured() or lost() follows
    }
    stream_->start(*this, out_);
    session_->connected(now());
    pump();
}

void Transport::secured(const TlsPeer&) {
    session_->connected(now());
    pump();
}

} // namespace zk::net
