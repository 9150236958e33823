#include "server/replies.h"

namespace zk::server {

using jute::ErrorCode;
using jute::OpCode;

namespace {

constexpr std::size_t kLength = 4, kHeader = 16, kErrOffset = kLength + 12;

void writePart(jute::Writer& out, const tree::OpResult& part) {
    const bool failed = part.type == OpCode::Error;
    // Whatever was created and is answered with its stat, is answered as a create2.
    const bool withStat = part.type == OpCode::CreateContainer || part.type == OpCode::CreateTtl;
    jute::write(out, jute::MultiHeader{static_cast<std::int32_t>(withStat ? OpCode::Create2 : part.type), false,
                                       failed ? static_cast<std::int32_t>(part.err) : 0});
    switch (part.type) {
    case OpCode::Create: out.bytes(part.path); break;
    case OpCode::Create2:
    case OpCode::CreateContainer:
    case OpCode::CreateTtl:
        out.bytes(part.path);
        jute::write(out, part.stat);
        break;
    case OpCode::SetData: jute::write(out, part.stat); break;
    case OpCode::Error: out.i32(static_cast<std::int32_t>(part.err)); break;
    default: break;
    }
}

} // namespace

Reply::Reply(std::string& out, std::int32_t xid, Zxid zxid, ErrorCode err) : out_(out), start_(out.size()) {
    char head[kLength + kHeader];
    storeBigEndian(head, std::int32_t{0});
    storeBigEndian(head + kLength, xid);
    storeBigEndian(head + kLength + 4, zxid.value);
    storeBigEndian(head + kErrOffset, static_cast<std::int32_t>(err));
    out_.append(head, sizeof head);
}

void Reply::fail(ErrorCode err, bool keepBody) {
    if (!keepBody) out_.resize(start_ + kLength + kHeader);
    storeBigEndian(out_.data() + start_ + kErrOffset, static_cast<std::int32_t>(err));
}

std::size_t Reply::finish(std::size_t more) {
    const std::size_t size = out_.size() - start_ - kLength + more;
    storeBigEndian(out_.data() + start_, static_cast<std::int32_t>(size));
    return size;
}

void writeResult(jute::Writer& out, const tree::Applied& applied) {
    const tree::OpResult& result = applied.result;
    switch (result.type) {
    case OpCode::Create: out.bytes(result.path); break;
    case OpCode::Create2:
    case OpCode::CreateContainer:
    case OpCode::CreateTtl:
        out.bytes(result.path);
        jute::write(out, result.stat);
        break;
    case OpCode::SetData:
    case OpCode::SetAcl: jute::write(out, result.stat); break;
    case OpCode::Multi:
        for (const tree::OpResult& part : applied.parts) writePart(out, part);
        jute::write(out, jute::MultiHeader{-1, true, -1});
        break;
    default: break;
    }
}

ErrorCode headerError(const tree::Applied& applied) {
    if (applied.result.type != OpCode::Multi) return applied.result.err;
    // A failed multi tells its errors part by part; only a moved session fails it as a whole.
    for (const tree::OpResult& part : applied.parts)
        if (part.err == ErrorCode::SessionMoved) return ErrorCode::SessionMoved;
    return ErrorCode::Ok;
}

void writeNotification(std::string& out, jute::EventType type, std::string_view path, Zxid zxid) {
    Reply frame(out, jute::kXidNotification, zxid);
    jute::Writer writer(out);
    writer.i32(static_cast<std::int32_t>(type));
    writer.i32(static_cast<std::int32_t>(jute::KeeperState::SyncConnected));
    writer.bytes(path);
    frame.finish();
}

void writeConnectResponse(std::string& out, const jute::ConnectResponse& response) {
    jute::Writer(out).bytes(jute::encode(response));
}

} // namespace zk::server
