// ConfigNode: one znode's value, kept at hand and up to date by a watch: a configuration that many read and
// few write.
#pragma once

#include "client/recipes/common.h"

namespace zk::client::recipes {

class ConfigNode {
  public:
    struct Value {
        std::string data;
        std::int32_t version = 0;
        bool operator==(const Value&) const = default;
    };
    ConfigNode(Client& client, std::string path);

    // `changed` is told the value once it is read, and again after each change; nothing where the znode does
    // not exist (it is waited for). Values that follow one another quickly may be skipped, never told out of
    // order. Errors: the operations' own, or the session is over; nothing comes after one.
    void start(Callback<std::optional<Value>> changed);
    // As it was told last. While the connection is lost it may be old.
    const std::optional<Value>& value() const { return value_; }

    // Writes the value over this version of it, and creates the znode where the version is nothing. Gives the
    // new version. Errors: BadVersion, NodeExists or NoNode where somebody else was first; ConnectionLoss
    // where nobody knows.
    void set(std::string data, std::optional<std::int32_t> version, Callback<std::int32_t> done);

  private:
    void read();
    void awaitCreation();
    void tell(std::optional<Value> value);
    void fail(const Error& error);

    Client& client_;
    const std::string path_;
    Callback<std::optional<Value>> changed_;
    std::optional<Value> value_;
    bool told_ = false;
    Life life_;
    Subscription subscription_;
};

} // namespace zk::client::recipes
