// Session: a client session as a QObject. Calls return at once, their work is done on the dialer's thread,
// and the answer comes back on the GUI thread while the receiver lives. A session that the ensemble has
// expired is opened anew.
#pragma once

#include <QObject>
#include <QTimer>

#include "bridge/guarded.h"
#include "ensemble/ensemble.h"

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace viv {

class Session : public QObject {
    Q_OBJECT

  public:
    template <class T>
    using Done = std::function<void(zk::Result<T>)>;
    using Work = std::function<void(zk::client::Client&)>;

    Session(zk::ensemble::Dialer& dialer, zk::client::Options options, QObject* parent = nullptr);
    ~Session() override;

    const zk::client::Options& options() const { return options_; }
    // As last told; round trip, watches and pending requests are at most half a second old.
    const zk::client::Status& status() const { return status_; }
    bool connected() const { return status_.state == zk::client::SessionState::Connected; }
    bool readOnly() const { return options_.readOnly; }

    // `watched`: a one-shot watch is left, unless one stands there already; when it fires, watchFired() tells. Names
    // come naturally sorted.
    void children(const std::string& path, bool watched, QObject* receiver, Done<zk::client::Children> done);
    void data(const std::string& path, bool watched, QObject* receiver, Done<zk::client::Data> done);
    void stat(const std::string& path, QObject* receiver, Done<std::optional<zk::jute::Stat>> done);
    void acl(const std::string& path, QObject* receiver, Done<zk::client::AclAndStat> done);
    void create(const std::string& path, std::string bytes, zk::jute::CreateMode mode, QObject* receiver,
                Done<zk::client::Created> done);
    void set(const std::string& path, zk::Buffer bytes, std::int32_t version, QObject* receiver,
             Done<zk::jute::Stat> done);
    // For work of many requests: runs on the dialer's thread.
    void use(Work work);

  Q_SIGNALS:
    void statusChanged();
    void watchFired(zk::jute::EventType type, const std::string& path);
    // The old session has expired; this is another one, without its watches and ephemerals.
    void renewed();

  private:
    void dial();
    void take(const zk::client::Status& status);
    // A watcher to leave on the znode, and what to call if it was not left after all. Both null where one stands.
    struct NewWatch {
        zk::client::Watcher fired;
        std::function<void()> notLeft;
    };
    using Watched = std::set<std::string> Session::*;
    NewWatch newWatch(Watched kind, const std::string& path);

    zk::ensemble::Dialer& dialer_;
    const zk::client::Options options_;
    std::shared_ptr<zk::ensemble::Dialer::Connection> connection_;
    zk::client::Status status_;
    int generation_ = 0; // of the connection; what an older one still tells is not heard
    std::set<std::string> watchedData_, watchedChildren_; // paths with a watch that has not fired
    QTimer poll_;
};

} // namespace viv
