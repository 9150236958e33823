#include "tree/path.h"

#include <gtest/gtest.h>

namespace zk::tree {
namespace {

TEST(Path, ValidOnes) {
    for (const char* path :
         {"/", "/a", "/a/b", "/.a", "/a..", "/...", "/a b", "/\xC3\xA9\x74\xC3\xA9/\xE6\xB0\xB4"})
        EXPECT_EQ(pathFault(path), "") << path;
}

TEST(Path, InvalidOnesHaveASentence) {
    using namespace std::string_view_literals;
    for (const auto path :
         {""sv, "a"sv, "/a/"sv, "//"sv, "/a//b"sv, "/."sv, "/a/.."sv, "/a/./b"sv, "/a\0b"sv, "/a\n"sv,
          "/\x7F"sv, "/\xC2\x9F"sv, "/\xEE\x80\x80"sv, "/\xEF\xBF\xBF"sv, "/\xF0\x9F\x98\x80"sv, "/\xC3"sv})
        EXPECT_FALSE(isValidPath(path)) << path;
    EXPECT_TRUE(isValidPath("/\xC2\xA0"));
    EXPECT_TRUE(isValidPath("/\xEF\xA4\x80")); // U+F900, the first behind the forbidden range
}

TEST(Path, Parts) {
    EXPECT_EQ(parentOf("/a"), "/");
    EXPECT_EQ(parentOf("/a/b"), "/a");
    EXPECT_EQ(nameOf("/a/b"), "b");
    EXPECT_EQ(join("/", "b"), "/b");
    EXPECT_EQ(join("/a", "b"), "/a/b");
    EXPECT_TRUE(isReserved("/zookeeper"));
    EXPECT_TRUE(isReserved("/zookeeper/config"));
    EXPECT_FALSE(isReserved("/zookeepers"));
}

TEST(Path, SequenceNumbers) {
    EXPECT_EQ(sequential("/lock-", 7), "/lock-0000000007");
    EXPECT_EQ(sequential("/", INT32_MAX), "/2147483647");
    EXPECT_EQ(sequential("/l", INT32_MIN), "/l-2147483648");
    EXPECT_EQ(sequential("/l", -1), "/l-000000001");
}

} // namespace
} // namespace zk::tree
