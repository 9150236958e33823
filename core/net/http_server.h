// HttpServer: a small HTTP/1.1 server for operators, on a host's loop: the AdminServer's commands and Prometheus' metrics.
//
// Bounds: kHttpConnections at a time (more are closed at once), kHttpHeaderBytes of a request's head and kHttpBodyBytes of
// its body; and a request must be whole, and its answer taken, within the idle timeout, however slowly its bytes trickle in.
// All calls and callbacks on the loop's thread. Parsing is Boost.Beast's.
#pragma once

#include "net/sockets.h"

#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

namespace zk::net {

inline constexpr std::size_t kHttpConnections = 64;
inline constexpr std::uint32_t kHttpHeaderBytes = 8 * 1024;
inline constexpr std::uint64_t kHttpBodyBytes = 64 * 1024;

struct HttpRequest {
    std::string method;                       // "GET"
    std::string path;                         // without the query, percent signs resolved
    std::map<std::string, std::string> query; // the first of each name
    std::optional<std::string> authorization; // the header of this name
    std::string body;
    std::string address; // of the client, "127.0.0.1"
};

struct HttpResponse {
    int status = 200;
    std::string contentType;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    // Where the body is too large to be held: its size, and what gives the next piece of it; false: it cannot be read on.
    std::uint64_t size = 0;
    std::function<bool(std::string& out)> more;
};

class HttpServer {
  public:
    using Answer = std::function<void(HttpResponse)>;
    // Answers at once or later, once. An answer that comes after the client has gone is thrown away.
    using Handler = std::function<void(const HttpRequest& request, Answer answer)>;
    using Trouble = std::function<void(std::string)>;

    HttpServer(Loop& loop, std::unique_ptr<Listener> listener, Duration idleTimeout, Handler handler, Trouble trouble);
    ~HttpServer();
    std::uint16_t port() const { return listener_->port(); }
    std::size_t connections() const { return connections_.size(); }

  private:
    struct Connection;
    void accepted(std::unique_ptr<Stream> stream);
    void remove(std::uint64_t id);

    Loop& loop_;
    std::unique_ptr<Listener> listener_;
    const Duration idleTimeout_;
    const Handler handler_;
    std::uint64_t lastId_ = 0;
    std::unordered_map<std::uint64_t, std::shared_ptr<Connection>> connections_;
};

} // namespace zk::net
