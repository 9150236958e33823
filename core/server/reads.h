// Reads: the requests that a server answers from its own tree and its own table of watches, decoded and encoded in
// place. Rules: Apache's FinalRequestProcessor of 3.9; protocol notes 2.3 and 2.4.
#pragma once

#include "tree/data_tree.h"
#include "tree/watches.h"

#include <functional>

namespace zk::server {

struct ReadContext {
    const tree::DataTree& tree;
    tree::Watches& watches;
    tree::WatcherId watcher; // who asks: the connection
    SessionId session;       // and its session
    const std::vector<jute::Id>& identities;
    bool skipAcl = false; // everybody may do everything
    const tree::Znode** listed = nullptr; // null: children are listed in one go, however many they are
};

// The answer to a multiRead may grow to this size; one that would be larger is refused with MarshallingError.
inline constexpr std::size_t kMultiReadMax = 64 * 1024 * 1024;

// Is this an operation of the kind that read() answers?
bool isRead(jute::OpCode op);

// A znode with more children than these is not listed in one go, so that no other session waits for it.
inline constexpr std::size_t kListedAtOnce = 5000;

// Appends the answer's body to `out`. Beside an error the body counts only for a multiRead, for which Apache sends it;
// else what was appended counts for nothing. A getChildren of too many appends nothing and sets context.listed to the znode:
// its children are to follow piece by piece.
jute::ErrorCode read(const ReadContext& context, jute::OpCode op, std::string_view body, std::string& out);

// addWatch, checkWatches and removeWatches: those of the reads that are about watches alone.
jute::ErrorCode watchRequest(const ReadContext& context, jute::OpCode op, std::string_view body, std::string& out);

// setWatches and setWatches2: sets again what still waits; `tell` gets the events that the client missed, at once and
// in order.
jute::ErrorCode setWatches(const ReadContext& context, jute::OpCode op, std::string_view body,
                           const std::function<void(jute::EventType, const std::string&)>& tell);

} // namespace zk::server
