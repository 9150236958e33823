#include "client/recipes/queue.h"

#include <algorithm>

namespace zk::client::recipes {

using jute::ErrorCode;

namespace {

constexpr std::string_view kEntry = "entry-";

// Only the creation itself is asked for once; it is not known to be harmless twice.
void putEntry(Client& client, const std::string& path, const std::string& prefix, const std::string& data,
              Callback<std::string> done) {
    client.create(below(path, prefix), data, jute::openAcl(), jute::CreateMode::PersistentSequential,
                  [&client, path, prefix, data, done = std::move(done)](const Result<Created>& created) {
                      if (created) return done(std::string(nameIn(created->path)));
                      if (!is(created.error(), ErrorCode::NoNode)) return done(created.error());
                      ensurePath(client, path, [&client, path, prefix, data, done](const Result<void>& made) {
                          made ? putEntry(client, path, prefix, data, done) : done(made.error());
                      });
                  });
}

} // namespace

Queue::Queue(Client& client, std::string path) : client_(client), path_(std::move(path)) {}

void Queue::put(std::string data, int priority, Callback<std::string> done) {
    if (priority < 0 || priority > kLastPriority)
        return done(Error{make_error_code(boost::system::errc::invalid_argument),
                          "the priority " + std::to_string(priority) + " is not one of 0 to 999"});
    std::string digits = std::to_string(priority);
    digits.insert(0, 3 - digits.size(), '0');
    putEntry(client_, path_, std::string(kEntry) + digits + "-", data, std::move(done));
}

void Queue::take(Callback<Taken> done) {
    takes_.push_back(std::move(done));
    if (!subscription_)
        subscription_ = client_.subscribe(life_.bind([this](const Status& status) {
            if (isOver(status.state)) fail(overError(status));
        }));
    if (!busy_) list();
}

void Queue::stopTaking() {
    fail(withdrawn("the consumer has stopped"));
}

void Queue::list() {
    busy_ = true;
    Watcher changed;
    if (!watching_)
        changed = life_.bind([this](const WatchEvent&) {
            watching_ = false;
            if (std::exchange(empty_, false)) list();
        });
    persistChildren(client_, path_, changed, life_.bind([this](Result<Children> children) {
        if (children) {
            watching_ = true;
            return takeFirst(std::move(children->names));
        }
        if (!is(children.error(), ErrorCode::NoNode)) return fail(children.error());
        ensurePath(client_, path_,
                   life_.bind([this](const Result<void>& made) { made ? list() : fail(made.error()); }));
    }));
}

void Queue::takeFirst(std::vector<std::string> names) {
    std::erase_if(names, [](const std::string& name) { return !name.starts_with(kEntry); });
    const auto first = std::ranges::min_element(names);
    if (first == names.end()) {
        empty_ = true; // until the watch fires
        return;
    }
    const std::string name = *first;
    persistData(client_, below(path_, name), {}, life_.bind([this, name](const Result<Data>& data) {
        if (data) return remove({name, data->bytes.value_or("")});
        is(data.error(), ErrorCode::NoNode) ? list() : fail(data.error()); // another was first
    }));
}

void Queue::remove(Taken taken) {
    client_.remove(below(path_, taken.name), -1, life_.bind([this, taken](const Result<void>& removed) {
        if (removed) return give(taken);
        if (is(removed.error(), ErrorCode::NoNode)) return list();
        is(removed.error(), ErrorCode::ConnectionLoss) ? doubt(taken) : fail(removed.error());
    }));
}

// An entry that is still there was not removed by us.
void Queue::doubt(Taken taken) {
    persistSync(client_, path_, life_.bind([this, taken](const Result<void>& synced) {
        if (!synced) return fail(synced.error());
        persistExists(client_, below(path_, taken.name), {},
                      life_.bind([this, taken](const Result<std::optional<jute::Stat>>& stat) {
                          if (!stat) return fail(stat.error());
                          if (*stat) return remove(taken);
                          give(Taken{taken.name, taken.data, false});
                      }));
    }));
}

void Queue::give(Result<Taken> taken) {
    const auto done = std::move(takes_.front());
    takes_.pop_front();
    takes_.empty() ? void(busy_ = false) : list();
    done(std::move(taken));
}

void Queue::fail(const Error& error) {
    life_.renew();
    subscription_.reset();
    busy_ = watching_ = empty_ = false;
    for (const auto& done : std::exchange(takes_, {}))
        done(error);
}

void Queue::size(Callback<std::size_t> done) {
    persistChildren(client_, path_, {}, [done = std::move(done)](const Result<Children>& children) {
        if (!children && !is(children.error(), ErrorCode::NoNode)) return done(children.error());
        std::size_t count = 0;
        if (children)
            count = static_cast<std::size_t>(std::ranges::count_if(
                children->names, [](const std::string& name) { return name.starts_with(kEntry); }));
        done(count);
    });
}

} // namespace zk::client::recipes
