// Sounding: asks one server whether it takes writes ("isro"), on a connection of its own.
#pragma once

#include "client/client.h"
#include "net/sockets.h"
#include "net/tls.h"

namespace zk::net {

class Sounding : private StreamUser {
  public:
    // `tls` null: plain. `done` comes once, with false where the server cannot be asked; this may be destroyed in it.
    Sounding(Loop& loop, const client::Address& server, std::shared_ptr<const TlsContext> tls,
             std::function<void(bool takesWrites)> done);

  private:
    void received(std::string_view bytes) override;
    void secured(const TlsPeer&) override { stream_->flush(); }
    void lost(std::string_view why) override;

    const std::function<void(bool)> done_;
    std::unique_ptr<Dial> dial_;
    std::unique_ptr<Stream> stream_;
    std::string in_, out_{"isro"};
};

inline constexpr std::chrono::seconds kSoundingPatience{1};

} // namespace zk::net
