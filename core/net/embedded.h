// EmbeddedEnsemble: a local ensemble whose servers run in this process, each on its Host, on this system's disk or on one
// in memory.
#pragma once

#include "ensemble/ensemble.h"
#include "net/host.h"
#include "net/lab_layout.h"
#include "net/loop_thread.h"
#include "net/volatile_disk.h"

#include <atomic>
#include <mutex>
#include <optional>

namespace zk::net {

class EmbeddedEnsemble : public ensemble::Ensemble {
  public:
    // `memory`: the servers' files are there, and the view names no directories.
    EmbeddedEnsemble(std::string directory, std::vector<LabServer> servers, std::optional<VolatileDisk> memory = {});
    // Stops the servers that run.
    ~EmbeddedEnsemble() override;

    ensemble::EnsembleView view() const override;
    std::vector<ensemble::Verb> verbs() const override;
    void act(ensemble::Verb verb, Sid sid, std::function<void(std::string)> done) override;
    void actOnAll(ensemble::Verb verb, std::function<void(std::string)> done) override;
    void addServer(bool observer, std::function<void(std::string)> done) override;
    void status(Sid sid, std::function<void(std::optional<admin::NodeStatus>)> done) override;
    void observe(ensemble::Observer* observer) override;
    void listenToTransactions(bool on) override;

    // A second observer, for the control port, with its own wish for transactions.
    void observeForOthers(ensemble::Observer* observer);
    void othersListenToTransactions(bool on);

  private:
    struct Slot;
    void tell(const trace::Event& event);
    void tellChanged();
    void act(ensemble::Verb verb, Slot& slot, std::function<void(std::string)> done);
    Slot* find(Sid sid) const;
    std::string add(bool observer);

    const std::string directory_;
    std::unique_ptr<storage::Disk> openDisk() const;

    const std::optional<VolatileDisk> memory_;
    const std::unique_ptr<storage::Disk> disk_;
    std::atomic<bool> transactions_ = false, othersTransactions_ = false;
    std::mutex observerMutex_; // held while an observer is called
    ensemble::Observer* observer_ = nullptr;
    ensemble::Observer* others_ = nullptr;
    mutable std::mutex mutex_; // of the slots
    std::vector<LabServer> servers_;
    std::vector<std::unique_ptr<Slot>> slots_;
    LoopThread worker_; // for what no host does, and answers that come from none
};

} // namespace zk::net
