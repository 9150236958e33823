#include "client/multi_reply.h"

namespace zk::client {

using jute::OpCode;

namespace {

void readPart(jute::Reader& in, OpCode type, OpOutcome& outcome) {
    switch (type) {
    case OpCode::Create: outcome.path = in.ustring(); break;
    case OpCode::Create2:
    case OpCode::CreateContainer:
    case OpCode::CreateTtl:
        outcome.path = in.ustring();
        read(in, outcome.stat);
        break;
    case OpCode::SetData: read(in, outcome.stat); break;
    case OpCode::Delete:
    case OpCode::Check: break;
    default: in.fail();
    }
}

void readPart(jute::Reader& in, OpCode type, ReadOutcome& outcome) {
    switch (type) {
    case OpCode::GetData:
        read(in, outcome.data.bytes);
        read(in, outcome.data.stat);
        break;
    case OpCode::GetChildren: read(in, outcome.names); break;
    default: in.fail();
    }
}

template <class Outcome>
Result<std::vector<Outcome>> decodeReply(std::string_view bytes, std::size_t expected, const char* what) {
    jute::Reader in(bytes);
    std::vector<Outcome> outcomes;
    for (;;) {
        jute::MultiHeader header;
        read(in, header);
        if (!in.ok()) return jute::malformed(what, in.offset());
        if (header.done) break;
        Outcome& outcome = outcomes.emplace_back();
        const auto type = static_cast<OpCode>(header.type);
        if (type == OpCode::Error) outcome.err = static_cast<jute::ErrorCode>(in.i32());
        else readPart(in, type, outcome);
    }
    if (outcomes.size() != expected) return jute::malformed(what, in.offset());
    return outcomes;
}

} // namespace

Result<std::vector<OpOutcome>> decodeMultiReply(std::string_view bytes, std::size_t expected) {
    return decodeReply<OpOutcome>(bytes, expected, "the answer to a multi");
}

Result<std::vector<ReadOutcome>> decodeMultiReadReply(std::string_view bytes, std::size_t expected) {
    return decodeReply<ReadOutcome>(bytes, expected, "the answer to a multiRead");
}

} // namespace zk::client
