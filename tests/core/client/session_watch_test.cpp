// Watches: one-shot, in order with the replies, set again after reconnecting.
#include "script.h"

namespace zk::client {

using jute::EventType;
using jute::OpCode;

namespace {

Watcher noteEvent(std::vector<std::string>& told) {
    return [&told](const WatchEvent& event) {
        told.push_back(std::string(jute::name(event.type)) + " " + event.path);
    };
}

} // namespace

TEST(SessionWatch, FiresOnceAndBeforeTheRepliesThatFollow) {
    Script script(testOptions("a:1/app"));
    script.open();
    std::vector<std::string> told;
    script.use([&](Client& client) {
        client.getData("/n", noteEvent(told), [&](Result<Data>) { told.push_back("first read"); });
        client.getData("/n", {}, [&](Result<Data>) { told.push_back("second read"); });
    });
    const auto requests = script.requests();
    EXPECT_EQ(jute::decode<jute::ReadRequest>(requests[0].body).value(), (jute::ReadRequest{"/app/n", true}));
    EXPECT_EQ(jute::decode<jute::ReadRequest>(requests[1].body).value(),
              (jute::ReadRequest{"/app/n", false}));
    script.receive(Script::replyBytes(requests[0].xid, 1, 0, dataBody("1")) +
                   Script::eventBytes(EventType::DataChanged, "/app/n") +
                   Script::replyBytes(requests[1].xid, 2, 0, dataBody("2")));
    EXPECT_EQ(told, (std::vector<std::string>{"first read", "NodeDataChanged /n", "second read"}));
    EXPECT_EQ(script.session->status().watches, 0u);
    script.receive(Script::eventBytes(EventType::DataChanged, "/app/n"));
    EXPECT_EQ(told.size(), 3u);
}

TEST(SessionWatch, ExistsWatchesWhatIsNotThereYet) {
    Script script;
    script.open();
    std::vector<std::string> told;
    script.use([&](Client& client) { client.exists("/n", noteEvent(told), {}); });
    script.refuse(script.requests()[0].xid, jute::ErrorCode::NoNode);
    EXPECT_EQ(script.session->status().watches, 1u);
    script.receive(Script::eventBytes(EventType::Created, "/n"));
    EXPECT_EQ(told, std::vector<std::string>{"NodeCreated /n"});
}

TEST(SessionWatch, AReadThatFailsLeavesNoWatch) {
    Script script;
    script.open();
    std::vector<std::string> told;
    script.use([&](Client& client) {
        client.getData("/n", noteEvent(told), {});
        client.getChildren("/n", noteEvent(told), {});
        client.exists("/n", noteEvent(told), {});
    });
    const auto requests = script.requests();
    script.refuse(requests[0].xid, jute::ErrorCode::NoNode);
    script.refuse(requests[1].xid, jute::ErrorCode::NoNode);
    script.refuse(requests[2].xid, jute::ErrorCode::NoAuth);
    EXPECT_EQ(script.session->status().watches, 0u);
}

TEST(SessionWatch, WatchesAreSetAgainBeforeWaitingRequests) {
    Script script(testOptions("a:1,b:2/app"));
    script.open();
    std::vector<std::string> told;
    script.use([&](Client& client) {
        client.getData("/d", noteEvent(told), {});
        client.getChildren("/c", noteEvent(told), {});
        client.exists("/e", noteEvent(told), {});
    });
    const auto requests = script.requests();
    script.reply(requests[0].xid, 0x10, dataBody(""));
    script.reply(requests[1].xid, 0x11, jute::encode(jute::GetChildren2Response{}));
    script.receive(Script::replyBytes(requests[2].xid, 0x12, -101));
    script.lose();
    script.use([](Client& client) { client.sync("/", {}); });
    script.reopen();
    const auto again = script.requests();
    ASSERT_EQ(again.size(), 2u);
    EXPECT_EQ(again[0].xid, jute::kXidSetWatches);
    EXPECT_EQ(again[0].op, OpCode::SetWatches);
    EXPECT_EQ(jute::decode<jute::SetWatchesRequest>(again[0].body).value(),
              (jute::SetWatchesRequest{Zxid(0x12), {"/app/d"}, {"/app/e"}, {"/app/c"}}));
    EXPECT_EQ(again[1].op, OpCode::Sync);
    script.receive(Script::eventBytes(EventType::ChildrenChanged, "/app/c") +
                   Script::replyBytes(jute::kXidSetWatches, 0x15, 0));
    EXPECT_EQ(told, std::vector<std::string>{"NodeChildrenChanged /c"});
    EXPECT_EQ(script.session->status().watches, 2u);
}

TEST(SessionWatch, ManyWatchesTakeSeveralFrames) {
    Script script;
    script.open();
    const std::string longName(1000, 'n');
    script.use([&](Client& client) {
        for (int index = 0; index < 300; ++index)
            client.getData("/" + longName + std::to_string(index), [](const WatchEvent&) {}, {});
    });
    for (const Request& request : script.requests())
        script.reply(request.xid, 1, dataBody(""));
    script.lose();
    script.reopen();
    const auto again = script.requests();
    EXPECT_EQ(again.size(), 3u);
    std::size_t paths = 0;
    for (const Request& request : again)
        paths += jute::decode<jute::SetWatchesRequest>(request.body)->dataWatches.size();
    EXPECT_EQ(paths, 300u);
    for (std::size_t index = 0; index < again.size(); ++index)
        script.reply(jute::kXidSetWatches, 1);
    EXPECT_EQ(script.session->status().state, SessionState::Connected);
}

TEST(SessionWatch, AnEventsZxidIsNotTakenForSeen) {
    // Newer servers stamp events. Were it counted, another watch that the same change fires would be lost
    // with the connection.
    Script script;
    script.open();
    script.receive(Script::frame(jute::encode(jute::ReplyHeader{jute::kXidNotification, Zxid(0x50), 0}) +
                                 jute::encode(jute::WatcherEvent{3, 3, "/n"})));
    EXPECT_EQ(script.session->status().lastZxid, Zxid(0));
}

TEST(SessionWatch, AnExpiredSessionHasNoWatches) {
    Script script;
    script.open();
    script.use([&](Client& client) { client.getData("/d", [](const WatchEvent&) {}, {}); });
    script.reply(script.requests()[0].xid, 1, dataBody(""));
    EXPECT_EQ(script.session->status().watches, 1u);
    script.lose();
    script.connect();
    script.welcome(0ms, 0);
    EXPECT_EQ(script.session->status().watches, 0u);
}

} // namespace zk::client
