#include "net/load_ceiling.h"

#include "jute/client_records.h"

#include <map>

namespace zk::net {

namespace {

constexpr std::size_t kLengthSize = 4, kRequestHeader = 8;
constexpr std::size_t kFrameMax = 1024 * 1024;

std::string framed(std::string_view payload) {
    std::string out;
    jute::Writer(out).bytes(payload);
    return out;
}

} // namespace

struct Ceiling::Impl {
    struct Connection : StreamUser {
        Connection(Impl& of, std::uint64_t number, std::unique_ptr<Stream> open)
            : ceiling(of), id(number), stream(std::move(open)) {
            stream->start(*this, out);
        }
        void received(std::string_view bytes) override {
            std::string_view left = bytes;
            if (!in.empty()) {
                in.append(bytes);
                left = in;
            }
            while (left.size() >= kLengthSize) {
                const auto length = loadBigEndian<std::uint32_t>(left.data());
                if (length > kFrameMax) return ceiling.remove(id);
                if (left.size() - kLengthSize < length) break;
                answer(left.substr(kLengthSize, length));
                left.remove_prefix(kLengthSize + length);
            }
            in = std::string(left);
            stream->flush();
        }
        void lost(std::string_view) override { ceiling.remove(id); }
        void answer(std::string_view request) {
            if (!welcomed) {
                welcomed = true;
                out.append(ceiling.welcome);
                return;
            }
            if (request.size() < kRequestHeader) return;
            const auto op = static_cast<jute::OpCode>(loadBigEndian<std::int32_t>(request.data() + 4));
            const std::size_t start = out.size();
            out.append(op == jute::OpCode::GetData   ? ceiling.data
                       : op == jute::OpCode::SetData ? ceiling.stat
                                                     : ceiling.plain);
            out.replace(start + kLengthSize, 4, request.substr(0, 4)); // the xid
        }

        Impl& ceiling;
        const std::uint64_t id;
        std::unique_ptr<Stream> stream;
        std::string in, out;
        bool welcomed = false;
    };

    Impl(std::unique_ptr<Listener> open, std::size_t valueBytes) : listener(std::move(open)) {
        const std::string header = jute::encode(jute::ReplyHeader{0, Zxid(1), 0});
        plain = framed(header);
        stat = framed(header + jute::encode(jute::StatResponse{}));
        data = framed(header + jute::encode(jute::GetDataResponse{std::string(valueBytes, 'v'), {}}));
        jute::ConnectResponse response;
        response.timeoutMs = 30000;
        response.sessionId = 1;
        response.password = std::string(jute::kPasswordSize, '\0');
        response.readOnly = false;
        welcome = framed(encode(response));
        listener->accept(
            [this](std::unique_ptr<Stream> stream) {
                const std::uint64_t id = ++lastId;
                connections[id] = std::make_unique<Connection>(*this, id, std::move(stream));
            },
            [](std::string) {});
    }
    void remove(std::uint64_t id) { connections.erase(id); }

    std::unique_ptr<Listener> listener;
    std::string welcome, plain, stat, data;
    std::map<std::uint64_t, std::unique_ptr<Connection>> connections;
    std::uint64_t lastId = 0;
};

Ceiling::Ceiling(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Ceiling::~Ceiling() = default;
std::uint16_t Ceiling::port() const {
    return impl_->listener->port();
}

Result<std::unique_ptr<Ceiling>> Ceiling::open(Loop& loop, std::uint16_t port, std::size_t valueBytes) {
    auto listener = Listener::open(loop, "127.0.0.1", port, -1, "port of the ceiling");
    if (!listener) return listener.error();
    return std::make_unique<Ceiling>(std::make_unique<Impl>(std::move(*listener), valueBytes));
}

} // namespace zk::net
