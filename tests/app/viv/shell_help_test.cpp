// resources/help/shell.md lists what the shell itself says of its commands.
#include "bench.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace zk::viv {

TEST(ShellHelp, TheReferenceListsEveryCommandAsHelpDoes) {
    std::ifstream file(std::string(VIV_TESTS_DIR) + "/../resources/help/shell.md");
    std::stringstream text;
    text << file.rdbuf();
    const std::string whole = text.str();
    const std::string reference = whole.substr(0, whole.find("\n## ")); // the commands' table
    ASSERT_FALSE(reference.empty());
    std::size_t last = 0;
    for (const Spec& spec : specs()) {
        std::string usage = usageLine(spec);
        for (std::size_t at = 0; (at = usage.find('|', at)) != std::string::npos; at += 2)
            usage.insert(at, "\\"); // within a table
        const std::size_t found = reference.find("| `" + usage + "` | " + std::string(spec.summary) + " |");
        EXPECT_NE(found, std::string::npos) << spec.name;
        EXPECT_GT(found, last) << spec.name << " stands in another order";
        last = found;
        // Each of its options has a word of its own.
        for (const Option& option : optionsOf(spec))
            EXPECT_NE(spec.summary.find("-" + option.name + " "), std::string_view::npos)
                << spec.name << " -" << option.name;
    }
    std::size_t rows = 0;
    for (std::size_t at = 0; (at = reference.find("\n| `", at)) != std::string::npos; ++at)
        ++rows;
    EXPECT_EQ(rows, specs().size()) << "a row for nothing";
}

} // namespace zk::viv
