// The read-only lock: no call of the interface lets a write pass, whatever is added to it later.
#include "script.h"

#include <cctype>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace zk::client {

using jute::ErrorCode;
using jute::OpCode;

namespace {

template <class T>
Callback<T> noteCode(std::vector<ErrorCode>& codes) {
    return
        [&codes](Result<T> result) { codes.push_back(result ? ErrorCode::Ok : toErrorCode(result.error())); };
}

// Every call that may write.
using Calls = std::map<std::string, std::function<void(Client&, std::vector<ErrorCode>&)>>;
const Calls& writes() {
    static const Calls calls = {
        {"create",
         [](Client& client, auto& codes) {
             for (const auto mode : {jute::CreateMode::Persistent, jute::CreateMode::EphemeralSequential,
                                     jute::CreateMode::Container})
                 client.create("/a", "x", jute::openAcl(), mode, noteCode<Created>(codes));
         }},
        {"createTtl",
         [](Client& client, auto& codes) {
             client.createTtl("/a", "x", jute::openAcl(), jute::CreateMode::Ttl, std::chrono::seconds(1),
                              noteCode<Created>(codes));
         }},
        {"remove", [](Client& client, auto& codes) { client.remove("/a", -1, noteCode<void>(codes)); }},
        {"setData",
         [](Client& client, auto& codes) { client.setData("/a", "x", -1, noteCode<jute::Stat>(codes)); }},
        {"setAcl",
         [](Client& client, auto& codes) {
             client.setAcl("/a", jute::openAcl(), -1, noteCode<jute::Stat>(codes));
         }},
        {"multi",
         [](Client& client, auto& codes) {
             const Op ops[] = {CreateOp{"/a", "x", jute::openAcl(), jute::CreateMode::Persistent},
                               DeleteOp{"/a"}, SetDataOp{"/a", "x"}, CheckOp{"/a", 1}};
             for (const Op& op : ops)
                 client.multi({op}, noteCode<std::vector<OpOutcome>>(codes));
         }},
    };
    return calls;
}

// The calls that write nothing, or are about the session itself.
const std::set<std::string> kOthers = {"exists",  "getData",  "getChildren", "getAcl",          "sync",
                                       "addAuth", "close",    "lastRequest", "cancel",          "request",
                                       "status",  "onStatus", "subscribe",   "setMaxReplyBytes", "multiRead",
                                       "whoAmI",  "addWatch", "checkWatches", "removeWatches",
                                       "getEphemerals", "getAllChildrenNumber"};

// The names of the functions that class Client declares.
std::set<std::string> interfaceNames() {
    std::ifstream file(std::string(VIV_TESTS_DIR) + "/../core/client/client.h");
    std::stringstream text;
    text << file.rdbuf();
    const std::string all = text.str();
    std::set<std::string> names;
    for (std::size_t at = all.find("\nclass Client {");
         (at = all.find(" virtual ", at)) != std::string::npos;) {
        const std::size_t open = all.find('(', at);
        std::size_t start = open;
        while (std::isalnum(static_cast<unsigned char>(all[start - 1])))
            --start;
        const std::string name = all.substr(start, open - start);
        if (name != "Client") names.insert(name);
        at = open;
    }
    return names;
}

Options locked() {
    Options options = testOptions();
    options.readOnly = true;
    return options;
}

} // namespace

TEST(ReadOnly, EveryCallOfTheInterfaceIsKnownToThisTest) {
    const auto names = interfaceNames();
    ASSERT_GT(names.size(), 15u);
    for (const std::string& name : names)
        EXPECT_NE(writes().contains(name), kOthers.contains(name)) << name << ": does it write?";
}

TEST(ReadOnly, EveryCallThatWritesIsRefused) {
    for (const auto& [name, call] : writes()) {
        Script script(locked());
        script.open();
        std::vector<ErrorCode> codes;
        script.use([&, &write = call](Client& client) { write(client, codes); });
        ASSERT_FALSE(codes.empty()) << name;
        for (const ErrorCode code : codes)
            EXPECT_EQ(code, ErrorCode::NotReadOnly) << name;
        EXPECT_TRUE(script.sent.empty()) << name;
    }
}

TEST(ReadOnly, NoNumberOfARequestLetsAWritePass) {
    const std::set<OpCode> reads = {OpCode::Exists,       OpCode::GetData,
                                    OpCode::GetAcl,       OpCode::GetChildren,
                                    OpCode::GetChildren2, OpCode::Sync,
                                    OpCode::CheckWatches, OpCode::RemoveWatches,
                                    OpCode::AddWatch,     OpCode::MultiRead,
                                    OpCode::Sasl,         OpCode::GetEphemerals,
                                    OpCode::WhoAmI,       OpCode::GetAllChildrenNumber};
    Script script(locked());
    script.open();
    std::size_t refused = 0, asked = 0;
    script.use([&](Client& client) {
        for (int number = -300; number <= 1300; ++number) {
            ++asked;
            client.request(static_cast<OpCode>(number), "", [&](Result<std::string> result) {
                refused += !result && toErrorCode(result.error()) != ErrorCode::ConnectionLoss;
            });
        }
    });
    std::set<OpCode> sent;
    for (const Request& request : script.requests())
        sent.insert(request.op);
    EXPECT_EQ(sent, reads);
    script.lose();
    script.wake();
    EXPECT_EQ(refused, asked - reads.size());
}

TEST(ReadOnly, ReadsAndTheSessionsOwnCallsGoThrough) {
    Script script(locked());
    script.open();
    script.use([&](Client& client) {
        client.exists("/a", {}, {});
        client.getData("/a", {}, {});
        client.getChildren("/a", {}, {});
        client.getAcl("/a", {});
        client.sync("/a", {});
        client.request(OpCode::WhoAmI, "", {});
        client.multiRead({GetDataOp{"/a"}}, {});
        client.getAllChildrenNumber("/a", {});
        client.getEphemerals("/", {});
        client.whoAmI({});
        client.addWatch("/a", jute::AddWatchMode::Persistent, {}, {});
        client.checkWatches("/a", jute::WatcherType::Any, {});
        client.removeWatches("/a", jute::WatcherType::Any, false, {});
        client.addAuth({"digest", "a:b"}, {});
        client.close({});
    });
    EXPECT_EQ(script.requests().size(), 15u);
}

} // namespace zk::client
