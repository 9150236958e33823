#include "shell_words.h"

#include <gtest/gtest.h>

namespace zk::viv {

using Words = std::vector<std::string>;

TEST(ShellWords, AreSeparatedByBlanks) {
    EXPECT_EQ(splitWords("  create\t/a  b \r\n").value(), (Words{"create", "/a", "b"}));
    EXPECT_EQ(splitWords("").value(), Words{});
    EXPECT_EQ(splitWords("   ").value(), Words{});
}

TEST(ShellWords, QuotesKeepBlanksTogether) {
    EXPECT_EQ(splitWords(R"(set /a "two words" 'x "y"' '')").value(),
              (Words{"set", "/a", "two words", "x \"y\"", ""}));
    EXPECT_EQ(splitWords(R"(set /a "a \"b\" \\")").value(), (Words{"set", "/a", "a \"b\" \\"}));
    EXPECT_EQ(splitWords(R"(set /a C:\x{"k":1})").value(), (Words{"set", "/a", R"(C:\x{"k":1})"}));
}

TEST(ShellWords, AnOpenQuoteIsAnError) {
    for (const char* line : {"set /a \"x", "set '", "\"a\\\""}) {
        const auto words = splitWords(line);
        ASSERT_TRUE(words.has_error()) << line;
        EXPECT_NE(words.error().detail.find("quote"), std::string::npos);
    }
}

TEST(ShellWords, TheUnfinishedWordIsTheLastOne) {
    EXPECT_EQ(unfinishedWord("ls /a/b").stem, "/a/b");
    EXPECT_EQ(unfinishedWord("ls /a/b").before, Words{"ls"});
    EXPECT_EQ(unfinishedWord("ls -s ").stem, "");
    EXPECT_EQ(unfinishedWord("ls -s ").before, (Words{"ls", "-s"}));
    EXPECT_EQ(unfinishedWord("cr").stem, "cr");
    EXPECT_TRUE(unfinishedWord("cr").before.empty());
}

} // namespace zk::viv
