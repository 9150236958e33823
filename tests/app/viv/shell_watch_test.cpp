// The shell's commands about watches, the session, and the ensemble's configuration.
#include "bench.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace zk::viv {

namespace {

constexpr const char* kConfig = "server.1=127.0.0.1:2888:3888:participant;127.0.0.1:2181\n"
                                "server.2=127.0.0.1:2889:3889:participant;127.0.0.1:2182\n"
                                "version=100000000";

struct Reconfigured {
    Buffer joining, leaving, members;
    std::int64_t version = 0;
};
Reconfigured decoded(const std::string& body) {
    jute::Reader in(body);
    Reconfigured found;
    for (Buffer* each : {&found.joining, &found.leaving, &found.members})
        if (const auto bytes = in.buffer()) *each = std::string(*bytes);
    found.version = in.i64();
    EXPECT_TRUE(in.ok());
    EXPECT_EQ(in.left(), 0u);
    return found;
}

} // namespace

TEST(ShellWatch, PersistentWatchesAreAddedAndRemoved) {
    Bench bench;
    EXPECT_EQ(bench.run({"addWatch", "/a"}).status, kStatusOk);
    EXPECT_EQ(bench.run({"addWatch", "-m", "PERSISTENT", "/a"}).out, "");
    EXPECT_EQ(bench.run({"addWatch", "-m", "FOO", "/a"}).status, kStatusUsage);
    bench.client.watchers.at("/a")({jute::EventType::DataChanged, "/a"});
    EXPECT_EQ(bench.events, Words{"/a"});
    EXPECT_EQ(bench.run({"removewatches", "/a", "-d", "-l"}).status, kStatusOk);
    const Outcome none = bench.run({"removewatches", "/a"});
    EXPECT_EQ(none.status, kStatusFailed);
    EXPECT_TRUE(none.err.starts_with("KeeperErrorCode = No such watcher for /a")) << none.err;
    (void)bench.run({"removewatches", "-c", "/a"});
    EXPECT_EQ(bench.client.log, (Words{"addWatch /a 1", "addWatch /a 0", "removeWatches /a 2 local",
                                       "removeWatches /a 3", "removeWatches /a 1"}));
    bench.json = true;
    EXPECT_EQ(bench.run({"addWatch", "/a"}).out, "{\"path\":\"/a\",\"mode\":\"PERSISTENT_RECURSIVE\"}\n");
    EXPECT_EQ(bench.run({"removewatches", "/a"}).out, "{\"path\":\"/a\",\"removed\":\"any\"}\n");
    EXPECT_TRUE(bench.run({"removewatches", "/a"}).out.starts_with("{\"error\":\"NoWatcher\""));
}

TEST(ShellWatch, WhatTheServerKnowsOfTheSession) {
    Bench bench;
    bench.add({"/a", "/a/b", "/ab"});
    EXPECT_EQ(bench.run({"getEphemerals"}).out, "[/e1, /e2]\n");
    EXPECT_EQ(bench.run({"getEphemerals", "/x"}).out, "[/xe1, /xe2]\n");
    EXPECT_EQ(bench.run({"getAllChildrenNumber", "/"}).out, "5\n");
    EXPECT_EQ(bench.run({"getAllChildrenNumber", "/a"}).out, "1\n");
    EXPECT_EQ(bench.run({"getAllChildrenNumber", "/zz"}).err, "Node does not exist: /zz\n");
    EXPECT_EQ(bench.run({"whoami"}).out, "Auth scheme: User\nip: 127.0.0.1\ndigest: ann\n");
    EXPECT_TRUE(bench.run({"version"}).out.find(VIV_VERSION) != std::string::npos);
    bench.json = true;
    EXPECT_EQ(bench.run({"whoami"}).out, "{\"identities\":[{\"scheme\":\"ip\",\"user\":\"127.0.0.1\"},"
                                         "{\"scheme\":\"digest\",\"user\":\"ann\"}]}\n");
    EXPECT_EQ(bench.run({"getAllChildrenNumber", "/a"}).out, "{\"path\":\"/a\",\"number\":1}\n");
    EXPECT_EQ(bench.run({"getEphemerals", "/"}).out, "{\"ephemerals\":[\"/e2\",\"/e1\"]}\n");
}

TEST(ShellConfig, IsPrintedWholeOrForClients) {
    Bench bench;
    bench.client.answer = jute::encode(jute::GetDataResponse{kConfig, {}});
    EXPECT_EQ(bench.run({"config"}).out, std::string(kConfig) + "\n");
    EXPECT_EQ(bench.run({"config", "-c"}).out, "100000000 127.0.0.1:2181,127.0.0.1:2182\n");
    EXPECT_NE(bench.run({"config", "-s"}).out.find("\ncZxid = 0x0\n"), std::string::npos);
    EXPECT_EQ(jute::decode<jute::ReadRequest>(bench.client.lastBody)->path, "/zookeeper/config");
    bench.add({"/zookeeper/config"});
    bench.client.znodes["/zookeeper/config"].data = "version=0";
    EXPECT_EQ(bench.run({"config", "-w"}).out, "version=0\n");
    EXPECT_TRUE(bench.client.watchers.contains("/zookeeper/config"));
    bench.json = true;
    EXPECT_TRUE(bench.run({"config", "-c"}).out.starts_with("{\"config\":\"100000000 127.0.0.1:2181,"));
}

TEST(ShellConfig, ReconfigSaysWhatIsAskedAndShowsTheServersError) {
    Bench bench;
    const Outcome disabled = bench.run({"reconfig", "-remove", "3", "-add", "server.4=h:1:2;3", "-v", "1f"});
    EXPECT_EQ(disabled.status, kStatusFailed);
    EXPECT_TRUE(disabled.err.starts_with("KeeperErrorCode = Reconfig is disabled")) << disabled.err;
    EXPECT_EQ(bench.client.log, Words{"request reconfig"});
    const Reconfigured asked = decoded(bench.client.lastBody);
    EXPECT_EQ(asked.joining, "server.4=h:1:2;3");
    EXPECT_EQ(asked.leaving, "3");
    EXPECT_EQ(asked.members, std::nullopt);
    EXPECT_EQ(asked.version, 0x1f);
    bench.client.answer = jute::encode(jute::GetDataResponse{kConfig, {}});
    EXPECT_EQ(bench.run({"reconfig", "-members", "server.1=h:1:2;3"}).out,
              "Committed new configuration:\n" + std::string(kConfig) + "\n");
    EXPECT_EQ(decoded(bench.client.lastBody).members, "server.1=h:1:2;3");
    EXPECT_EQ(decoded(bench.client.lastBody).version, -1);
}

TEST(ShellConfig, ReconfigTakesTheMembersFromAFile) {
    Bench bench;
    const auto file = std::filesystem::temp_directory_path() / ("viv-members-" + std::to_string(::getpid()));
    std::ofstream(file) << "# ours\nserver.1=a:1:2;3\r\nserver.2=b:1:2;3\n\nversion=7\n";
    (void)bench.run({"reconfig", "-file", file.string()});
    EXPECT_EQ(decoded(bench.client.lastBody).members, "server.1=a:1:2;3,server.2=b:1:2;3");
    std::ofstream(file) << "nothing\n";
    EXPECT_EQ(bench.run({"reconfig", "-file", file.string()}).status, kStatusUsage);
    std::filesystem::remove(file);
    EXPECT_EQ(bench.run({"reconfig", "-file", file.string()}).status, kStatusUsage);
}

TEST(ShellConfig, WhatReconfigCannotMeanAsksNoServer) {
    Bench bench;
    for (const Words& words :
         {Words{"reconfig"}, Words{"reconfig", "-s"}, Words{"reconfig", "-add", "x", "-members", "y"},
          Words{"reconfig", "-file", "x", "-members", "y"}, Words{"reconfig", "-remove", "1", "-v", "xyz"}}) {
        const Outcome outcome = bench.run(words);
        EXPECT_EQ(outcome.status, kStatusUsage);
        EXPECT_NE(outcome.err.find("reconfig [-s]"), std::string::npos) << outcome.err;
    }
    EXPECT_TRUE(bench.client.log.empty());
}

} // namespace zk::viv
