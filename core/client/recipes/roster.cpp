#include "client/recipes/roster.h"

namespace zk::client::recipes {

using jute::ErrorCode;
using jute::EventType;

Roster::Roster(Client& client, std::string path) : client_(client), path_(std::move(path)) {}

void Roster::start(Callback<Members> changed) {
    changed_ = std::move(changed);
    subscription_ = client_.subscribe(life_.bind([this](const Status& status) {
        if (isOver(status.state)) fail(overError(status));
    }));
    list();
}

void Roster::list() {
    ++underWay_;
    persistChildren(client_, path_, life_.bind([this](const WatchEvent&) { list(); }),
                    life_.bind([this](const Result<Children>& children) {
                        --underWay_;
                        if (children) return take(children->names);
                        if (!is(children.error(), ErrorCode::NoNode)) return fail(children.error());
                        listed_.clear();
                        awaitCreation();
                    }));
}

void Roster::awaitCreation() {
    ++underWay_;
    const Watcher created = life_.bind([this](const WatchEvent& event) {
        if (event.type == EventType::Created) list();
    });
    persistExists(client_, path_, created, life_.bind([this](const Result<std::optional<jute::Stat>>& stat) {
        --underWay_;
        if (!stat) return fail(stat.error());
        *stat ? list() : settle(); // it may have come in between
    }));
}

void Roster::take(const std::vector<std::string>& names) {
    std::map<std::string, bool> before = std::move(listed_);
    listed_.clear();
    std::vector<std::string> fresh;
    for (const std::string& name : names) {
        const auto known = before.find(name);
        if (known == before.end()) fresh.push_back(name);
        listed_[name] = known != before.end() && known->second;
    }
    for (const std::string& name : fresh)
        read(name);
    settle();
}

void Roster::read(const std::string& name) {
    ++underWay_;
    const Watcher watcher = life_.bind([this, name](const WatchEvent& event) {
        // A deletion is told by the parent's watch too; a znode of that name that comes after it is a new
        // one.
        if (event.type == EventType::DataChanged)
            read(name);
        else
            listed_.erase(name);
    });
    persistData(client_, below(path_, name), watcher, life_.bind([this, name](const Result<Data>& data) {
        --underWay_;
        if (!data && !is(data.error(), ErrorCode::NoNode)) return fail(data.error());
        if (data) {
            listed_[name] = true;
            known_[name] = data->bytes.value_or("");
        } else {
            listed_.erase(name);
        }
        settle();
    }));
}

// Tells the members once nothing is under way.
void Roster::settle() {
    if (underWay_ > 0) return;
    Members now;
    for (const auto& [name, read] : listed_)
        if (read) now[name] = known_[name];
    known_ = now;
    if (told_ && now == members_) return;
    told_ = true;
    members_ = std::move(now);
    if (const auto changed = changed_) changed(Members(members_));
}

void Roster::fail(const Error& error) {
    life_.renew();
    subscription_.reset();
    if (const auto last = std::exchange(changed_, {})) last(error);
}

} // namespace zk::client::recipes
