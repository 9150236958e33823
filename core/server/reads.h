// Reads: the requests that a server answers from its own tree, decoded and encoded in place.
// Rules: Apache's FinalRequestProcessor; protocol notes 2.3 and 2.4.
#pragma once

#include "tree/data_tree.h"
#include "tree/watches.h"

#include <functional>

namespace zk::server {

struct ReadContext {
    const tree::DataTree& tree;
    tree::Watches& watches;
    tree::WatcherId watcher; // who asks
    const std::vector<jute::Id>& identities;
};

// Is this an operation of the kind that read() answers?
bool isRead(jute::OpCode op);

// Appends the answer's body to `out`; what was appended counts for nothing where the result is an error.
jute::ErrorCode read(const ReadContext& context, jute::OpCode op, std::string_view body, std::string& out);

// setWatches: sets again what still waits; `tell` gets the events that the client missed, at once and in order.
jute::ErrorCode setWatches(const ReadContext& context, std::string_view body,
                           const std::function<void(jute::EventType, const std::string&)>& tell);

} // namespace zk::server
