#include "shell_print.h"
#include "shell_task.h"
#include "subtree.h"
#include "text.h"

#include "tree/path.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <memory>

namespace zk::viv {

using boost::json::object;

std::string jsonLine(const object& value) {
    return boost::json::serialize(value) + "\n";
}

void Task::fail(const Error& error) const {
    if (json) return finish({kStatusFailed, jsonLine(errorJson(error, path)), {}});
    finish({kStatusFailed, {}, errorText(error, path)});
}

void Task::fail(std::string_view word, const std::string& sentence) const {
    if (!json) return finish({kStatusFailed, {}, sentence + "\n"});
    finish({kStatusFailed, jsonLine({{"error", word}, {"message", sentence}, {"path", path}}), {}});
}

void Task::misuse(const std::string& why) const {
    finish(misunderstood({GrammarErrc::Usage, why}, json));
}

void printStat(const Task& task, const jute::Stat& stat, bool wanted) {
    task.print(wanted ? statText(stat) : std::string(), {{"path", task.path}, {"stat", statJson(stat)}});
}

void Task::ls() const {
    if (command.has("R"))
        return listSubtree(
            client, path,
            answer<std::vector<std::string>>([](const Task& task, const std::vector<std::string>& paths) {
                std::string out;
                for (const std::string& found : paths)
                    out += found + "\n";
                task.print(out, {{"paths", boost::json::array(paths.begin(), paths.end())}});
            }));
    client.getChildren(path, watcher(),
                       answer<client::Children>([](const Task& task, client::Children children) {
                           std::ranges::sort(children.names);
                           const auto& names = children.names;
                           const bool full = task.command.has("s");
                           task.print(childrenText(names) + (full ? statText(children.stat) : ""),
                                      {{"path", task.path},
                                       {"children", boost::json::array(names.begin(), names.end())},
                                       {"stat", statJson(children.stat)}});
                       }));
}

void Task::create() const {
    using jute::CreateMode;
    const bool sequential = command.has("s"), ephemeral = command.has("e"), container = command.has("c"),
               lifetime = command.has("t");
    if (container && (sequential || ephemeral))
        return misuse("-c cannot be combined with -s or -e. Containers cannot be ephemeral or sequential.");
    if (lifetime && ephemeral) return misuse("TTLs cannot be used with Ephemeral znodes");
    if (lifetime && container) return misuse("TTLs cannot be used with Container znodes");
    Buffer data;
    if (command.arguments.size() > 1) data = command.arguments[1];
    std::vector<jute::Acl> acl = jute::openAcl();
    if (command.arguments.size() > 2) {
        auto parsed = parseAcl(command.arguments[2]);
        if (!parsed) return finish(misunderstood(parsed.error(), json));
        acl = std::move(*parsed);
    }
    auto done = answer<client::Created>([](const Task& task, const client::Created& created) {
        task.print("Created " + created.path + "\n",
                   {{"path", created.path}, {"stat", statJson(created.stat)}});
    });
    if (lifetime)
        return client.createTtl(path, std::move(data), std::move(acl),
                                sequential ? CreateMode::TtlSequential : CreateMode::Ttl,
                                std::chrono::milliseconds(command.number("t", 0)), std::move(done));
    const auto plain = static_cast<CreateMode>((ephemeral ? 1 : 0) + (sequential ? 2 : 0));
    client.create(path, std::move(data), std::move(acl), container ? CreateMode::Container : plain,
                  std::move(done));
}

void Task::get() const {
    client.getData(path, watcher(), answer<client::Data>([](const Task& task, const client::Data& data) {
                       object out{{"path", task.path}};
                       addDataJson(out, data.bytes);
                       out["stat"] = statJson(data.stat);
                       std::string text = data.bytes.value_or("null") + "\n";
                       if (task.command.has("b") && data.bytes) text = base64(*data.bytes) + "\n";
                       if (task.command.has("x") && data.bytes) text = hexDump(*data.bytes);
                       task.print(text + (task.command.has("s") ? statText(data.stat) : ""), out);
                   }));
}

void Task::set() const {
    Buffer data = command.arguments[1];
    if (command.has("b")) {
        data = fromBase64(command.arguments[1]);
        if (!data) return misuse("\"" + command.arguments[1] + "\" is not base64");
    }
    client.setData(path, std::move(data), static_cast<std::int32_t>(command.number("v", -1)),
                   answer<jute::Stat>([](const Task& task, const jute::Stat& stat) {
                       printStat(task, stat, task.command.has("s"));
                   }));
}

void Task::stat() const {
    client.exists(
        path, watcher(),
        answer<std::optional<jute::Stat>>([](const Task& task, const std::optional<jute::Stat>& found) {
            if (!found) return task.fail({client::toErrorCode(jute::ErrorCode::NoNode), {}});
            printStat(task, *found, true);
        }));
}

void Task::remove() const {
    client.remove(path, static_cast<std::int32_t>(command.number("v", -1)),
                  answer<void>([](const Task& task) {
                      task.print("", {{"path", task.path}, {"deleted", 1}});
                  }));
}

void Task::removeAll() const {
    const std::int64_t batch = command.number("b", kWindow);
    if (batch < 1) return misuse("-b argument must be above 0");
    deleteSubtree(client, path, static_cast<std::size_t>(batch),
                  answer<std::size_t>([](const Task& task, std::size_t count) {
                      task.print("", {{"path", task.path}, {"deleted", count}});
                  }));
}

void Task::getAcl() const {
    client.getAcl(path, answer<client::AclAndStat>([](const Task& task, const client::AclAndStat& found) {
                      task.print(
                          aclText(found.acl) + (task.command.has("s") ? statText(found.stat) : ""),
                          {{"path", task.path}, {"acl", aclJson(found.acl)}, {"stat", statJson(found.stat)}});
                  }));
}

namespace {

// setAcl -R: the subtree's paths, one request each; the first refusal ends it.
struct AclWalk {
    Task task;
    std::vector<jute::Acl> acl;
    std::vector<std::string> paths;
    std::size_t next = 0, underWay = 0;
    std::string stats;
    std::optional<Error> error;

    static void go(const std::shared_ptr<AclWalk>& walk) {
        while (!walk->error && walk->next < walk->paths.size() && walk->underWay < kWindow) {
            ++walk->underWay;
            walk->task.client.setAcl(walk->paths[walk->next++], walk->acl,
                                     static_cast<std::int32_t>(walk->task.command.number("v", -1)),
                                     [walk](const Result<jute::Stat>& stat) {
                                         --walk->underWay;
                                         if (stat)
                                             walk->stats += statText(*stat);
                                         else if (!walk->error)
                                             walk->error = stat.error();
                                         go(walk);
                                     });
        }
        if (walk->underWay > 0) return;
        if (walk->error) return walk->task.fail(*walk->error);
        walk->task.print(walk->task.command.has("s") ? walk->stats : "",
                         {{"path", walk->task.path}, {"changed", walk->paths.size()}});
    }
};

} // namespace

void Task::setAcl() const {
    auto acl = parseAcl(command.arguments[1]);
    if (!acl) return finish(misunderstood(acl.error(), json));
    if (!command.has("R"))
        return client.setAcl(path, std::move(*acl), static_cast<std::int32_t>(command.number("v", -1)),
                             answer<jute::Stat>([](const Task& task, const jute::Stat& stat) {
                                 printStat(task, stat, task.command.has("s"));
                             }));
    listSubtree(
        client, path,
        answer<std::vector<std::string>>(
            [acl = std::move(*acl)](const Task& task, std::vector<std::string> paths) {
                AclWalk::go(std::make_shared<AclWalk>(AclWalk{task, acl, std::move(paths), 0, 0, {}, {}}));
            }));
}

void Task::sync() const {
    client.sync(path, answer<void>([](const Task& task) {
                    task.print("Sync is OK\n", {{"path", task.path}, {"synced", true}});
                }));
}

void Runner::run(const Command& command, Finish finish) const {
    const bool hasPath = command.spec->path && !command.arguments.empty();
    const Task task{
        client, json, watched, command, std::move(finish), hasPath ? command.arguments[0] : std::string()};
    if (hasPath) {
        const bool sequential = command.spec->verb == Verb::Create && command.has("s");
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
    case Verb::AddWatch: return task.addWatch();
    case Verb::RemoveWatches: return task.removeWatches();
    case Verb::GetEphemerals: return task.getEphemerals();
    case Verb::GetAllChildrenNumber: return task.getAllChildrenNumber();
    case Verb::WhoAmI: return task.whoAmI();
    case Verb::Config: return task.config();
    case Verb::Reconfig: return task.reconfig();
    case Verb::SetQuota: return task.setQuota();
    case Verb::ListQuota: return task.listQuota();
    case Verb::DelQuota: return task.delQuota();
    case Verb::Help: return task.finish(help(command, json));
    case Verb::Version: return task.finish(version(json));
    case Verb::History:
    case Verb::Redo:
    case Verb::PrintWatches:
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

Outcome version(bool json) {
    if (json) return {kStatusOk, jsonLine({{"version", VIV_VERSION}}), {}};
    return {kStatusOk, "Vivarium CLI version: " VIV_VERSION ", with the commands of ZooKeeper 3.9\n", {}};
}

Outcome help(const Command& command, bool json) {
    std::span<const Spec> wanted = specs();
    if (!command.arguments.empty()) {
        const Spec* const spec = findSpec(command.arguments[0]);
        if (!spec)
            return misunderstood(
                {GrammarErrc::Usage, "There is no command " + command.arguments[0] + ". help lists them"},
                json);
        if (!json) return {kStatusOk, usageLine(*spec) + "\n\t" + std::string(spec->summary) + "\n", {}};
        wanted = {spec, 1};
    }
    std::string text;
    boost::json::array all;
    for (const Spec& spec : wanted) {
        std::string usage = usageLine(spec);
        usage.resize(std::max<std::size_t>(usage.size() + 2, 36), ' ');
        text += "\t" + usage + std::string(spec.summary) + "\n";
        all.push_back(object{{"command", spec.name}, {"usage", usageLine(spec)}, {"summary", spec.summary}});
    }
    return {kStatusOk, json ? jsonLine({{"commands", all}}) : text, {}};
}

} // namespace zk::viv
