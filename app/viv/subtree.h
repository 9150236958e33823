// Whole subtrees over a Client: listed, and deleted from below, with a limited number of requests under way.
#pragma once

#include "client/client.h"

namespace zk::viv {

// `path` and everything below it, each parent before its children, children in order. What disappears
// meanwhile is left out; a missing `path` itself is the error NoNode.
void listSubtree(client::Client& client, std::string path, client::Callback<std::vector<std::string>> done);

// Deletes `path` and everything below it; of "/" only what is below, and never /zookeeper. Gives the number
// of znodes that were deleted. So many requests are under way at a time. Stops at the first refusal.
// Precondition: window > 0.
void deleteSubtree(client::Client& client, std::string path, std::size_t window, client::Callback<std::size_t> done);

} // namespace zk::viv
