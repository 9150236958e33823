// Run: one run of a server, from its start to its end, on its host's thread: the Node with its disk queue and links, and
// what happens at the end of each turn.
#pragma once

#include "net/admin_server.h"
#include "net/client_links.h"
#include "net/disk_queue.h"
#include "net/election_links.h"
#include "net/gated_disk.h"
#include "net/quorum_links.h"

namespace zk::net {

class Run : public Turn {
  public:
    // Locks and recovers the data directory, binds the ports, starts the node.
    static Result<std::unique_ptr<Run>> start(Loop& loop, config::ServerConfig config, std::unique_ptr<storage::Disk> disk,
                                              trace::Sink& sink);
    ~Run() override;

    // The end of a turn: carries out what the node asks for.
    void finishTurn();
    // Says goodbye and waits until everything is durable. Then the run is to be destroyed.
    void stop();
    // From here on nothing reaches the disk. Then the run is to be destroyed.
    void kill();

    std::uint16_t clientPort() const { return clients_->port(); }
    const AdminServer& admin() const { return *admin_; }
    std::uint16_t secureClientPort() const { return clients_->securePort(); }
    const server::Node& peek() const { return *node_; }
    const std::string& fault() const { return fault_; } // what the disk said when it failed; empty while it works

    // --- Turn ---
    server::Node& node() override;
    void log(trace::Severity severity, std::string text) override;
    void tell(trace::Event event) override;
    void again() override;

  private:
    Run(Loop& loop, config::ServerConfig config, std::unique_ptr<storage::Disk> disk, trace::Sink& sink);
    Result<void> bind();
    Result<void> bindClients(const std::string& whose);
    Result<void> recover();
    // Tells the node what has become durable. Was there anything?
    bool collect();
    void wake(Instant at);

    Loop& loop_;
    const config::ServerConfig config_;
    trace::Tracer tracer_;
    trace::Sink& sink_;
    GatedDisk disk_;
    std::unique_ptr<storage::Store> store_; // until the disk queue has it
    std::unique_ptr<ClientLinks> clients_;
    std::unique_ptr<ElectionLinks> elections_; // both null: standalone
    std::unique_ptr<QuorumLinks> quorums_;
    std::unique_ptr<server::Node> node_;
    std::unique_ptr<DiskQueue> queue_;
    std::unique_ptr<AdminServer> admin_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true); // for what was posted to the loop
    Timer timer_;
    Instant wakeAt_ = kNever;
    bool inTurn_ = false, anotherTurn_ = false;
    std::string fault_;
};

} // namespace zk::net
