#include "client/recipes/config_node.h"

namespace zk::client::recipes {

using jute::ErrorCode;

ConfigNode::ConfigNode(Client& client, std::string path) : client_(client), path_(std::move(path)) {}

void ConfigNode::start(Callback<std::optional<Value>> changed) {
    changed_ = std::move(changed);
    subscription_ = client_.subscribe(life_.bind([this](const Status& status) {
        if (isOver(status.state)) fail(overError(status));
    }));
    read();
}

void ConfigNode::read() {
    persistData(client_, path_, life_.bind([this](const WatchEvent&) { read(); }),
                life_.bind([this](const Result<Data>& data) {
                    if (data) return tell(Value{data->bytes.value_or(""), data->stat.version});
                    if (!is(data.error(), ErrorCode::NoNode)) return fail(data.error());
                    awaitCreation();
                }));
}

void ConfigNode::awaitCreation() {
    const Watcher created = life_.bind([this](const WatchEvent& event) {
        if (event.type == jute::EventType::Created) read();
    });
    persistExists(client_, path_, created, life_.bind([this](const Result<std::optional<jute::Stat>>& stat) {
        if (!stat) return fail(stat.error());
        *stat ? read() : tell(std::nullopt); // it may have come in between
    }));
}

void ConfigNode::tell(std::optional<Value> value) {
    if (told_ && value == value_) return;
    told_ = true;
    value_ = std::move(value);
    if (const auto changed = changed_) changed(std::optional(value_));
}

void ConfigNode::fail(const Error& error) {
    life_.renew();
    subscription_.reset();
    if (const auto last = std::exchange(changed_, {})) last(error);
}

void ConfigNode::set(std::string data, std::optional<std::int32_t> version, Callback<std::int32_t> done) {
    if (version)
        return client_.setData(path_, std::move(data), *version,
                               [done = std::move(done)](const Result<jute::Stat>& stat) {
                                   stat ? done(stat->version) : done(stat.error());
                               });
    client_.create(path_, data, jute::openAcl(), jute::CreateMode::Persistent,
                   [&client = client_, path = path_, data, done](const Result<Created>& created) {
                       if (created) return done(0);
                       if (!is(created.error(), ErrorCode::NoNode) || path.rfind('/') == 0)
                           return done(created.error());
                       ensurePath(client, path.substr(0, path.rfind('/')),
                                  [&client, path, data, done](Result<void> made) {
                                      if (!made) return done(made.error());
                                      ConfigNode(client, path).set(data, std::nullopt, done);
                                  });
                   });
}

} // namespace zk::client::recipes
