// The AdminServer and the metrics over HTTP, against a server of this process; and HttpServer's bounds.
#include "fixture.h"

#include "net/http_server.h"

namespace zk::net {
namespace {

std::uint16_t freePort() {
    Loop loop;
    const auto listener = Listener::open(loop, "127.0.0.1", 0, 0, "test");
    return (*listener)->port();
}

class AdminServerTest : public testing::Test {
  protected:
    void start(std::function<void(config::ServerConfig&)> adjust = {}) {
        config::ServerConfig config;
        config.dataDir = directory_ / "data";
        config.client = {"127.0.0.1", 0};
        config.preallocateKilobytes = 64;
        config.admin.enabled = true;
        config.admin.at = {"127.0.0.1", freePort()};
        config.prometheus.enabled = true;
        config.prometheus.at = {"127.0.0.1", freePort()};
        if (adjust) adjust(config);
        port_ = config.admin.at.port;
        metricsPort_ = config.prometheus.at.port;
        ASSERT_EQ(outcome([&](auto done) { host_.start(config, std::move(done)); }), "");
    }
    // The whole answer to one request on a connection of its own.
    std::string ask(const std::string& request) { return askPort(port_, request); }
    std::string askPort(std::uint16_t port, const std::string& request) {
        Raw raw(port);
        raw.send(request);
        return raw.readAll();
    }
    std::string get(const std::string& path, const std::string& headers = {}) {
        return ask("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n");
    }
    static std::string body(const std::string& answer) {
        const auto at = answer.find("\r\n\r\n");
        return at == std::string::npos ? std::string() : answer.substr(at + 4);
    }
    static std::string statusLine(const std::string& answer) { return answer.substr(0, answer.find("\r\n")); }

    Directory directory_;
    Record record_;
    Host host_{1, record_};
    std::uint16_t port_ = 0, metricsPort_ = 0;
};

TEST_F(AdminServerTest, CommandsAnswerAsJson) {
    start();
    const std::string ruok = get("/commands/ruok");
    EXPECT_EQ(statusLine(ruok), "HTTP/1.1 200 OK");
    EXPECT_NE(ruok.find("Content-Type: application/json\r\n"), std::string::npos);
    EXPECT_NE(ruok.find("Content-Length: 42\r\n"), std::string::npos);
    EXPECT_EQ(body(ruok), "{\n  \"command\" : \"ruok\",\n  \"error\" : null\n}");
    EXPECT_NE(body(get("/commands/nothing")).find("Unknown command: nothing"), std::string::npos);
    EXPECT_NE(body(get("/commands/stmk?traceMask=7&x=%20")).find("\"tracemask\" : 7"), std::string::npos);
    EXPECT_NE(body(get("/commands/gtmk")).find("\"tracemask\" : 7"), std::string::npos);
    EXPECT_NE(body(get("/commands")).find("<a href=\"/commands/zabstate\">zabstate</a>\n<br/>\n"), std::string::npos);
    EXPECT_EQ(body(get("/commands")), body(get("/commands/")));
    const std::string directories = body(get("/commands/dirs"));
    EXPECT_EQ(directories.find("\"datadir_size\" : 0"), std::string::npos) << directories;
    EXPECT_NE(body(get("/commands/lsnp")).find("\"zxid\" : \"0\""), std::string::npos);
}

TEST_F(AdminServerTest, WhatIsNoCommandGetsItsStatus) {
    start([](config::ServerConfig& config) { config.admin.commandUrl = "/zk"; });
    EXPECT_EQ(statusLine(get("/zk/ruok")), "HTTP/1.1 200 OK");
    EXPECT_EQ(statusLine(get("/commands/ruok")), "HTTP/1.1 404 Not Found");
    EXPECT_EQ(statusLine(get("/zkruok")), "HTTP/1.1 404 Not Found");
    const auto method = [&](const std::string& name, const std::string& path) {
        return ask(name + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    };
    EXPECT_EQ(statusLine(method("POST", "/zk/ruok")), "HTTP/1.1 405 Method Not Allowed");
    EXPECT_EQ(statusLine(method("GET", "/zk/restore")), "HTTP/1.1 405 Method Not Allowed");
    EXPECT_EQ(statusLine(method("PUT", "/zk/ruok")), "HTTP/1.1 405 Method Not Allowed");
    EXPECT_EQ(statusLine(method("TRACE", "/zk/ruok")), "HTTP/1.1 403 Forbidden");
    EXPECT_NE(method("OPTIONS", "/zk/ruok").find("Allow: GET, HEAD, TRACE, OPTIONS\r\n"), std::string::npos);
    EXPECT_EQ(body(method("HEAD", "/zk/ruok")), "");
    EXPECT_EQ(statusLine(method("POST", "/zk/restore")), "HTTP/1.1 401 Unauthorized");
    const std::string restore = ask("POST /zk/restore HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ip\r\n"
                                    "Content-Length: 3\r\n\r\nabc");
    EXPECT_EQ(statusLine(restore), "HTTP/1.1 501 Not Implemented");
    EXPECT_NE(body(restore).find("put the snapshot into dataDir"), std::string::npos);
    EXPECT_EQ(statusLine(ask("nonsense\r\n\r\n")), "HTTP/1.1 400 Bad Request");
}

TEST_F(AdminServerTest, OneConnectionCarriesManyRequests) {
    start();
    Raw raw(port_);
    std::string all;
    for (int index = 0; index < 20; ++index) all += "GET /commands/ruok HTTP/1.1\r\nHost: x\r\n\r\n";
    raw.send(all);
    EXPECT_TRUE(raw.waitFor([](const std::string& in) {
        std::size_t answers = 0;
        for (auto at = in.find("\"error\" : null"); at != std::string::npos; at = in.find("\"error\" : null", at + 1)) ++answers;
        return answers == 20;
    }));
    raw.send("GET /commands/ruok HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(raw.closed()) << "HTTP/1.0 ends with its answer";
}

TEST_F(AdminServerTest, WhoTrickleItsRequestIsClosed) {
    start([](config::ServerConfig& config) { config.admin.idleTimeout = 300ms; });
    Raw silent(port_), slow(port_);
    const auto begun = std::chrono::steady_clock::now();
    slow.send("GET /commands/ruok HTTP/1.1\r\n");
    int headers = 0;
    while (!slow.waitFor([](const std::string&) { return true; }) || headers < 3) {
        slow.send("X-" + std::to_string(++headers) + ": y\r\n");
        if (headers == 3) break;
    }
    EXPECT_EQ(slow.readAll(), "");
    EXPECT_TRUE(silent.closed());
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 8s);
}

TEST_F(AdminServerTest, HeadBodyAndConnectionsHaveTheirBounds) {
    start();
    EXPECT_EQ(statusLine(get("/commands/ruok", "X: " + std::string(kHttpHeaderBytes, 'x') + "\r\n")),
              "HTTP/1.1 431 Request Header Fields Too Large");
    EXPECT_EQ(statusLine(get("/commands/ruok", "X: " + std::string(kHttpHeaderBytes - 200, 'x') + "\r\n")), "HTTP/1.1 200 OK");
    EXPECT_EQ(statusLine(ask("POST /commands/restore HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " +
                             std::to_string(kHttpBodyBytes + 1) + "\r\n\r\n")),
              "HTTP/1.1 413 Payload Too Large");
    std::vector<std::unique_ptr<Raw>> many;
    for (std::size_t index = 0; index < kHttpConnections; ++index) {
        many.push_back(std::make_unique<Raw>(port_));
        many.back()->send("GET /commands/ruok HTTP/1.1\r\nHost: x\r\n\r\n");
        ASSERT_TRUE(many.back()->waitFor([](const std::string& in) { return in.find("null\n}") != std::string::npos; })) << index;
    }
    EXPECT_TRUE(Raw(port_).closed());
    many.pop_back();
    EXPECT_TRUE(eventually([&] { return statusLine(get("/commands/ruok")) == "HTTP/1.1 200 OK"; }));
}

TEST_F(AdminServerTest, SnapshotIsStreamed) {
    start();
    EXPECT_EQ(statusLine(get("/commands/snapshot")), "HTTP/1.1 401 Unauthorized");
    const std::string answer = get("/commands/snapshot", "Authorization: digest root:secret\r\n");
    EXPECT_EQ(statusLine(answer), "HTTP/1.1 200 OK");
    EXPECT_NE(answer.find("last_zxid: 0x0\r\n"), std::string::npos) << answer.substr(0, 300);
    EXPECT_NE(answer.find("snapshot_size: " + std::to_string(body(answer).size()) + "\r\n"), std::string::npos);
    EXPECT_EQ(body(answer).substr(0, 4), "ZKSN");
    EXPECT_EQ(statusLine(get("/commands/snap", "Authorization: ip\r\n")), "HTTP/1.1 429 Too Many Requests");
}

TEST_F(AdminServerTest, SnapshotMayBeTakenWithoutTheStream) {
    start([](config::ServerConfig& config) { config.admin.rateLimit = 0ms; });
    const std::string answer = get("/commands/snapshot?streaming=false", "Authorization: ip\r\n");
    EXPECT_EQ(body(answer), "{\n  \"command\" : \"snapshot\",\n  \"error\" : null\n}");
    EXPECT_NE(answer.find("snapshot_size: "), std::string::npos);
}

TEST_F(AdminServerTest, MetricsAreAsPrometheusReadsThem) {
    start();
    const auto metrics = [&] {
        return askPort(metricsPort_, "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    };
    const std::string answer = metrics();
    EXPECT_NE(answer.find("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"), std::string::npos);
    EXPECT_NE(answer.find("# HELP znode_count znode_count\n# TYPE znode_count gauge\nznode_count 5.0\n"), std::string::npos);
    EXPECT_NE(answer.find("# TYPE connection_request_count counter\nconnection_request_count 0.0\n"), std::string::npos);
    EXPECT_NE(answer.find("# TYPE updatelatency summary\nupdatelatency{quantile=\"0.5\",} NaN\n"
                          "updatelatency{quantile=\"0.9\",} NaN\nupdatelatency{quantile=\"0.99\",} NaN\n"
                          "updatelatency_count 0.0\nupdatelatency_sum 0.0\n"),
              std::string::npos);
    EXPECT_EQ(statusLine(askPort(metricsPort_, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")),
              "HTTP/1.1 404 Not Found");
    BlockingSession session(optionsFor({host_.view().clientPort}));
    ASSERT_TRUE(create(session, "/app", "12345"));
    const std::string later = metrics();
    EXPECT_NE(later.find("write_per_namespace_sum{key=\"app\",} 9.0\n"), std::string::npos) << later;
    EXPECT_NE(later.find("write_per_namespace{key=\"app\",quantile=\"0.5\",} 9.0\n"), std::string::npos);
    EXPECT_EQ(later.find("fsynctime_count 0.0\n"), std::string::npos) << "the log was synced";
}

TEST_F(AdminServerTest, APortThatIsTakenIsWarnedOfAndTheServerRuns) {
    Loop loop;
    const auto taken = Listener::open(loop, "127.0.0.1", 0, 0, "test");
    ASSERT_TRUE(taken);
    start([&](config::ServerConfig& config) { config.admin.at.port = (*taken)->port(); });
    EXPECT_TRUE(host_.view().serving);
    EXPECT_TRUE(record_.says(trace::Kind::Log, "AdminServer's port cannot be opened")) << record_.text();
}

TEST_F(AdminServerTest, WithoutBeingAskedForNothingListens) {
    start([](config::ServerConfig& config) { config.admin.enabled = config.prometheus.enabled = false; });
    EXPECT_TRUE(portIsFree("127.0.0.1", port_));
    EXPECT_TRUE(portIsFree("127.0.0.1", metricsPort_));
}

TEST_F(AdminServerTest, SlowSyncsAreWarnedOfAndCounted) {
    start([](config::ServerConfig& config) { config.fsyncWarning = 0ms; });
    BlockingSession session(optionsFor({host_.view().clientPort}));
    ASSERT_TRUE(create(session, "/app", "x"));
    EXPECT_TRUE(eventually([&] { return record_.says(trace::Kind::Log, "fsync.warningthresholdms"); }));
    EXPECT_EQ(body(get("/commands/srvr")).find("\"fsync_threshold_exceed_count\" : 0"), std::string::npos);
}

} // namespace
} // namespace zk::net
