// The commands about watches and about the session itself.
#include "shell_print.h"
#include "shell_task.h"

#include <boost/json/array.hpp>

namespace zk::viv {

using boost::json::object;

void Task::addAuth() const {
    client.addAuth({command.arguments[0], command.arguments[1]}, answer<void>([](const Task& task) {
                       task.print("", {{"scheme", task.command.arguments[0]}});
                   }));
}

void Task::addWatch() const {
    const std::string mode = command.has("m") ? command.text("m") : "PERSISTENT_RECURSIVE";
    if (mode != "PERSISTENT" && mode != "PERSISTENT_RECURSIVE")
        return misuse("There is no mode " + mode + ": it is PERSISTENT or PERSISTENT_RECURSIVE\n" +
                      usageLine(*command.spec));
    client.addWatch(
        path, mode == "PERSISTENT" ? jute::AddWatchMode::Persistent : jute::AddWatchMode::PersistentRecursive,
        watched, answer<void>([mode](const Task& task) {
            task.print("", {{"path", task.path}, {"mode", mode}});
        }));
}

void Task::removeWatches() const {
    jute::WatcherType type = jute::WatcherType::Any;
    if (command.has("c"))
        type = jute::WatcherType::Children;
    else if (command.has("d"))
        type = jute::WatcherType::Data;
    client.removeWatches(path, type, command.has("l"), answer<void>([type](const Task& task) {
                             const char* const what = type == jute::WatcherType::Children ? "children"
                                                      : type == jute::WatcherType::Data   ? "data"
                                                                                          : "any";
                             task.print("", {{"path", task.path}, {"removed", what}});
                         }));
}

void Task::getEphemerals() const {
    client.getEphemerals(
        path.empty() ? "/" : path,
        answer<std::vector<std::string>>([](const Task& task, const std::vector<std::string>& paths) {
            task.print(childrenText(paths), {{"ephemerals", boost::json::array(paths.begin(), paths.end())}});
        }));
}

void Task::getAllChildrenNumber() const {
    client.getAllChildrenNumber(
        path, answer<std::int32_t>([](const Task& task, std::int32_t number) {
            task.print(std::to_string(number) + "\n", {{"path", task.path}, {"number", number}});
        }));
}

void Task::whoAmI() const {
    client.whoAmI(
        answer<std::vector<jute::ClientInfo>>([](const Task& task, const std::vector<jute::ClientInfo>& all) {
            std::string text = "Auth scheme: User\n";
            boost::json::array identities;
            for (const jute::ClientInfo& one : all) {
                text += one.authScheme + ": " + one.user + "\n";
                identities.push_back(object{{"scheme", one.authScheme}, {"user", one.user}});
            }
            task.print(text, {{"identities", identities}});
        }));
}

} // namespace zk::viv
