#include "net/http_server.h"

#include "net/clock.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <charconv>

namespace zk::net {

namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

std::string resolved(std::string_view text, bool plusIsBlank) {
    std::string out;
    for (std::size_t index = 0; index < text.size(); ++index) {
        unsigned value = 0;
        const std::string_view digits = text.substr(index + 1 <= text.size() ? index + 1 : index, 2);
        if (text[index] == '%' && digits.size() == 2 &&
            std::from_chars(digits.data(), digits.data() + 2, value, 16).ptr == digits.data() + 2) {
            out.push_back(static_cast<char>(value));
            index += 2;
        } else {
            out.push_back(plusIsBlank && text[index] == '+' ? ' ' : text[index]);
        }
    }
    return out;
}

std::map<std::string, std::string> queryOf(std::string_view text) {
    std::map<std::string, std::string> query;
    while (!text.empty()) {
        const std::string_view one = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(one.size() + 1, text.size()));
        const auto equals = one.find('=');
        if (!one.empty())
            query.emplace(resolved(one.substr(0, equals), true),
                          equals == std::string_view::npos ? "" : resolved(one.substr(equals + 1), true));
    }
    return query;
}

// "Sat, 21 Nov 2026 06:33:46 GMT"
std::string dateHeader() {
    using namespace std::chrono;
    constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const sys_time<milliseconds> time{milliseconds(wallNow().ms)};
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(floor<seconds>(time - day));
    char text[64];
    std::snprintf(text, sizeof text, "%s, %02u %s %d %02d:%02d:%02d GMT", kDays[weekday(day).c_encoding()],
                  unsigned(date.day()), kMonths[unsigned(date.month()) - 1], int(date.year()), int(clock.hours().count()),
                  int(clock.minutes().count()), int(clock.seconds().count()));
    return text;
}

std::string head(const HttpResponse& response, std::uint64_t size, bool keepAlive) {
    std::string text = "HTTP/1.1 " + std::to_string(response.status) + ' ' +
                       std::string(http::obsolete_reason(http::int_to_status(static_cast<unsigned>(response.status)))) +
                       "\r\nDate: " + dateHeader() + "\r\n";
    if (!response.contentType.empty()) text += "Content-Type: " + response.contentType + "\r\n";
    for (const auto& [name, value] : response.headers) text += name + ": " + value + "\r\n";
    text += "Content-Length: " + std::to_string(size) + "\r\nServer: viv/" VIV_VERSION "\r\n";
    if (!keepAlive) text += "Connection: close\r\n";
    return text + "\r\n";
}

} // namespace

struct HttpServer::Connection : StreamUser, std::enable_shared_from_this<Connection> {
    using Parser = http::request_parser<http::string_body>;

    Connection(HttpServer& of, std::uint64_t number, std::unique_ptr<Stream> open)
        : owner(&of), id(number), stream(std::move(open)), deadline(of.loop_) {}

    void start() {
        stream->start(*this, out);
        next();
    }

    // Waits for a request, for as long as the idle timeout.
    void next() {
        parser = std::make_unique<Parser>();
        parser->header_limit(kHttpHeaderBytes);
        parser->body_limit(kHttpBodyBytes);
        busy = false;
        more = nullptr;
        deadline.at(now() + owner->idleTimeout_, [this] { owner->remove(id); });
        parse();
    }

    void received(std::string_view bytes) override {
        in += bytes;
        if (!busy) parse();
        else if (in.size() > kHttpHeaderBytes + kHttpBodyBytes) stream->pause(); // of the requests behind this one
    }

    void parse() {
        const auto alive = shared_from_this();
        while (!busy && !in.empty()) {
            error_code error;
            parser->eager(true);
            const std::size_t taken = parser->put(boost::asio::buffer(in), error);
            in.erase(0, taken);
            if (error == http::error::need_more) return;
            if (error) return refuse(error);
            if (parser->is_done()) return handle();
            if (taken == 0) return;
        }
    }

    void refuse(error_code error) {
        HttpResponse response;
        response.status = error == http::error::header_limit ? 431 : error == http::error::body_limit ? 413 : 400;
        response.contentType = "text/plain;charset=utf-8";
        response.body = "The request cannot be read: " + error.message() + "\n";
        busy = true;
        keepAlive = false;
        answer(std::move(response));
    }

    void handle() {
        busy = true;
        const auto& message = parser->get();
        keepAlive = message.keep_alive();
        withoutBody = message.method() == http::verb::head;
        HttpRequest request;
        const std::string_view target(message.target().data(), message.target().size());
        const auto mark = target.find('?');
        request.method = std::string(message.method_string());
        request.path = resolved(target.substr(0, mark), false);
        if (mark != std::string_view::npos) request.query = queryOf(target.substr(mark + 1));
        if (const auto field = message.find(http::field::authorization); field != message.end())
            request.authorization = std::string(field->value());
        request.body = message.body();
        request.address = stream->address();
        owner->handler_(request, [weak = weak_from_this()](HttpResponse response) {
            if (const auto self = weak.lock(); self && self->owner != nullptr) self->answer(std::move(response));
        });
    }

    void answer(HttpResponse response) {
        const auto alive = shared_from_this();
        const std::uint64_t size = response.more ? response.size : response.body.size();
        out += head(response, size, keepAlive);
        if (!withoutBody) {
            out += response.body;
            more = std::move(response.more);
        }
        withoutBody = false;
        deadline.at(now() + owner->idleTimeout_, [this] { owner->remove(id); });
        stream->flush();
    }

    void drained() override {
        const auto alive = shared_from_this();
        if (owner == nullptr || !busy) return;
        if (more) {
            const std::size_t before = out.size();
            if (!more(out)) return owner->remove(id);
            if (out.size() > before) {
                deadline.at(now() + owner->idleTimeout_, [this] { owner->remove(id); });
                owner->loop_.post([alive] {
                    if (alive->owner != nullptr) alive->stream->flush();
                });
                return;
            }
        }
        // The stream is in the middle of telling us: it is closed, or read on, afterwards.
        owner->loop_.post([alive] {
            if (alive->owner == nullptr) return;
            if (!alive->keepAlive) return alive->owner->remove(alive->id);
            alive->stream->resume();
            alive->next();
        });
    }

    void lost(std::string_view) override { owner->remove(id); }

    HttpServer* owner; // null once it is removed
    const std::uint64_t id;
    std::unique_ptr<Stream> stream;
    Timer deadline;
    std::unique_ptr<Parser> parser;
    std::string in, out;
    std::function<bool(std::string&)> more;
    bool busy = false, keepAlive = true, withoutBody = false;
};

HttpServer::HttpServer(Loop& loop, std::unique_ptr<Listener> listener, Duration idleTimeout, Handler handler, Trouble trouble)
    : loop_(loop), listener_(std::move(listener)), idleTimeout_(idleTimeout), handler_(std::move(handler)) {
    listener_->accept([this](std::unique_ptr<Stream> stream) { accepted(std::move(stream)); }, std::move(trouble));
}

HttpServer::~HttpServer() {
    while (!connections_.empty()) remove(connections_.begin()->first);
}

void HttpServer::accepted(std::unique_ptr<Stream> stream) {
    if (connections_.size() >= kHttpConnections) return;
    const std::uint64_t id = ++lastId_;
    const auto connection = std::make_shared<Connection>(*this, id, std::move(stream));
    connections_.emplace(id, connection);
    connection->start();
}

void HttpServer::remove(std::uint64_t id) {
    const auto place = connections_.find(id);
    if (place == connections_.end()) return;
    const auto connection = std::move(place->second);
    connections_.erase(place);
    connection->owner = nullptr;
    connection->deadline.cancel();
    connection->stream->close();
    loop_.post([connection] {}); // it may be in the middle of a call
}

} // namespace zk::net
