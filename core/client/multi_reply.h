// The answers to a multi and to a multiRead: one outcome for each operation, in their order.
#pragma once

#include "client/client.h"

namespace zk::client {

// Errors: Errc::Malformed, also where the server answers another number of operations than `expected`.
Result<std::vector<OpOutcome>> decodeMultiReply(std::string_view bytes, std::size_t expected);
Result<std::vector<ReadOutcome>> decodeMultiReadReply(std::string_view bytes, std::size_t expected);

} // namespace zk::client
