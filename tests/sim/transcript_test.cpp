// The transcripts of whole ensembles in virtual time: tests/transcripts/ensemble.
#include "sim/session.h"
#include "tests/transcript.h"

namespace zk::sim {
namespace {

using std::chrono::milliseconds;
using zk::test::Words;

// Delays are all the same here, so that a transcript reads as one would tell it; what comes of chance is the seeds' test.
WorldOptions regular(int servers, int observers) {
    WorldOptions options;
    options.servers = servers;
    options.observers = observers;
    options.network.delayMin = options.network.delayMax = milliseconds(1);
    options.network.electionLoss = 0;
    options.syncMin = options.syncMax = milliseconds(2);
    return options;
}

// The commands: servers N [OBSERVERS], start (SID, or all), run (ms), crash SID, pause, resume, partition SID..., heal,
// create PATH (a client does, and what it is told follows), servers' ids from 1.
class Player {
  public:
    void play(const std::string& verb, Words& words) {
        if (verb == "servers") {
            const auto servers = words.number();
            world_ = std::make_unique<World>(regular(static_cast<int>(servers), static_cast<int>(words.number())));
            world_->onEvent([this](const trace::Event& event) { trace_ += zk::test::traceLine(event); });
        } else if (verb == "start") {
            const Sid sid = words.number();
            for (const Sid each : world_->servers())
                if (sid == 0 || sid == each) world_->start(each);
        } else if (verb == "run") {
            world_->runFor(milliseconds(words.number()));
        } else if (verb == "crash") {
            world_->crash(words.number());
        } else if (verb == "pause") {
            world_->pause(words.number());
        } else if (verb == "resume") {
            world_->resume(words.number());
        } else if (verb == "partition") {
            world_->network().partition(words.sids());
        } else if (verb == "heal") {
            world_->network().heal();
        } else if (verb == "create") {
            create(words.word());
        } else {
            ADD_FAILURE() << "no command is called " << verb;
        }
        for (const std::string& fault : world_->faults()) ADD_FAILURE() << fault;
    }
    std::string takeTrace() { return std::exchange(trace_, {}); }

  private:
    void create(const std::string& path) {
        if (!session_) session_ = std::make_unique<SimSession>(*world_, sessionOptions(*world_, milliseconds(4000), 1));
        std::optional<Result<client::Created>> told;
        session_->use([&](client::Client& client) {
            client.create(path, "", jute::openAcl(), jute::CreateMode::Persistent,
                          [&told](Result<client::Created> result) { told = std::move(result); });
        });
        ASSERT_TRUE(world_->runUntil([&] { return told.has_value(); }, std::chrono::seconds(20)));
        trace_ += "  the client: " + (*told ? "created " + (*told)->path : told->error().message()) + "\n";
    }

    std::string trace_;
    std::unique_ptr<World> world_;
    std::unique_ptr<SimSession> session_;
};

class Transcript : public testing::TestWithParam<std::string> {};

TEST_P(Transcript, TellsTheExpectedTrace) { zk::test::expectTranscript<Player>("ensemble", GetParam()); }

INSTANTIATE_TEST_SUITE_P(Ensemble, Transcript, testing::ValuesIn(zk::test::transcripts("ensemble")),
                         [](const auto& chosen) { return chosen.param; });

} // namespace
} // namespace zk::sim
