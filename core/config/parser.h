// What the lines of one zoo.cfg say (parser.cpp), and whether they agree with one another and with myid
// (checks.cpp). Used by parse() alone.
#pragma once

#include "config/config.h"
#include "config/properties.h"

namespace zk::config {

// In lower case, of ASCII letters.
std::string lowered(std::string text);

class Parser {
  public:
    explicit Parser(const std::string& file) : file_(file) { parsed_.config.file = file; }

    Result<void> take(const std::vector<Property>& properties);
    Result<Parsed> finish(const std::function<std::optional<std::string>(const std::string&)>& myid);

  private:
    using Done = Result<void>;

    Done takeOne(const Property& property, std::string_view key);
    Done takeTimes(const Property& property, std::string_view key, bool& taken);
    Done takeClients(const Property& property, std::string_view key, bool& taken);
    Done takeZnodes(const Property& property, std::string_view key, bool& taken);
    Done takeStorage(const Property& property, std::string_view key, bool& taken);
    Done takeQuorum(const Property& property, std::string_view key, bool& taken);
    Done takeServer(const Property& property, std::string_view number);
    Done takeGroup(const Property& property, std::string_view number);
    Done takeWeight(const Property& property, std::string_view number);
    void takeWords(const Property& property);

    Done checkRequired();
    Done checkTimeouts();
    Done checkServers();
    Done checkGroups();
    Done checkPorts();
    Done findSelf(const std::function<std::optional<std::string>(const std::string&)>& myid);
    Done checkSelf();

    template <class Integer>
    Done number(const Property& property, Integer& to, std::int64_t least, std::int64_t most,
                const char* unit);
    Done boolean(const Property& property, bool& to, const char* yes = "true", const char* no = "false");
    Done milliseconds(const Property& property, std::chrono::milliseconds& to, std::int64_t least);

    // "zoo.cfg:12"; "zoo.cfg" where no line has the key.
    std::string where(const std::string& key) const {
        const auto line = lines_.find(key);
        return line == lines_.end() ? file_ : file_ + ":" + std::to_string(line->second.line);
    }
    bool has(const std::string& key) const { return lines_.contains(key); }
    Error bad(const Property& property, const std::string& rest) const {
        return {Errc::BadValue, file_ + ":" + std::to_string(property.line) + ": " + property.key + "=" +
                                    property.value + " " + rest};
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

} // namespace zk::config
