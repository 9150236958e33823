// The program itself: its subcommands, what they print, their exit statuses.
#include "program.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace zk::viv {

namespace fs = std::filesystem;

namespace {

class Program : public testing::Test {
  protected:
    void SetUp() override {
        const auto* const info = testing::UnitTest::GetInstance()->current_test_info();
        folder = fs::temp_directory_path() /
                 ("viv_" + std::string(info->name()) + "_" + std::to_string(freePort()));
        fs::create_directories(folder);
    }
    void TearDown() override { fs::remove_all(folder); }

    std::string config(const std::string& more = {}) {
        const fs::path file = folder / "zoo.cfg";
        std::ofstream(file) << "tickTime=500\ndataDir=" << (folder / "data").string()
                            << "\nclientPort=" << port << "\nclientPortAddress=127.0.0.1\npreAllocSize=64\n"
                            << more;
        return file.string();
    }
    Ran shell(std::vector<std::string> words, const std::string& input = {}) {
        words.insert(words.begin(), {"shell", "-server", "127.0.0.1:" + std::to_string(port)});
        return runViv(words, input);
    }

    fs::path folder;
    int port = freePort();
};

TEST_F(Program, APropertyOfTheCommandLineIsAKeyOfTheFile) {
    const Ran ran = runViv({"server", "start", "-Dzookeeper.snapCount=none", "-Djute.maxbuffer=5", config()});
    EXPECT_EQ(ran.status, 1);
    EXPECT_NE(ran.err.find("-D: zookeeper.snapCount=none is not possible"), std::string::npos) << ran.err;
}

// A background server for as long as the test runs.
class RunningServer : public Program {
  protected:
    void SetUp() override {
        Program::SetUp();
        file = config();
        const Ran ran = runViv({"server", "start", file});
        ASSERT_EQ(ran.status, 0) << ran.err;
        EXPECT_TRUE(ran.out.starts_with("STARTED")) << ran.out;
    }
    void TearDown() override {
        EXPECT_EQ(runViv({"server", "stop", file}).status, 0);
        Program::TearDown();
    }
    std::string file;
};

} // namespace

TEST(ProgramWords, VersionHelpAndMisuse) {
    const Ran version = runViv({"--version"});
    EXPECT_EQ(version.status, 0);
    EXPECT_EQ(version.out, "viv " VIV_VERSION "\n");
    const Ran help = runViv({"--help"});
    EXPECT_EQ(help.status, 0);
    for (const char* word : {"server", "shell", "ensemble", "bench", "Exit status"})
        EXPECT_NE(help.out.find(word), std::string::npos) << word;
    EXPECT_EQ(runViv({}).status, 2);
    EXPECT_EQ(runViv({"frobnicate"}).status, 2);
    EXPECT_EQ(runViv({"server", "run"}).status, 2);
    EXPECT_EQ(runViv({"ensemble", "up", "--servers", "0"}).status, 2);
    EXPECT_EQ(runViv({"bench", "--workload", "nonsense"}).status, 2);
}

TEST(ProgramWords, TheShellChecksItsWordsBeforeItDials) {
    EXPECT_EQ(runViv({"shell", "-server", "127.0.0.1:1", "ls"}).status, 2);
    EXPECT_EQ(runViv({"shell", "-server", "127.0.0.1:1", "frobnicate"}).status, 127);
    EXPECT_EQ(runViv({"shell", "-server", "127.0.0.1:x", "ls", "/"}).status, 2);
    EXPECT_EQ(runViv({"shell", "--auth", "nonsense", "ls", "/"}).status, 2);
}

TEST_F(Program, WhatCannotStartSaysWhy) {
    const Ran missing = runViv({"server", "start", (folder / "none.cfg").string()});
    EXPECT_EQ(missing.status, 1);
    EXPECT_NE(missing.err.find("none.cfg"), std::string::npos);
    const Ran wrong = runViv({"server", "run", config("tickTime=never\n")});
    EXPECT_EQ(wrong.status, 1);
    EXPECT_NE(wrong.err.find("zoo.cfg"), std::string::npos);
    const Ran stopped = runViv({"server", "status", config()});
    EXPECT_EQ(stopped.status, 1);
    EXPECT_NE(stopped.err.find("not running"), std::string::npos);
    EXPECT_EQ(runViv({"server", "stop", config()}).status, 0);
}

TEST_F(RunningServer, AnswersStatusAndIsNotStartedTwice) {
    const Ran status = runViv({"server", "status", file});
    EXPECT_EQ(status.status, 0);
    EXPECT_NE(status.out.find("Mode: standalone\n"), std::string::npos) << status.out;
    const Ran again = runViv({"server", "start", file});
    EXPECT_EQ(again.status, 1);
    EXPECT_NE(again.err.find("already running"), std::string::npos);
    EXPECT_TRUE(fs::exists(folder / "data" / "viv-server.log"));
    EXPECT_TRUE(fs::exists(folder / "data" / "zookeeper_server.pid"));
}

TEST_F(RunningServer, KeepsItsDataOverARestart) {
    EXPECT_EQ(shell({"create", "/kept", "value"}).out, "Created /kept\n");
    const Ran restarted = runViv({"server", "restart", file});
    EXPECT_EQ(restarted.status, 0) << restarted.err;
    EXPECT_EQ(shell({"get", "/kept"}).out, "value\n");
}

TEST_F(RunningServer, ATakenPortStopsTheStart) {
    const fs::path other = folder / "other.cfg";
    std::ofstream(other) << "dataDir=" << (folder / "other").string() << "\nclientPort=" << port << "\n";
    const Ran ran = runViv({"server", "start", other.string()});
    EXPECT_EQ(ran.status, 1);
    EXPECT_NE(ran.err.find("port is in use"), std::string::npos) << ran.err;
}

TEST_F(RunningServer, OneShotCommandsHaveStatusesForScripts) {
    EXPECT_EQ(shell({"create", "/a", "two words"}).status, 0);
    EXPECT_EQ(shell({"get", "/a"}).out, "two words\n");
    const Ran missing = shell({"get", "/none"});
    EXPECT_EQ(missing.status, 1);
    EXPECT_EQ(missing.err, "Node does not exist: /none\n");
    EXPECT_EQ(shell({"set", "-v", "9", "/a", "x"}).status, 1);
    EXPECT_EQ(shell({"-r", "set", "/a", "x"}).status, 1);
    EXPECT_EQ(shell({"ls", "-R", "/a"}).out, "/a\n");
    EXPECT_EQ(shell({"deleteall", "/a"}).status, 0);
    EXPECT_EQ(shell({"get", "/a"}).status, 1);
}

TEST_F(RunningServer, JsonIsOneLineEach) {
    shell({"create", "/a", "x"});
    const Ran ran = shell({"--json", "get", "/a"});
    const auto value = boost::json::parse(ran.out);
    EXPECT_EQ(value.at("data").as_string(), "x");
    EXPECT_EQ(value.at("stat").at("dataLength").as_int64(), 1);
    const Ran missing = shell({"--json", "get", "/none"});
    EXPECT_EQ(missing.status, 1);
    EXPECT_EQ(boost::json::parse(missing.out).at("error").as_string(), "NoNode");
}

TEST_F(RunningServer, AScriptComesFromStandardInput) {
    const Ran ran = shell({}, "create /s one\nget -w /s\nset /s two\nget /s\nquit\nget /none\n");
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_TRUE(ran.out.starts_with("Created /s\none\n")) << ran.out;
    EXPECT_NE(ran.out.find("WatchedEvent state:SyncConnected type:NodeDataChanged path:/s\n"),
              std::string::npos);
    EXPECT_TRUE(ran.out.ends_with("two\n")) << ran.out;
    EXPECT_EQ(shell({}, "get /none\nls /\n").status, 1);
}

TEST_F(RunningServer, ADigestIdentityOpensWhatItClosed) {
    EXPECT_EQ(shell({"--auth", "digest:ann:secret", "create", "/mine", "x", "auth::cdrwa"}).status, 0);
    EXPECT_EQ(shell({"get", "/mine"}).err, "Insufficient permission : /mine\n");
    EXPECT_EQ(shell({"--auth", "digest:ann:secret", "get", "/mine"}).out, "x\n");
}

TEST_F(RunningServer, BenchMeasuresIt) {
    const std::string server = "127.0.0.1:" + std::to_string(port);
    for (const char* workload : {"read", "write", "mixed"}) {
        const Ran ran =
            runViv({"bench", "--server", server, "--workload", workload, "--seconds", "0.1", "--warm-up", "0",
                    "--rounds", "2", "--keys", "10", "--sessions", "2", "--json"});
        ASSERT_EQ(ran.status, 0) << ran.err;
        const auto value = boost::json::parse(ran.out);
        EXPECT_EQ(value.at("rounds").as_array().size(), 2u);
        EXPECT_GT(value.at("median").as_double(), 0);
        EXPECT_EQ(value.at("rounds").at(0).at("refused").as_int64(), 0);
    }
    EXPECT_EQ(shell({"ls", "/"}).out, "[zookeeper]\n") << "the keys are gone";
    const Ran outage = runViv({"bench", "outage", "--server", server, "--seconds", "0.2", "--json"});
    ASSERT_EQ(outage.status, 0) << outage.err;
    EXPECT_GT(boost::json::parse(outage.out).at("writes").as_int64(), 0);
}

TEST_F(Program, BenchWithoutAServerSaysWhichOne) {
    const std::string server = "127.0.0.1:" + std::to_string(port);
    const Ran ran = runViv({"bench", "--server", server});
    EXPECT_EQ(ran.status, 1);
    EXPECT_NE(ran.err.find(server), std::string::npos) << ran.err;
}

TEST_F(Program, AnEnsembleInTheBackgroundIsWorkedWithFromOutside) {
    const std::string dir = (folder / "lab").string();
    const auto ask = [&](std::vector<std::string> words) {
        words.insert(words.begin(), "ensemble");
        words.insert(words.end(), {"--dir", dir});
        return runViv(words);
    };
    EXPECT_EQ(ask({"status"}).status, 1);
    const Ran up = ask({"up", "--detach", "--client-port", "0", "--json", "--tick-time", "200"});
    ASSERT_EQ(up.status, 0) << up.err;
    const auto view = boost::json::parse(up.out);
    ASSERT_EQ(view.at("servers").as_array().size(), 3u);
    const std::string servers(view.at("connectString").as_string());
    EXPECT_EQ(runViv({"shell", "-server", servers, "create", "/a", "x"}).status, 0);
    EXPECT_EQ(ask({"up"}).status, 1) << "it is hosted already";
    EXPECT_EQ(ask({"kill", "3"}).status, 0);
    const auto killed = boost::json::parse(ask({"status", "--json"}).out);
    EXPECT_EQ(killed.at("servers").at(2).at("state").as_string(), "CRASHED");
    EXPECT_EQ(runViv({"shell", "-server", servers, "get", "/a"}).out, "x\n");
    EXPECT_EQ(ask({"start", "3"}).status, 0);
    EXPECT_EQ(ask({"restart", "1"}).status, 0);
    EXPECT_EQ(runViv({"shell", "-server", servers, "set", "/a", "y"}).status, 0);
    const Ran nobody = ask({"kill", "7"});
    EXPECT_EQ(nobody.status, 1);
    EXPECT_FALSE(nobody.err.empty());
    EXPECT_EQ(ask({"down"}).status, 0);
    EXPECT_EQ(ask({"status"}).status, 1);
}

} // namespace zk::viv
