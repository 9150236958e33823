#include "config/config.h"

#include "config/parser.h"

namespace zk::config {

namespace {

class ConfigCategory : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "zk.config"; }
    std::string message(int code) const override {
        switch (static_cast<Errc>(code)) {
        case Errc::BadValue: return "a key has a value that it cannot have";
        case Errc::Missing: return "a key that must be there is not";
        case Errc::Contradiction: return "two lines contradict each other";
        case Errc::Unreadable: return "a line cannot be read";
        }
        return "unknown configuration error";
    }
};

} // namespace

const boost::system::error_category& configCategory() {
    static const ConfigCategory category;
    return category;
}

Role ServerConfig::role() const {
    const auto found = self ? servers.find(*self) : servers.end();
    return found == servers.end() ? Role::Participant : found->second.role;
}

Quorum ServerConfig::quorum() const {
    std::set<Sid> voters;
    for (const auto& [sid, server] : servers)
        if (server.role == Role::Participant) voters.insert(sid);
    if (groups.empty()) return Quorum(std::move(voters));
    return Quorum(std::move(voters), weights, groups);
}

Result<Parsed> parse(std::string_view text, const std::string& file,
                     const std::function<std::optional<std::string>(const std::string& path)>& myid,
                     const std::vector<std::string>& definitions) {
    const auto properties = readProperties(text, file);
    if (!properties) return properties.error();
    Parser parser(file);
    if (auto done = parser.take(*properties); !done) return done.error();
    if (auto done = parser.define(definitions); !done) return done.error();
    auto parsed = parser.finish(myid);
    if (parsed) parsed->config.text = text;
    return parsed;
}

} // namespace zk::config
