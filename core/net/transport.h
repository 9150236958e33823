// Transport: gives one client session (client::SessionClient) its connection, its timer and its thread, the loop's.
#pragma once

#include "client/session.h"
#include "net/sockets.h"
#include "net/sounding.h"
#include "net/tls.h"

namespace zk::net {

class Transport : private StreamUser {
  public:
    // The session is on its way at once; `onStatus` is told each change of it.
    Transport(Loop& loop, client::Options options, std::function<void(const client::Status&)> onStatus);
    // Drops the connection, without closing the session.
    ~Transport() override;

    // Works with the client, then sends what it asked for in one go.
    void use(const std::function<void(client::Client&)>& work);
    // Closes the session; `done` comes once, when that has happened or `patience` is over. The transport may be destroyed in it.
    void close(Duration patience, std::function<void()> done);

  private:
    void received(std::string_view bytes) override;
    void secured(const TlsPeer& peer) override;
    void lost(std::string_view why) override;
    void pump();
    void dial(const client::Address& address);
    void sound(const client::Address& address);
    void dialled(const client::Address& address, std::unique_ptr<Stream> stream);
    Result<std::shared_ptr<const TlsContext>> tlsContext();

    Loop& loop_;
    const std::optional<TlsOptions> tlsOptions_;
    std::unique_ptr<TlsSource> tls_; // null: plain, or its files could not be read yet
    std::unique_ptr<client::SessionClient> session_;
    std::unique_ptr<Dial> dial_;
    std::unique_ptr<Stream> stream_;
    std::unique_ptr<Sounding> sounding_;
    std::string out_;
    Timer wake_, dialLater_, closing_;
    std::function<void()> closed_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true); // for what was posted to the loop
};

} // namespace zk::net
