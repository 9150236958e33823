// The words of ours against what Apache 3.8.0 servers answered (tests/vectors/words).
#include "admin/prometheus.h"
#include "admin/status.h"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <regex>

namespace zk::admin {
namespace {

const std::vector<std::string> kAll{"*"};

std::string theirs(const std::string& name) {
    std::ifstream file(std::string(VIV_TESTS_DIR) + "/vectors/words/" + name, std::ios::binary);
    EXPECT_TRUE(file) << name;
    return {std::istreambuf_iterator<char>(file), {}};
}

NodeStatus leader() {
    NodeStatus status;
    status.version = "3.8.0-${mvngit.commit.id}, built on 2024-12-29 17:54 UTC";
    status.state = trace::ServerState::Leading;
    status.serving = true;
    status.zxid = Zxid(1, 6);
    status.received = 7, status.sent = 6;
    status.maxLatencyMs = 5, status.avgLatencyMs = 3;
    status.znodes = 8;
    status.lastProposalSize = 98, status.minProposalSize = 48, status.maxProposalSize = 98;
    ConnectionStatus word{"127.0.0.1:57796", 0, 0, 0, 1, 0, "NA", 0, 0, 0, Zxid(), 0, 0, 0, 0, 1795231945000};
    ConnectionStatus client{
        "127.0.0.1:57756", 0x3000025c0f60000, 30000, 0, 4, 4,    "GETD",       1795231926975, 3,
        2931290,           Zxid(1, 6),        0,     0, 5, 3.25, 1795231965000};
    status.connections = {word, client};
    return status;
}

NodeStatus as(trace::ServerState state) {
    NodeStatus status = leader();
    status.state = state;
    return status;
}

std::set<std::string> keys(const std::map<std::string, std::string>& values) {
    std::set<std::string> names;
    for (const auto& [key, value] : values)
        names.insert(key);
    return names;
}

// What 3.9 has and 3.8.0 has not.
const std::set<std::string> kSince39{"zk_snapshot_error_count", "zk_snapshot_rate_limited_count",
                                     "zk_restore_error_count", "zk_restore_rate_limited_count"};
// Of one learner, or of one top-level znode: ours come with the traffic, and those of a learner's queue never.
bool isOfASet(const std::string& key) {
    return key.find("_learner_handler_qp_") != std::string::npos || key.ends_with("_per_namespace");
}

TEST(Words, MntrHasTheKeysOfALiveServer) {
    const std::pair<const char*, trace::ServerState> kinds[] = {
        {"leader", trace::ServerState::Leading},
        {"follower", trace::ServerState::Following},
        {"standalone", trace::ServerState::Standalone}};
    for (const auto& [name, state] : kinds) {
        std::set<std::string> expected = keys(parseMntr(theirs(std::string(name) + ".mntr")));
        std::erase_if(expected, isOfASet);
        EXPECT_GT(expected.size(), 450u);
        expected.insert(kSince39.begin(), kSince39.end());
        EXPECT_EQ(keys(parseMntr(answer("mntr", as(state), kAll))), expected) << name;
    }
}

TEST(Words, SrvrAndStatAreTheLivesToTheByte) {
    EXPECT_EQ(answer("srvr", leader(), kAll), theirs("leader.srvr"));
    NodeStatus status = leader();
    status.received = 8, status.sent = 7;
    EXPECT_EQ(answer("stat", status, kAll), theirs("leader.stat"));
    for (const auto& [name, state] : {std::pair{"follower", trace::ServerState::Following},
                                      std::pair{"standalone", trace::ServerState::Standalone}}) {
        EXPECT_EQ(keys(parseSrvr(answer("srvr", as(state), kAll))),
                  keys(parseSrvr(theirs(std::string(name) + ".srvr"))));
        EXPECT_EQ(parseSrvr(answer("srvr", as(state), kAll)).at("Mode"), name);
    }
}

TEST(Words, ConsIsTheLivesToTheByte) {
    NodeStatus status = leader();
    status.connections[0].address = "127.0.0.1:57812";
    EXPECT_EQ(answer("cons", status, kAll), theirs("leader.cons"));
}

TEST(Words, WchsIsTheLivesToTheByte) {
    NodeStatus status = leader();
    status.dataWatches = status.watchingConnections = status.watchedPaths = 1;
    EXPECT_EQ(answer("wchs", status, kAll), theirs("leader.wchs"));
}

TEST(Words, ConfCarriesTheMembershipAsIs) {
    NodeStatus status = leader();
    const std::string live = theirs("leader.conf");
    const std::size_t membership = live.find("membership: \n");
    status.configuration = {{"clientPort", "21113"}};
    status.ensembleText = live.substr(membership + 13);
    EXPECT_EQ(answer("conf", status, kAll), "clientPort=21113\n" + live.substr(membership));
}

TEST(Words, DumpIsTheLivesForALearner) {
    NodeStatus status = as(trace::ServerState::Following);
    status.connections[0].address = "127.0.0.1:33138";
    status.connections[1].address = "127.0.0.1:33034";
    status.connections[1].session = 0x1000025c0d60000;
    for (const SessionId session : {0x1000025c0d60000, 0x2000025c0d70000, 0x3000025c0f60000})
        status.sessionTimeouts[session] = 30000;
    status.ephemeralsBySession[0x2000025c0d70000] = {"/w-0000000001"};
    status.ephemeralsBySession[0x1000025c0d60000] = {"/w-0000000000"};
    status.ephemeralsBySession[0x3000025c0f60000] = {"/w-0000000002"};
    const auto lines = [](const std::string& text) {
        std::multiset<std::string> all;
        for (std::size_t start = 0; start < text.size();) {
            const std::size_t end = std::min(text.find('\n', start), text.size());
            all.insert(text.substr(start, end - start));
            start = end + 1;
        }
        return all;
    };
    EXPECT_EQ(lines(answer("dump", status, kAll)), lines(theirs("follower.dump")));
    status.state = trace::ServerState::Leading;
    status.startedWallMs = 1795231900000;
    status.sessionExpiries[57000] = {0x1000025c0d60000, 0x2000025c0d70000};
    EXPECT_TRUE(
        answer("dump", status, kAll)
            .starts_with("SessionTracker dump:\nSession Sets (1)/(2):\n2 expire at Sat Nov 21 03:32:37 UTC "
                         "2026:\n\t0x1000025c0d60000\n"));
}

TEST(Words, TheWhitelistDecides) {
    EXPECT_EQ(answer("mntr", leader(), {"srvr", "ruok"}),
              "mntr is not executed because it is not in the whitelist.\n");
    EXPECT_EQ(answer("ruok", leader(), {"srvr", "ruok"}), "imok");
    EXPECT_EQ(answer("ruok", leader(), {}), "ruok is not executed because it is not in the whitelist.\n");
    EXPECT_TRUE(isWord("wchp"));
    EXPECT_FALSE(isWord("quit"));
    EXPECT_TRUE(isWord(kTelnetClose));
    EXPECT_EQ(answer(kTelnetClose, leader(), {"srvr"}),
              "telnet close is not executed because it is not in the whitelist.\n");
    EXPECT_EQ(answer(kTelnetClose, leader(), kAll), "");
}

TEST(Words, TheRareOnesAreTheLivesToTheByte) {
    NodeStatus status = as(trace::ServerState::Standalone);
    status.traceMask = 306;
    status.watchesBySession[0x1000021d44e0000] = {"/a", "/b"};
    status.watchesByPath = {{"/a", {0x1000021d44e0000}}, {"/b", {0x1000021d44e0000}}};
    status.dataDirSize = status.logDirSize = 1049049;
    status.digests = {{Zxid(0x80), 5641171102}, {Zxid(0x100), 3378249883}};
    for (const char* word : {"wchc", "wchp", "dirs", "hash", "gtmk", "crst", "srst"})
        EXPECT_EQ(answer(word, status, kAll), theirs("standalone." + std::string(word))) << word;
    EXPECT_EQ(answer("stmk", status, kAll), "306");
    EXPECT_EQ(answer("wchc", as(trace::ServerState::Standalone), kAll), "\n");
}

TEST(Words, MntrPrintsEveryFigureOfASummary) {
    NodeStatus status = leader();
    for (int time = 1; time <= 100; ++time) status.summaries["readlatency"].add(time);
    status.summarySets["write_per_namespace"]["app"].add(9);
    const auto values = parseMntr(answer("mntr", status, kAll));
    EXPECT_EQ(values.at("zk_avg_readlatency"), "50.5");
    EXPECT_EQ(values.at("zk_min_readlatency"), "1");
    EXPECT_EQ(values.at("zk_max_readlatency"), "100");
    EXPECT_EQ(values.at("zk_cnt_readlatency"), "100");
    EXPECT_EQ(values.at("zk_sum_readlatency"), "5050");
    EXPECT_NEAR(std::stoi(values.at("zk_p50_readlatency")), 50, 3);
    EXPECT_NEAR(std::stoi(values.at("zk_p95_readlatency")), 95, 6);
    EXPECT_NEAR(std::stoi(values.at("zk_p999_readlatency")), 100, 6);
    EXPECT_EQ(values.at("zk_sum_app_write_per_namespace"), "9");
    EXPECT_FALSE(values.contains("zk_p50_app_write_per_namespace"));
    EXPECT_FALSE(values.contains("zk_p50_fsynctime"));
}

TEST(Words, QuotaRefusalsAreToldByTopLevelZnode) {
    NodeStatus status = leader();
    status.quotaRefusals = {{"a", 2}, {"app", 1}};
    const auto values = parseMntr(answer("mntr", status, kAll));
    EXPECT_EQ(values.at("zk_a_quota_exceeded_error_per_namespace"), "2");
    EXPECT_EQ(values.at("zk_app_quota_exceeded_error_per_namespace"), "1");
    const std::string text = prometheusText(status);
    EXPECT_NE(text.find("# TYPE quota_exceeded_error_per_namespace counter\n"
                        "quota_exceeded_error_per_namespace{key=\"a\",} 2.0\n"
                        "quota_exceeded_error_per_namespace{key=\"app\",} 1.0\n"),
              std::string::npos);
}

TEST(Words, AServerThatDoesNotServeSaysSo) {
    NodeStatus status = leader();
    status.serving = false;
    for (const char* word : {"srvr", "stat", "mntr", "conf", "cons", "wchs", "dump", "wchc", "wchp", "dirs", "hash", "crst", "srst"})
        EXPECT_EQ(answer(word, status, kAll), "This ZooKeeper instance is not currently serving requests\n")
            << word;
    EXPECT_EQ(answer("isro", status, kAll), "null");
    EXPECT_EQ(answer("ruok", status, kAll), "imok");
    status.serving = true;
    EXPECT_EQ(answer("isro", status, kAll), "rw");
    status.readOnly = true;
    EXPECT_EQ(answer("isro", status, kAll), "ro");
    EXPECT_EQ(parseSrvr(answer("srvr", status, kAll)).at("Mode"), "read-only");
}

TEST(Parsers, LeaveOutWhatIsNoLineOfTheirs) {
    EXPECT_TRUE(parseMntr("").empty());
    EXPECT_TRUE(parseMntr("This ZooKeeper instance is not currently serving requests\n").empty());
    EXPECT_EQ(parseMntr("zk_a\t1\r\nnoise\n\tx\nzk_b\t"),
              (std::map<std::string, std::string>{{"zk_a", "1"}, {"zk_b", ""}}));
    EXPECT_EQ(parseSrvr(theirs("leader.srvr")).at("Zxid"), "0x100000006");
}

} // namespace
} // namespace zk::admin
