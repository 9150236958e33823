#include "shell_grammar.h"

#include <gtest/gtest.h>

namespace zk::viv {

using Words = std::vector<std::string>;

TEST(ShellGrammar, OptionsMayStandAnywhere) {
    const Command first = parseCommand({"create", "-s", "-e", "/a", "data", "world:anyone:r"}).value();
    EXPECT_EQ(first.spec->verb, Verb::Create);
    EXPECT_TRUE(first.has("s") && first.has("e"));
    EXPECT_EQ(first.arguments, (Words{"/a", "data", "world:anyone:r"}));
    const Command second = parseCommand({"set", "/a", "x", "-v", "7", "-s"}).value();
    EXPECT_EQ(second.number("v", -1), 7);
    EXPECT_TRUE(second.has("s"));
    EXPECT_EQ(second.arguments, (Words{"/a", "x"}));
    EXPECT_EQ(parseCommand({"delete", "/a"})->number("v", -1), -1);
    EXPECT_EQ(parseCommand({"delete", "-v", "-1", "/a"})->number("v", 5), -1);
    const Command third = parseCommand({"removewatches", "/a", "-c", "-l"}).value();
    EXPECT_TRUE(third.has("c") && third.has("l"));
}

TEST(ShellGrammar, LettersMayStandBehindOneDash) {
    const Command ls = parseCommand({"ls", "-sw", "/a"}).value();
    EXPECT_TRUE(ls.has("s") && ls.has("w") && !ls.has("R"));
    EXPECT_EQ(parseCommand({"set", "-sv3", "/a", "x"})->number("v", -1), 3);
    EXPECT_EQ(parseCommand({"set", "-sv", "3", "/a", "x"})->number("v", -1), 3);
    EXPECT_EQ(parseCommand({"create", "-t5000", "/a"})->number("t", 0), 5000);
    EXPECT_EQ(parseCommand({"create", "-t", "1099511627775", "/a"})->number("t", 0), 1099511627775);
}

TEST(ShellGrammar, SomeOptionsHaveNamesAndTexts) {
    const Command reconfig = parseCommand({"reconfig", "-s", "-remove", "1,2", "-add", "server.4=h:1:2;3"}).value();
    EXPECT_TRUE(reconfig.has("s"));
    EXPECT_EQ(reconfig.text("remove"), "1,2");
    EXPECT_EQ(reconfig.text("add"), "server.4=h:1:2;3");
    EXPECT_FALSE(reconfig.has("members"));
    EXPECT_EQ(parseCommand({"addWatch", "-m", "PERSISTENT", "/a"})->text("m"), "PERSISTENT");
}

TEST(ShellGrammar, DataMayBeginWithADash) {
    EXPECT_EQ(parseCommand({"set", "/a", "-12"})->arguments, (Words{"/a", "-12"}));
    EXPECT_EQ(parseCommand({"set", "/a", "-"})->arguments, (Words{"/a", "-"}));
    EXPECT_EQ(parseCommand({"set", "--", "/a", "-s"})->arguments, (Words{"/a", "-s"}));
}

TEST(ShellGrammar, EveryCommandOfTheShellIsThere) {
    for (const char* name : {"help", "ls", "create", "get", "set", "stat", "delete", "deleteall", "getAcl",
                             "setAcl", "addauth", "sync", "history", "redo", "connect", "close", "quit", "addWatch",
                             "removewatches", "getEphemerals", "getAllChildrenNumber", "whoami", "config", "reconfig",
                             "setquota", "listquota", "delquota", "printwatches", "version"}) {
        ASSERT_NE(findSpec(name), nullptr) << name;
        EXPECT_FALSE(findSpec(name)->summary.empty());
    }
    // Every option stands in the usage, and is explained in a word.
    for (const Spec& spec : specs())
        for (const Option& option : optionsOf(spec))
            EXPECT_NE(spec.usage.find("-" + option.name), std::string::npos) << spec.name << " -" << option.name;
    EXPECT_EQ(findSpec("LS"), nullptr);
}

TEST(ShellGrammar, WhatIsNotUnderstoodSaysHowItIsWritten) {
    const std::vector<Words> wrong = {
        {"ls"},                     // too few
        {"ls", "/a", "/b"},         // too many
        {"ls", "-x", "/a"},         // no such option
        {"ls", "-sx", "/a"},        // one of them is none
        {"create", "-t", "soon", "/a"},
        {"set", "-v4x", "/a", "d"},
        {"deleteall", "/a", "-b"},
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
