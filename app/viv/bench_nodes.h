// viv bench nodes: very many znodes below one parent: how long they take to make, what they cost, and what
// listing them costs others.
#pragma once

#include "net/load_nodes.h"

#include <string>

namespace zk::viv {

struct BenchNodes {
    net::NodeLoadOptions load;
    int pid = 0; // of the server, where its memory is to be told; 0: not
    bool keep = false, json = false;
};

int runBenchNodes(const BenchNodes& bench);

} // namespace zk::viv
