// A client's session, in virtual time, against a server that says anything at all.
#include "input.h"
#include "targets.h"

#include "client/session.h"

namespace zk::fuzz {

namespace {

using namespace std::chrono_literals;

// Plays the driver. A callback that comes twice is a broken promise, and so is one that never comes.
class Driver {
  public:
    Driver() {
        client::Options options;
        options.connect = *client::parseConnectString("a:1,b:2,c:3/app");
        options.maxReplyBytes = 1 << 20;
        session_ = client::makeSession(std::move(options));
        session_->onStatus([](const client::Status& status) { (void)client::name(status.state); });
        session_->start(now_);
        take();
    }

    // Dials as often as it is asked to, as long as `life` connections are left.
    void connect() {
        for (int time = 0; time < 20 && !dialled_; ++time) wake();
        if (!dialled_) return;
        dialled_ = false;
        up_ = true;
        now_ = std::max(now_, dialAt_);
        session_->connected(now_);
        take();
    }
    void welcome() {
        jute::ConnectResponse response;
        response.timeoutMs = 10000;
        response.sessionId = 0x77;
        response.password = std::string(16, 'p');
        std::string frame;
        jute::Writer(frame).bytes(encode(response));
        receive(frame);
    }
    void receive(std::string_view bytes) {
        if (!up_) return;
        session_->received(now_, bytes);
        take();
    }
    void lose() {
        if (!up_) return;
        up_ = false;
        session_->disconnected(now_, "the connection was reset");
        take();
    }
    void wake() {
        if (wakeAt_ != kNever) now_ = std::max(now_, wakeAt_);
        session_->tick(now_);
        take();
    }
    // One request of each kind, all with a watch where there may be one.
    void ask() {
        session_->tick(now_);
        const client::Watcher watcher = [this](const client::WatchEvent& event) { lastPath_ = event.path; };
        session_->create("/a", "data", jute::openAcl(), jute::CreateMode::PersistentSequential, once<client::Created>());
        session_->exists("/a", watcher, once<std::optional<jute::Stat>>());
        session_->getData("/a", watcher, once<client::Data>());
        session_->setData("/a", "data", -1, once<jute::Stat>());
        session_->getChildren("/", watcher, once<client::Children>());
        session_->getAcl("/a", once<client::AclAndStat>());
        session_->setAcl("/a", jute::openAcl(), -1, once<jute::Stat>());
        session_->sync("/", once<void>());
        session_->multi({client::CheckOp{"/a"}, client::SetDataOp{"/a", "x"}}, once<std::vector<client::OpOutcome>>());
        session_->addAuth({"digest", "ann:secret"}, once<void>());
        session_->request(jute::OpCode::WhoAmI, "", once<std::string>());
        session_->remove("/a", -1, once<void>());
        take();
    }
    // Whatever has been asked is answered or refused in the end.
    void end() {
        bool closed = false;
        session_->tick(now_);
        session_->close([&closed] { closed = true; });
        take();
        for (int time = 0; time < 100 && !closed; ++time) wake();
        require(closed);
        for (const int count : answers_) require(count == 1);
        (void)session_->status();
    }

  private:
    template <class T>
    client::Callback<T> once() {
        answers_.push_back(0);
        return [this, index = answers_.size() - 1](Result<T>) { require(++answers_[index] == 1); };
    }
    void take() {
        client::SessionReady ready = session_->take();
        if (ready.disconnect) up_ = dialled_ = false;
        if (ready.connect) {
            dialled_ = true;
            dialAt_ = ready.connectAt;
        }
        wakeAt_ = ready.wakeAt;
    }

    std::vector<int> answers_; // for each request, how often it was answered
    std::string lastPath_;
    Instant now_{}, dialAt_{}, wakeAt_ = kNever;
    bool dialled_ = false, up_ = false;
    std::unique_ptr<client::SessionClient> session_; // goes first: its callbacks see the rest
};

} // namespace

// The bytes as the first of a connection, then behind the welcome with every kind of request on its way, then once more
// on the connection after that.
void session(std::string_view bytes) {
    {
        Driver driver;
        driver.ask();
        driver.connect();
        inPieces(bytes, [&](std::string_view piece) { driver.receive(piece); });
        driver.end();
    }
    Driver driver;
    driver.connect();
    driver.welcome();
    driver.ask();
    inPieces(bytes, [&](std::string_view piece) { driver.receive(piece); });
    driver.lose();
    driver.connect();
    driver.welcome();
    driver.ask();
    driver.receive(bytes);
    driver.end();
}

} // namespace zk::fuzz
