#include "net/sounding.h"

namespace zk::net {

Sounding::Sounding(Loop& loop, const client::Address& server, std::shared_ptr<const TlsContext> tls,
                   std::function<void(bool takesWrites)> done)
    : done_(std::move(done)) {
    dial_ = std::make_unique<Dial>(loop, server.host, server.port, kSoundingPatience,
                                   [this, host = server.host, tls](Result<std::unique_ptr<Stream>> stream) {
                                       if (!stream) return done_(false);
                                       stream_ = std::move(*stream);
                                       if (tls) stream_->secure({tls, host, false, kSoundingPatience});
                                       stream_->start(*this, out_);
                                       if (stream_->isOpen()) stream_->flush();
                                   });
}

void Sounding::received(std::string_view bytes) {
    constexpr std::size_t kLongestAnswer = 4; // "null"
    if (in_.size() < kLongestAnswer) in_.append(bytes.substr(0, kLongestAnswer));
}

void Sounding::lost(std::string_view) { done_(in_.starts_with("rw")); }

} // namespace zk::net
