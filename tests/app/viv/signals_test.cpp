// Programs in the foreground, and how they end on a signal.
#include "program.h"

#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/io.hpp>
#include <boost/process/pipe.hpp>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#ifndef _WIN32

namespace zk::viv {

namespace fs = std::filesystem;
namespace process = boost::process;

namespace {

class Foreground : public testing::TestWithParam<int> {
  protected:
    Foreground() : folder(fs::temp_directory_path() / ("viv_foreground_" + std::to_string(freePort()))) {
        fs::create_directories(folder);
    }
    ~Foreground() override { fs::remove_all(folder); }

    // Starts viv, reads until a line holds `sign`, signals it, and gives its exit status and the rest of its
    // words.
    Ran signalAt(const std::vector<std::string>& arguments, const std::string& sign) {
        process::ipstream out;
        process::child child(process::exe = VIV_PROGRAM, process::args = arguments, process::std_out > out);
        std::string line, words;
        while (std::getline(out, line) && line.find(sign) == std::string::npos)
            words += line + "\n";
        EXPECT_NE(line.find(sign), std::string::npos) << words;
        ::kill(child.id(), GetParam());
        while (std::getline(out, line))
            words += line + "\n";
        child.wait();
        return {child.exit_code(), words, {}};
    }
    fs::path folder;
};

} // namespace

TEST_P(Foreground, AServerStopsCleanly) {
    const fs::path file = folder / "zoo.cfg";
    std::ofstream(file) << "dataDir=" << (folder / "data").string()
                        << "\nclientPort=0\nclientPortAddress=127.0.0.1\n";
    const Ran ran = signalAt({"server", "run", file.string()}, "takes clients on port");
    EXPECT_EQ(ran.status, 0);
    EXPECT_NE(ran.out.find("Stopped"), std::string::npos) << ran.out;
}

TEST_P(Foreground, AnEnsembleTellsItsStatesAndStopsCleanly) {
    const Ran ran = signalAt(
        {"ensemble", "up", "--dir", (folder / "lab").string(), "--client-port", "0", "--servers", "3"},
        "serving clients");
    EXPECT_EQ(ran.status, 0);
    EXPECT_NE(ran.out.find("Connect to 127.0.0.1:"), std::string::npos) << ran.out;
    EXPECT_TRUE(ran.out.ends_with("Stopped\n")) << ran.out;
}

TEST_P(Foreground, AnEnsembleInMemoryTellsAProgramWhereItIs) {
    const Ran ran = signalAt({"ensemble", "up", "--memory", "--client-port", "0", "--servers", "1", "--json"},
                             "\"connectString\":\"127.0.0.1:");
    EXPECT_EQ(ran.status, 0);
    EXPECT_EQ(ran.out, "") << "nothing but the line";
}

INSTANTIATE_TEST_SUITE_P(Signals, Foreground, testing::Values(SIGINT, SIGTERM));

} // namespace zk::viv

#endif
