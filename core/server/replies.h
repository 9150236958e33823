// Replies: answers in wire form, written straight into a connection's output. A frame's length is patched in last.
// Rules: protocol notes 2.2 and 2.3.
#pragma once

#include "tree/data_tree.h"

namespace zk::server {

// One reply that is being written at the end of `out`: header first, then whatever body the caller appends.
class Reply {
  public:
    Reply(std::string& out, std::int32_t xid, Zxid zxid, jute::ErrorCode err = jute::ErrorCode::Ok);
    Reply(const Reply&) = delete;
    Reply& operator=(const Reply&) = delete;

    // Makes it the answer of a failed request: no body, as a rule.
    void fail(jute::ErrorCode err, bool keepBody = false);
    // Patches the length; how many bytes the payload has. `more`: bytes of the body that are still to follow.
    std::size_t finish(std::size_t more = 0);

  private:
    std::string& out_;
    std::size_t start_;
};

// The body of a write's answer, from what applying the transaction gave. Precondition: it did not fail.
void writeResult(jute::Writer& out, const tree::Applied& applied);
// The error that stands in the header of that answer.
jute::ErrorCode headerError(const tree::Applied& applied);

void writeNotification(std::string& out, jute::EventType type, std::string_view path, Zxid zxid);
void writeConnectResponse(std::string& out, const jute::ConnectResponse& response);

} // namespace zk::server
