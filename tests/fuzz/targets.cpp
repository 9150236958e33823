#include "targets.h"

namespace zk::fuzz {

// One a line, the name first and then the vectors: CMakeLists.txt and the script `run` read them from here.
const std::vector<Target>& targets() {
    static const std::vector<Target> all = {
        {"client_request", clientRequest},
        {"client_reply", clientReply},
        {"connect", connect},
        {"multi", multi},
        {"txn", txn},
        {"quorum_packet", quorumPacket},
        {"election_message", electionMessage},
        {"election_handshake", electionHandshake},
        {"txn_log", txnLog, {"log."}, 8},
        {"snapshot_file", snapshotFile, {"snapshot."}},
        {"compressed_snapshot", compressedSnapshot, {"snapshot.2."}},
        {"epoch_file", epochFile},
        {"snapshot_body", snapshotBody, {"snapshot."}, 4},
        {"tree_apply", treeApply, {"log."}, 16},
        {"access_control", accessControl},
        {"zoo_cfg", zooCfg, {".conf"}},
        {"monitor_words", monitorWords, {"standalone.", "leader.", "follower."}, 16},
        {"connect_string", connectString},
        {"session", session},
        {"leader", leader},
        {"learner", learner},
        {"data_directory", dataDirectory, {"log.", "snapshot."}, 32},
        {"node_client", nodeClient, {}, 4},
        {"node_quorum", nodeQuorum, {}, 4},
        {"node_election", nodeElection, {}, 2},
    };
    return all;
}

} // namespace zk::fuzz
