#include "bridge/subtree.h"

#include "bridge/text.h"
#include "tree/path.h"

#include <atomic>
#include <deque>
#include <vector>

namespace viv {

using zk::client::Client;

namespace {
constexpr std::size_t kInFlight = 128; // requests under way at once
constexpr int kTellEveryMs = 33;
} // namespace

// All but the atomics belongs to the dialer's thread; `problem` is written before the stage says Failed and
// not after.
struct Subtree::Walk : std::enable_shared_from_this<Walk> {
    std::atomic<Stage> stage = Stage::Counting;
    std::atomic<std::size_t> found = 0, deleted = 0;
    std::atomic<bool> cancelled = false;
    QString problem;

    std::vector<std::string> paths; // parents before children: level by level
    std::size_t next = 0;           // counting: the next to list; deleting: how many are left to ask for
    std::size_t underWay = 0;
    std::size_t depthOf(const std::string& path) const {
        return std::size_t(std::count(path.begin(), path.end(), '/'));
    }

    bool stopped() {
        if (cancelled && (stage == Stage::Counting || stage == Stage::Deleting)) stage = Stage::Cancelled;
        return stage != Stage::Counting && stage != Stage::Deleting;
    }
    void fail(Deed deed, const std::string& path, const zk::Error& error) {
        if (stopped()) return;
        problem = failureSentence(deed, path, error);
        stage = Stage::Failed;
    }

    void list(Client& client) {
        while (!stopped() && underWay < kInFlight && next < paths.size()) {
            const std::string path = paths[next++];
            ++underWay;
            client.getChildren(path, nullptr, [self = shared_from_this(), path, &client](auto result) {
                --self->underWay;
                self->listed(path, result);
                self->list(client);
            });
        }
        if (!stopped() && underWay == 0 && next == paths.size()) stage = Stage::Counted;
    }
    void listed(const std::string& path, const zk::Result<zk::client::Children>& result) {
        if (stopped()) return;
        if (!result) {
            // Gone in the meantime: nothing to delete there.
            if (zk::client::toErrorCode(result.error()) != zk::jute::ErrorCode::NoNode ||
                path == paths.front())
                fail(Deed::List, path, result.error());
            return;
        }
        for (const std::string& name : result->names)
            paths.push_back(zk::tree::join(path, name));
        found = paths.size() - 1;
    }

    // Deepest first; a level waits until the one below it is gone.
    void remove(Client& client) {
        while (!stopped() && underWay < kInFlight && next > 0) {
            const std::string& path = paths[next - 1];
            if (underWay > 0 && depthOf(path) != depthOf(paths[next])) break;
            --next;
            ++underWay;
            client.remove(path, -1, [self = shared_from_this(), path, &client](zk::Result<void> result) {
                --self->underWay;
                self->removed(path, result);
                self->remove(client);
            });
        }
        if (!stopped() && underWay == 0 && next == 0) stage = Stage::Finished;
    }
    void removed(const std::string& path, const zk::Result<void>& result) {
        if (!result && zk::client::toErrorCode(result.error()) != zk::jute::ErrorCode::NoNode)
            return fail(Deed::Delete, path, result.error());
        ++deleted;
    }
};

Subtree::Subtree(Session& session, std::string path, QObject* parent)
    : QObject(parent), session_(session), path_(std::move(path)), walk_(std::make_shared<Walk>()) {
    walk_->paths.push_back(path_);
    session_.use([walk = walk_](Client& client) { walk->list(client); });
    connect(&pace_, &QTimer::timeout, this, &Subtree::watchProgress);
    pace_.start(kTellEveryMs);
}

Subtree::~Subtree() {
    walk_->cancelled = true;
}

Subtree::Stage Subtree::stage() const {
    return walk_->stage;
}
std::size_t Subtree::descendants() const {
    return walk_->found;
}
std::size_t Subtree::deleted() const {
    return walk_->deleted;
}
QString Subtree::problem() const {
    return stage() == Stage::Failed ? walk_->problem : QString();
}

void Subtree::remove() {
    Stage counted = Stage::Counted;
    if (!walk_->stage.compare_exchange_strong(counted, Stage::Deleting)) return;
    session_.use([walk = walk_](Client& client) {
        walk->next = walk->paths.size();
        walk->remove(client);
    });
    pace_.start(kTellEveryMs);
}

void Subtree::cancel() {
    walk_->cancelled = true;
}

void Subtree::watchProgress() {
    const Stage stage = walk_->stage;
    const std::size_t count = walk_->found + walk_->deleted;
    const bool resting = stage != Stage::Counting && stage != Stage::Deleting;
    if (resting) pace_.stop();
    if (stage == toldStage_ && count == toldCount_) return;
    toldStage_ = stage, toldCount_ = count;
    Q_EMIT progressed();
}

} // namespace viv
