// The decoders of the project, each as a function that any bytes may be given to: it must neither crash nor read or
// allocate out of bounds, nor break a promise that a header makes. libFuzzer drives them (preset fuzz), and fuzz_test
// replays their corpora in every build.
//
// A target is total and deterministic: what it does follows from its bytes alone. The functions stand in NAME_targets.cpp,
// a file a module or two; targets.cpp lists them.
#pragma once

#include <string_view>
#include <vector>

namespace zk::fuzz {

struct Target {
    const char* name; // its corpus stands in tests/fuzz/corpus/NAME, a file an input
    void (*run)(std::string_view bytes);
    // Files of tests/vectors that belong to the corpus too: how their names begin or, from a ".", end.
    std::vector<std::string_view> vectors = {};
    // fuzz_test cuts and turns over every byte; of a target whose run is long, one in so many.
    std::size_t stride = 1;
};

const std::vector<Target>& targets();

// jute
void clientRequest(std::string_view bytes);
void clientReply(std::string_view bytes);
void connect(std::string_view bytes);
void multi(std::string_view bytes);
void txn(std::string_view bytes);
void quorumPacket(std::string_view bytes);
// election
void electionMessage(std::string_view bytes);
void electionHandshake(std::string_view bytes);
// storage, tree
void txnLog(std::string_view bytes);
void snapshotFile(std::string_view bytes);
void compressedSnapshot(std::string_view bytes);
void epochFile(std::string_view bytes);
void snapshotBody(std::string_view bytes);
void treeApply(std::string_view bytes);
void accessControl(std::string_view bytes);
// config, admin, client
void zooCfg(std::string_view bytes);
void monitorWords(std::string_view bytes);
void connectString(std::string_view bytes);
void session(std::string_view bytes);
// zab
void leader(std::string_view bytes);
void learner(std::string_view bytes);
// server
void dataDirectory(std::string_view bytes);
void nodeClient(std::string_view bytes);
void nodeQuorum(std::string_view bytes);
void nodeElection(std::string_view bytes);

} // namespace zk::fuzz
