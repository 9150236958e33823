// The terminal through libedit.
#include "line_reader.h"

#include "shell_complete.h"

#include <histedit.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>

namespace zk::viv {

namespace {

constexpr int kHistoryLines = 1000;

class TerminalReader : public LineReader {
  public:
    TerminalReader(Completer completer, std::string historyFile)
        : completer_(std::move(completer)), historyFile_(std::move(historyFile)),
          edit_(el_init("viv", stdin, stdout, stderr)), history_(history_init()) {
        std::setlocale(LC_CTYPE, "");
        el_set(edit_, EL_CLIENTDATA, this);
        el_set(edit_, EL_PROMPT, &TerminalReader::prompt);
        el_set(edit_, EL_EDITOR, "emacs");
        el_set(edit_, EL_SIGNAL, 1);
        el_set(edit_, EL_ADDFN, "viv-complete", "complete the word", &TerminalReader::complete);
        el_set(edit_, EL_BIND, "^I", "viv-complete", nullptr);
        history(history_, &event_, H_SETSIZE, kHistoryLines);
        history(history_, &event_, H_SETUNIQUE, 1);
        el_set(edit_, EL_HIST, history, history_);
        if (!historyFile_.empty()) history(history_, &event_, H_LOAD, historyFile_.c_str());
    }
    ~TerminalReader() override {
        if (!historyFile_.empty()) history(history_, &event_, H_SAVE, historyFile_.c_str());
        history_end(history_);
        el_end(edit_);
    }

    std::optional<std::string> read(const std::string& text) override {
        prompt_ = text;
        int count = 0;
        const char* const got = el_gets(edit_, &count);
        if (!got || count <= 0) return std::nullopt;
        std::string line(got, static_cast<std::size_t>(count));
        while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
            line.pop_back();
        if (!line.empty()) history(history_, &event_, H_ENTER, line.c_str());
        return line;
    }
    bool isTerminal() const override { return true; }

  private:
    static TerminalReader& of(EditLine* edit) {
        void* self = nullptr;
        el_get(edit, EL_CLIENTDATA, &self);
        return *static_cast<TerminalReader*>(self);
    }
    static char* prompt(EditLine* edit) { return of(edit).prompt_.data(); }

    static unsigned char complete(EditLine* edit, int) {
        const LineInfo* const info = el_line(edit);
        const std::string line(info->buffer, info->cursor);
        const auto candidates = of(edit).completer_(line);
        if (candidates.empty()) return CC_ERROR;
        const std::size_t stem = line.size() - (line.find_last_of(" \t") + 1);
        std::string more = commonBeginning(candidates).substr(stem);
        if (candidates.size() == 1) more += ' ';
        if (!more.empty()) return el_insertstr(edit, more.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
        std::fputc('\n', stdout);
        for (const std::string& candidate : candidates)
            std::fprintf(stdout, "%s  ", candidate.c_str());
        std::fputc('\n', stdout);
        return CC_REDISPLAY;
    }

    Completer completer_;
    std::string historyFile_, prompt_;
    EditLine* edit_;
    History* history_;
    HistEvent event_{};
};

} // namespace

std::unique_ptr<LineReader> makeTerminalReader(Completer completer, std::string historyFile) {
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) return makePlainReader();
    return std::make_unique<TerminalReader>(std::move(completer), std::move(historyFile));
}

} // namespace zk::viv
