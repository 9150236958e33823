// What the shell prints, beside recordings of zkCli 3.8.0.
#include "shell_print.h"
#include "text.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace zk::viv {

using jute::ErrorCode;

namespace {

Error error(ErrorCode code) {
    return {client::toErrorCode(code), {}};
}

} // namespace

#ifndef _WIN32
TEST(ShellPrint, AStatAsZkCliPrintsIt) {
    setenv("TZ", "UTC", 1);
    tzset();
    jute::Stat stat;
    stat.czxid = Zxid(2);
    stat.ctime = stat.mtime = 1795232279123;
    stat.mzxid = Zxid(9);
    stat.pzxid = Zxid(0x100000005);
    stat.cversion = -2;
    stat.version = 2;
    stat.ephemeralOwner = 0x1000a3f4c2b0001;
    stat.dataLength = 4;
    stat.numChildren = 3;
    EXPECT_EQ(statText(stat), "cZxid = 0x2\nctime = Sat Nov 21 03:37:59 UTC 2026\nmZxid = 0x9\n"
                              "mtime = Sat Nov 21 03:37:59 UTC 2026\npZxid = 0x100000005\ncversion = -2\n"
                              "dataVersion = 2\naclVersion = 0\nephemeralOwner = 0x1000a3f4c2b0001\n"
                              "dataLength = 4\nnumChildren = 3\n");
    EXPECT_EQ(timeText(0), "Thu Jan 01 00:00:00 UTC 1970");
    EXPECT_EQ(timeText(-1), "Wed Dec 31 23:59:59 UTC 1969");
}
#endif

TEST(ShellPrint, ChildrenAreSorted) {
    EXPECT_EQ(childrenText({"b", "a", "B"}), "[B, a, b]\n");
    EXPECT_EQ(childrenText({}), "[]\n");
}

TEST(ShellPrint, Acls) {
    const auto acl = parseAcl("world:anyone:cdrwa,digest:u:hash=:r,ip:10.0.0.0/8:").value();
    ASSERT_EQ(acl.size(), 3u);
    EXPECT_EQ(aclText(acl), "'world,'anyone\n: cdrwa\n'digest,'u:hash=\n: r\n'ip,'10.0.0.0/8\n: \n");
    EXPECT_EQ(acl[0].perms, jute::kPermAll);
    EXPECT_EQ(parseAcl("auth::rw").value()[0].id, (jute::Id{"auth", ""}));
    EXPECT_EQ(boost::json::serialize(aclJson({acl[1]})),
              R"([{"scheme":"digest","id":"u:hash=","perms":"r"}])");
    for (const char* text : {"", "world", "auth:cdrwa", "world:anyone:x", "world:anyone:r,", ":a:r"})
        EXPECT_TRUE(parseAcl(text).has_error()) << text;
}

TEST(ShellPrint, EveryPermissionHasItsLetter) {
    EXPECT_EQ(permsText(0), "");
    EXPECT_EQ(permsText(jute::kPermCreate), "c");
    EXPECT_EQ(permsText(jute::kPermDelete), "d");
    EXPECT_EQ(permsText(jute::kPermRead), "r");
    EXPECT_EQ(permsText(jute::kPermWrite), "w");
    EXPECT_EQ(permsText(jute::kPermAdmin), "a");
}

TEST(ShellPrint, ErrorsAsZkCliWordsThem) {
    EXPECT_EQ(errorText(error(ErrorCode::NoNode), "/zz"), "Node does not exist: /zz\n");
    EXPECT_EQ(errorText(error(ErrorCode::NodeExists), "/a"), "Node already exists: /a\n");
    EXPECT_EQ(errorText(error(ErrorCode::NotEmpty), "/a"), "Node not empty: /a\n");
    EXPECT_EQ(errorText(error(ErrorCode::BadVersion), "/a"), "version No is not valid : /a\n");
    EXPECT_EQ(errorText(error(ErrorCode::NoAuth), "/a"), "Insufficient permission : /a\n");
    EXPECT_EQ(errorText(error(ErrorCode::NoChildrenForEphemerals), "/e/k"),
              "Ephemerals cannot have children: /e/k\n");
    EXPECT_EQ(errorText(error(ErrorCode::BadArguments), "/"), "Arguments are not valid : /\n");
    EXPECT_TRUE(
        errorText(error(ErrorCode::AuthFailed), "/acl").starts_with("KeeperErrorCode = AuthFailed for /acl"));
    EXPECT_EQ(boost::json::serialize(errorJson(error(ErrorCode::NoNode), "/zz")),
              R"({"error":"NoNode","message":"the znode does not exist","path":"/zz"})");
}

TEST(ShellPrint, AWatchEventAsZkCliPrintsIt) {
    EXPECT_EQ(eventText({jute::EventType::DataChanged, "/a"}),
              "\nWATCHER::\n\nWatchedEvent state:SyncConnected type:NodeDataChanged path:/a\n");
}

TEST(ShellPrint, DataInJson) {
    const auto json = [](const Buffer& data) {
        boost::json::object out;
        addDataJson(out, data);
        return boost::json::serialize(out);
    };
    EXPECT_EQ(json("a\n"), R"({"data":"a\n"})");
    EXPECT_EQ(json(""), R"({"data":""})");
    EXPECT_EQ(json(std::nullopt), R"({"data":null})");
    EXPECT_EQ(json("\xff\x01"), R"({"dataBase64":"/wE="})");
}

TEST(Text, Utf8) {
    for (const char* text :
         {"", "abc", "\xc3\xa9", "\xe4\xb8\xad", "\xf0\x9f\x90\x98", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"})
        EXPECT_TRUE(isText(text)) << text;
    for (const char* bytes :
         {"\x80", "\xc0\x80", "\xc1\xbf", "\xc3", "\xc3(", "\xe0\x80\x80", "\xe4\xb8", "\xed\xa0\x80",
          "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"})
        EXPECT_FALSE(isText(bytes));
}

TEST(Text, Base64) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foo"), "Zm9v");
    EXPECT_EQ(base64("foob"), "Zm9vYg==");
}

} // namespace zk::viv
