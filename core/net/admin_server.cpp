#include "net/admin_server.h"

#include "admin/commands.h"
#include "admin/prometheus.h"

namespace zk::net {

namespace {

constexpr Duration kMetricsIdle = std::chrono::seconds(30);
constexpr std::size_t kPiece = 256 * 1024;
constexpr const char* kAllowed = "GET, HEAD, TRACE, OPTIONS";

HttpResponse plain(int status, std::string text) {
    HttpResponse response;
    response.status = status;
    response.contentType = "text/plain;charset=utf-8";
    response.body = std::move(text);
    return response;
}

HttpResponse json(admin::CommandResponse answer) {
    HttpResponse response;
    response.status = answer.status;
    response.contentType = "application/json";
    response.body = std::move(answer.json);
    return response;
}

// What every method but GET, HEAD and, where it is a command's, POST gets; null for those.
std::optional<HttpResponse> refusedMethod(const std::string& method) {
    if (method == "GET" || method == "HEAD" || method == "POST") return {};
    if (method == "OPTIONS") {
        HttpResponse response;
        response.headers.emplace_back("Allow", kAllowed);
        return response;
    }
    return plain(method == "TRACE" ? 403 : 405, "");
}

} // namespace

AdminServer::AdminServer(Turn& turn, Loop& loop, const config::ServerConfig& config, storage::Disk& disk,
                         storage::Compression compression)
    : turn_(turn), config_(config), disk_(disk), compression_(compression) {
    const auto& admin = config.admin;
    if (admin.enabled)
        commands_ = open(loop, admin.at, admin.idleTimeout, "AdminServer's port", &AdminServer::command);
    if (config.prometheus.enabled)
        metrics_ = open(loop, config.prometheus.at, kMetricsIdle, "port of the Prometheus metrics", &AdminServer::metrics);
}

std::unique_ptr<HttpServer> AdminServer::open(Loop& loop, const config::Endpoint& at, Duration idleTimeout,
                                              const std::string& purpose,
                                              void (AdminServer::*handle)(const HttpRequest&, const HttpServer::Answer&)) {
    auto listener = Listener::open(loop, at.host, at.port, 0, purpose);
    if (!listener) {
        turn_.log(trace::Severity::Warning, listener.error().message() + " The server runs without it.");
        return nullptr;
    }
    turn_.log(trace::Severity::Info, "The " + purpose + " is " + std::to_string((*listener)->port()));
    return std::make_unique<HttpServer>(
        loop, std::move(*listener), idleTimeout,
        [this, handle](const HttpRequest& request, const HttpServer::Answer& answer) {
            if (auto refused = refusedMethod(request.method)) return answer(std::move(*refused));
            (this->*handle)(request, answer);
        },
        [this](std::string trouble) { turn_.log(trace::Severity::Warning, std::move(trouble)); });
}

void AdminServer::command(const HttpRequest& request, const HttpServer::Answer& answer) {
    const std::string& url = config_.admin.commandUrl;
    if (request.path != url && !request.path.starts_with(url + "/"))
        return answer(plain(404, "Nothing is here. The commands are at " + url + "\n"));
    const std::string name = request.path.size() > url.size() ? request.path.substr(url.size() + 1) : std::string();
    const admin::CommandRow* const row = admin::findCommand(name);
    const bool post = request.method == "POST";
    if (post != (row != nullptr && row->post) && (post || row != nullptr))
        return answer(plain(405, "HTTP method " + request.method + " is not supported by this command\n"));
    if (name.empty()) {
        HttpResponse page = plain(200, admin::indexPage(url));
        page.contentType = "text/html;charset=utf-8";
        return answer(std::move(page));
    }
    const admin::CommandRequest asked{name, post, request.query, request.authorization, request.address};
    server::Node::Commanded done = turn_.node().command(asked);
    turn_.again(); // a command may have made duties
    if (done.snapshot) return snapshot(asked, answer);
    answer(json(std::move(done.response)));
}

void AdminServer::snapshot(const admin::CommandRequest& request, const HttpServer::Answer& answer) {
    const auto wish = request.arguments.find("streaming");
    const bool streaming = wish == request.arguments.end() || wish->second == "true";
    turn_.node().takeSnapshot([this, alive = std::weak_ptr(alive_), streaming, answer](std::optional<Zxid> zxid) {
        if (alive.expired()) return;
        answer(zxid ? snapshotFile(*zxid, streaming) : json(admin::plain("snapshot", 500)));
    });
}

// A snapshot that is durable, as its file's bytes or as a word that it is there.
HttpResponse AdminServer::snapshotFile(Zxid zxid, bool streaming) {
    const std::string path = config_.dataDir + "/version-2/" + storage::snapshotName(zxid, compression_);
    auto opened = disk_.open(path);
    const auto size = opened ? (*opened)->size() : Result<std::uint64_t>(opened.error());
    if (!size || *size == 0) return json(admin::plain("snapshot", 500));
    HttpResponse response = json(admin::plain("snapshot", 200));
    response.headers = {{"last_zxid", hex(zxid)}, {"snapshot_size", std::to_string(*size)}};
    if (!streaming) return response;
    response.contentType = "application/octet-stream";
    response.body.clear();
    response.size = *size;
    response.more = [file = std::shared_ptr(std::move(*opened)), offset = std::uint64_t{0},
                     end = *size](std::string& out) mutable {
        if (offset == end) return true;
        const auto piece = file->read(offset, static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, end - offset)));
        if (!piece || piece->empty()) return false;
        offset += piece->size();
        out += *piece;
        return true;
    };
    return response;
}

void AdminServer::metrics(const HttpRequest& request, const HttpServer::Answer& answer) {
    if (request.path != "/metrics") return answer(plain(404, "Nothing is here. The metrics are at /metrics\n"));
    if (request.method == "POST") return answer(plain(405, "HTTP method POST is not supported here\n"));
    HttpResponse response = plain(200, admin::prometheusText(turn_.node().status()));
    response.contentType = "text/plain; version=0.0.4; charset=utf-8";
    answer(std::move(response));
}

} // namespace zk::net
