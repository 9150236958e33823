#include "server_log.h"

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace zk::viv {

struct ServerLog::Impl {
    explicit Impl(spdlog::sink_ptr sink) : logger("server", std::move(sink)) {
        logger.set_pattern("%Y-%m-%d %H:%M:%S,%e %^%-5l%$ %v");
        logger.flush_on(spdlog::level::info);
    }
    spdlog::logger logger;
};

ServerLog::ServerLog(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ServerLog::~ServerLog() = default;

Result<std::unique_ptr<ServerLog>> ServerLog::toFile(const std::string& file) {
    try {
        auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file, kLogBytes, kLogFiles);
        return std::unique_ptr<ServerLog>(new ServerLog(std::make_unique<Impl>(std::move(sink))));
    } catch (const spdlog::spdlog_ex& error) {
        return Error{boost::system::errc::make_error_code(boost::system::errc::io_error),
                     "The log cannot be written to " + file + ": " + error.what() +
                         ". Choose another place with --log-file"};
    }
}

std::unique_ptr<ServerLog> ServerLog::toStandardOutput() {
    auto sink = std::make_shared<spdlog::sinks::stdout_color_sink_mt>();
    return std::unique_ptr<ServerLog>(new ServerLog(std::make_unique<Impl>(std::move(sink))));
}

void ServerLog::event(const trace::Event& event) {
    this->event(event, {});
}

void ServerLog::event(const trace::Event& event, const std::string& prefix) {
    const bool log = event.what() == trace::Kind::Log;
    say(log ? static_cast<trace::Severity>(event.state) : trace::Severity::Info,
        prefix + trace::sentence(event));
}

void ServerLog::say(trace::Severity severity, const std::string& text) {
    switch (severity) {
    case trace::Severity::Info: impl_->logger.info(text); break;
    case trace::Severity::Warning: impl_->logger.warn(text); break;
    case trace::Severity::Error: impl_->logger.error(text); break;
    }
}

} // namespace zk::viv
