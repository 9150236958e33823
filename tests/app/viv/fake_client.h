// FakeClient: a Client whose znodes are a map in memory and which answers at once; FakeDialer gives sessions
// on it.
#pragma once

#include "ensemble/ensemble.h"
#include "tree/path.h"

#include <map>

namespace zk::viv {

class FakeClient : public client::Client {
  public:
    struct Znode {
        Buffer data;
        jute::Stat stat;
        std::vector<jute::Acl> acl;
    };
    std::map<std::string, Znode> znodes{{"/", {}}, {"/zookeeper", {}}, {"/zookeeper/quota", {}}};
    std::vector<std::string> log;                    // the calls that write
    std::map<std::string, jute::ErrorCode> refusals; // by path
    std::map<std::string, client::Watcher> watchers;
    std::vector<std::string> authenticated;

    static Error error(jute::ErrorCode code) { return {client::toErrorCode(code), {}}; }
    std::optional<Error> fault(const std::string& path, bool must = true) const {
        if (const auto found = refusals.find(path); found != refusals.end()) return error(found->second);
        if (must && !znodes.contains(path)) return error(jute::ErrorCode::NoNode);
        return std::nullopt;
    }
    std::vector<std::string> childrenOf(const std::string& path) const {
        std::vector<std::string> names;
        for (const auto& [other, znode] : znodes)
            if (other != "/" && tree::parentOf(other) == path) names.emplace_back(tree::nameOf(other));
        return names;
    }

    void create(std::string path, Buffer data, std::vector<jute::Acl> acl, jute::CreateMode mode,
                client::Callback<client::Created> done) override {
        if (znodes.contains(path)) return done(error(jute::ErrorCode::NodeExists));
        if (const auto why = fault(std::string(tree::parentOf(path)))) return done(*why);
        if (jute::isSequential(mode)) path = tree::sequential(path, 7);
        log.push_back("create " + path + " " + std::to_string(static_cast<int>(mode)));
        Znode& znode = znodes[path] = {std::move(data), {}, std::move(acl)};
        znode.stat.czxid = Zxid(2);
        done(client::Created{path, znode.stat});
    }
    void createTtl(std::string path, Buffer data, std::vector<jute::Acl> acl, jute::CreateMode mode,
                   std::chrono::milliseconds ttl, client::Callback<client::Created> done) override {
        log.push_back("ttl " + std::to_string(ttl.count()));
        create(std::move(path), std::move(data), std::move(acl), mode, std::move(done));
    }
    void remove(std::string path, std::int32_t version, client::Callback<void> done) override {
        if (const auto why = fault(path)) return done(*why);
        if (!childrenOf(path).empty()) return done(error(jute::ErrorCode::NotEmpty));
        log.push_back("delete " + path + " " + std::to_string(version));
        znodes.erase(path);
        done({});
    }
    void exists(std::string path, client::Watcher watcher,
                client::Callback<std::optional<jute::Stat>> done) override {
        if (const auto why = fault(path, false)) return done(*why);
        if (watcher) watchers[path] = watcher;
        std::optional<jute::Stat> stat;
        if (znodes.contains(path)) stat = znodes[path].stat;
        done(Result<std::optional<jute::Stat>>(stat));
    }
    void getData(std::string path, client::Watcher watcher, client::Callback<client::Data> done) override {
        if (const auto why = fault(path)) return done(*why);
        if (watcher) watchers[path] = watcher;
        done(client::Data{znodes[path].data, znodes[path].stat});
    }
    void setData(std::string path, Buffer data, std::int32_t version,
                 client::Callback<jute::Stat> done) override {
        if (const auto why = fault(path)) return done(*why);
        Znode& znode = znodes[path];
        if (version != -1 && version != znode.stat.version) return done(error(jute::ErrorCode::BadVersion));
        log.push_back("set " + path + " " + data.value_or("null"));
        znode.data = std::move(data);
        ++znode.stat.version;
        done(znode.stat);
    }
    void getChildren(std::string path, client::Watcher watcher,
                     client::Callback<client::Children> done) override {
        if (const auto why = fault(path)) return done(*why);
        if (watcher) watchers[path] = watcher;
        auto names = childrenOf(path);
        std::reverse(names.begin(), names.end());
        done(client::Children{std::move(names), znodes[path].stat});
    }
    void getAcl(std::string path, client::Callback<client::AclAndStat> done) override {
        if (const auto why = fault(path)) return done(*why);
        done(client::AclAndStat{znodes[path].acl, znodes[path].stat});
    }
    void setAcl(std::string path, std::vector<jute::Acl> acl, std::int32_t,
                client::Callback<jute::Stat> done) override {
        if (const auto why = fault(path)) return done(*why);
        log.push_back("setAcl " + path);
        znodes[path].acl = std::move(acl);
        done(znodes[path].stat);
    }
    void sync(std::string path, client::Callback<void> done) override {
        if (const auto why = fault(path, false)) return done(*why);
        done({});
    }
    void multi(std::vector<client::Op>, client::Callback<std::vector<client::OpOutcome>> done) override {
        done(error(jute::ErrorCode::Unimplemented));
    }
    void multiRead(std::vector<client::ReadOp>, client::Callback<std::vector<client::ReadOutcome>> done) override {
        done(error(jute::ErrorCode::Unimplemented));
    }
    void getAllChildrenNumber(std::string path, client::Callback<std::int32_t> done) override {
        if (const auto why = fault(path)) return done(*why);
        std::int32_t count = 0;
        for (const auto& [other, znode] : znodes)
            count += other.starts_with(path == "/" ? path : path + "/") && other != path;
        done(count);
    }
    void getEphemerals(std::string prefix, client::Callback<std::vector<std::string>> done) override {
        done(std::vector<std::string>{prefix + "e2", prefix + "e1"});
    }
    void whoAmI(client::Callback<std::vector<jute::ClientInfo>> done) override {
        done(std::vector<jute::ClientInfo>{{"ip", "127.0.0.1"}, {"digest", "ann"}});
    }
    void addWatch(std::string path, jute::AddWatchMode mode, client::Watcher watcher,
                  client::Callback<void> done) override {
        log.push_back("addWatch " + path + " " + std::to_string(static_cast<int>(mode)));
        watchers[path] = std::move(watcher);
        done({});
    }
    void checkWatches(std::string, jute::WatcherType, client::Callback<void> done) override {
        done(error(jute::ErrorCode::Unimplemented));
    }
    void removeWatches(std::string path, jute::WatcherType type, bool local,
                       client::Callback<void> done) override {
        log.push_back("removeWatches " + path + " " + std::to_string(static_cast<int>(type)) +
                      (local ? " local" : ""));
        if (watchers.erase(path) == 0) return done(error(jute::ErrorCode::NoWatcher));
        done({});
    }
    void addAuth(client::Identity identity, client::Callback<void> done) override {
        authenticated.push_back(identity.scheme + " " + identity.auth);
        done({});
    }
    void request(jute::OpCode op, std::string body, client::Callback<std::string> done) override {
        log.push_back("request " + std::string(jute::name(op)));
        lastBody = std::move(body);
        if (answer) done(*answer);
        else done(error(jute::ErrorCode::ReconfigDisabled));
    }
    std::string lastBody;              // of a raw request
    std::optional<std::string> answer; // to it
    void close(std::function<void()> done) override { done(); }
    client::RequestNumber lastRequest() const override { return 0; }
    bool cancel(client::RequestNumber) override { return false; }
    void setMaxReplyBytes(std::size_t) override {}
    client::Status status() const override { return {}; }
    void onStatus(std::function<void(const client::Status&)>) override {}
    client::Subscription subscribe(std::function<void(const client::Status&)>) override { return nullptr; }
};

// Sessions that are connected at once, or never.
class FakeDialer : public ensemble::Dialer {
  public:
    FakeClient client;
    bool reachable = true;
    std::vector<client::Options> dialled;
    int open = 0;

    struct FakeConnection : Connection {
        explicit FakeConnection(FakeDialer& dialer) : owner(dialer) { ++owner.open; }
        ~FakeConnection() override { --owner.open; }
        void use(std::function<void(client::Client&)> work) override {
            if (owner.reachable) work(owner.client);
        }
        FakeDialer& owner;
    };
    std::shared_ptr<Connection> dial(client::Options options,
                                     std::function<void(const client::Status&)> onStatus) override {
        client::Status status;
        if (reachable) {
            status.state = client::SessionState::Connected;
            status.server = options.connect.servers.front();
        } else {
            status.lastError = "connection refused";
        }
        dialled.push_back(std::move(options));
        onStatus(status);
        return std::make_shared<FakeConnection>(*this);
    }
};

} // namespace zk::viv
