// Script: plays the driver and the server for one session, byte by byte and in virtual time.
#pragma once

#include "client/session.h"

#include <gtest/gtest.h>

#include <vector>

namespace zk::client {

using namespace std::chrono_literals;

inline Options testOptions(std::string_view servers = "a:1,b:2,c:3") {
    Options options;
    options.connect = *parseConnectString(servers);
    options.sessionTimeout = 30s;
    return options;
}

struct Request {
    std::int32_t xid = 0;
    jute::OpCode op = jute::OpCode::Error;
    std::string body;
};

class Script {
  public:
    explicit Script(Options options = testOptions()) : session(makeSession(std::move(options))) {
        session->onStatus([this](const Status& status) { states.push_back(status.state); });
    }

    void start() {
        session->start(now);
        take();
    }
    // Does what a driver does: collects what is to be sent and where to dial.
    void take() {
        SessionReady ready = session->take();
        if (ready.disconnect) {
            ++hangUps;
            sent.clear();
        }
        if (ready.connect) {
            dialled.push_back(*ready.connect);
            dialAt = ready.connectAt;
        }
        sent += ready.send;
        if (ready.sound) sounded.push_back(*ready.sound);
        wakeAt = ready.wakeAt;
    }
    // A user's calls stand between tick and take.
    template <class Calls>
    void use(Calls calls) {
        session->tick(now);
        calls(*session);
        take();
        if (wakeAt <= now) wake();
    }
    void wake() {
        session->tick(now);
        take();
    }
    // Lets the time run to the machine's own alarm.
    void sleep() {
        now = std::max(now, wakeAt);
        wake();
    }
    void connect() {
        now = std::max(now, dialAt);
        session->connected(now);
        take();
    }
    void welcome(std::chrono::milliseconds timeout = 30s, SessionId id = 0x77, bool readOnly = false) {
        jute::ConnectResponse response;
        response.timeoutMs = static_cast<std::int32_t>(timeout.count());
        response.sessionId = id;
        response.password = std::string(16, id == 0 ? '\0' : 'p');
        response.readOnly = readOnly;
        receive(frame(encode(response)));
    }
    // Started, connected, welcomed, with the handshake's bytes read off.
    void open() {
        start();
        connect();
        sent.clear();
        welcome();
    }
    void lose(std::string_view why = "the connection was reset") {
        session->disconnected(now, why);
        sent.clear();
        take();
    }
    void reopen() {
        connect();
        sent.clear();
        welcome();
    }

    static std::string frame(std::string_view payload) {
        std::string out;
        jute::Writer(out).bytes(payload);
        return out;
    }
    void receive(std::string_view bytes) {
        session->received(now, bytes);
        take();
        if (wakeAt <= now) wake();
    }
    static std::string replyBytes(std::int32_t xid, std::int64_t zxid, std::int32_t err,
                                  std::string_view body = {}) {
        return frame(jute::encode(jute::ReplyHeader{xid, Zxid(zxid), err}) + std::string(body));
    }
    void reply(std::int32_t xid, std::int64_t zxid = 1, std::string_view body = {}) {
        receive(replyBytes(xid, zxid, 0, body));
    }
    void refuse(std::int32_t xid, jute::ErrorCode err) {
        receive(replyBytes(xid, 1, static_cast<std::int32_t>(err)));
    }
    static std::string eventBytes(jute::EventType type, std::string path) {
        return replyBytes(
            jute::kXidNotification, -1, 0,
            jute::encode(jute::WatcherEvent{static_cast<std::int32_t>(type), 3, std::move(path)}));
    }

    // What the client has sent since the last call, as requests.
    std::vector<Request> requests() {
        std::vector<Request> found;
        std::string_view left = sent;
        while (left.size() >= 12) {
            const auto length = loadBigEndian<std::int32_t>(left.data());
            const std::string_view payload = left.substr(4, static_cast<std::size_t>(length));
            found.push_back({loadBigEndian<std::int32_t>(payload.data()),
                             static_cast<jute::OpCode>(loadBigEndian<std::int32_t>(payload.data() + 4)),
                             std::string(payload.substr(8))});
            left.remove_prefix(4 + payload.size());
        }
        EXPECT_TRUE(left.empty()) << "a frame is cut short";
        sent.clear();
        return found;
    }
    jute::ConnectRequest hello() {
        const auto request = jute::decodeConnectRequest(std::string_view(sent).substr(4));
        sent.clear();
        return request.value();
    }

    Instant now{1000s};
    std::vector<SessionState> states;
    std::vector<Address> dialled, sounded;
    Instant dialAt{}, wakeAt = kNever;
    std::string sent;
    int hangUps = 0;
    std::unique_ptr<SessionClient> session;
};

// A getData's answer.
inline std::string dataBody(std::string_view bytes) {
    return jute::encode(jute::GetDataResponse{std::string(bytes), {}});
}

} // namespace zk::client
