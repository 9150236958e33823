// How a call of Client becomes a request whose answer is decoded: shared by session_calls.cpp and session_reads.cpp, of no
// use to others.
#pragma once

#include "client/session_machine.h"

namespace zk::client {

// The answer without a body.
struct Nothing {
    struct JuteRecord;
    static constexpr const char* kName = "Nothing";
    static void visit(const Nothing&, const auto&) {}
};

template <class Response, class Value, class Request, class Convert>
void SessionMachine::call(jute::OpCode op, const std::string& path, const Request& request, Callback<Value> done,
                          Convert convert) {
    Answer answer = [done = std::move(done),
                     convert = std::move(convert)](const Result<std::string_view>& body) {
        const auto tell = [&done](Result<Value> value) {
            if (done) done(std::move(value));
        };
        if (!body) return tell(body.error());
        auto response = jute::decode<Response>(*body);
        if (!response) return tell(response.error());
        tell(convert(std::move(*response)));
    };
    if (auto error = refusalOf(op)) return refuse(std::move(*error), std::move(answer));
    enqueue(op, path, jute::encode(request), std::move(answer));
}

} // namespace zk::client
