// setquota, listquota and delquota: limits of a subtree are znodes that the shell writes and the servers
// read.
#include "shell_quota.h"

#include "shell_print.h"
#include "shell_task.h"
#include "subtree.h"

#include "client/recipes/common.h"
#include "tree/path.h"

#include <charconv>

namespace zk::viv {

using client::Callback;
using jute::ErrorCode;

namespace {

constexpr const char* kQuotas = "/zookeeper/quota";
constexpr const char* kLimits = "/zookeeper_limits";
constexpr const char* kStats = "/zookeeper_stats";

std::string quotaPath(const std::string& path) {
    return path == "/" ? kQuotas : kQuotas + path;
}

boost::json::object quotaJson(const Quota& quota) {
    return {{"count", quota.count},
            {"bytes", quota.bytes},
            {"hardCount", quota.hardCount},
            {"hardBytes", quota.hardBytes}};
}

bool missing(const Error& error) {
    return client::toErrorCode(error) == ErrorCode::NoNode;
}

// Why a quota at `path` would contradict one of these, which are all that there are; empty where none does.
std::string contradiction(const std::string& path, const std::vector<std::string>& znodes) {
    for (const std::string& znode : znodes) {
        if (!znode.ends_with(kLimits)) continue;
        const std::string other =
            znode.substr(std::string_view(kQuotas).size(),
                         znode.size() - std::string_view(kQuotas).size() - std::string_view(kLimits).size());
        if (other == path) continue;
        if (path.starts_with(other + "/")) return path + " has a parent " + other + " which has a quota";
        if (other.starts_with(path + "/")) return path + " has a child " + other + " which has a quota";
    }
    return {};
}

// Takes the empty znodes away that led to a quota: of /zookeeper/quota/a/b first b, then a.
void prune(const Task& task, const std::string& znode) {
    const auto done = [task] { task.print("", {{"path", task.path}, {"deleted", true}}); };
    if (znode == kQuotas) return done();
    task.client.remove(znode, -1, [task, znode, done](const Result<void>& removed) {
        if (!removed) return done(); // it has other children, or is gone
        prune(task, std::string(tree::parentOf(znode)));
    });
}

// Only what an option names is taken out of the quota.
void without(const Task& task, Quota quota) {
    if (task.command.has("n")) quota.count = -1;
    if (task.command.has("b")) quota.bytes = -1;
    if (task.command.has("N")) quota.hardCount = -1;
    if (task.command.has("B")) quota.hardBytes = -1;
    task.client.setData(quotaPath(task.path) + kLimits, toText(quota), -1,
                        task.answer<jute::Stat>([quota](const Task& then, const jute::Stat&) {
                            then.print("", {{"path", then.path}, {"quota", quotaJson(quota)}});
                        }));
}

// Writes the limits of a setquota, and warns where more is there already.
void setLimits(const Task& task, const Quota& quota) {
    const std::string znode = quotaPath(task.path);
    task.client.setData(
        znode + kLimits, toText(quota), -1,
        task.answer<jute::Stat>([quota, znode](const Task& then, const jute::Stat&) {
            then.client.getData(znode + kStats, {}, [then, quota](const Result<client::Data>& data) {
                const Quota used = parseQuota(data ? data->bytes.value_or("") : "");
                const auto beyond = [](std::int64_t limit, std::int64_t value) {
                    return limit > -1 && limit < value;
                };
                std::string warnings;
                if (beyond(quota.count, used.count) || beyond(quota.hardCount, used.count))
                    warnings += "[Warning]: the count quota you create is less than the existing count:" +
                                std::to_string(used.count) + "\n";
                if (beyond(quota.bytes, used.bytes) || beyond(quota.hardBytes, used.bytes))
                    warnings += "[Warning]: the bytes quota you create is less than the existing bytes:" +
                                std::to_string(used.bytes) + "\n";
                then.print(warnings, {{"path", then.path}, {"quota", quotaJson(quota)}});
            });
        }));
}

// What the options give goes over what is there.
void merge(const Task& task, Quota quota) {
    quota.count = task.command.number("n", quota.count);
    quota.bytes = task.command.number("b", quota.bytes);
    quota.hardCount = task.command.number("N", quota.hardCount);
    quota.hardBytes = task.command.number("B", quota.hardBytes);
    setLimits(task, quota);
}

void createQuota(const Task& task) {
    const std::string znode = quotaPath(task.path);
    client::recipes::ensurePath(task.client, znode, task.answer<void>([znode](const Task& then) {
        const auto create = [&then](const std::string& path, const Quota& quota,
                                    Callback<client::Created> done) {
            then.client.create(path, toText(quota), jute::openAcl(), jute::CreateMode::Persistent,
                               std::move(done));
        };
        create(znode + kLimits, {}, [](const Result<client::Created>&) {}); // merge() tells of a refusal
        create(znode + kStats, {0, 0, -1, -1},
               [then, znode](const Result<client::Created>&) { merge(then, {}); });
    }));
}

} // namespace

std::string toText(const Quota& quota) {
    return "count=" + std::to_string(quota.count) + ",bytes=" + std::to_string(quota.bytes) +
           "=;byteHardLimit=" + std::to_string(quota.hardBytes) +
           ";countHardLimit=" + std::to_string(quota.hardCount);
}

Quota parseQuota(std::string_view text) {
    Quota quota;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find_first_of(",;", start), text.size());
        const std::string_view part = text.substr(start, end - start);
        const std::size_t equals = std::min(part.find('='), part.size());
        const std::string_view key = part.substr(0, equals),
                               value = part.substr(std::min(equals + 1, part.size()));
        std::int64_t number = -1;
        std::from_chars(value.data(), value.data() + value.size(), number);
        if (key == "count") quota.count = number;
        if (key == "bytes") quota.bytes = number;
        if (key == "countHardLimit") quota.hardCount = number;
        if (key == "byteHardLimit") quota.hardBytes = number;
        start = end + 1;
    }
    return quota;
}

void Task::setQuota() const {
    if (command.options.empty())
        return misuse("Missing required option: [-n num soft quota, -b bytes soft quota, -N num hard quota, "
                      "-B bytes hard quota]\n" +
                      usageLine(*command.spec));
    if (path == "/") return misuse("a quota of / has no effect: set one for each of its children");
    if (tree::isReserved(path)) return misuse("cannot set a quota under the path: " + std::string(kQuotas));
    client.exists(
        path, {},
        answer<std::optional<jute::Stat>>([](const Task& task, const std::optional<jute::Stat>& stat) {
            if (!stat) return task.fail("NoNode", task.path + " does not exist.");
            listSubtree(task.client, kQuotas,
                        task.answer<std::vector<std::string>>([](const Task& then,
                                                                 const std::vector<std::string>& znodes) {
                            if (const std::string why = contradiction(then.path, znodes); !why.empty())
                                return then.fail("Refused", why);
                            then.client.getData(
                                quotaPath(then.path) + kLimits, {},
                                [then](const Result<client::Data>& limits) {
                                    if (limits) return merge(then, parseQuota(limits->bytes.value_or("")));
                                    missing(limits.error()) ? createQuota(then) : then.fail(limits.error());
                                });
                        }));
        }));
}

void Task::listQuota() const {
    const std::string limits = quotaPath(path) + kLimits;
    client.getData(limits, {}, [task = *this, limits](const Result<client::Data>& data) {
        const std::string head = "absolute path is " + limits + "\n";
        if (!data && !missing(data.error())) return task.fail(data.error());
        if (!data && task.json) return task.fail("NoQuota", "quota for " + task.path + " does not exist.");
        if (!data) return task.finish({kStatusFailed, head, "quota for " + task.path + " does not exist.\n"});
        const std::string quota = data->bytes.value_or("");
        task.client.getData(
            quotaPath(task.path) + kStats, {},
            task.answer<client::Data>([head, quota](const Task& then, const client::Data& stats) {
                const std::string used = stats.bytes.value_or("");
                const Quota count = parseQuota(used);
                then.print(head + "Output quota for " + then.path + " " + quota + "\nOutput stat for " +
                               then.path + " " + used + "\n",
                           {{"path", then.path},
                            {"quota", quotaJson(parseQuota(quota))},
                            {"used", boost::json::object{{"count", count.count}, {"bytes", count.bytes}}}});
            }));
    });
}

void Task::delQuota() const {
    const std::string znode = quotaPath(path);
    client.getData(znode + kLimits, {}, [task = *this, znode](const Result<client::Data>& data) {
        if (!data && missing(data.error()))
            return task.fail("NoQuota", "Quota does not exist for " + task.path);
        if (!data) return task.fail(data.error());
        if (!task.command.options.empty()) return without(task, parseQuota(data->bytes.value_or("")));
        task.client.remove(znode + kStats, -1,
                           [](const Result<void>&) {}); // the answer to the second says it all
        task.client.remove(znode + kLimits, -1,
                           task.answer<void>([znode](const Task& then) { prune(then, znode); }));
    });
}

} // namespace zk::viv
