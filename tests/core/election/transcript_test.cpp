// The transcripts of elections: tests/transcripts/election.
#include "tests/core/election/network.h"
#include "tests/transcript.h"

namespace zk::election::test {
namespace {

using zk::test::Words;

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
    void play(const std::string& verb, Words& words) {
        if (verb == "voters")
            shape_.voters = words.sids();
        else if (verb == "observers")
            shape_.observers = words.sids();
        else if (verb == "weight") {
            const Sid sid = words.number();
            shape_.weights[sid] = words.number();
        } else if (verb == "start") {
            const Sid sid = words.number();
            const Zxid zxid(words.number());
            network().start(sid, zxid, words.number());
        } else if (verb == "run")
            network().run(std::chrono::milliseconds(words.number()));
        else if (verb == "stop")
            network().stop(words.number());
        else if (verb == "cut" || verb == "join") {
            const Sid one = words.number(), other = words.number();
            verb == "cut" ? network().cut(one, other) : network().join(one, other);
        } else if (verb == "epoch") {
            Election& election = network().at(words.number());
            election.epochAgreed(words.number());
        } else if (verb == "say")
            say(words);
        else
            ADD_FAILURE() << "no command is called " << verb;
    }
    std::string takeTrace() { return network_ ? network_->takeTrace() : std::string(); }

  private:
    // say FROM TO STATE LEADER ZXID EPOCH ROUND
    void say(Words& words) {
        const Sid from = words.number(), to = words.number();
        Notification notification{stateNamed(words.word()), {}, 2, {}};
        notification.vote.leader = words.number();
        notification.vote.zxid = Zxid(words.number());
        notification.vote.peerEpoch = words.number();
        notification.vote.round = words.number();
        network().inject(from, to, notification);
    }
    Network& network() {
        if (!network_) network_ = std::make_unique<Network>(shape_);
        return *network_;
    }

    Shape shape_;
    std::unique_ptr<Network> network_;
};

class Transcript : public testing::TestWithParam<std::string> {};

TEST_P(Transcript, TellsTheExpectedTrace) { zk::test::expectTranscript<Player>("election", GetParam()); }

INSTANTIATE_TEST_SUITE_P(Election, Transcript, testing::ValuesIn(zk::test::transcripts("election")),
                         [](const auto& chosen) { return chosen.param; });

} // namespace
} // namespace zk::election::test
