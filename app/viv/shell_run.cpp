#include "shell_run.h"

#include "shell_print.h"
#include "subtree.h"

#include "tree/path.h"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <iterator>

namespace zk::viv {

using boost::json::object;

namespace {

std::string jsonLine(const object& value) {
    return boost::json::serialize(value) + "\n";
}

Outcome failure(const Error& error, const std::string& path, bool json) {
    if (json) return {kStatusFailed, jsonLine(errorJson(error, path)), {}};
    return {kStatusFailed, {}, errorText(error, path)};
}

Outcome printed(std::string text) {
    return {kStatusOk, std::move(text), {}};
}

// One command under way. `describe` turns the answer into what is printed.
struct Task {
    const Runner& runner;
    const Command& command;
    Finish finish;
    std::string path;

    template <class T, class Describe>
    client::Callback<T> answer(Describe describe) const {
        return [path = path, json = runner.json, finish = finish, describe](Result<T> result) {
            if (!result) return finish(failure(result.error(), path, json));
            if constexpr (std::is_void_v<T>)
                finish(printed(describe()));
            else
                finish(printed(describe(std::move(*result))));
        };
    }
    client::Watcher watcher() const { return command.has('w') ? runner.watched : client::Watcher(); }

    void ls() const;
    void create() const;
    void get() const;
    void set() const;
    void stat() const;
    void remove() const;
    void removeAll() const;
    void getAcl() const;
    void setAcl() const;
    void addAuth() const;
    void sync() const;
};

// What follows a write: the stat with -s; with JSON always.
auto describeStat(const std::string& path, bool json, bool wanted) {
    return [path, json, wanted](const jute::Stat& stat) {
        if (json) return jsonLine({{"path", path}, {"stat", statJson(stat)}});
        return wanted ? statText(stat) : std::string();
    };
}

void Task::ls() const {
    if (command.has('R')) {
        return listSubtree(
            runner.client, path, answer<std::vector<std::string>>([json = runner.json](auto paths) {
                std::string out;
                if (json) return jsonLine({{"paths", boost::json::array(paths.begin(), paths.end())}});
                for (const std::string& found : paths)
                    out += found + "\n";
                return out;
            }));
    }
    runner.client.getChildren(
        path, watcher(),
        answer<client::Children>([path = path, json = runner.json,
                                  full = command.has('s')](client::Children children) {
            if (!json) return childrenText(children.names) + (full ? statText(children.stat) : "");
            std::ranges::sort(children.names);
            return jsonLine({{"path", path},
                             {"children", boost::json::array(children.names.begin(), children.names.end())},
                             {"stat", statJson(children.stat)}});
        }));
}

void Task::create() const {
    const bool sequential = command.has('s'), ephemeral = command.has('e');
    const auto mode = static_cast<jute::CreateMode>((ephemeral ? 1 : 0) + (sequential ? 2 : 0));
    Buffer data;
    if (command.arguments.size() > 1) data = command.arguments[1];
    std::vector<jute::Acl> acl = jute::openAcl();
    if (command.arguments.size() > 2) {
        auto parsed = parseAcl(command.arguments[2]);
        if (!parsed) return finish(misunderstood(parsed.error(), runner.json));
        acl = std::move(*parsed);
    }
    runner.client.create(path, std::move(data), std::move(acl), mode,
                         answer<client::Created>([json = runner.json](const client::Created& created) {
                             if (json)
                                 return jsonLine({{"path", created.path}, {"stat", statJson(created.stat)}});
                             return "Created " + created.path + "\n";
                         }));
}

void Task::get() const {
    runner.client.getData(path, watcher(),
                          answer<client::Data>([path = path, json = runner.json,
                                                full = command.has('s')](const client::Data& data) {
                              if (!json)
                                  return data.bytes.value_or("null") + "\n" +
                                         (full ? statText(data.stat) : "");
                              object out{{"path", path}};
                              addDataJson(out, data.bytes);
                              out["stat"] = statJson(data.stat);
                              return jsonLine(out);
                          }));
}

void Task::set() const {
    runner.client.setData(path, command.arguments[1], command.value('v', -1),
                          answer<jute::Stat>(describeStat(path, runner.json, command.has('s'))));
}

void Task::stat() const {
    using Found = std::optional<jute::Stat>;
    runner.client.exists(path, watcher(),
                         [finish = finish, path = path, json = runner.json](Result<Found> found) {
                             if (!found) return finish(failure(found.error(), path, json));
                             const Error missing{client::toErrorCode(jute::ErrorCode::NoNode), {}};
                             if (!*found) return finish(failure(missing, path, json));
                             finish(printed(describeStat(path, json, true)(**found)));
                         });
}

void Task::remove() const {
    runner.client.remove(path, command.value('v', -1), answer<void>([path = path, json = runner.json] {
                             return json ? jsonLine({{"path", path}, {"deleted", 1}}) : std::string();
                         }));
}

void Task::removeAll() const {
    deleteSubtree(runner.client, path,
                  answer<std::size_t>([path = path, json = runner.json](std::size_t count) {
                      return json ? jsonLine({{"path", path}, {"deleted", count}}) : std::string();
                  }));
}

void Task::getAcl() const {
    runner.client.getAcl(
        path, answer<client::AclAndStat>([path = path, json = runner.json,
                                          full = command.has('s')](const client::AclAndStat& found) {
            if (!json) return aclText(found.acl) + (full ? statText(found.stat) : "");
            return jsonLine({{"path", path}, {"acl", aclJson(found.acl)}, {"stat", statJson(found.stat)}});
        }));
}

void Task::setAcl() const {
    auto acl = parseAcl(command.arguments[1]);
    if (!acl) return finish(misunderstood(acl.error(), runner.json));
    runner.client.setAcl(path, std::move(*acl), command.value('v', -1),
                         answer<jute::Stat>(describeStat(path, runner.json, command.has('s'))));
}

void Task::addAuth() const {
    runner.client.addAuth({command.arguments[0], command.arguments[1]},
                          answer<void>([json = runner.json, scheme = command.arguments[0]] {
                              return json ? jsonLine({{"scheme", scheme}}) : std::string();
                          }));
}

void Task::sync() const {
    runner.client.sync(
        path, answer<void>([path = path, json = runner.json] {
            return json ? jsonLine({{"path", path}, {"synced", true}}) : std::string("Sync is OK\n");
        }));
}

} // namespace

void Runner::run(const Command& command, Finish finish) const {
    const Task task{*this, command, std::move(finish),
                    command.spec->path ? command.arguments[0] : std::string()};
    if (command.spec->path) {
        const bool sequential = command.spec->verb == Verb::Create && command.has('s');
        const std::string fault = tree::pathFault(sequential ? task.path + "1" : task.path);
        if (!fault.empty())
            return task.finish(misunderstood({Errc::Malformed, task.path + ": " + fault}, json));
    }
    switch (command.spec->verb) {
    case Verb::Ls: return task.ls();
    case Verb::Create: return task.create();
    case Verb::Get: return task.get();
    case Verb::Set: return task.set();
    case Verb::Stat: return task.stat();
    case Verb::Delete: return task.remove();
    case Verb::DeleteAll: return task.removeAll();
    case Verb::GetAcl: return task.getAcl();
    case Verb::SetAcl: return task.setAcl();
    case Verb::AddAuth: return task.addAuth();
    case Verb::Sync: return task.sync();
    case Verb::Help: return task.finish(help(command));
    case Verb::History:
    case Verb::Redo:
    case Verb::Connect:
    case Verb::Close:
    case Verb::Quit: break;
    }
    task.finish({kStatusUsage, {}, std::string(command.spec->name) + " is for the interactive shell\n"});
}

Outcome misunderstood(const Error& error, bool json) {
    const int status = error.code == GrammarErrc::UnknownCommand ? kStatusUnknownCommand : kStatusUsage;
    if (json) return {status, jsonLine({{"error", "Usage"}, {"message", error.message()}}), {}};
    return {status, {}, error.message() + "\n"};
}

Outcome help(const Command& command) {
    if (!command.arguments.empty()) {
        const Spec* const spec = findSpec(command.arguments[0]);
        if (!spec)
            return {kStatusUsage, {}, "There is no command " + command.arguments[0] + ". help lists them\n"};
        return printed(usageLine(*spec) + "\n\t" + std::string(spec->summary) + "\n");
    }
    std::string text;
    for (const Spec& spec : specs()) {
        std::string usage = usageLine(spec);
        usage.resize(std::max<std::size_t>(usage.size() + 2, 36), ' ');
        text += "\t" + usage + std::string(spec.summary) + "\n";
    }
    return printed(text);
}

} // namespace zk::viv
