// Progress: how far a task is, told through an ephemeral znode TASKS/<task> that holds "done/total text"; it
// goes with the session of the one who works on it, so a task without a znode has nobody who works on it.
#pragma once

#include "client/recipes/presence.h"
#include "client/recipes/roster.h"

namespace zk::client::recipes {

struct Progress {
    std::int64_t done = 0, total = 0;
    std::string text; // for people
    bool operator==(const Progress&) const = default;
};
std::string toString(const Progress& progress);
// Nothing where the text is no progress.
std::optional<Progress> parseProgress(std::string_view text);

// The worker's side. As for every Presence: announce() begins, withdraw() ends, onLost() tells that nobody
// can see it any more. However often report() is called, one write is under way at a time, and the newest
// report is the one that is written next.
class ProgressReport : public Presence {
  public:
    ProgressReport(Client& client, const std::string& tasks, const std::string& task, const Progress& begin)
        : Presence(client, below(tasks, task), toString(begin)) {}
    void report(const Progress& progress) { update(toString(progress)); }
};

// Everybody else's side: the tasks that somebody works on.
class ProgressBoard {
  public:
    ProgressBoard(Client& client, std::string tasks) : roster_(client, std::move(tasks)) {}

    using Tasks = std::map<std::string, Progress>;
    // As Roster::start(). A znode that holds no progress is left out.
    void start(Callback<Tasks> changed);

  private:
    Roster roster_;
};

} // namespace zk::client::recipes
