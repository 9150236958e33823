// One command of the shell under way: what it needs, by value, since answers come later. Its commands stand
// in shell_run.cpp (znodes), shell_watch.cpp (watches, sessions), shell_config.cpp (the ensemble's
// configuration) and shell_quota.cpp.
#pragma once

#include "shell_run.h"

#include <boost/json/object.hpp>

namespace zk::viv {

std::string jsonLine(const boost::json::object& value);

struct Task {
    client::Client& client;
    bool json = false;
    client::Watcher watched;
    Command command;
    Finish finish;
    std::string path; // the first argument, where that is a path and there is one

    void print(std::string text) const { finish({kStatusOk, std::move(text), {}}); }
    // The text, or the object as JSON.
    void print(const std::string& text, const boost::json::object& value) const {
        print(json ? jsonLine(value) : text);
    }
    void fail(const Error& error) const;
    // What the server does not say itself: a sentence, and the word for it in JSON.
    void fail(std::string_view word, const std::string& sentence) const;
    void misuse(const std::string& why) const;

    // The answer is an error, which is printed, or goes to `then`.
    template <class T, class Then>
    client::Callback<T> answer(Then then) const {
        return [task = *this, then = std::move(then)](Result<T> result) {
            if (!result) return task.fail(result.error());
            if constexpr (std::is_void_v<T>)
                then(task);
            else
                then(task, std::move(*result));
        };
    }
    client::Watcher watcher() const { return command.has("w") ? watched : client::Watcher(); }

    void ls() const;
    void create() const;
    void get() const;
    void set() const;
    void stat() const;
    void remove() const;
    void removeAll() const;
    void getAcl() const;
    void setAcl() const;
    void sync() const;

    void addAuth() const;
    void addWatch() const;
    void removeWatches() const;
    void getEphemerals() const;
    void getAllChildrenNumber() const;
    void whoAmI() const;

    void config() const;
    void reconfig() const;

    void setQuota() const;
    void listQuota() const;
    void delQuota() const;
};

// The stat, where -s asks for it; with JSON always.
void printStat(const Task& task, const jute::Stat& stat, bool wanted);

} // namespace zk::viv
