#include "config/config.h"
#include "config/properties.h"

#include <gtest/gtest.h>

namespace zk::config {
namespace {

using Line = std::tuple<std::string, std::string, int>;

std::vector<Line> read(std::string_view text) {
    const auto properties = readProperties(text, "zoo.cfg");
    EXPECT_TRUE(properties);
    std::vector<Line> lines;
    for (const Property& property : *properties)
        lines.emplace_back(property.key, property.value, property.line);
    return lines;
}

TEST(Properties, SeparatorsAndBlanks) {
    EXPECT_EQ(read("a=1\nb: 2\n  c  =  3  \nd 4\ne\n\nf=x=y:z\r\ng=7\rh=8"),
              (std::vector<Line>{{"a", "1", 1},
                                 {"b", "2", 2},
                                 {"c", "3", 3},
                                 {"d", "4", 4},
                                 {"e", "", 5},
                                 {"f", "x=y:z", 7},
                                 {"g", "7", 8},
                                 {"h", "8", 9}}));
}

TEST(Properties, Comments) {
    EXPECT_EQ(read("# a=1\n! b=2\n   # c=3\nd=4 # stays\n# goes not on \\\ne=5"),
              (std::vector<Line>{{"d", "4 # stays", 4}, {"e", "5", 6}}));
}

TEST(Properties, LinesThatGoOn) {
    EXPECT_EQ(
        read("list=a,\\\n   b,\\\n\tc\nnext=1\nslash=\\\\\nlast=x\\"),
        (std::vector<Line>{{"list", "a,b,c", 1}, {"next", "1", 4}, {"slash", "\\", 5}, {"last", "x", 6}}));
}

TEST(Properties, Escapes) {
    EXPECT_EQ(read("a\\=b=c\\:d\ne=\\u00e9\\u4E2d\nf=C:\\\\data\ng=\\q"),
              (std::vector<Line>{{"a=b", "c:d", 1}, {"e", "é中", 2}, {"f", "C:\\data", 3}, {"g", "q", 4}}));
}

TEST(Properties, EmptyText) {
    EXPECT_TRUE(read("").empty());
    EXPECT_TRUE(read("\n\r\n \t\n").empty());
}

TEST(Properties, WhatCannotBeReadIsNamed) {
    for (const std::string& text :
         {std::string("a=1\nb=\\u12"), std::string("a=1\nb=\\u12g4"), std::string("a=1\nb=\0", 7)}) {
        const auto properties = readProperties(text, "zoo.cfg");
        ASSERT_FALSE(properties);
        EXPECT_EQ(properties.error().code, make_error_code(Errc::Unreadable));
        EXPECT_EQ(properties.error().message().substr(0, 10), "zoo.cfg:2:");
    }
}

TEST(Properties, EscapedValuesComeBack) {
    for (const std::string value : {"C:\\data", "a\nb", "x=y", "#no comment"})
        EXPECT_EQ(std::get<1>(read("k=" + escapeValue(value)).at(0)), value);
}

} // namespace
} // namespace zk::config
