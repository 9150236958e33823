#include "shell_loop.h"

#include "fake_client.h"

#include <gtest/gtest.h>

#include <sstream>

namespace zk::viv {

using namespace std::chrono_literals;

namespace {

class Typed : public LineReader {
  public:
    Typed(std::vector<std::string> lines, bool terminal) : lines_(std::move(lines)), terminal_(terminal) {}
    std::optional<std::string> read(const std::string& prompt) override {
        prompts.push_back(prompt);
        if (at_ == lines_.size()) return std::nullopt;
        return lines_[at_++];
    }
    bool isTerminal() const override { return terminal_; }
    std::vector<std::string> prompts;

  private:
    std::vector<std::string> lines_;
    bool terminal_;
    std::size_t at_ = 0;
};

struct Room {
    std::ostringstream out, err;
    Printer printer{out, err};
    FakeDialer dialer;
    std::unique_ptr<ShellLoop> loop;

    explicit Room(bool reachable = true, bool json = false) {
        dialer.reachable = reachable;
        client::Options options;
        options.connect = *client::parseConnectString("one:2181,two:2182/app");
        loop = std::make_unique<ShellLoop>(dialer, options, json, printer, 20ms);
    }
    int type(std::vector<std::string> lines) {
        Typed reader(std::move(lines), false);
        return loop->runLines(reader);
    }
};

} // namespace

TEST(ShellLoop, RunsLinesUntilTheEnd) {
    Room room;
    EXPECT_EQ(room.type({"create /a 'two words'", "", "get /a"}), kStatusOk);
    EXPECT_EQ(room.out.str(), "Created /a\ntwo words\n");
}

TEST(ShellLoop, TheStatusOfAScriptIsThatOfTheLastFailure) {
    Room room;
    EXPECT_EQ(room.type({"get /zz", "ls /"}), kStatusFailed);
    EXPECT_EQ(room.type({"get /zz", "nonsense", "ls /"}), kStatusUnknownCommand);
    EXPECT_EQ(room.type({"set '/a"}), kStatusUsage);
}

TEST(ShellLoop, QuitEndsIt) {
    Room room;
    EXPECT_EQ(room.type({"quit", "get /zz"}), kStatusOk);
    EXPECT_EQ(room.err.str(), "");
}

TEST(ShellLoop, HistoryAndRedo) {
    Room room;
    room.type({"create /a", "ls /", "redo 0", "redo 99", "redo x", "history"});
    EXPECT_EQ(room.err.str(),
              "Node already exists: /a\nCommand index out of range\nCommand index out of range\n");
    EXPECT_EQ(room.out.str(),
              "Created /a\n[a, zookeeper]\n0 - create /a\n1 - ls /\n2 - create /a\n3 - history\n");
}

TEST(ShellLoop, HistoryShowsTheLastElevenLines) {
    Room room;
    room.type(std::vector<std::string>(20, "sync /"));
    room.out.str("");
    room.type({"history"});
    EXPECT_TRUE(room.out.str().starts_with("10 - sync /\n"));
    EXPECT_TRUE(room.out.str().ends_with("20 - history\n"));
}

TEST(ShellLoop, CloseAndConnect) {
    Room room;
    EXPECT_EQ(room.type({"close", "ls /"}), kStatusNoConnection);
    EXPECT_EQ(room.dialer.open, 0);
    EXPECT_EQ(room.type({"connect other:9999", "ls /"}), kStatusOk);
    ASSERT_EQ(room.dialer.dialled.size(), 2u);
    EXPECT_EQ(room.dialer.dialled[1].connect.servers[0], (client::Address{"other", 9999}));
    EXPECT_EQ(room.dialer.open, 1);
    EXPECT_EQ(room.type({"connect nonsense:x"}), kStatusUsage);
    EXPECT_EQ(room.dialer.open, 1);
}

TEST(ShellLoop, ThePromptTellsServerStateAndNumber) {
    Room room;
    Typed reader({"ls /", "close"}, true);
    EXPECT_EQ(room.loop->runLines(reader), kStatusOk);
    EXPECT_EQ(reader.prompts,
              (std::vector<std::string>{"[zk: one:2181(CONNECTED) 0] ", "[zk: one:2181(CONNECTED) 1] ",
                                        "[zk: one:2181(CLOSED) 2] "}));
}

TEST(ShellLoop, WithoutAServerACommandGivesUpAndSaysWhy) {
    Room room(false);
    EXPECT_EQ(room.loop->runWords({"ls", "/"}), kStatusNoConnection);
    EXPECT_EQ(room.err.str(), "Not connected to one:2181,two:2182: connection refused\n");
    Room json(false, true);
    EXPECT_EQ(json.loop->runWords({"ls", "/"}), kStatusNoConnection);
    EXPECT_TRUE(json.out.str().starts_with("{\"error\":\"NotConnected\""));
}

TEST(ShellLoop, WatchEventsArePrintedWhenTheyCome) {
    Room room;
    room.type({"create /a x", "get -w /a"});
    room.out.str("");
    room.dialer.client.watchers.at("/a")({jute::EventType::Deleted, "/a"});
    EXPECT_EQ(room.out.str(), "\nWATCHER::\n\nWatchedEvent state:SyncConnected type:NodeDeleted path:/a\n");
    Room json(true, true);
    json.type({"create /a x", "get -w /a"});
    json.out.str("");
    json.dialer.client.watchers.at("/a")({jute::EventType::Deleted, "/a"});
    EXPECT_EQ(json.out.str(), "{\"event\":\"NodeDeleted\",\"path\":\"/a\"}\n");
}

TEST(ShellLoop, WatchEventsAreNotPrintedWhileTheyAreOff) {
    Room room;
    room.type({"create /a x", "printwatches", "printwatches off", "printwatches", "get -w /a"});
    EXPECT_EQ(room.out.str(), "Created /a\nprintwatches is on\nprintwatches is off\nx\n");
    room.out.str("");
    room.dialer.client.watchers.at("/a")({jute::EventType::Deleted, "/a"});
    EXPECT_EQ(room.out.str(), "");
    EXPECT_EQ(room.type({"printwatches on", "printwatches maybe"}), kStatusUsage);
    room.dialer.client.watchers.at("/a")({jute::EventType::Deleted, "/a"});
    EXPECT_NE(room.out.str(), "");
}

TEST(ShellLoop, ItsOwnCommandsAnswerInJsonToo) {
    Room room(true, true);
    room.type({"version", "printwatches", "printwatches off", "history", "close", "connect one:2181"});
    EXPECT_EQ(room.out.str(), "{\"version\":\"" VIV_VERSION "\"}\n"
                              "{\"printwatches\":true}\n"
                              "{\"printwatches\":false}\n"
                              "{\"history\":[{\"number\":0,\"line\":\"version\"},{\"number\":1,\"line\":\"printwatches\"},"
                              "{\"number\":2,\"line\":\"printwatches off\"},{\"number\":3,\"line\":\"history\"}]}\n"
                              "{\"closed\":true}\n"
                              "{\"connecting\":\"one:2181\"}\n");
    room.out.str("");
    EXPECT_EQ(room.type({"redo 99", "help nonsense"}), kStatusUsage);
    EXPECT_TRUE(room.out.str().starts_with("{\"error\":\"Usage\""));
    room.out.str("");
    room.type({"help"});
    EXPECT_TRUE(room.out.str().starts_with("{\"commands\":[{\"command\":\"addWatch\""));
}

TEST(ShellLoop, CompletesCommandsAndPaths) {
    Room room;
    room.type({"create /lock", "create /log"});
    EXPECT_EQ(room.loop->complete("hist"), std::vector<std::string>{"history"});
    EXPECT_EQ(room.loop->complete("get /lo"), (std::vector<std::string>{"/lock", "/log"}));
    EXPECT_TRUE(room.loop->complete("get /none/x").empty());
    room.type({"close"});
    EXPECT_TRUE(room.loop->complete("get /lo").empty());
}

} // namespace zk::viv
