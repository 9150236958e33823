#include "net/load_session.h"

#include "net/load.h"

#include "jute/client_records.h"

namespace zk::net {

namespace {

constexpr std::size_t kLengthSize = 4;
constexpr std::size_t kXidOffset = kLengthSize;
constexpr std::size_t kErrOffset = 12; // in a reply: behind xid and zxid
constexpr std::size_t kReplyHeader = 16;
constexpr std::int32_t kTimeoutMs = 30000;

} // namespace

std::string loadFrame(jute::OpCode op, const std::string& body) {
    std::string payload = jute::encode(jute::RequestHeader{0, static_cast<std::int32_t>(op)});
    payload += body;
    std::string out;
    jute::Writer(out).bytes(payload);
    return out;
}

LoadSession::LoadSession(Loop& loop, client::Address server, int inFlight, std::shared_ptr<const TlsContext> tls)
    : server_(std::move(server)), tls_(std::move(tls)), sentAt_(static_cast<std::size_t>(inFlight)) {
    dial_ = std::make_unique<Dial>(
        loop, server_.host, server_.port, kLoadPatience,
        [this](Result<std::unique_ptr<Stream>> stream) { dialled(std::move(stream)); });
}

LoadSession::~LoadSession() = default;

void LoadSession::dialled(Result<std::unique_ptr<Stream>> stream) {
    if (!stream) return fail(stream.error().message());
    stream_ = std::move(*stream);
    if (tls_) stream_->secure({tls_, server_.host, false, kLoadPatience});
    stream_->start(*this, out_);
    if (!stream_->isOpen()) return;
    jute::ConnectRequest hello;
    hello.timeoutMs = kTimeoutMs;
    hello.password = std::string(jute::kPasswordSize, '\0');
    hello.readOnly = false;
    jute::Writer(out_).bytes(encode(hello));
    stream_->flush();
}

void LoadSession::feed(Source source) {
    source_ = std::move(source);
    if (welcomed_) fill();
}

void LoadSession::fill() {
    const Instant at = now();
    while (source_ && outstanding_ < sentAt_.size()) {
        const std::string* const frame = source_();
        if (!frame) break;
        const std::size_t start = out_.size();
        out_.append(*frame);
        storeBigEndian(out_.data() + start + kXidOffset, nextXid_);
        sentAt_[static_cast<std::size_t>(nextXid_) % sentAt_.size()] = at;
        ++nextXid_;
        ++outstanding_;
    }
    if (!out_.empty() && stream_) stream_->flush();
}

void LoadSession::received(std::string_view bytes) {
    const Instant at = now();
    bytesReceived_ += bytes.size();
    std::string_view left = bytes;
    if (!in_.empty()) {
        in_.append(bytes);
        left = in_;
    }
    while (left.size() >= kLengthSize) {
        const auto length = loadBigEndian<std::uint32_t>(left.data());
        if (left.size() - kLengthSize < length) break;
        if (!frame(left.substr(kLengthSize, length), at)) return;
        left.remove_prefix(kLengthSize + length);
    }
    if (left.data() != in_.data()) in_ = std::string(left); // else: the start of one large frame, which stays
    if (welcomed_) fill();
}

bool LoadSession::frame(std::string_view payload, Instant at) {
    if (!welcomed_) {
        const auto response = jute::decodeConnectResponse(payload);
        welcomed_ = response && response->timeoutMs > 0;
        if (!welcomed_) fail("gives no session");
        return welcomed_;
    }
    if (payload.size() < kReplyHeader || loadBigEndian<std::int32_t>(payload.data()) != answeredXid_ + 1) {
        fail("answers out of order");
        return false;
    }
    ++answeredXid_;
    --outstanding_;
    ++counts_.answered;
    if (const auto err = loadBigEndian<std::int32_t>(payload.data() + kErrOffset); err != 0)
        ++counts_.refusals[err];
    const Duration taken = at - sentAt_[static_cast<std::size_t>(answeredXid_) % sentAt_.size()];
    counts_.microseconds.push_back(
        static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(taken).count()));
    return true;
}

void LoadSession::lost(std::string_view why) {
    fail(std::string(why));
}

void LoadSession::fail(const std::string& why) {
    const std::string server = toString(server_);
    fault_ = why.find(server) == std::string::npos ? server + ": " + why : why;
    source_ = {};
    if (stream_) stream_->close();
}

LoadSession::Counts LoadSession::take() {
    return std::exchange(counts_, {});
}

} // namespace zk::net
