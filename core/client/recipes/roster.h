// Roster: the children of one znode with their data, kept up to date by watches: who is in a group, which
// instances a service has, how far each task is. kazoo's Party members are such children too.
#pragma once

#include "client/recipes/common.h"

#include <map>

namespace zk::client::recipes {

class Roster {
  public:
    using Members = std::map<std::string, std::string>; // name -> data
    Roster(Client& client, std::string path);

    // `changed` is told the members once all of them have been read, and again after each change; the znode
    // may be missing, then there are none, and it is waited for. Errors: the operations' own, or the session
    // is over; nothing comes after one. Changes that follow one another quickly may be told as one.
    void start(Callback<Members> changed);
    // As they were told last.
    const Members& members() const { return members_; }

  private:
    void list();
    void take(const std::vector<std::string>& names);
    void read(const std::string& name);
    void awaitCreation();
    void settle();
    void fail(const Error& error);

    Client& client_;
    const std::string path_;
    Callback<Members> changed_;
    Members known_, members_;            // as read so far, as told
    std::map<std::string, bool> listed_; // true: it has been read since it was listed
    std::size_t underWay_ = 0;
    bool told_ = false;
    Life life_;
    Subscription subscription_;
};

} // namespace zk::client::recipes
