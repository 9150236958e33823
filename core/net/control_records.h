// What an ensemble's control port says: jute records in frames of an int length and that many bytes, over loopback. Who
// connects says Hello with the token of ensemble.json and is answered with the View, or the connection closes.
#pragma once

#include "ensemble/ensemble.h"

namespace zk::net {

inline constexpr std::int32_t kControlVersion = 1;
inline constexpr std::size_t kControlFrameLimit = 4 * 1024 * 1024;

struct ControlHello {
    std::int32_t version = kControlVersion;
    std::string token;
    ZK_FIELDS(ControlHello, version, token);
};

enum class ControlOp : std::int32_t { Act = 1, ActOnAll = 2, AddServer = 3, Status = 4, Transactions = 5, ShutDown = 6 };

struct ControlRequest {
    std::int64_t id = 0; // chosen by who asks; comes back in the answer
    std::int32_t op = 0, verb = 0;
    Sid sid = 0;
    bool flag = false; // of AddServer: an observer; of Transactions: on
    ZK_FIELDS(ControlRequest, id, op, verb, sid, flag);
};

enum class ControlWhat : std::int32_t { Answer = 1, View = 2, Event = 3 };

struct ControlMessage {
    std::int32_t what = 0;
    std::int64_t id = 0;     // of an Answer
    std::string text;        // of an Answer: what is wrong, or empty
    std::string body;        // a View, an Event, or the status that an Answer carries
    ZK_FIELDS(ControlMessage, what, id, text, body);
};

std::string encodeView(const ensemble::EnsembleView& view);
Result<ensemble::EnsembleView> decodeView(std::string_view bytes);
std::string encodeStatus(const admin::NodeStatus& status);
Result<admin::NodeStatus> decodeStatus(std::string_view bytes);

// Appends the record to `out` as a frame.
template <class Record>
void appendFrame(std::string& out, const Record& record) {
    jute::Writer(out).bytes(jute::encode(record));
}
// The payload of the first frame of `stream` from `at` on, which moves behind it; null where it is not whole. Errors:
// Errc::Malformed for a length that no frame has.
Result<std::optional<std::string_view>> takeFrame(std::string_view stream, std::size_t& at);

} // namespace zk::net
