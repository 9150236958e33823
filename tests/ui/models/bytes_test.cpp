#include "models/hex_text.h"
#include "models/stat_model.h"

#include <gtest/gtest.h>

namespace viv {
namespace {

TEST(Bytes, AreDumpedSixteenALine) {
    EXPECT_EQ(hexDump("").toStdString(), "");
    EXPECT_EQ(hexDump("{\"host\":\x01").toStdString(),
              "00000000  7b 22 68 6f 73 74 22 3a  01                       |{\"host\":.|");
    const QString two = hexDump(std::string(17, 'a'));
    EXPECT_EQ(two.split(QLatin1Char('\n')).size(), 2);
    EXPECT_TRUE(two.contains(QStringLiteral("00000010  61")));
}

TEST(Bytes, AreTextOnlyWhereTheyComeBackTheSame) {
    EXPECT_TRUE(isText(""));
    EXPECT_TRUE(isText("a\tb\nc"));
    EXPECT_TRUE(isText("\xe8\x8a\x82\xe7\x82\xb9"));
    EXPECT_TRUE(isText("a\r\nb\r\n"));
    EXPECT_FALSE(isText("a\rb"));
    EXPECT_FALSE(isText("a\r\nb\n")) << "mixed line ends would be made one kind";
    EXPECT_FALSE(isText(std::string_view("a\0b", 3)));
    EXPECT_FALSE(isText("\xff\xfe"));
    EXPECT_FALSE(isText("\xe8\x8a")) << "cut in the middle of a letter";
    EXPECT_FALSE(isText("\xe2\x80\xa9")) << "a paragraph separator becomes a line end in an editor";
    EXPECT_FALSE(isText("\x7f"));
}

TEST(Bytes, AreCalledWhatTheyLookLike) {
    EXPECT_EQ(kindOfBytes("{\"a\": 1}").toStdString(), "JSON");
    EXPECT_EQ(kindOfBytes("{oops").toStdString(), "text");
    EXPECT_EQ(kindOfBytes("<a/>").toStdString(), "XML");
    EXPECT_EQ(kindOfBytes("").toStdString(), "empty");
    EXPECT_EQ(kindOfBytes("  \n").toStdString(), "text");
    EXPECT_EQ(kindOfBytes("\xac\xed").toStdString(), "binary");
}

TEST(Sizes, AreReadable) {
    EXPECT_EQ(sizeText(0).toStdString(), "0 B");
    EXPECT_EQ(sizeText(1023).toStdString(), "1023 B");
    EXPECT_TRUE(sizeText(1024).startsWith(QStringLiteral("1")));
    EXPECT_EQ(ageText(0).toStdString(), "a moment");
    EXPECT_EQ(ageText(180000).toStdString(), "3 minutes");
}

} // namespace
} // namespace viv
