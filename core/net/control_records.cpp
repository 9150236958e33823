#include "net/control_records.h"

#include <bit>

namespace zk::net {

namespace {

struct ServerRecord {
    Sid sid = 0;
    std::int32_t state = 0;
    bool observer = false, inferred = false, serving = false;
    std::string host;
    std::vector<std::int32_t> ports; // client, quorum, election
    std::string directory;
    std::int64_t epoch = 0;
    Zxid zxid;
    std::string problem;
    ZK_FIELDS(ServerRecord, sid, state, observer, inferred, serving, host, ports, directory, epoch, zxid, problem);
};

struct ViewRecord {
    std::string name, directory, connectString;
    std::vector<ServerRecord> servers;
    ZK_FIELDS(ViewRecord, name, directory, connectString, servers);
};

// The fields of a status in wire order, for the encoder and the decoder alike. `archive` is called with each.
template <class Archive, class Connection>
void visitConnection(Archive& archive, Connection& one) {
    archive(one.address, one.session, one.timeoutMs, one.queued, one.received, one.sent, one.lastOperation, one.establishedMs,
            one.lastCxid, one.lastResponseMs, one.lastZxid, one.lastLatencyMs, one.minLatencyMs, one.maxLatencyMs,
            one.avgLatencyMs);
}

template <class Archive, class Status>
void visitStatus(Archive& archive, Status& status) {
    archive(status.version, status.state, status.serving, status.readOnly, status.sid, status.zxid, status.epoch, status.leader,
            status.uptimeMs, status.avgLatencyMs, status.minLatencyMs, status.maxLatencyMs, status.received, status.sent,
            status.outstanding, status.znodes, status.ephemerals, status.watches, status.watchingConnections,
            status.watchedPaths, status.dataSize, status.sessions, status.followers, status.syncedFollowers,
            status.syncedObservers, status.learners, status.lastProposalSize, status.minProposalSize, status.maxProposalSize,
            status.lastResponseSize, status.minResponseSize, status.maxResponseSize, status.counters, status.connections,
            status.sessionExpiries, status.ephemeralsBySession, status.configuration, status.ensembleText, status.environment);
}

class Encoder {
  public:
    explicit Encoder(std::string& out) : out_(out) {}
    template <class... Values>
    void operator()(const Values&... values) {
        (put(values), ...);
    }

  private:
    void put(bool value) { out_.boolean(value); }
    void put(std::int32_t value) { out_.i32(value); }
    void put(std::int64_t value) { out_.i64(value); }
    void put(std::size_t value) { out_.i64(static_cast<std::int64_t>(value)); }
    void put(double value) { out_.i64(std::bit_cast<std::int64_t>(value)); }
    void put(Zxid value) { out_.i64(value.value); }
    void put(trace::ServerState value) { out_.i32(static_cast<std::int32_t>(value)); }
    void put(const std::string& value) { out_.bytes(value); }
    void put(const std::optional<Sid>& value) {
        out_.boolean(value.has_value());
        out_.i64(value.value_or(0));
    }
    void put(const admin::ConnectionStatus& value) { visitConnection(*this, value); }
    template <class First, class Second>
    void put(const std::pair<First, Second>& value) {
        put(value.first);
        put(value.second);
    }
    template <class Container>
        requires requires(const Container& one) { typename Container::value_type; one.begin(); }
    void put(const Container& values) {
        out_.i32(static_cast<std::int32_t>(values.size()));
        for (const auto& value : values) put(value);
    }

    jute::Writer out_;
};

class Decoder {
  public:
    explicit Decoder(std::string_view bytes) : in_(bytes) {}
    template <class... Values>
    void operator()(Values&... values) {
        (get(values), ...);
    }
    bool ok() const { return in_.ok(); }
    std::size_t offset() const { return in_.offset(); }

  private:
    void get(bool& value) { value = in_.boolean(); }
    void get(std::int32_t& value) { value = in_.i32(); }
    void get(std::int64_t& value) { value = in_.i64(); }
    void get(std::size_t& value) { value = static_cast<std::size_t>(in_.i64()); }
    void get(double& value) { value = std::bit_cast<double>(in_.i64()); }
    void get(Zxid& value) { value = Zxid(in_.i64()); }
    void get(trace::ServerState& value) { value = static_cast<trace::ServerState>(in_.i32()); }
    void get(std::string& value) { value = in_.ustring(); }
    void get(std::optional<Sid>& value) {
        const bool there = in_.boolean();
        const Sid sid = in_.i64();
        if (there) value = sid;
    }
    void get(admin::ConnectionStatus& value) { visitConnection(*this, value); }
    template <class First, class Second>
    void get(std::pair<First, Second>& value) {
        get(const_cast<std::remove_const_t<First>&>(value.first));
        get(value.second);
    }
    template <class Container>
        requires requires(const Container& one) { typename Container::value_type; one.begin(); }
    void get(Container& values) {
        const std::int32_t count = in_.count();
        for (std::int32_t index = 0; index < count && in_.ok(); ++index) {
            typename Plain<typename Container::value_type>::type value{};
            get(value);
            values.insert(values.end(), std::move(value));
        }
    }
    // A map's element without the const of its key.
    template <class Value>
    struct Plain {
        using type = Value;
    };
    template <class Key, class Value>
    struct Plain<std::pair<const Key, Value>> {
        using type = std::pair<Key, Value>;
    };

    jute::Reader in_;
};

} // namespace

std::string encodeView(const ensemble::EnsembleView& view) {
    ViewRecord record{view.name, view.directory, view.connectString, {}};
    for (const ensemble::ServerView& one : view.servers)
        record.servers.push_back({one.sid, static_cast<std::int32_t>(one.state), one.observer, one.inferred, one.serving,
                                  one.host, {one.clientPort, one.quorumPort, one.electionPort}, one.directory, one.epoch,
                                  one.zxid, one.problem});
    return jute::encode(record);
}

Result<ensemble::EnsembleView> decodeView(std::string_view bytes) {
    auto record = jute::decode<ViewRecord>(bytes);
    if (!record) return record.error();
    ensemble::EnsembleView view{std::move(record->name), std::move(record->directory), std::move(record->connectString), {}};
    for (ServerRecord& one : record->servers) {
        if (one.ports.size() != 3) return jute::malformed("the ports of a server", 0);
        ensemble::ServerView server;
        server.sid = one.sid;
        server.state = static_cast<trace::ServerState>(one.state);
        server.observer = one.observer;
        server.inferred = one.inferred;
        server.serving = one.serving;
        server.host = std::move(one.host);
        server.clientPort = static_cast<std::uint16_t>(one.ports[0]);
        server.quorumPort = static_cast<std::uint16_t>(one.ports[1]);
        server.electionPort = static_cast<std::uint16_t>(one.ports[2]);
        server.directory = std::move(one.directory);
        server.epoch = one.epoch;
        server.zxid = one.zxid;
        server.problem = std::move(one.problem);
        view.servers.push_back(std::move(server));
    }
    return view;
}

std::string encodeStatus(const admin::NodeStatus& status) {
    std::string bytes;
    Encoder encoder(bytes);
    visitStatus(encoder, status);
    return bytes;
}

Result<admin::NodeStatus> decodeStatus(std::string_view bytes) {
    Decoder decoder(bytes);
    admin::NodeStatus status;
    visitStatus(decoder, status);
    if (!decoder.ok()) return jute::malformed("the status of a server", decoder.offset());
    return status;
}

Result<std::optional<std::string_view>> takeFrame(std::string_view stream, std::size_t& at) {
    if (stream.size() - at < sizeof(std::int32_t)) return std::nullopt;
    const auto length = loadBigEndian<std::int32_t>(stream.data() + at);
    if (length < 0 || static_cast<std::size_t>(length) > kControlFrameLimit)
        return jute::malformed("a frame of " + std::to_string(length) + " bytes", at);
    const auto size = static_cast<std::size_t>(length);
    if (stream.size() - at - sizeof length < size) return std::nullopt;
    const std::string_view payload = stream.substr(at + sizeof length, size);
    at += sizeof length + size;
    return payload;
}

} // namespace zk::net
