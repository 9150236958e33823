// The calls that read more than one znode, and the watches that stay until they are removed.
#include "script.h"

namespace zk::client {

using jute::AddWatchMode;
using jute::EventType;
using jute::OpCode;
using jute::WatcherType;

namespace {

Watcher noteEvent(std::vector<std::string>& told) {
    return [&told](const WatchEvent& event) { told.push_back(std::string(jute::name(event.type)) + " " + event.path); };
}

auto noteResult(std::vector<std::string>& told) {
    return [&told](const Result<void>& result) {
        told.push_back(result ? "ok" : std::string(jute::name(toErrorCode(result.error()))));
    };
}

// A session with a recursive watch on /n, answered.
void addWatch(Script& script, AddWatchMode mode, std::vector<std::string>& told) {
    script.use([&](Client& client) { client.addWatch("/n", mode, noteEvent(told), {}); });
    script.reply(script.requests()[0].xid, 1, jute::encode(jute::ErrorResponse{}));
}

using Told = std::vector<std::string>;

} // namespace

TEST(SessionReads, MultiReadAnswersEachPart) {
    Script script(testOptions("a:1/app"));
    script.open();
    std::vector<ReadOutcome> outcomes;
    script.use([&](Client& client) {
        client.multiRead({GetDataOp{"/a"}, GetChildrenOp{"/"}, GetDataOp{"/no"}},
                         [&](Result<std::vector<ReadOutcome>> found) { outcomes = std::move(*found); });
    });
    const auto requests = script.requests();
    EXPECT_EQ(requests[0].op, OpCode::MultiRead);
    EXPECT_EQ(requests[0].body, jute::encodeMulti({{OpCode::GetData, jute::encode(jute::ReadRequest{"/app/a", false})},
                                                   {OpCode::GetChildren, jute::encode(jute::ReadRequest{"/app", false})},
                                                   {OpCode::GetData, jute::encode(jute::ReadRequest{"/app/no", false})}}));
    script.reply(requests[0].xid, 1,
                 jute::encode(jute::MultiHeader{4, false, 0}) + dataBody("hello") +
                     jute::encode(jute::MultiHeader{8, false, 0}) +
                     jute::encode(jute::GetChildrenResponse{{"a", "b"}}) +
                     jute::encode(jute::MultiHeader{-1, false, -101}) + jute::encode(jute::ErrorResponse{-101}) +
                     jute::encode(jute::MultiHeader{-1, true, -1}));
    ASSERT_EQ(outcomes.size(), 3u);
    EXPECT_EQ(outcomes[0].data.bytes, "hello");
    EXPECT_EQ(outcomes[1].names, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(outcomes[2].err, jute::ErrorCode::NoNode);
}

TEST(SessionReads, AMultiReadsAnswerOfAnotherLengthIsMalformed) {
    Script script;
    script.open();
    bool failed = false;
    script.use([&](Client& client) {
        client.multiRead({GetDataOp{"/a"}}, [&](const Result<std::vector<ReadOutcome>>& found) { failed = !found; });
    });
    script.reply(script.requests()[0].xid, 1, jute::encode(jute::MultiHeader{-1, true, -1}));
    EXPECT_TRUE(failed);
}

TEST(SessionReads, CountsIdentitiesAndEphemeralsWithoutTheChroot) {
    Script script(testOptions("a:1/app"));
    script.open();
    std::int32_t count = 0;
    std::vector<std::string> ephemerals;
    std::vector<jute::ClientInfo> identities;
    script.use([&](Client& client) {
        client.getAllChildrenNumber("/", [&](Result<std::int32_t> found) { count = *found; });
        client.getEphemerals("/", [&](Result<std::vector<std::string>> found) { ephemerals = *found; });
        client.whoAmI([&](Result<std::vector<jute::ClientInfo>> found) { identities = *found; });
    });
    const auto requests = script.requests();
    ASSERT_EQ(requests.size(), 3u);
    EXPECT_EQ(requests[0].body, jute::encode(jute::PathRecord{"/app"}));
    EXPECT_EQ(requests[1].body, jute::encode(jute::PathRecord{"/app/"}));
    EXPECT_EQ(requests[2].op, OpCode::WhoAmI);
    EXPECT_EQ(requests[2].body, "");
    script.reply(requests[0].xid, 1, jute::encode(jute::GetAllChildrenNumberResponse{7}));
    script.reply(requests[1].xid, 1, jute::encode(jute::GetEphemeralsResponse{{"/app/x", "/apple"}}));
    script.reply(requests[2].xid, 1, jute::encode(jute::WhoAmIResponse{{{"ip", "127.0.0.1"}}}));
    EXPECT_EQ(count, 7);
    EXPECT_EQ(ephemerals, (std::vector<std::string>{"/x"}));
    EXPECT_EQ(identities, (std::vector<jute::ClientInfo>{{"ip", "127.0.0.1"}}));
}

TEST(SessionReads, APersistentWatchTellsAgainAndAgain) {
    Script script(testOptions("a:1/app"));
    script.open();
    Told told;
    script.use([&](Client& client) {
        client.addWatch("/n", AddWatchMode::PersistentRecursive, noteEvent(told), noteResult(told));
    });
    const auto requests = script.requests();
    EXPECT_EQ(requests[0].op, OpCode::AddWatch);
    EXPECT_EQ(requests[0].body, jute::encode(jute::AddWatchRequest{"/app/n", 1}));
    script.reply(requests[0].xid, 1, jute::encode(jute::ErrorResponse{}));
    script.receive(Script::eventBytes(EventType::Created, "/app/n/deep/er"));
    script.receive(Script::eventBytes(EventType::Deleted, "/app/n/deep/er"));
    EXPECT_EQ(told, (Told{"ok", "NodeCreated /n/deep/er", "NodeDeleted /n/deep/er"}));
}

TEST(SessionReads, AWatchThatTheServerRefusesIsNone) {
    Script script;
    script.open();
    Told told;
    script.use([&](Client& client) {
        client.addWatch("/n", AddWatchMode::Persistent, noteEvent(told), noteResult(told));
    });
    script.refuse(script.requests()[0].xid, jute::ErrorCode::Unimplemented);
    EXPECT_EQ(told, Told{"Unimplemented"});
    EXPECT_EQ(script.session->status().watches, 0u);
}

TEST(SessionReads, PersistentWatchesAreSetAgainByTheNewerRequest) {
    Script script;
    script.open();
    Told told;
    addWatch(script, AddWatchMode::Persistent, told);
    addWatch(script, AddWatchMode::PersistentRecursive, told);
    script.use([&](Client& client) { client.getData("/d", noteEvent(told), {}); });
    script.reply(script.requests()[0].xid, 5, dataBody(""));
    script.lose();
    script.reopen();
    const auto again = script.requests();
    ASSERT_EQ(again.size(), 1u);
    EXPECT_EQ(again[0].xid, jute::kXidSetWatches);
    EXPECT_EQ(again[0].op, OpCode::SetWatches2);
    EXPECT_EQ(jute::decode<jute::SetWatches2Request>(again[0].body).value(),
              (jute::SetWatches2Request{Zxid(5), {"/d"}, {}, {}, {"/n"}, {"/n"}}));
    script.receive(Script::replyBytes(jute::kXidSetWatches, 6, 0) + Script::eventBytes(EventType::DataChanged, "/n"));
    EXPECT_EQ(told, (Told{"NodeDataChanged /n", "NodeDataChanged /n"}));
}

TEST(SessionReads, ManyPersistentWatchesTakeSeveralFrames) {
    Script script;
    script.open();
    const std::string longName(1000, 'n');
    script.use([&](Client& client) {
        for (int index = 0; index < 300; ++index)
            client.addWatch("/" + longName + std::to_string(index), AddWatchMode::Persistent, [](const WatchEvent&) {}, {});
    });
    for (const Request& request : script.requests()) script.reply(request.xid, 1, jute::encode(jute::ErrorResponse{}));
    script.lose();
    script.reopen();
    std::size_t paths = 0;
    const auto again = script.requests();
    for (const Request& request : again)
        paths += jute::decode<jute::SetWatches2Request>(request.body)->persistentWatches.size();
    EXPECT_EQ(again.size(), 3u);
    EXPECT_EQ(paths, 300u);
}

TEST(SessionReads, RemovedWatchersAreToldBeforeTheAnswer) {
    Script script(testOptions("a:1/app"));
    script.open();
    Told told;
    addWatch(script, AddWatchMode::Persistent, told);
    script.use([&](Client& client) { client.removeWatches("/n", WatcherType::Any, false, noteResult(told)); });
    const auto requests = script.requests();
    EXPECT_EQ(requests[0].op, OpCode::RemoveWatches);
    EXPECT_EQ(requests[0].body, jute::encode(jute::WatcherTypeRequest{"/app/n", 3}));
    EXPECT_EQ(script.session->status().watches, 1u);
    script.reply(requests[0].xid);
    EXPECT_EQ(told, (Told{"PersistentWatchRemoved /n", "ok"}));
    EXPECT_EQ(script.session->status().watches, 0u);
}

TEST(SessionReads, WhatTheServerDoesNotRemoveStays) {
    Script script;
    script.open();
    Told told;
    addWatch(script, AddWatchMode::Persistent, told);
    script.use([&](Client& client) { client.removeWatches("/n", WatcherType::Data, false, noteResult(told)); });
    script.refuse(script.requests()[0].xid, jute::ErrorCode::NoWatcher);
    EXPECT_EQ(told, Told{"NoWatcher"});
    EXPECT_EQ(script.session->status().watches, 1u);
}

TEST(SessionReads, RemovedHereEvenWhereTheServerCannotBeReached) {
    Script script;
    script.open();
    Told told;
    addWatch(script, AddWatchMode::Persistent, told);
    script.lose();
    script.use([&](Client& client) {
        client.removeWatches("/n", WatcherType::Any, true, noteResult(told));
        client.removeWatches("/n", WatcherType::Any, true, noteResult(told));
    });
    EXPECT_EQ(told, (Told{"PersistentWatchRemoved /n", "ok", "NoWatcher"}));
    script.reopen();
    EXPECT_TRUE(script.requests().empty());
}

TEST(SessionReads, ALocalRemovalOutlivesALostConnectionAndARefusal) {
    Script script;
    script.open();
    Told told;
    addWatch(script, AddWatchMode::Persistent, told);
    script.use([&](Client& client) { client.removeWatches("/n", WatcherType::Any, true, noteResult(told)); });
    script.refuse(script.requests()[0].xid, jute::ErrorCode::NoWatcher);
    EXPECT_EQ(told, (Told{"PersistentWatchRemoved /n", "ok"}));
    addWatch(script, AddWatchMode::Persistent, told);
    script.use([&](Client& client) { client.removeWatches("/n", WatcherType::Any, true, noteResult(told)); });
    script.lose();
    EXPECT_EQ(told.size(), 4u);
    EXPECT_EQ(script.session->status().watches, 0u);
}

TEST(SessionReads, AWatcherMayEndTheSessionWhileItIsRemoved) {
    Script script;
    script.open();
    bool answered = false;
    script.use([&](Client& client) {
        client.addWatch("/n", AddWatchMode::Persistent, [&](const WatchEvent&) { script.session.reset(); }, {});
    });
    script.reply(script.requests()[0].xid, 1, jute::encode(jute::ErrorResponse{}));
    script.use([&](Client& client) {
        client.removeWatches("/n", WatcherType::Any, false, [&](const Result<void>&) { answered = true; });
    });
    const auto xid = script.requests()[0].xid;
    script.session->received(script.now, Script::replyBytes(xid, 1, 0));
    EXPECT_EQ(script.session, nullptr);
    EXPECT_FALSE(answered);
}

TEST(SessionReads, CheckWatchesAsksTheServer) {
    Script script;
    script.open();
    Told told;
    script.use([&](Client& client) { client.checkWatches("/n", WatcherType::PersistentRecursive, noteResult(told)); });
    const auto requests = script.requests();
    EXPECT_EQ(requests[0].op, OpCode::CheckWatches);
    EXPECT_EQ(requests[0].body, jute::encode(jute::WatcherTypeRequest{"/n", 5}));
    script.refuse(requests[0].xid, jute::ErrorCode::NoWatcher);
    EXPECT_EQ(told, Told{"NoWatcher"});
}

} // namespace zk::client
