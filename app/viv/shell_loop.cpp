#include "shell_loop.h"

#include "shell_complete.h"
#include "shell_print.h"
#include "shell_words.h"

#include <boost/json/serialize.hpp>

#include <charconv>
#include <ostream>

namespace zk::viv {

namespace {

constexpr std::size_t kHistoryShown = 11;
constexpr std::chrono::milliseconds kPromptPatience{500}; // a server that is there answers sooner

std::string_view stateWord(client::SessionState state) {
    switch (state) {
    case client::SessionState::Connecting: return "CONNECTING";
    case client::SessionState::Connected: return "CONNECTED";
    case client::SessionState::AuthFailed: return "AUTH_FAILED";
    case client::SessionState::Expired: return "EXPIRED";
    case client::SessionState::Closed: return "CLOSED";
    }
    return "UNKNOWN";
}

} // namespace

void Printer::print(const std::string& out, const std::string& err) {
    const std::lock_guard lock(mutex_);
    if (!out.empty()) out_ << out << std::flush;
    if (!err.empty()) err_ << err << std::flush;
}

ShellLoop::ShellLoop(ensemble::Dialer& dialer, client::Options options, bool json, Printer& printer,
                     std::chrono::milliseconds patience)
    : dialer_(dialer), options_(std::move(options)), json_(json), printer_(printer), patience_(patience) {
    open(options_);
}

void ShellLoop::open(client::Options options) {
    // The printer and not this loop: an event may still come while a session is being closed in the
    // background.
    const auto watched = [&printer = printer_, json = json_, prints = printsWatches_](const client::WatchEvent& event) {
        if (!*prints) return;
        if (!json) return printer.print(eventText(event));
        const boost::json::object out{{"event", jute::name(event.type)}, {"path", event.path}};
        printer.print(boost::json::serialize(out) + "\n");
    };
    session_ = std::make_unique<ShellSession>(dialer_, std::move(options), json_, watched, patience_);
}

int ShellLoop::tell(Outcome outcome) {
    printer_.print(outcome.out, outcome.err);
    return outcome.status;
}

// What the loop itself says of a command that is done.
int ShellLoop::done(const std::string& text, const boost::json::object& value) {
    return tell({kStatusOk, json_ ? boost::json::serialize(value) + "\n" : text, {}});
}

int ShellLoop::runWords(const std::vector<std::string>& words) {
    const auto command = parseCommand(words);
    if (!command) return tell(misunderstood(command.error(), json_));
    return carryOut(*command);
}

int ShellLoop::runLine(const std::string& line) {
    const auto words = splitWords(line);
    if (!words) return tell(misunderstood(words.error(), json_));
    if (words->empty()) return kStatusOk;
    if (words->front() != "redo") history_.push_back(line);
    return runWords(*words);
}

int ShellLoop::runLines(LineReader& reader) {
    int status = kStatusOk;
    if (session_ && reader.isTerminal()) session_->awaitServer(std::min(patience_, kPromptPatience));
    while (!quit_) {
        const auto line = reader.read(reader.isTerminal() ? prompt() : std::string());
        if (!line) break;
        if (const int result = runLine(*line); result != kStatusOk) status = result;
    }
    return reader.isTerminal() ? kStatusOk : status;
}

int ShellLoop::carryOut(const Command& command) {
    switch (command.spec->verb) {
    case Verb::Help: return tell(help(command, json_));
    case Verb::Version: return tell(version(json_));
    case Verb::History: return listHistory();
    case Verb::PrintWatches: return printWatches(command);
    case Verb::Redo: return redo(command);
    case Verb::Connect: return connect(command);
    case Verb::Close: return close();
    case Verb::Quit: quit_ = true; return kStatusOk;
    default: break;
    }
    if (!session_) return tell(notConnected("Not connected: the session is closed. connect opens one", json_));
    return tell(session_->run(command));
}

int ShellLoop::listHistory() {
    std::string text;
    boost::json::array lines;
    const std::size_t first = history_.size() > kHistoryShown ? history_.size() - kHistoryShown : 0;
    for (std::size_t index = first; index < history_.size(); ++index) {
        text += std::to_string(index) + " - " + history_[index] + "\n";
        lines.push_back(boost::json::object{{"number", index}, {"line", history_[index]}});
    }
    return done(text, {{"history", lines}});
}

int ShellLoop::printWatches(const Command& command) {
    if (!command.arguments.empty()) {
        const std::string& word = command.arguments[0];
        if (word != "on" && word != "off") return tell(misunderstood({GrammarErrc::Usage, usageLine(*command.spec)}, json_));
        *printsWatches_ = word == "on";
        return done("", {{"printwatches", word == "on"}});
    }
    return done(*printsWatches_ ? "printwatches is on\n" : "printwatches is off\n", {{"printwatches", printsWatches_->load()}});
}

int ShellLoop::redo(const Command& command) {
    const std::string& text = command.arguments[0];
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number >= history_.size())
        return tell(misunderstood({GrammarErrc::Usage, "Command index out of range"}, json_));
    return runLine(std::string(history_[number]));
}

int ShellLoop::connect(const Command& command) {
    client::Options options = options_;
    if (!command.arguments.empty()) {
        auto parsed = client::parseConnectString(command.arguments[0]);
        if (!parsed) return tell(misunderstood(parsed.error(), json_));
        options.connect = std::move(*parsed);
    }
    options_ = options;
    session_.reset();
    open(std::move(options));
    return done("", {{"connecting", toString(options_.connect.servers.front())}});
}

int ShellLoop::close() {
    session_.reset();
    return done("", {{"closed", true}});
}

std::string ShellLoop::prompt() const {
    const client::Status status = session_ ? session_->status() : client::Status();
    const auto state = session_ ? status.state : client::SessionState::Closed;
    const client::Address server = status.server.value_or(options_.connect.servers.front());
    return "[zk: " + toString(server) + "(" + std::string(stateWord(state)) + ") " +
           std::to_string(history_.size()) + "] ";
}

std::vector<std::string> ShellLoop::complete(const std::string& line) {
    CompletionQuery query = completionQuery(line);
    if (query.parent.empty() || !session_) return std::move(query.commands);
    return matchingPaths(query, session_->children(query.parent));
}

} // namespace zk::viv
