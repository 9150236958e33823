#include "client/multi_reply.h"

namespace zk::client {

Result<std::vector<OpOutcome>> decodeMultiReply(std::string_view bytes, std::size_t expected) {
    using jute::OpCode;
    jute::Reader in(bytes);
    std::vector<OpOutcome> outcomes;
    for (;;) {
        jute::MultiHeader header;
        read(in, header);
        if (!in.ok()) return jute::malformed("the answer to a multi", in.offset());
        if (header.done) break;
        OpOutcome& outcome = outcomes.emplace_back();
        switch (static_cast<OpCode>(header.type)) {
        case OpCode::Error: outcome.err = static_cast<jute::ErrorCode>(in.i32()); break;
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
    if (outcomes.size() != expected) return jute::malformed("the answer to a multi", in.offset());
    return outcomes;
}

} // namespace zk::client
