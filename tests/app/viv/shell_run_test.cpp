#include "shell_run.h"

#include "bench.h"

#include <gtest/gtest.h>

namespace zk::viv {

TEST(ShellRun, CreateInItsFourModes) {
    Bench bench;
    EXPECT_EQ(bench.run({"create", "/a", "x"}).out, "Created /a\n");
    EXPECT_EQ(bench.run({"create", "-e", "/b"}).out, "Created /b\n");
    EXPECT_EQ(bench.run({"create", "-s", "/c"}).out, "Created /c0000000007\n");
    EXPECT_EQ(bench.run({"create", "-s", "-e", "/a/"}).status, kStatusOk);
    EXPECT_EQ(bench.client.log,
              (Words{"create /a 0", "create /b 1", "create /c0000000007 2", "create /a/0000000007 3"}));
    EXPECT_EQ(bench.client.znodes["/a"].data, "x");
    EXPECT_EQ(bench.client.znodes["/b"].data, std::nullopt);
    EXPECT_EQ(bench.client.znodes["/b"].acl, jute::openAcl());
    EXPECT_EQ(bench.run({"create", "/d", "x", "world:anyone:r"}).status, kStatusOk);
    EXPECT_EQ(bench.client.znodes["/d"].acl[0].perms, jute::kPermRead);
}

TEST(ShellRun, CreateContainersAndZnodesWithALifetime) {
    Bench bench;
    EXPECT_EQ(bench.run({"create", "-c", "/c"}).out, "Created /c\n");
    EXPECT_EQ(bench.run({"create", "-t", "5000", "/t", "x"}).out, "Created /t\n");
    EXPECT_EQ(bench.run({"create", "-s", "-t", "5000", "/t-"}).out, "Created /t-0000000007\n");
    for (const Words& words : {Words{"create", "-c", "-s", "/x"}, Words{"create", "-c", "-e", "/x"},
                               Words{"create", "-t", "5", "-e", "/x"}, Words{"create", "-t", "5", "-c", "/x"}}) {
        const Outcome outcome = bench.run(words);
        EXPECT_EQ(outcome.status, kStatusUsage);
        EXPECT_FALSE(outcome.err.empty());
    }
    EXPECT_EQ(bench.client.log, (Words{"create /c 4", "ttl 5000", "create /t 5", "ttl 5000",
                                       "create /t-0000000007 6"}));
}

TEST(ShellRun, DataAsBase64AndAsAHexDump) {
    Bench bench;
    const std::string bytes("a\0\xff", 3);
    EXPECT_EQ(bench.run({"create", "/b"}).status, kStatusOk);
    EXPECT_EQ(bench.run({"set", "-b", "/b", "YQD/"}).status, kStatusOk);
    EXPECT_EQ(bench.client.znodes["/b"].data, bytes);
    EXPECT_EQ(bench.run({"get", "-b", "/b"}).out, "YQD/\n");
    EXPECT_NE(bench.run({"get", "-x", "/b"}).out.find("|00000000| 61 00 ff"), std::string::npos);
    EXPECT_NE(bench.run({"get", "-x", "/b"}).out.find("|a..             |"), std::string::npos);
    for (const char* text : {"YQD", "YQ=/", "Y?D/"})
        EXPECT_EQ(bench.run({"set", "-b", "/b", text}).status, kStatusUsage) << text;
    for (const char* text : {"", "YQ==", "YWI=", "YWJj"}) {
        EXPECT_EQ(bench.run({"set", "-b", "/b", text}).status, kStatusOk) << text;
        EXPECT_EQ(bench.run({"get", "-b", "/b"}).out, std::string(text) + "\n");
    }
}

TEST(ShellRun, AnAclForAWholeSubtree) {
    Bench bench;
    bench.add({"/a", "/a/b", "/a/b/c", "/d"});
    EXPECT_EQ(bench.run({"setAcl", "-R", "/a", "world:anyone:r"}).status, kStatusOk);
    EXPECT_EQ(bench.client.log, (Words{"setAcl /a", "setAcl /a/b", "setAcl /a/b/c"}));
    const std::string stats = bench.run({"setAcl", "-R", "-s", "/a", "world:anyone:r"}).out;
    EXPECT_TRUE(stats.starts_with("cZxid"));
    EXPECT_NE(stats.rfind("cZxid"), 0u);
    bench.client.refusals["/a/b"] = jute::ErrorCode::NoAuth;
    EXPECT_EQ(bench.run({"setAcl", "-R", "/a", "world:anyone:r"}).status, kStatusFailed);
}

TEST(ShellRun, ARefusalIsAStatusAndASentence) {
    Bench bench;
    bench.add({"/a", "/a/b"});
    const std::pair<Words, std::string> cases[] = {
        {{"create", "/a"}, "Node already exists: /a\n"},
        {{"create", "/no/x"}, "Node does not exist: /no/x\n"},
        {{"get", "/zz"}, "Node does not exist: /zz\n"},
        {{"ls", "/zz"}, "Node does not exist: /zz\n"},
        {{"ls", "-R", "/zz"}, "Node does not exist: /zz\n"},
        {{"stat", "/zz"}, "Node does not exist: /zz\n"},
        {{"deleteall", "/zz"}, "Node does not exist: /zz\n"},
        {{"delete", "/a"}, "Node not empty: /a\n"},
        {{"set", "-v", "5", "/a", "x"}, "version No is not valid : /a\n"},
    };
    for (const auto& [words, sentence] : cases) {
        const Outcome outcome = bench.run(words);
        EXPECT_EQ(outcome.status, kStatusFailed);
        EXPECT_EQ(outcome.err, sentence);
        EXPECT_EQ(outcome.out, "");
    }
}

TEST(ShellRun, ABadPathOrAclIsUsageAndAsksNoServer) {
    Bench bench;
    for (const Words& words :
         {Words{"create", "a"}, Words{"ls", "/a/"}, Words{"get", "/a//b"}, Words{"create", "/."},
          Words{"create", "/x", "d", "nonsense"}, Words{"setAcl", "/", "world:anyone:q"}}) {
        const Outcome outcome = bench.run(words);
        EXPECT_EQ(outcome.status, kStatusUsage) << words[1];
        EXPECT_FALSE(outcome.err.empty());
    }
    EXPECT_TRUE(bench.client.log.empty());
}

TEST(ShellRun, ReadsPrintWhatZkCliPrints) {
    Bench bench;
    bench.add({"/a", "/a/y", "/a/x"});
    bench.client.znodes["/a"].data = "hello";
    EXPECT_EQ(bench.run({"get", "/a"}).out, "hello\n");
    EXPECT_EQ(bench.run({"get", "/a/x"}).out, "null\n");
    EXPECT_TRUE(bench.run({"get", "-s", "/a"}).out.starts_with("hello\ncZxid = 0x0\n"));
    EXPECT_EQ(bench.run({"ls", "/a"}).out, "[x, y]\n");
    EXPECT_TRUE(bench.run({"ls", "-s", "/a"}).out.starts_with("[x, y]\ncZxid = 0x0\n"));
    EXPECT_TRUE(bench.run({"stat", "/a"}).out.starts_with("cZxid = 0x0\n"));
    EXPECT_EQ(bench.run({"set", "/a", "new"}).out, "");
    EXPECT_TRUE(bench.run({"set", "-s", "/a", "new"}).out.starts_with("cZxid"));
    EXPECT_EQ(bench.run({"sync", "/a"}).out, "Sync is OK\n");
    EXPECT_EQ(bench.run({"setAcl", "/a", "ip:127.0.0.1:r"}).status, kStatusOk);
    EXPECT_EQ(bench.run({"getAcl", "/a"}).out, "'ip,'127.0.0.1\n: r\n");
    EXPECT_EQ(bench.run({"addauth", "digest", "u:p"}).status, kStatusOk);
    EXPECT_EQ(bench.client.authenticated, Words{"digest u:p"});
}

TEST(ShellRun, ListingASubtreeGoesDownBeforeItGoesOn) {
    Bench bench;
    bench.add({"/a", "/a-b", "/a/b", "/a/b/c", "/a/c"});
    EXPECT_EQ(bench.run({"ls", "-R", "/"}).out,
              "/\n/a\n/a/b\n/a/b/c\n/a/c\n/a-b\n/zookeeper\n/zookeeper/quota\n");
}

TEST(ShellRun, DeleteAllGoesFromBelow) {
    Bench bench;
    bench.add({"/a", "/a/b", "/a/b/c", "/a/d", "/k"});
    EXPECT_EQ(bench.run({"deleteall", "/a"}).status, kStatusOk);
    EXPECT_EQ(bench.client.log,
              (Words{"delete /a/d -1", "delete /a/b/c -1", "delete /a/b -1", "delete /a -1"}));
    EXPECT_EQ(bench.run({"deleteall", "/"}).status, kStatusOk);
    EXPECT_EQ(bench.client.childrenOf("/"), Words{"zookeeper"});
}

TEST(ShellRun, DeleteAllStopsAtARefusal) {
    Bench bench;
    bench.add({"/a", "/a/b"});
    bench.client.refusals["/a"] = jute::ErrorCode::NoAuth;
    EXPECT_EQ(bench.run({"deleteall", "/a"}).err, "Insufficient permission : /a\n");
    bench.client.refusals.clear();
    bench.add({"/m"});
    for (std::size_t index = 0; index < 3 * kWindow; ++index)
        bench.client.znodes["/m/" + std::to_string(index)] = {};
    EXPECT_EQ(bench.run({"deleteall", "/m"}).status, kStatusOk);
    EXPECT_FALSE(bench.client.znodes.contains("/m"));
}

TEST(ShellRun, DeleteAllTakesABatchSize) {
    Bench bench;
    bench.add({"/a", "/a/b", "/a/c"});
    EXPECT_EQ(bench.run({"deleteall", "/a", "-b", "1"}).status, kStatusOk);
    EXPECT_FALSE(bench.client.znodes.contains("/a"));
    EXPECT_EQ(bench.run({"deleteall", "-b", "0", "/a"}).status, kStatusUsage);
}

TEST(ShellRun, WatchesAreLeftOnlyWhereAsked) {
    Bench bench;
    bench.add({"/a"});
    bench.run({"get", "/a"});
    bench.run({"ls", "/a"});
    bench.run({"stat", "/a"});
    EXPECT_TRUE(bench.client.watchers.empty());
    bench.run({"get", "-w", "/a"});
    bench.client.watchers.at("/a")({jute::EventType::DataChanged, "/a"});
    EXPECT_EQ(bench.events, Words{"/a"});
}

TEST(ShellRun, Json) {
    Bench bench;
    bench.json = true;
    bench.add({"/a", "/a/y", "/a/x"});
    bench.client.znodes["/a"].data = "v";
    const std::string stat =
        R"("stat":{"czxid":"0x0","mzxid":"0x0","ctime":0,"mtime":0,"version":0,"cversion":0,"aversion":0,)"
        R"("ephemeralOwner":"0x0","dataLength":0,"numChildren":0,"pzxid":"0x0"}})"
        "\n";
    EXPECT_EQ(bench.run({"get", "/a"}).out, R"({"path":"/a","data":"v",)" + stat);
    EXPECT_EQ(bench.run({"ls", "/a"}).out, R"({"path":"/a","children":["x","y"],)" + stat);
    EXPECT_EQ(bench.run({"stat", "/a"}).out, R"({"path":"/a",)" + stat);
    EXPECT_EQ(bench.run({"ls", "-R", "/a"}).out, "{\"paths\":[\"/a\",\"/a/x\",\"/a/y\"]}\n");
    const Outcome refused = bench.run({"get", "/zz"});
    EXPECT_EQ(refused.status, kStatusFailed);
    EXPECT_EQ(refused.out,
              "{\"error\":\"NoNode\",\"message\":\"the znode does not exist\",\"path\":\"/zz\"}\n");
    EXPECT_EQ(bench.run({"deleteall", "/a"}).out, "{\"path\":\"/a\",\"deleted\":3}\n");
    EXPECT_TRUE(misunderstood(parseCommand({"ls"}).error(), true).out.starts_with("{\"error\":\"Usage\""));
}

TEST(ShellRun, StatusesForScripts) {
    EXPECT_EQ(misunderstood(parseCommand({"ls"}).error(), false).status, kStatusUsage);
    EXPECT_EQ(misunderstood(parseCommand({"lss"}).error(), false).status, kStatusUnknownCommand);
}

TEST(ShellRun, HelpListsAndExplains) {
    Bench bench;
    const std::string all = bench.run({"help"}).out;
    for (const Spec& spec : specs())
        EXPECT_NE(all.find(usageLine(spec)), std::string::npos);
    EXPECT_TRUE(bench.run({"help", "ls"}).out.starts_with("ls [-s] [-w] [-R] path\n"));
    EXPECT_EQ(bench.run({"help", "zz"}).status, kStatusUsage);
}

} // namespace zk::viv
