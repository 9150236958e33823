// AdminServer: the operators' commands and the metrics of one run of a server, over HTTP. Only there where the zoo.cfg asks
// for it (admin.enableServer, metricsProvider.className). The text is core/admin's, the transport HttpServer's.
#pragma once

#include "net/http_server.h"
#include "net/turn.h"
#include "storage/compression.h"
#include "storage/disk.h"

namespace zk::net {

class AdminServer {
  public:
    // What cannot be opened is warned of, as Apache does, and the server runs without. `disk` outlives this.
    AdminServer(Turn& turn, Loop& loop, const config::ServerConfig& config, storage::Disk& disk,
                storage::Compression compression);
    // As bound; 0: not open.
    std::uint16_t commandPort() const { return commands_ ? commands_->port() : std::uint16_t{0}; }
    std::uint16_t metricsPort() const { return metrics_ ? metrics_->port() : std::uint16_t{0}; }

  private:
    std::unique_ptr<HttpServer> open(Loop& loop, const config::Endpoint& at, Duration idleTimeout, const std::string& purpose,
                                     void (AdminServer::*handle)(const HttpRequest&, const HttpServer::Answer&));
    void command(const HttpRequest& request, const HttpServer::Answer& answer);
    void metrics(const HttpRequest& request, const HttpServer::Answer& answer);
    void snapshot(const admin::CommandRequest& request, const HttpServer::Answer& answer);
    HttpResponse snapshotFile(Zxid zxid, bool streaming);

    Turn& turn_;
    const config::ServerConfig& config_;
    storage::Disk& disk_;
    const storage::Compression compression_; // of the snapshots that are written
    std::unique_ptr<HttpServer> commands_, metrics_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true); // for a snapshot that is being taken
};

} // namespace zk::net
