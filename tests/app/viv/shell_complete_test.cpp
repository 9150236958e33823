#include "shell_complete.h"

#include <gtest/gtest.h>

namespace zk::viv {

using Words = std::vector<std::string>;

TEST(ShellComplete, TheFirstWordIsACommand) {
    EXPECT_EQ(completionQuery("dele").commands, (Words{"delete", "deleteall"}));
    EXPECT_EQ(completionQuery("help get").commands, (Words{"get", "getAcl", "getAllChildrenNumber", "getEphemerals"}));
    EXPECT_TRUE(completionQuery("xyz").commands.empty());
    EXPECT_GE(completionQuery("").commands.size(), 29u);
}

TEST(ShellComplete, AfterACommandOnZnodesPathsAreCompleted) {
    EXPECT_EQ(completionQuery("ls /").parent, "/");
    EXPECT_EQ(completionQuery("ls -s /a").parent, "/");
    EXPECT_EQ(completionQuery("get /a/b/c").parent, "/a/b");
    EXPECT_EQ(completionQuery("get /a/").parent, "/a");
    EXPECT_EQ(completionQuery("get a").parent, "");
    EXPECT_EQ(completionQuery("addauth /a").parent, "");
    EXPECT_EQ(completionQuery("frob /a").parent, "");
}

TEST(ShellComplete, OptionsAndWhatFollowsThem) {
    EXPECT_EQ(completionQuery("ls -").commands, (Words{"-s", "-w", "-R"}));
    EXPECT_EQ(completionQuery("reconfig -m").commands, Words{"-members"});
    EXPECT_EQ(completionQuery("addWatch -m P").commands, (Words{"PERSISTENT", "PERSISTENT_RECURSIVE"}));
    EXPECT_EQ(completionQuery("printwatches o").commands, (Words{"off", "on"}));
    EXPECT_TRUE(completionQuery("ls ").commands.empty()) << "options only behind a dash";
    EXPECT_EQ(completionQuery("ls -s /a").parent, "/");
}

TEST(ShellComplete, PathsThatBeginLikeTheStem) {
    EXPECT_EQ(matchingPaths(completionQuery("ls /lo"), {"zoo", "lock", "log"}), (Words{"/lock", "/log"}));
    EXPECT_EQ(matchingPaths(completionQuery("ls /a/"), {"c", "b"}), (Words{"/a/b", "/a/c"}));
    EXPECT_TRUE(matchingPaths(completionQuery("ls /x"), {"a"}).empty());
}

TEST(ShellComplete, CommonBeginning) {
    EXPECT_EQ(commonBeginning({"/lock", "/log"}), "/lo");
    EXPECT_EQ(commonBeginning({"/a"}), "/a");
    EXPECT_EQ(commonBeginning({"/a", "/ab"}), "/a");
}

} // namespace zk::viv
