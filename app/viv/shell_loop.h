// ShellLoop: the shell itself: lines in, commands carried out, history, redo, connect, close, quit.
#pragma once

#include "line_reader.h"
#include "shell_session.h"

#include <boost/json/object.hpp>

#include <atomic>
#include <mutex>

namespace zk::viv {

// Where text goes. Any thread: watch events come while a command is being written.
class Printer {
  public:
    Printer(std::ostream& out, std::ostream& err) : out_(out), err_(err) {}
    void print(const std::string& out, const std::string& err = {});

  private:
    std::mutex mutex_;
    std::ostream& out_;
    std::ostream& err_;
};

class ShellLoop {
  public:
    // The printer outlives the dialer, and the dialer this.
    ShellLoop(ensemble::Dialer& dialer, client::Options options, bool json, Printer& printer,
              std::chrono::milliseconds patience = kConnectPatience);

    // One command; its exit status.
    int runWords(const std::vector<std::string>& words);
    // Lines until quit or the end of the input; the status of the last one that failed.
    int runLines(LineReader& reader);
    // For the reader's completer.
    std::vector<std::string> complete(const std::string& line);

  private:
    std::string prompt() const;
    int runLine(const std::string& line);
    int carryOut(const Command& command);
    int redo(const Command& command);
    int connect(const Command& command);
    int close();
    int listHistory();
    int printWatches(const Command& command);
    void open(client::Options options);
    int tell(Outcome outcome);
    int done(const std::string& text, const boost::json::object& value);

    ensemble::Dialer& dialer_;
    client::Options options_;
    const bool json_;
    Printer& printer_;
    const std::chrono::milliseconds patience_;
    std::unique_ptr<ShellSession> session_; // null: closed
    std::vector<std::string> history_;
    std::shared_ptr<std::atomic<bool>> printsWatches_ = std::make_shared<std::atomic<bool>>(true);
    bool quit_ = false;
};

} // namespace zk::viv
