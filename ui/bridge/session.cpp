#include "bridge/session.h"

#include "bridge/natural_order.h"

#include <algorithm>

namespace viv {

using zk::client::Client;
using zk::client::SessionState;
using zk::client::Status;

namespace {
constexpr int kPollEveryMs = 500;
}

Session::Session(zk::ensemble::Dialer& dialer, zk::client::Options options, QObject* parent)
    : QObject(parent), dialer_(dialer), options_(std::move(options)) {
    connect(&poll_, &QTimer::timeout, this, [this] {
        use([tell = guarded(this, [this, mine = generation_](const Status& status) {
                 if (mine == generation_) take(status);
             })](Client& client) { tell(client.status()); });
    });
    dial();
    poll_.start(kPollEveryMs);
}

Session::~Session() = default;

void Session::dial() {
    const int mine = ++generation_;
    connection_ = dialer_.dial(options_, guarded(this, [this, mine](const Status& status) {
                                   if (mine == generation_) take(status);
                               }));
}

void Session::take(const Status& status) {
    status_ = status;
    if (status_.state == SessionState::Expired) {
        watchedData_.clear();
        watchedChildren_.clear();
        dial();
        Q_EMIT renewed();
    }
    Q_EMIT statusChanged();
}

void Session::use(Work work) {
    connection_->use(std::move(work));
}

Session::NewWatch Session::newWatch(Watched kind, const std::string& path) {
    if (!(this->*kind).insert(path).second) return {};
    return {guarded(this,
                    [this, kind, path](const zk::client::WatchEvent& event) {
                        if (event.type == zk::jute::EventType::None) return;
                        (this->*kind).erase(path);
                        Q_EMIT watchFired(event.type, event.path);
                    }),
            guarded(this, [this, kind, path] { (this->*kind).erase(path); })};
}

void Session::children(const std::string& path, bool watched, QObject* receiver,
                       Done<zk::client::Children> done) {
    use([path, watch = watched ? newWatch(&Session::watchedChildren_, path) : NewWatch(),
         back = guarded(receiver, std::move(done))](Client& client) {
        client.getChildren(path, watch.fired, [watch, back](zk::Result<zk::client::Children> result) {
            if (!result && watch.notLeft) watch.notLeft();
            // A large level is sorted here, where nobody paints.
            if (result) std::sort(result->names.begin(), result->names.end(), naturallyBefore);
            back(std::move(result));
        });
    });
}

void Session::data(const std::string& path, bool watched, QObject* receiver, Done<zk::client::Data> done) {
    use([path, watch = watched ? newWatch(&Session::watchedData_, path) : NewWatch(),
         back = guarded(receiver, std::move(done))](Client& client) {
        client.getData(path, watch.fired, [watch, back](zk::Result<zk::client::Data> result) {
            if (!result && watch.notLeft) watch.notLeft();
            back(std::move(result));
        });
    });
}

void Session::stat(const std::string& path, QObject* receiver, Done<std::optional<zk::jute::Stat>> done) {
    use([path, back = guarded(receiver, std::move(done))](Client& client) {
        client.exists(path, nullptr, back);
    });
}

void Session::acl(const std::string& path, QObject* receiver, Done<zk::client::AclAndStat> done) {
    use([path, back = guarded(receiver, std::move(done))](Client& client) { client.getAcl(path, back); });
}

void Session::create(const std::string& path, std::string bytes, zk::jute::CreateMode mode, QObject* receiver,
                     Done<zk::client::Created> done) {
    use([path, bytes = std::move(bytes), mode, back = guarded(receiver, std::move(done))](Client& client) {
        client.create(path, bytes, zk::jute::openAcl(), mode, back);
    });
}

void Session::set(const std::string& path, zk::Buffer bytes, std::int32_t version, QObject* receiver,
                  Done<zk::jute::Stat> done) {
    use([path, bytes = std::move(bytes), version, back = guarded(receiver, std::move(done))](Client& client) {
        client.setData(path, bytes, version, back);
    });
}

} // namespace viv
