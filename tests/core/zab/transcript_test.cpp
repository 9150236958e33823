// The transcripts of Zab: tests/transcripts/zab.
#include "tests/core/zab/world.h"
#include "tests/transcript.h"

namespace zk::zab::test {
namespace {

using zk::test::Words;

// The commands: voters, observers, history SID FROM TO (zxids of one epoch, behind those it has), forget SID (its whole
// history), lead, join, propose (how many), crash, pass (ms), histories (tells each). Each goes on until nothing moves.
class Player {
  public:
    void play(const std::string& verb, Words& words) {
        if (verb == "voters")
            voters_ = words.sids();
        else if (verb == "observers")
            observers_ = words.sids();
        else if (verb == "history") {
            Server& server = world()[words.number()];
            const Zxid from(words.number()), to(words.number());
            for (Zxid zxid = from; zxid <= to; zxid = zxid.next())
                server.log.push_back(zxid);
            server.acceptedEpoch = server.currentEpoch = to.epoch();
        } else if (verb == "forget") {
            Server& server = world()[words.number()];
            server.log.clear();
            server.acceptedEpoch = server.currentEpoch = 0;
        } else if (verb == "lead")
            world().lead(words.number());
        else if (verb == "join")
            world().join(words.number());
        else if (verb == "propose")
            for (auto left = words.number(); left > 0; --left)
                world().propose();
        else if (verb == "crash")
            world().crash(words.number());
        else if (verb == "pass")
            world().pass(std::chrono::milliseconds(words.number()));
        else if (verb == "histories")
            tellHistories();
        else
            ADD_FAILURE() << "no command is called " << verb;
        if (world_) world().settle();
    }
    std::string takeTrace() { return std::exchange(trace_, {}); }

  private:
    void tellHistories() {
        for (auto& [sid, server] : world().servers) {
            trace_ += "  " + std::to_string(sid) + "  epoch " + std::to_string(server->currentEpoch) + ":";
            for (const Zxid zxid : server->log)
                trace_ += " " + hex(zxid);
            trace_ += server->applied == server->log ? "\n" : ", not all applied\n";
        }
    }
    World& world() {
        if (!world_) {
            world_ = std::make_unique<World>(voters_, observers_);
            for (auto& [sid, server] : world_->servers)
                server->story.onEvent = [this](const trace::Event& event) { trace_ += zk::test::traceLine(event); };
        }
        return *world_;
    }

    std::set<Sid> voters_, observers_;
    std::string trace_;
    std::unique_ptr<World> world_;
};

class Transcript : public testing::TestWithParam<std::string> {};

TEST_P(Transcript, TellsTheExpectedTrace) { zk::test::expectTranscript<Player>("zab", GetParam()); }

INSTANTIATE_TEST_SUITE_P(Zab, Transcript, testing::ValuesIn(zk::test::transcripts("zab")),
                         [](const auto& chosen) { return chosen.param; });

} // namespace
} // namespace zk::zab::test
