// Fakes for the window's tests: a ZooKeeper in memory with versions and one-shot watches, a Dialer whose
// clients work on it on a thread of their own, as the real one does, and a Stage with an ensemble that
// changes state when it is told to.
#pragma once

#include "ensemble/ensemble.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

namespace viv::test {

// One thread that does what it is given, in order.
class Worker {
  public:
    Worker();
    ~Worker();
    void post(std::function<void()> work);

  private:
    std::mutex mutex_;
    std::condition_variable there_;
    std::deque<std::function<void()>> queue_;
    bool ends_ = false;
    std::thread thread_;
};

// The znodes that all fake clients share. Only the dialer's thread touches it; tests go through
// FakeDialer::inZooKeeper.
class FakeZooKeeper {
  public:
    struct Node {
        zk::Buffer data;
        std::vector<zk::jute::Acl> acl = zk::jute::openAcl();
        zk::jute::Stat stat;
        std::set<std::string> children;
        std::int64_t sequence = 0;
    };
    using Code = zk::jute::ErrorCode;

    FakeZooKeeper();
    Code create(std::string& path, zk::Buffer data, zk::jute::CreateMode mode, std::int64_t session,
                zk::jute::Stat* stat);
    Code remove(const std::string& path, std::int32_t version);
    Code set(const std::string& path, zk::Buffer data, std::int32_t version, zk::jute::Stat* stat);
    Node* find(const std::string& path);
    void watchData(const std::string& path, zk::client::Watcher watcher);
    void watchChildren(const std::string& path, zk::client::Watcher watcher);
    zk::Zxid zxid() const { return zxid_; }
    std::size_t watches() const { return dataWatches_.size() + childWatches_.size(); }

    std::set<std::string> forbidden; // listing these is NoAuth
    int setsSeen = 0;
    std::int32_t lastSetVersion = -2;

  private:
    using Watches = std::multimap<std::string, zk::client::Watcher>;
    static void fire(Watches& watches, zk::jute::EventType type, const std::string& path);

    std::map<std::string, Node> nodes_;
    Watches dataWatches_, childWatches_;
    zk::Zxid zxid_{1, 0};
};

class FakeDialer : public zk::ensemble::Dialer {
  public:
    FakeDialer();
    ~FakeDialer() override;
    std::shared_ptr<Connection> dial(zk::client::Options options,
                                     std::function<void(const zk::client::Status&)> onStatus) override;
    // Runs it where the clients run and waits for it: the second client of a test.
    void inZooKeeper(const std::function<void(FakeZooKeeper&)>& work);
    // All sessions expire.
    void expireAll();

  private:
    struct Live;
    std::shared_ptr<Live> live_;
};

class FakeEnsemble : public zk::ensemble::Ensemble {
  public:
    explicit FakeEnsemble(int servers);
    ~FakeEnsemble() override;
    zk::ensemble::EnsembleView view() const override;
    std::vector<zk::ensemble::Verb> verbs() const override;
    void act(zk::ensemble::Verb verb, zk::Sid sid, std::function<void(std::string)> done) override;
    void actOnAll(zk::ensemble::Verb verb, std::function<void(std::string)> done) override;
    void addServer(bool observer, std::function<void(std::string)> done) override;
    void status(zk::Sid sid, std::function<void(std::optional<zk::admin::NodeStatus>)> done) override;
    void observe(zk::ensemble::Observer* observer) override;
    void listenToTransactions(bool) override {}

    // From any thread: a server tells something.
    void tell(zk::trace::Event event);
    void setState(zk::Sid sid, zk::trace::ServerState state, std::int64_t epoch = 1);
    void commit(std::uint32_t count); // on every server that serves

  private:
    void addLocked(bool observer);
    void electLocked(std::vector<zk::trace::Event>& events);

    mutable std::mutex mutex_;
    std::mutex observing_;
    zk::ensemble::Observer* observer_ = nullptr;
    zk::ensemble::EnsembleView view_;
    std::int64_t epoch_ = 0;
    std::uint32_t counter_ = 0;
    Worker worker_;
};

class FakeStage : public zk::ensemble::Stage {
  public:
    void openLab(zk::ensemble::LabOptions options, std::function<void(zk::Result<Opened>)> done) override;
    std::weak_ptr<FakeEnsemble> last;
    std::string refuse; // not empty: the sentence that opening fails with
    bool attached = false;
};

} // namespace viv::test
