// Services: who offers what, and where. An instance says so with an ephemeral znode
// DIRECTORY/<service>/<instance> that holds "host:port", and is found for as long as its session lives.
#pragma once

#include "client/recipes/presence.h"
#include "client/recipes/roster.h"

namespace zk::client::recipes {

// One instance's entry. As for every Presence: announce(), update() with another address, withdraw(),
// onLost().
class Registration : public Presence {
  public:
    Registration(Client& client, const std::string& directory, const std::string& service,
                 const std::string& instance, const Address& address)
        : Presence(client, below(below(directory, service), instance), toString(address)) {}
};

// The instances of one service, kept up to date.
class Discovery {
  public:
    Discovery(Client& client, const std::string& directory, const std::string& service)
        : roster_(client, below(directory, service)) {}

    using Instances = std::map<std::string, Address>;
    // As Roster::start(). An entry that holds no address is left out.
    void start(Callback<Instances> changed);
    const Instances& instances() const { return instances_; }
    // One of them by turns; nothing where there is none.
    std::optional<Address> next();

  private:
    Roster roster_;
    Instances instances_;
    std::string last_;
};

} // namespace zk::client::recipes
