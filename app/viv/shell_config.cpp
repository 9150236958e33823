// config and reconfig: the ensemble's configuration, which is the data of /zookeeper/config whatever the
// session's chroot.
#include "shell_print.h"
#include "shell_task.h"

#include <charconv>
#include <fstream>

namespace zk::viv {

namespace {

constexpr const char* kConfigPath = "/zookeeper/config";

// "version host:port,host:port": what a client has to know of a configuration.
std::string clientPart(std::string_view text) {
    std::string version, servers;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        const std::string_view line = text.substr(start, end - start);
        if (line.starts_with("version=")) version = line.substr(8);
        const std::size_t client = line.find(';');
        if (line.starts_with("server.") && client != std::string_view::npos)
            servers += (servers.empty() ? "" : ",") + std::string(line.substr(client + 1));
        start = end + 1;
    }
    return version + " " + servers;
}

void printConfig(const Task& task, const Buffer& data, const jute::Stat& stat) {
    const std::string text = data.value_or("");
    const std::string shown = task.command.has("c") ? clientPart(text) : text;
    task.print(shown + "\n" + (task.command.has("s") ? statText(stat) : ""),
               {{"config", shown}, {"stat", statJson(stat)}});
}

// The servers' lines of a file, with commas between them.
Result<std::string> membersOf(const std::string& file) {
    std::ifstream in(file);
    if (!in)
        return Error{make_error_code(boost::system::errc::no_such_file_or_directory),
                     "There is no file " + file};
    std::string members;
    for (std::string line; std::getline(in, line);) {
        while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
            line.pop_back();
        if (line.starts_with("server.") || line.starts_with("group.") || line.starts_with("weight."))
            members += (members.empty() ? "" : ",") + line;
    }
    if (members.empty())
        return Error{Errc::Malformed, file + " names no server: it has no line server.N=..."};
    return members;
}

// The body of a reconfig request; a text that is not given is null.
std::string reconfigBody(const Buffer& joining, const Buffer& leaving, const Buffer& members,
                         std::int64_t version) {
    std::string body;
    jute::Writer out(body);
    for (const Buffer* each : {&joining, &leaving, &members})
        write(out, *each);
    out.i64(version);
    return body;
}

} // namespace

void Task::config() const {
    if (command.has("w"))
        return client.getData(kConfigPath, watched,
                              answer<client::Data>([](const Task& task, const client::Data& data) {
                                  printConfig(task, data.bytes, data.stat);
                              }));
    client.request(jute::OpCode::GetData, jute::encode(jute::ReadRequest{kConfigPath, false}),
                   answer<std::string>([](const Task& task, const std::string& body) {
                       const auto response = jute::decode<jute::GetDataResponse>(body);
                       if (!response) return task.fail(response.error());
                       printConfig(task, response->data, response->stat);
                   }));
}

void Task::reconfig() const {
    const bool whole = command.has("file") || command.has("members"),
               part = command.has("add") || command.has("remove");
    const std::string usage = "\n" + usageLine(*command.spec);
    if (!whole && !part) return misuse(usageLine(*command.spec));
    if (command.has("file") && command.has("members"))
        return misuse("-file and -members each name the whole ensemble: give one of them" + usage);
    if (whole && part)
        return misuse("-add and -remove change some members, -file and -members name them all: not both" +
                      usage);
    std::int64_t version = -1;
    if (const std::string text = command.text("v"); command.has("v")) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version, 16);
        if (error != std::errc() || end != text.data() + text.size())
            return misuse("-v argument must be a configuration's version, in hexadecimal" + usage);
    }
    const auto given = [this](const char* option) {
        return command.has(option) ? Buffer(command.text(option)) : Buffer();
    };
    Buffer members = given("members");
    if (command.has("file")) {
        const auto read = membersOf(command.text("file"));
        if (!read) return misuse(read.error().message());
        members = *read;
    }
    client.request(jute::OpCode::Reconfig, reconfigBody(given("add"), given("remove"), members, version),
                   answer<std::string>([](const Task& task, const std::string& body) {
                       const auto response = jute::decode<jute::GetDataResponse>(body);
                       if (!response) return task.fail(response.error());
                       const std::string text = response->data.value_or("");
                       task.print("Committed new configuration:\n" + text + "\n" +
                                      (task.command.has("s") ? statText(response->stat) : ""),
                                  {{"config", text}, {"stat", statJson(response->stat)}});
                   }));
}

} // namespace zk::viv
