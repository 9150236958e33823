// What the lines of one zoo.cfg say (parser.cpp, parser_more.cpp), and whether they agree with one another and with
// myid (checks.cpp). Used by parse() alone.
#pragma once

#include "config/config.h"
#include "config/properties.h"
#include "config/server_line.h"

#include <climits>

namespace zk::config {

// In lower case, of ASCII letters.
std::string lowered(std::string text);

class Parser {
  public:
    explicit Parser(const std::string& file) : file_(file) { parsed_.config.file = file; }

    Result<void> take(const std::vector<Property>& properties);
    // Each "name=value" of the command line, where the file has not said otherwise.
    Result<void> define(const std::vector<std::string>& definitions);
    Result<Parsed> finish(const std::function<std::optional<std::string>(const std::string&)>& myid);

  private:
    using Done = Result<void>;

    Done takeOne(const Property& property, std::string_view key);
    Done takeUnknown(const Property& property, std::string_view key);
    Done takeTimes(const Property& property, std::string_view key, bool& taken);
    Done takeClients(const Property& property, std::string_view key, bool& taken);
    Done takeZnodes(const Property& property, std::string_view key, bool& taken);
    Done takeAccess(const Property& property, std::string_view key, bool& taken);
    Done takeTls(const Property& property, std::string_view key, bool& taken);
    Done takeClientLimits(const Property& property, std::string_view key, bool& taken);
    Done takeThrottles(const Property& property, std::string_view key, bool& taken);
    Done takeStorage(const Property& property, std::string_view key, bool& taken);
    Done takeQuorum(const Property& property, std::string_view key, bool& taken);
    Done takeLimits(const Property& property, std::string_view key, bool& taken);
    Done takeSwitches(const Property& property, std::string_view key, bool& taken);
    Done takeAdmin(const Property& property, std::string_view key, bool& taken);
    Done takeMetrics(const Property& property, std::string_view key, bool& taken);
    Done takeCompression(const Property& property);
    static void takeHost(const Property& property, std::string& host);
    Done takeServer(const Property& property, std::string_view number);
    Done takeGroup(const Property& property, std::string_view number);
    Done takeWeight(const Property& property, std::string_view number);
    void takeWords(const Property& property);

    Done checkRequired();
    Done checkTimeouts();
    Done checkTls();
    Done checkServers();
    Done checkGroups();
    Done checkPorts();
    Done findSelf(const std::function<std::optional<std::string>(const std::string&)>& myid);
    Done checkSelf();

    template <class Integer>
    Done number(const Property& property, Integer& to, std::int64_t least, std::int64_t most,
                const char* unit);
    Done boolean(const Property& property, bool& to, const char* yes = "true", const char* no = "false");
    Done share(const Property& property, double& to); // from 0 to 1
    Done milliseconds(const Property& property, std::chrono::milliseconds& to, std::int64_t least);

    // "zoo.cfg:12"; "zoo.cfg" where no line has the key; "-D" for one of the command line.
    std::string where(const std::string& key) const {
        const auto line = lines_.find(key);
        return line == lines_.end() ? file_ : where(line->second);
    }
    std::string where(const Property& property) const {
        return property.line == 0 ? "-D" : file_ + ":" + std::to_string(property.line);
    }
    bool has(const std::string& key) const { return lines_.contains(key); }
    Error bad(const Property& property, const std::string& rest) const {
        return {Errc::BadValue, where(property) + ": " + property.key + "=" + property.value + " " + rest};
    }
    Error missing(const std::string& what) const { return {Errc::Missing, file_ + ": " + what}; }
    Error contradiction(const std::string& key, const std::string& what) const {
        return {Errc::Contradiction, where(key) + ": " + what};
    }
    void warn(const std::string& key, const std::string& what) {
        parsed_.warnings.push_back(where(key) + ": " + what);
    }
    static std::string serverKey(Sid sid) { return "server." + std::to_string(sid); }

    const std::string& file_;
    Parsed parsed_;
    std::map<std::string, Property> lines_; // by key without "zookeeper."
    bool standaloneEnabled_ = true;
    std::optional<Role> peerType_;
};

template <class Integer>
Parser::Done Parser::number(const Property& property, Integer& to, std::int64_t least, std::int64_t most,
                            const char* unit) {
    const auto value = wholeNumber(property.value);
    if (!value || *value < least || *value > most)
        return bad(property, "is not possible; give " + std::string(unit) + " from " + std::to_string(least) +
                                 " to " + std::to_string(most));
    to = static_cast<Integer>(*value);
    return {};
}

} // namespace zk::config
