// Transcripts: each file of tests/transcripts/election holds commands ("> start 1 0x0 0") and, after each,
// the whole trace that it must give. ZK_REWRITE_TRANSCRIPTS=1 writes what the code gives now; the change is
// then read in the diff.
#include "tests/core/election/network.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace zk::election::test {
namespace {

namespace files = std::filesystem;

ServerState stateNamed(const std::string& word) {
    for (const auto state :
         {ServerState::Looking, ServerState::Following, ServerState::Leading, ServerState::Observing})
        if (name(state) == word) return state;
    ADD_FAILURE() << "no state is called " << word;
    return ServerState::Looking;
}

// The commands: voters, observers, weight, start, run (ms), stop, cut, join, epoch, say (a message made by
// hand).
class Player {
  public:
    void play(const std::string& command) {
        std::istringstream words(command);
        std::string verb;
        words >> verb;
        const auto number = [&words] {
            std::string word;
            words >> word;
            return static_cast<std::int64_t>(std::strtoll(word.c_str(), nullptr, 0));
        };
        if (verb == "voters")
            shape_.voters = numbers(words);
        else if (verb == "observers")
            shape_.observers = numbers(words);
        else if (verb == "weight") {
            const Sid sid = number();
            shape_.weights[sid] = number();
        } else if (verb == "start") {
            const Sid sid = number();
            const Zxid zxid(number());
            network().start(sid, zxid, number());
        } else if (verb == "run")
            network().run(std::chrono::milliseconds(number()));
        else if (verb == "stop")
            network().stop(number());
        else if (verb == "cut" || verb == "join") {
            const Sid one = number(), other = number();
            verb == "cut" ? network().cut(one, other) : network().join(one, other);
        } else if (verb == "epoch") {
            Election& election = network().at(number());
            election.epochAgreed(number());
        } else if (verb == "say")
            say(words, number);
        else
            ADD_FAILURE() << "no command is called " << verb;
    }
    std::string takeTrace() { return network_ ? network_->takeTrace() : std::string(); }

  private:
    static std::set<Sid> numbers(std::istream& words) {
        std::set<Sid> all;
        for (Sid sid = 0; words >> sid;)
            all.insert(sid);
        return all;
    }
    // say FROM TO STATE LEADER ZXID EPOCH ROUND
    template <class Number>
    void say(std::istringstream& words, Number number) {
        const Sid from = number(), to = number();
        std::string state;
        words >> state;
        Notification notification{stateNamed(state), {}, 2, {}};
        notification.vote.leader = number();
        notification.vote.zxid = Zxid(number());
        notification.vote.peerEpoch = number();
        notification.vote.round = number();
        network().inject(from, to, notification);
    }
    Network& network() {
        if (!network_) network_ = std::make_unique<Network>(shape_);
        return *network_;
    }

    Shape shape_;
    std::unique_ptr<Network> network_;
};

std::string replayed(const std::string& script) {
    std::istringstream lines(script);
    std::string line, told;
    Player player;
    while (std::getline(lines, line)) {
        if (line.empty() || line[0] == '#') told += line + "\n";
        if (line.rfind("> ", 0) != 0) continue;
        told += line + "\n";
        player.play(line.substr(2));
        told += player.takeTrace();
    }
    return told;
}

class Transcript : public testing::TestWithParam<std::string> {};

TEST_P(Transcript, TellsTheExpectedTrace) {
    const files::path path = files::path(VIV_TESTS_DIR) / "transcripts/election" / (GetParam() + ".txt");
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    ASSERT_FALSE(text.str().empty()) << path;
    const std::string told = replayed(text.str());
    if (std::getenv("ZK_REWRITE_TRANSCRIPTS"))
        std::ofstream(path) << told;
    else
        EXPECT_EQ(told, text.str()) << "ZK_REWRITE_TRANSCRIPTS=1 writes " << path << " anew";
}

std::vector<std::string> transcripts() {
    std::vector<std::string> names;
    for (const auto& entry : files::directory_iterator(files::path(VIV_TESTS_DIR) / "transcripts/election"))
        names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

INSTANTIATE_TEST_SUITE_P(Election, Transcript, testing::ValuesIn(transcripts()),
                         [](const auto& chosen) { return chosen.param; });

} // namespace
} // namespace zk::election::test
