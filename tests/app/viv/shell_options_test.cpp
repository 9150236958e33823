#include "shell_options.h"

#include <gtest/gtest.h>

namespace zk::viv {

using Words = std::vector<std::string>;

TEST(ShellOptions, OneDashIsEnoughBeforeTheCommand) {
    EXPECT_EQ(withLongOptions({"shell", "-server", "h:1", "-r", "-timeout", "5", "ls", "-s", "/"}),
              (Words{"shell", "--server", "h:1", "-r", "--timeout", "5", "ls", "-s", "/"}));
    EXPECT_EQ(withLongOptions({"shell", "set", "/a", "-server"}), (Words{"shell", "set", "/a", "-server"}));
    EXPECT_EQ(withLongOptions({"shell", "--auth", "digest:a:b", "-server", "h"}),
              (Words{"shell", "--auth", "digest:a:b", "--server", "h"}));
    EXPECT_EQ(withLongOptions({"shell", "-client-configuration", "-f", "--trust", "-t", "ls", "/"}),
              (Words{"shell", "--client-configuration", "-f", "--trust", "-t", "ls", "/"}));
}

TEST(ShellOptions, OtherSubcommandsKeepTheirWords) {
    EXPECT_EQ(withLongOptions({"bench", "-server"}), (Words{"bench", "-server"}));
    EXPECT_EQ(withLongOptions({}), Words{});
}

} // namespace zk::viv
