// Transcripts: each file of a folder of tests/transcripts holds commands ("> start 1 0x0 0") and, after each, the whole trace
// that it must give; lines that begin with # say what is shown. ZK_REWRITE_TRANSCRIPTS=1 writes what the code gives now; the
// change is then read in the diff.
#pragma once

#include "trace/trace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace zk::test {

// The words of a command, one after another.
class Words {
  public:
    explicit Words(const std::string& command) : in_(command) {}
    std::string word() {
        std::string next;
        in_ >> next;
        return next;
    }
    // 0 where there is none; 0x begins a hexadecimal one.
    std::int64_t number() { return static_cast<std::int64_t>(std::strtoll(word().c_str(), nullptr, 0)); }
    std::set<Sid> sids() {
        std::set<Sid> all;
        for (Sid sid = 0; in_ >> sid;) all.insert(sid);
        return all;
    }

  private:
    std::istringstream in_;
};

// "  0.351  2  election decided: leader 3, ..."
inline std::string traceLine(const trace::Event& event) {
    char stamp[48];
    std::snprintf(stamp, sizeof stamp, "%7.3f  %lld  ", static_cast<double>(event.atNs) / 1e9,
                  static_cast<long long>(event.server));
    return stamp + trace::sentence(event) + "\n";
}

inline std::filesystem::path transcriptFolder(const std::string& folder) {
    return std::filesystem::path(VIV_TESTS_DIR) / "transcripts" / folder;
}

inline std::vector<std::string> transcripts(const std::string& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(transcriptFolder(folder)))
        names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

// Plays the file's commands to a Player: play(verb, words), then takeTrace().
template <class Player>
void expectTranscript(const std::string& folder, const std::string& name) {
    const auto path = transcriptFolder(folder) / (name + ".txt");
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    ASSERT_FALSE(text.str().empty()) << path;
    Player player;
    std::string line, told;
    for (std::istringstream lines(text.str()); std::getline(lines, line);) {
        if (line.empty() || line[0] == '#') told += line + "\n";
        if (!line.starts_with("> ")) continue;
        told += line + "\n";
        Words words(line.substr(2));
        const std::string verb = words.word();
        player.play(verb, words);
        told += player.takeTrace();
    }
    if (std::getenv("ZK_REWRITE_TRANSCRIPTS")) std::ofstream(path) << told;
    else EXPECT_EQ(told, text.str()) << "ZK_REWRITE_TRANSCRIPTS=1 writes " << path << " anew";
}

} // namespace zk::test
