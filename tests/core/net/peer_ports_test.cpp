#include "fixture.h"

#include "jute/quorum_records.h"
#include "net/lab.h"

namespace zk::net {
namespace {

using ensemble::Verb;
using trace::Kind;
using trace::ServerState;

// An ensemble of three that serves, and what its servers say.
struct PeerPorts : testing::Test, ensemble::Observer {
    void SetUp() override {
        ensemble::LabOptions options;
        options.clientPort = 0;
        options.directory = directory / "lab";
        options.tickTimeMs = 200;
        auto opened = openLab(options);
        ASSERT_TRUE(opened.has_value()) << opened.error().message();
        lab = opened->ensemble;
        lab->observe(this);
        ASSERT_EQ(outcome([&](auto done) { lab->actOnAll(Verb::Start, done); }), "");
        ASSERT_TRUE(eventually([&] { return serving() == 3; }, 20s)) << record.text();
        states = view();
    }
    void TearDown() override { lab->observe(nullptr); }
    void event(const trace::Event& event) override { record.event(event); }
    void changed() override {}

    int serving() const {
        int count = 0;
        for (const auto& server : lab->view().servers) count += server.serving;
        return count;
    }
    std::string view() const {
        std::string text;
        for (const auto& server : lab->view().servers) text += std::string(name(server.state)) + std::to_string(server.epoch) + " ";
        return text;
    }
    ensemble::ServerView leader() const {
        for (const auto& server : lab->view().servers)
            if (server.state == ServerState::Leading) return server;
        return {};
    }
    // Nobody left its role, and it writes.
    void servesOn() {
        EXPECT_EQ(view(), states) << record.text();
        client::Options options;
        options.connect.servers.push_back({"127.0.0.1", leader().clientPort});
        BlockingSession session(options);
        EXPECT_TRUE(create(session, "/still", "", jute::CreateMode::PersistentSequential).has_value());
    }

    Directory directory;
    Record record;
    std::shared_ptr<ensemble::Ensemble> lab;
    std::string states;
};

std::string handshake(Sid sid) { return encode(election::Handshake{sid, {"127.0.0.1:1"}}); }

TEST_F(PeerPorts, GarbageOnTheElectionPortIsClosedWithAReason) {
    for (const std::string& garbage :
         {std::string("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), std::string("\xff\xff\xff\xff\xff\xff\x00\x00", 8),
          std::string(64, '\xff'), std::string("\xff\xff\xff\xff\xff\xff\x00\x00\0\0\0\0\0\0\0\x09\x7f\xff\xff\xff", 20)}) {
        Raw raw(leader().electionPort);
        raw.send(garbage);
        EXPECT_TRUE(raw.closed());
    }
    EXPECT_TRUE(record.says(Kind::Log, "election port: closed 127.0.0.1:")) << record.text();
    servesOn();
}

TEST_F(PeerPorts, HalfAHandshakeTimesOut) {
    Raw raw(leader().electionPort);
    raw.send(handshake(9).substr(0, 11));
    EXPECT_TRUE(raw.closed()); // after syncLimit ticks
    EXPECT_TRUE(record.says(Kind::Log, "did not say who it is in time"));
    servesOn();
}

TEST_F(PeerPorts, AMessageTooLongClosesTheElectionConnection) {
    for (const std::string& length : {std::string("\0\x08\0\x01", 4), std::string("\0\0\0\0", 4), std::string("\xff\xff\xff\xff", 4)}) {
        Raw raw(leader().electionPort);
        raw.send(handshake(9) + length + std::string(100, 'x'));
        EXPECT_TRUE(raw.closed());
    }
    EXPECT_TRUE(record.says(Kind::Log, "server 9 sent a message of 524289 bytes"));
    servesOn();
}

TEST_F(PeerPorts, AServerThatSaysItIsOursIsRefused) {
    Raw raw(leader().electionPort);
    raw.send(handshake(leader().sid));
    EXPECT_TRUE(raw.closed());
    servesOn();
}

// A server that nobody knows is told how things stand, as Apache's servers tell it.
TEST_F(PeerPorts, AStrangerIsAnsweredWithTheCurrentVote) {
    Raw raw(leader().electionPort);
    election::Notification looking;
    looking.vote = {9, Zxid(), 1, 0};
    std::string message;
    jute::Writer(message).bytes(encode(looking));
    raw.send(handshake(9) + message);
    ASSERT_TRUE(raw.waitFor([](const std::string& in) { return in.size() > 48; }));
    const auto answer = election::decodeNotification(std::string_view(raw.in()).substr(4));
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->vote.leader, leader().sid);
    EXPECT_EQ(answer->state, ServerState::Leading);
    servesOn();
}

TEST_F(PeerPorts, GarbageOnTheQuorumPortIsClosed) {
    for (const std::string& garbage : {std::string("GET / HTTP/1.1\r\nHost: example\r\n\r\n"), std::string(200, '\xff'),
                                       std::string(40, '\0'), encode(jute::QuorumPacket{})}) {
        Raw raw(leader().quorumPort);
        raw.send(garbage);
        EXPECT_TRUE(raw.closed());
    }
    servesOn();
}

TEST_F(PeerPorts, AStrangerIsNoLearner) {
    Raw raw(leader().quorumPort);
    jute::QuorumPacket packet;
    packet.type = static_cast<std::int32_t>(jute::PacketType::FollowerInfo);
    packet.data = jute::encode(jute::LearnerInfo{9, jute::kLearnerProtocol, 0});
    raw.send(jute::encode(packet));
    EXPECT_TRUE(raw.closed()); // it is in nobody's configuration
    servesOn();
}

TEST_F(PeerPorts, AFollowersQuorumPortAnswersNobody) {
    for (const auto& server : lab->view().servers) {
        if (server.state != ServerState::Following) continue;
        Raw raw(server.quorumPort);
        raw.send(std::string(20, '\x01'));
        EXPECT_TRUE(raw.closed());
    }
    servesOn();
}

TEST_F(PeerPorts, ManyConnectionsThatSayNothingDoNotKeepOthersOut) {
    std::vector<std::unique_ptr<Raw>> silent;
    for (int index = 0; index < 100; ++index) silent.push_back(std::make_unique<Raw>(leader().electionPort));
    // Those beyond the bound go at once, the others in time; then there is room again.
    for (const auto& one : silent) EXPECT_TRUE(one->closed());
    EXPECT_TRUE(record.says(Kind::Log, "too many connections"));
    Sid follower = -1;
    for (const auto& server : lab->view().servers)
        if (server.state == ServerState::Following) follower = server.sid;
    ASSERT_EQ(outcome([&](auto done) { lab->act(Verb::Restart, follower, done); }), "");
    EXPECT_TRUE(eventually([&] { return serving() == 3; }, 20s)) << record.text();
}

} // namespace
} // namespace zk::net
