// LineReader: where the shell's lines come from: a terminal with editing, history and completion, or plain
// input.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace zk::viv {

class LineReader {
  public:
    virtual ~LineReader() = default;
    // The next line without its end; nothing at the end of the input.
    virtual std::optional<std::string> read(const std::string& prompt) = 0;
    virtual bool isTerminal() const = 0;
};

// What may replace the word at the end of `line`: whole words.
using Completer = std::function<std::vector<std::string>(const std::string& line)>;

std::unique_ptr<LineReader> makePlainReader();
// Keeps its history in `historyFile` (empty: nowhere). Plain where standard input is not a terminal, or where
// this system has no library for editing.
std::unique_ptr<LineReader> makeTerminalReader(Completer completer, std::string historyFile);

} // namespace zk::viv
