// The AdminServer's answers against those of Apache 3.8.0 (tests/vectors/admin).
#include "admin/commands.h"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

namespace zk::admin {
namespace {

std::string theirs(const std::string& name) {
    std::ifstream file(std::string(VIV_TESTS_DIR) + "/vectors/admin/" + name, std::ios::binary);
    EXPECT_TRUE(file) << name;
    return {std::istreambuf_iterator<char>(file), {}};
}

CommandRequest get(const std::string& name) { return {name, false, {}, {}, "127.0.0.1"}; }

NodeStatus standalone() {
    NodeStatus status;
    status.version = "3.8.0-${mvngit.commit.id}, built on 2024-12-29 17:54 UTC";
    status.state = trace::ServerState::Standalone;
    status.serving = true;
    status.configuration = {{"clientPort", "23900"}, {"dataDir", "/tmp/apz/alone/data/version-2"},
                            {"dataLogDir", "/tmp/apz/alone/data/version-2"}, {"tickTime", "500"},
                            {"maxClientCnxns", "60"}, {"minSessionTimeout", "1000"}, {"maxSessionTimeout", "10000"},
                            {"serverId", "0"}, {"clientPortListenBacklog", "-1"}};
    ConnectionStatus one;
    one.address = "127.0.0.1:58628";
    one.session = 72057739333730304;
    one.lastOperation = "NA";
    one.establishedMs = 1795244394414;
    one.timeoutMs = 10000;
    one.lastCxid = -1;
    one.lastZxid = Zxid(-1);
    status.connections = {one};
    status.dataDirSize = status.logDirSize = 1049049;
    for (std::int64_t at = 2230000; at <= 2233000; at += 500) status.sessionExpiries[at];
    status.sessionExpiries[2233500] = {one.session};
    status.ephemeralsBySession[one.session] = {"/a/e0000000000"};
    status.traceMask = 306;
    status.digests = {{Zxid(0x80), 5641171102}, {Zxid(0x100), 3378249883}};
    status.initialConfiguration = "tickTime=500\ninitLimit=20\nsyncLimit=8\ndataDir=/tmp/apz/alone/data\nclientPort=23900\n"
                                  "preAllocSize=1024\n4lw.commands.whitelist=*\nadmin.serverPort=23910\n";
    status.watchesBySession[one.session] = {"/a", "/b"};
    status.watchesByPath = {{"/a", {one.session}}, {"/b", {one.session}}};
    status.dataWatches = status.watchedPaths = 2;
    status.watchingConnections = 1;
    return status;
}

NodeStatus member(Sid sid, trace::ServerState state) {
    NodeStatus status = standalone();
    status.state = state;
    status.sid = sid;
    status.leader = 3;
    for (Sid one = 1; one <= 3; ++one)
        status.members.push_back({one, "127.0.0.1:2392" + std::to_string(one), "127.0.0.1:2393" + std::to_string(one),
                                  one == sid ? "127.0.0.1:2390" + std::to_string(one) : "", true});
    return status;
}

TEST(Commands, AreTheLivesToTheByte) {
    for (const char* name : {"configuration", "connections", "dirs", "dump", "get_trace_mask", "hash", "initial_configuration",
                             "is_read_only", "leader", "observers", "ruok", "voting_view", "watches", "watches_by_path",
                             "watch_summary", "zabstate", "set_trace_mask"}) {
        const CommandResponse response = answer(get(name), standalone());
        EXPECT_EQ(response.status, 200);
        EXPECT_EQ(response.json, theirs("standalone." + std::string(name) + ".json"));
    }
}

TEST(Commands, OfAMemberAreTheLivesToTheByte) {
    for (const auto& [kind, sid, state] : {std::tuple{"leader", Sid{3}, trace::ServerState::Leading},
                                           std::tuple{"follower", Sid{1}, trace::ServerState::Following}}) {
        NodeStatus status = member(sid, state);
        status.initialConfiguration.clear();
        for (const char* name : {"initial_configuration", "leader", "observers", "voting_view"})
            EXPECT_EQ(answer(get(name), status).json, theirs(std::string(kind) + "." + name + ".json"));
        const std::string expected = theirs(std::string(kind) + ".zabstate.json");
        const auto at = expected.find("0x1");
        status.zxid = Zxid(static_cast<std::int64_t>(std::stoull(expected.substr(at), nullptr, 16)));
        EXPECT_EQ(answer(get("zabstate"), status).json, expected);
    }
}

// Java orders the properties of a bean as its machine happens to: the lines are the same, in another order.
std::multiset<std::string> linesOf(const std::string& text) {
    std::multiset<std::string> lines;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        std::string line = text.substr(start, end - start);
        if (line.ends_with(',')) line.pop_back();
        lines.insert(line.substr(0, line.find(" : ")));
        start = end + 1;
    }
    return lines;
}

TEST(Commands, StatisticsHaveTheFieldsOfTheLives) {
    EXPECT_EQ(linesOf(answer(get("server_stats"), standalone()).json), linesOf(theirs("standalone.server_stats.json")));
    EXPECT_EQ(linesOf(answer(get("stats"), standalone()).json), linesOf(theirs("standalone.stats.json")));
    EXPECT_EQ(linesOf(answer(get("srvr"), member(3, trace::ServerState::Leading)).json),
              linesOf(theirs("leader.server_stats.json")));
    std::multiset<std::string> expected = linesOf(theirs("standalone.monitor.json"));
    std::multiset<std::string> ours = linesOf(answer(get("mntr"), standalone()).json);
    const auto ofASet = [](const std::string& line) { return line.find("_per_namespace") != std::string::npos; };
    std::erase_if(expected, ofASet);
    for (const char* since39 : {"  \"snapshot_error_count\"", "  \"snapshot_rate_limited_count\"",
                                "  \"restore_error_count\"", "  \"restore_rate_limited_count\""})
        expected.insert(since39);
    EXPECT_EQ(ours, expected);
}

TEST(Commands, HaveTheirAliases) {
    const std::pair<const char*, const char*> names[] = {
        {"crst", "connection_stat_reset"}, {"conf", "configuration"}, {"config", "configuration"}, {"cons", "connections"},
        {"env", "environment"}, {"envi", "environment"}, {"gtmk", "get_trace_mask"}, {"icfg", "initial_configuration"},
        {"isro", "is_read_only"}, {"lsnp", "last_snapshot"}, {"lead", "leader"}, {"mntr", "monitor"},
        {"orst", "observer_connection_stat_reset"}, {"obsr", "observers"}, {"rest", "restore"}, {"srvr", "server_stats"},
        {"stmk", "set_trace_mask"}, {"snap", "snapshot"}, {"stat", "stats"}, {"srst", "stat_reset"},
        {"sysp", "system_properties"}, {"wchc", "watches"}, {"wchp", "watches_by_path"}, {"wchs", "watch_summary"}};
    for (const auto& [alias, name] : names) {
        ASSERT_NE(findCommand(alias), nullptr) << alias;
        EXPECT_EQ(findCommand(alias)->names.front(), name);
    }
    EXPECT_EQ(commandRows().size(), 28U);
}

TEST(Commands, UnknownOnesAndAServerThatDoesNotServeAnswerWithASentence) {
    EXPECT_EQ(answer(get("nothing"), standalone()).json,
              "{\n  \"command\" : \"nothing\",\n  \"error\" : \"Unknown command: nothing\"\n}");
    NodeStatus status = standalone();
    status.serving = false;
    EXPECT_EQ(answer(get("ruok"), status).json, "{\n  \"command\" : \"ruok\",\n  \"error\" : "
                                                "\"This ZooKeeper instance is not currently serving requests\"\n}");
    EXPECT_EQ(answer(get("gtmk"), status).json, theirs("standalone.get_trace_mask.json"));
    const CommandResponse restore = answer(get("restore"), standalone());
    EXPECT_EQ(restore.status, 501);
    EXPECT_NE(restore.json.find("is not built"), std::string::npos);
}

TEST(Commands, SetTraceMaskAsksForANumber) {
    CommandRequest request = get("stmk");
    request.arguments["traceMask"] = "abc";
    EXPECT_EQ(answer(request, standalone()).json,
              "{\n  \"error\" : \"setTraceMask requires long traceMask argument, got abc\",\n"
              "  \"command\" : \"set_trace_mask\"\n}");
    request.arguments["traceMask"] = "7";
    EXPECT_EQ(traceMaskOf(request), 7);
}

TEST(Commands, TextIsEscapedAsJson) {
    NodeStatus status = standalone();
    status.initialConfiguration = "a\"b\\c\td\x01";
    EXPECT_NE(answer(get("icfg"), status).json.find("\"a\\\"b\\\\c\\td\\u0001\""), std::string::npos);
}

TEST(Commands, TheIndexPageIsTheLives) {
    std::string page = indexPage("/commands");
    for (const char* since39 : {"restore", "snapshot"}) {
        const std::string line =
            "<a href=\"/commands/" + std::string(since39) + "\">" + since39 + "</a>\n<br/>\n";
        ASSERT_NE(page.find(line), std::string::npos);
        page.erase(page.find(line), line.size());
    }
    EXPECT_EQ(page, theirs("index.html"));
}

} // namespace
} // namespace zk::admin
