#include "shell_grammar.h"

#include <gtest/gtest.h>

namespace zk::viv {

using Words = std::vector<std::string>;

TEST(ShellGrammar, OptionsMayStandAnywhere) {
    const Command first = parseCommand({"create", "-s", "-e", "/a", "data", "world:anyone:r"}).value();
    EXPECT_EQ(first.spec->verb, Verb::Create);
    EXPECT_TRUE(first.has('s') && first.has('e'));
    EXPECT_EQ(first.arguments, (Words{"/a", "data", "world:anyone:r"}));
    const Command second = parseCommand({"set", "/a", "x", "-v", "7", "-s"}).value();
    EXPECT_EQ(second.value('v', -1), 7);
    EXPECT_TRUE(second.has('s'));
    EXPECT_EQ(second.arguments, (Words{"/a", "x"}));
    EXPECT_EQ(parseCommand({"delete", "/a"})->value('v', -1), -1);
    EXPECT_EQ(parseCommand({"delete", "-v", "-1", "/a"})->value('v', 5), -1);
}

TEST(ShellGrammar, DataMayBeginWithADash) {
    EXPECT_EQ(parseCommand({"set", "/a", "-12"})->arguments, (Words{"/a", "-12"}));
    EXPECT_EQ(parseCommand({"set", "/a", "-"})->arguments, (Words{"/a", "-"}));
    EXPECT_EQ(parseCommand({"set", "--", "/a", "-s"})->arguments, (Words{"/a", "-s"}));
}

TEST(ShellGrammar, EveryCommandOfTheShellIsThere) {
    for (const char* name : {"help", "ls", "create", "get", "set", "stat", "delete", "deleteall", "getAcl",
                             "setAcl", "addauth", "sync", "history", "redo", "connect", "close", "quit"}) {
        ASSERT_NE(findSpec(name), nullptr) << name;
        EXPECT_FALSE(findSpec(name)->summary.empty());
    }
    EXPECT_EQ(findSpec("LS"), nullptr);
}

TEST(ShellGrammar, WhatIsNotUnderstoodSaysHowItIsWritten) {
    const std::vector<Words> wrong = {
        {"ls"},                     // too few
        {"ls", "/a", "/b"},         // too many
        {"ls", "-x", "/a"},         // no such option
        {"ls", "-sw", "/a"},        // options stand alone
        {"set", "-v", "abc", "/a"}, // not a number
        {"set", "/a", "x", "-v"},   // the number is missing
        {"set", "-v", "99999999999", "/a", "x"},
        {"addauth", "digest"},
        {"quit", "now"},
    };
    for (const Words& words : wrong) {
        const auto command = parseCommand(words);
        ASSERT_TRUE(command.has_error()) << words[0];
        EXPECT_EQ(command.error().code, GrammarErrc::Usage);
        EXPECT_NE(command.error().detail.find(usageLine(*findSpec(words[0]))), std::string::npos)
            << command.error().detail;
    }
    EXPECT_EQ(parseCommand({"frobnicate"}).error().code, GrammarErrc::UnknownCommand);
    EXPECT_EQ(parseCommand({}).error().code, GrammarErrc::UnknownCommand);
}

} // namespace zk::viv
