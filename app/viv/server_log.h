// ServerLog: what a server says, on standard output or in a file that is rotated.
#pragma once

#include "base/result.h"
#include "trace/trace.h"

#include <memory>
#include <string>

namespace zk::viv {

inline constexpr std::size_t kLogBytes = 10 * 1024 * 1024; // of a file, before it is rotated
inline constexpr std::size_t kLogFiles = 5;                // old ones that are kept

class ServerLog : public trace::Sink {
  public:
    // Errors: io_error where the file cannot be opened.
    static Result<std::unique_ptr<ServerLog>> toFile(const std::string& file);
    static std::unique_ptr<ServerLog> toStandardOutput();
    ~ServerLog() override;

    // Any thread. `prefix` stands before each of the server's sentences.
    void event(const trace::Event& event, const std::string& prefix);
    void event(const trace::Event& event) override;
    void say(trace::Severity severity, const std::string& text);

  private:
    struct Impl;
    explicit ServerLog(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace zk::viv
